/* SPDX-License-Identifier: MIT */
#include "delivery/announcement.h"

#include "delivery/announce.h"
#include "delivery/candidates.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "digest/digest.h"
#include "release/release_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEDUPLICATION_KEY_SIZE = 64 };

/* Whether it may be mailed to somebody: the others only have their revision noted. */
static bool is_news(const struct release_row *row)
{
    bool is_withdrawal = row->withdrawn_at != INSTANT_NONE &&
                         row->withdrawal_announced_at == INSTANT_NONE;
    return is_withdrawal || (row->announced_revision && row->correction[0]);
}

/* Whoever withdraws after a STOP wants those told who have it. */
static bool is_withdrawn_since_stop(const struct release_row *row)
{
    return row->status == RELEASE_WITHDRAWN && row->stopped_at != INSTANT_NONE &&
           row->withdrawn_at != INSTANT_NONE && row->withdrawn_at > row->stopped_at;
}

/* Whether what it says now is public, as far as it may be seen, and nobody keeps its mails back. */
static bool may_be_told(const struct announce_batch *batch, const struct release_row *row)
{
    /* By its place it may come back for as long as a mailing would wait. */
    if (row->withdrawn_at != INSTANT_NONE && row->place == RELEASE_PLACE_WITHDRAWN &&
        batch->now_at < row->withdrawn_at + batch->settings->delay_ms)
        return false;
    if (is_withdrawn_since_stop(row))
        return row->public_revision == row->revision;
    return row->place != RELEASE_PLACE_DRAFTS &&
           row->public_revision == release_row_open_revision(row) &&
           row->stopped_at == INSTANT_NONE && !release_row_awaits_withdrawal(row);
}

bool announce_collect_changes(struct announce_batch *batch, struct announce_change **changes,
                              size_t *news, struct error *error)
{
    const struct release_filter filter = { .only_changed = true, .order = RELEASE_ORDER_NUMBER };
    struct announce_change **end = changes;
    struct release_cursor cursor;
    const struct release_row *row;
    *changes = NULL;
    *news = 0;
    release_cursor_open(&cursor, batch->database, &filter);
    while (release_cursor_next(&cursor, &row, error)) {
        if (!may_be_told(batch, row))
            continue;
        struct announce_change *change = arena_allocate(&batch->arena, sizeof *change);
        *change = (struct announce_change){ .row_id = row->row_id,
                                            .revision = row->public_revision,
                                            .is_news = is_news(row) };
        *news += change->is_news;
        *end = change;
        end = &change->next;
    }
    return release_cursor_close(&cursor);
}

/* ---- corrections ---- */

static bool says_the_same(struct announce_batch *batch, const struct release_row *row,
                          int64_t revision, bool *same, struct error *error)
{
    struct arena arena = { 0 };
    const struct release *release = release_load(batch->database, &arena, row->row_id, revision,
                                                 error);
    bool is_unreadable = !release && error->kind == ERROR_INPUT; /* it keeps no other back */
    *same = release && strcmp(release->correction ? release->correction : "", row->correction) == 0;
    arena_release(&arena);
    return release != NULL || is_unreadable;
}

/* The first of the revisions since the last one announced whose correction is this text. Who was
 * sent that or a newer one has the corrected text. 0: it was announced already. */
static bool first_revision(struct announce_batch *batch, const struct release_row *row,
                           int64_t *first, struct error *error)
{
    int64_t revision = row->public_revision;
    bool same = true;
    while (same && revision > row->announced_revision) {
        *first = revision--;
        if (!says_the_same(batch, row, revision, &same, error))
            return false;
    }
    if (same)
        *first = 0;
    return true;
}

/* "VERSION:HASH": each version's text is an announcement of its own. */
static void write_deduplication_key(char key[DEDUPLICATION_KEY_SIZE], const struct release_row *row)
{
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(row->correction, strlen(row->correction), &hash);
    hash_to_hex(&hash, hex);
    /* 24 hexadecimal digits, 96 bits, tell the few corrections of one version apart. */
    (void)snprintf(key, DEDUPLICATION_KEY_SIZE, "%" PRId64 ":%.24s", row->row_id, hex);
}

