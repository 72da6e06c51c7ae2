/* SPDX-License-Identifier: MIT */
#include "digest/choice.h"

#include "digest/backlog.h"
#include "digest/past.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How a subscriber follows an item: in a digest of every day too (who follows at once gets his
 * backlog with the next one), or in the weekly ones alone. */
enum { FOLLOWS_DAILY = 1, FOLLOWS_WEEKLY = 2 };

/* One item as one subscriber meets it. */
struct candidate {
    const struct digest_item *item;
    unsigned follows;
    int64_t version; /* the best for the subscriber's language */
    int64_t rank;
    bool is_touched; /* the members are of this subscriber, but the next */
    bool is_due;
    bool is_in_backlog;
    bool is_dropped; /* leaves the backlog after this */
    bool is_snoozed; /* stays in it until a weekly digest */
};

struct feed_entry {
    const char *feed;
    struct candidate *candidate;
    const struct digest_item_feed *entry;
};

struct digest_choice {
    struct database *database;
    const struct digest_issue *issue;
    int64_t next_weekly_at; /* behind the issue */
    struct digest_items items;
    struct digest_past *past;
    bool *had;        /* of the items: it reached the subscriber already */
    bool has_backlog; /* anybody */
    struct candidate *candidates;
    size_t *touched; /* indexes of the subscriber's candidates */
    size_t touched_count;
    struct feed_entry *entries; /* by feed */
    size_t entry_count;
    struct digest_content_item *brought; /* of the last choice */
    const char *language;                /* of the subscriber */
};

/* Of a million subscribers each meets few feeds: items are found by feed with a binary search, and
 * only those that were touched are cleared for the next subscriber. */

/* ---- the issue ---- */

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct feed_entry *)left)->feed,
                  ((const struct feed_entry *)right)->feed);
}

static void index_entries(struct digest_choice *choice, struct arena *arena)
{
    size_t count = 0;
    for (size_t i = 0; i < choice->items.count; i++)
        for (const struct digest_item_feed *e = choice->items.items[i].feeds; e; e = e->next)
            count++;
    choice->entries = arena_allocate_array(arena, count + 1, sizeof *choice->entries);
    for (size_t i = 0; i < choice->items.count; i++)
        for (const struct digest_item_feed *e = choice->items.items[i].feeds; e; e = e->next)
            choice->entries[choice->entry_count++] = (struct feed_entry){
                .feed = e->feed, .candidate = &choice->candidates[i], .entry = e
            };
    if (count)
        qsort(choice->entries, count, sizeof *choice->entries, compare_entries);
}

struct digest_choice *digest_choice_new(struct database *database, const struct digest_issue *issue,
                                        const struct digest_moment *moment, struct arena *arena,
                                        struct error *error)
{
    struct digest_choice *choice = arena_allocate(arena, sizeof *choice);
    *choice = (struct digest_choice){ .database = database,
                                      .issue = issue,
                                      .next_weekly_at = moment->next_weekly_at };
    if (!digest_backlog_exists(database, &choice->has_backlog, error) ||
        !digest_items_load(database, issue, moment->now_at, arena, &choice->items, error) ||
        !(choice->past = digest_past_new(database, issue, &choice->items, arena, error)))
        return NULL;
    choice->candidates = arena_allocate_array(arena, choice->items.count + 1,
                                              sizeof *choice->candidates);
    choice->had = arena_allocate_array(arena, choice->items.count + 1, sizeof *choice->had);
    choice->brought = arena_allocate_array(arena, choice->items.count + 1, sizeof *choice->brought);
    choice->touched = arena_allocate_array(arena, choice->items.count + 1, sizeof *choice->touched);
    for (size_t i = 0; i < choice->items.count; i++)
        choice->candidates[i] = (struct candidate){ .item = &choice->items.items[i] };
    index_entries(choice, arena);
    return choice;
}

/* ---- what the subscriber follows ---- */