/* The mailings of a release as a correction finds them. */
struct earlier_mailings {
    bool is_known;         /* this correction has a mailing */
    bool is_underway;      /* the release itself is still being mailed */
    int64_t *outdated;     /* unfinished mailings of older corrections of that version */
    size_t outdated_count; /* in arena */
    struct arena *arena;
};

static void add_earlier(struct earlier_mailings *earlier, const struct queue_mailing *mailing,
                        int64_t version, const char *key)
{
    bool is_open = mailing->state == QUEUE_MAILING_ACTIVE || mailing->state == QUEUE_MAILING_HELD ||
                   mailing->state == QUEUE_MAILING_PAUSED;
    if (mailing->kind == QUEUE_RELEASE)
        earlier->is_underway = earlier->is_underway || is_open;
    if (mailing->kind != QUEUE_CORRECTION)
        return;
    if (strcmp(mailing->deduplication_key, key) == 0) {
        earlier->is_known = true;
        return;
    }
    /* Its key begins with the row id of its version, where strtoll() ends reading. */
    if (!is_open || strtoll(mailing->deduplication_key, NULL, 10) != version)
        return;
    int64_t *more = arena_allocate_array(earlier->arena, earlier->outdated_count + 1, sizeof *more);
    if (earlier->outdated_count)
        memcpy(more, earlier->outdated, earlier->outdated_count * sizeof *more);
    more[earlier->outdated_count++] = mailing->row_id;
    earlier->outdated = more;
}

static bool read_earlier(struct database *database, const struct release_row *row, const char *key,
                         struct earlier_mailings *earlier, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, database, row->original_row_id, false);
    while (queue_mailing_cursor_next(&cursor, &mailing, error))
        add_earlier(earlier, mailing, row->row_id, key);
    return queue_mailing_cursor_close(&cursor);
}

/* Who waits for an older correction gets this one instead. */
static bool cancel_outdated(const struct announce_batch *batch,
                            const struct earlier_mailings *earlier, struct error *error)
{
    for (size_t i = 0; !earlier->is_known && i < earlier->outdated_count; i++) {
        int64_t count;
        if (!queue_mailing_cancel(batch->database, earlier->outdated[i],
                                  "a newer correction takes its place", batch->now_at, &count,
                                  error))
            return false;
    }
    return true;
}

static bool mail_correction(struct announce_step *step, struct arena *arena,
                            const struct release_row *row, int64_t first, struct error *error)
{
    struct announce_batch *batch = step->batch;
    char key[DEDUPLICATION_KEY_SIZE];
    write_deduplication_key(key, row);
    struct earlier_mailings earlier = { .arena = arena };
    const struct queue_mailed mailed = { .release = row->original_row_id,
                                         .version = row->row_id,
                                         .revision = first };
    const struct announce_plan plan = { .announcement = { .release = row->original_row_id,
                                                          .kind = QUEUE_CORRECTION,
                                                          .deduplication_key = key },
                                        .is_urgent = row->is_urgent,
                                        .delay_ms = batch->settings->delay_ms,
                                        .at = batch->now_at,
                                        .mailed = &mailed };
    const struct audience_version version = {
        .row_id = row->row_id, .type = row->type, .language = row->language, .topics = row->topics
    };
    const struct queue_candidates candidates = candidates_of(arena, batch->settings->feeds, NULL,
                                                             &version, row->original_row_id);
    /* Older corrections lose what still waits only where somebody gets the new one, and in the same
     * transaction, because else a kill in between would leave who waited for one with none. */
    if (!read_earlier(batch->database, row, key, &earlier, error) ||
        !announce_mail(step, &plan, error) ||
        (step->mailing && !cancel_outdated(batch, &earlier, error)) ||
        !announce_for_digests(step, &plan, &candidates, error))
        return false;
    /* A row of the release can have been made into a message before the correction and be marked
     * after it: as long as some are on their way, the next run looks again. */
    if (earlier.is_underway)
        return true;
    const struct announce_mark mark = { .row_id = row->row_id, .revision = row->public_revision };
    return announce_write(batch, &mark, error);
}