static void touch(struct digest_choice *choice, struct candidate *candidate)
{
    if (candidate->is_touched)
        return;
    *candidate = (struct candidate){ .item = candidate->item,
                                     .rank = INT64_MAX,
                                     .is_touched = true };
    choice->touched[choice->touched_count++] = (size_t)(candidate - choice->candidates);
}

static void consider(struct digest_choice *choice, const struct digest_subscription *follows,
                     const struct feed_entry *found)
{
    struct candidate *candidate = found->candidate;
    const struct digest_item *item = candidate->item;
    touch(choice, candidate);
    candidate->follows |= follows->is_weekly ? FOLLOWS_WEEKLY : FOLLOWS_DAILY;
    /* Only what was announced since the subscription began (digest_after), because who joins today
     * is not sent what others had waited for. */
    if (item->kind == QUEUE_RELEASE && item->row_id > follows->after &&
        ((follows->is_daily && item->is_daily) || (follows->is_weekly && item->is_weekly)))
        candidate->is_due = true;
    int64_t rank = queue_version_rank(found->entry->language, found->entry->place,
                                      choice->language);
    if (rank < candidate->rank) {
        candidate->rank = rank;
        candidate->version = found->entry->version;
    }
}

static void consider_feeds(struct digest_choice *choice, const struct digest_subscriber *subscriber)
{
    for (const struct digest_subscription *follows = subscriber->subscriptions; follows;
         follows = follows->next) {
        const struct feed_entry wanted = { .feed = follows->feed };
        const struct feed_entry *found = bsearch(&wanted, choice->entries, choice->entry_count,
                                                 sizeof wanted, compare_entries);
        if (!found)
            continue;
        const struct feed_entry *end = choice->entries + choice->entry_count;
        while (found > choice->entries && strcmp(found[-1].feed, follows->feed) == 0)
            found--;
        for (; found < end && strcmp(found->feed, follows->feed) == 0; found++)
            consider(choice, follows, found);
    }
}

/* ---- what is in the subscriber's backlog ---- */

static int compare_row_id(const void *left, const void *right)
{
    int64_t row_id = *(const int64_t *)left;
    int64_t other = ((const struct candidate *)right)->item->row_id;
    return (row_id > other) - (row_id < other);
}

/* By how its feeds are followed today, not by how they were when it was put there. */
static void consider_waiting(struct digest_choice *choice, int64_t row_id)
{
    struct candidate *candidate = bsearch(&row_id, choice->candidates, choice->items.count,
                                          sizeof *choice->candidates, compare_row_id);
    if (!candidate)
        return; /* its time has not come */
    const struct digest_item *item = candidate->item;
    int64_t weekly_at = choice->issue->weekly_at;
    touch(choice, candidate);
    candidate->is_in_backlog = true;
    if (item->kind == QUEUE_WITHDRAWAL) {
        candidate->is_due = true;
        candidate->version = item->feeds ? item->feeds->version : 0;
    } else if (!candidate->follows) {
        candidate->is_dropped = true;
    } else if ((candidate->follows & FOLLOWS_DAILY) ||
               (weekly_at != INSTANT_NONE && item->at <= weekly_at)) {
        candidate->is_due = true;
    } else {
        candidate->is_snoozed = true;
    }
}

static bool consider_backlog(struct digest_choice *choice, int64_t subscriber, struct error *error)
{
    int64_t item;
    struct digest_backlog backlog;
    digest_backlog_open(&backlog, choice->database, subscriber, choice->issue->daily_at);
    while (digest_backlog_next(&backlog, &item, error))
        consider_waiting(choice, item);
    return !backlog.failed;
}

/* ---- what the subscriber has already ---- */

/* What came by another way leaves the backlog too, because it would be met there again in every
 * issue. */
static bool leave_out_past(struct digest_choice *choice, int64_t subscriber, struct error *error)
{
    memset(choice->had, 0, choice->items.count * sizeof *choice->had);
    if (!digest_past_read(choice->past, subscriber, choice->had, error))
        return false;
    for (size_t i = 0; i < choice->touched_count; i++) {
        struct candidate *candidate = &choice->candidates[choice->touched[i]];
        if (!choice->had[choice->touched[i]] || !candidate->is_due)
            continue;
        candidate->is_due = false;
        candidate->is_dropped = true;
    }
    return true;
}

/* Only releases can have come by another way. Asked first, because the past is a query for each
 * subscriber. */
static bool has_due_release(const struct digest_choice *choice)
{
    for (size_t i = 0; i < choice->touched_count; i++) {
        const struct candidate *candidate = &choice->candidates[choice->touched[i]];
        if (candidate->is_due && candidate->item->kind == QUEUE_RELEASE)
            return true;
    }
    return false;
}

/* Of two items of one release the better one stays: the version in the subscriber's language, then
 * the earlier; of corrections the newest. */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
    if (a->item->kind == QUEUE_CORRECTION)
        return a->item->row_id > b->item->row_id;
    return a->rank != b->rank ? a->rank < b->rank : a->item->row_id < b->item->row_id;
}

static void leave_out_duplicates(struct digest_choice *choice)
{
    for (size_t i = 0; i < choice->touched_count; i++) {
        struct candidate *a = &choice->candidates[choice->touched[i]];
        for (size_t j = 0; a->is_due && j < choice->touched_count; j++) {
            struct candidate *b = &choice->candidates[choice->touched[j]];
            if (a == b || !b->is_due || a->item->release != b->item->release ||
                a->item->kind != b->item->kind || is_better(a, b))
                continue;
            a->is_due = false;
            a->is_dropped = true;
        }
    }
}

/* ---- all of it ---- */

static int compare_index(const void *left, const void *right)
{
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    return (a > b) - (a < b);
}

/* In the order of the items, whatever feeds they came by, because subscribers with the same items
 * share one content and so one composition. */
static void write_content(struct digest_choice *choice, struct digest_content *content)
{
    if (choice->touched_count > 1)
        qsort(choice->touched, choice->touched_count, sizeof *choice->touched, compare_index);
    *content = (struct digest_content){ .items = choice->brought };
    for (size_t i = 0; i < choice->touched_count; i++) {
        const struct candidate *candidate = &choice->candidates[choice->touched[i]];
        if (candidate->is_due && candidate->version)
            choice->brought[content->count++] = (struct digest_content_item){
                candidate->item->row_id, candidate->version
            };
    }
    hash_bytes(choice->brought, content->count * sizeof *choice->brought, &content->fingerprint);
}

/* In the transaction of the subscriber's row: a kill loses neither, and nothing is in both. */
static bool update_backlog(struct digest_choice *choice, int64_t subscriber, struct error *error)
{
    for (size_t i = 0; i < choice->touched_count; i++) {
        const struct candidate *candidate = &choice->candidates[choice->touched[i]];
        int64_t item = candidate->item->row_id;
        if (!candidate->is_in_backlog)
            continue;
        if ((candidate->is_due || candidate->is_dropped) &&
            !digest_backlog_drop(choice->database, subscriber, item, error))
            return false;
        if (candidate->is_snoozed && !digest_backlog_snooze(choice->database, subscriber, item,
                                                            choice->next_weekly_at, error))
            return false;
    }
    return true;
}

bool digest_choice_make(struct digest_choice *choice, const struct digest_subscriber *subscriber,
                        struct digest_content *content, struct error *error)
{
    for (size_t i = 0; i < choice->touched_count; i++)
        choice->candidates[choice->touched[i]].is_touched = false;
    choice->touched_count = 0;
    choice->language = subscriber->language;
    consider_feeds(choice, subscriber);
    if (choice->has_backlog && !consider_backlog(choice, subscriber->row_id, error))
        return false;
    if (has_due_release(choice) && !leave_out_past(choice, subscriber->row_id, error))
        return false;
    leave_out_duplicates(choice);
    write_content(choice, content);
    return !choice->has_backlog || update_backlog(choice, subscriber->row_id, error);
}