/* ---- withdrawals ---- */

static bool mail_withdrawal(struct announce_step *step, const struct release_row *row,
                            struct error *error)
{
    struct announce_batch *batch = step->batch;
    int64_t cancelled;
    const struct queue_cancellation cancellation = { .release = row->original_row_id,
                                                     .version = row->row_id,
                                                     .note = "withdrawn",
                                                     .now_at = batch->now_at };
    const struct queue_mailed mailed = { .release = row->original_row_id, .version = row->row_id };
    const struct announce_plan plan = { .announcement = { .release = row->original_row_id,
                                                          .kind = QUEUE_WITHDRAWAL,
                                                          .deduplication_key = "" },
                                        .is_urgent = row->is_urgent,
                                        .mailed = &mailed };
    const struct announce_mark mark = { .row_id = row->row_id,
                                        .revision = row->public_revision,
                                        .is_withdrawal = true };
    return announce_mail(step, &plan, error) &&
           digest_cancel_release(batch->database, &cancellation, &cancelled, error) &&
           announce_write(batch, &mark, error);
}

/* ---- all of them ---- */

static bool write_row(struct announce_step *step, struct arena *arena,
                      const struct release_row *row, struct error *error)
{
    int64_t first = 0;
    const struct announce_mark mark = { .row_id = row->row_id, .revision = row->public_revision };
    if (row->withdrawn_at != INSTANT_NONE && row->withdrawal_announced_at == INSTANT_NONE)
        return mail_withdrawal(step, row, error);
    if (row->withdrawn_at == INSTANT_NONE && is_news(row) &&
        !first_revision(step->batch, row, &first, error))
        return false;
    return first ? mail_correction(step, arena, row, first, error)
                 : announce_write(step->batch, &mark, error);
}

/* Looked up anew in the step's own transaction: it may have been edited again since it was
 * collected, and what it says now is not public then. The next run takes it up. */
static bool write_change(struct announce_step *step, const struct announce_change *change,
                         struct error *error)
{
    bool failed;
    struct arena arena = { 0 };
    const struct release_row *row = release_find_by_row_id(step->batch->database, &arena,
                                                           change->row_id, &failed, error);
    bool is_ready = row && row->public_revision && may_be_told(step->batch, row);
    bool done = !failed && (!is_ready || write_row(step, &arena, row, error));
    if (!done && !failed && !announce_step_is_undone(step))
        (void)error_prefix(error, "announce: %s", row ? row->public_id : "?");
    arena_release(&arena);
    return done;
}

/* A change without a new `correction` is news for nobody. That it was seen is written down all the
 * same, else it would be collected again in every run. */
static bool note_silent(struct announce_batch *batch, const struct announce_change *changes,
                        struct error *error)
{
    size_t count = 0;
    for (const struct announce_change *change = changes; change; change = change->next)
        count += !change->is_news;
    struct announce_mark *marks = arena_allocate_array(&batch->arena, count, sizeof *marks);
    count = 0;
    for (const struct announce_change *change = changes; change; change = change->next)
        if (!change->is_news)
            marks[count++] = (struct announce_mark){ .row_id = change->row_id,
                                                     .revision = change->revision };
    return announce_write_all(batch, marks, count, error);
}

bool announce_changes(struct announce_batch *batch, const struct announce_change *changes,
                      struct error *error)
{
    for (const struct announce_change *change = changes; change; change = change->next) {
        if (!change->is_news)
            continue;
        struct announce_step step = announce_step_of(batch);
        while (announce_step_run(&step, error))
            announce_step_end(&step, write_change(&step, change, error), error);
        if (!step.transaction.is_done)
            return false;
    }
    return note_silent(batch, changes, error);
}
