/* SPDX-License-Identifier: MIT */
#include "delivery/audience.h"

#include "delivery/announce.h"
#include "delivery/candidates.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "feed/feed.h"
#include "release/release_store.h"

#include <string.h>

/* ---- the release and its versions ---- */

const struct audience_version *audience_versions(struct database *database, struct arena *arena,
                                                 const char *id, bool *failed, struct error *error)
{
    const struct audience_version *first = NULL;
    const struct audience_version **end = &first;
    struct release_cursor cursor;
    const struct release_row *row = release_find_by_id(database, arena, id, failed, error);
    if (!row)
        return NULL;
    const struct release_filter filter = { .original_number = row->original_number };
    release_cursor_open(&cursor, database, &filter);
    while (release_cursor_next(&cursor, &row, error)) {
        if (row->status != RELEASE_READY)
            continue;
        struct audience_version *version = arena_allocate(arena, sizeof *version);
        *version = (struct audience_version){ .number = row->number,
                                              .type = arena_copy(arena, row->type),
                                              .language = arena_copy(arena, row->language),
                                              .topics = arena_copy(arena, row->topics) };
        *end = version;
        end = &version->next;
    }
    *failed = !release_cursor_close(&cursor);
    return *failed ? NULL : first;
}

/* ---- counting ---- */

struct tally {
    struct arena *arena;
    const struct audience_version *versions;
    struct audience_count *first;
    struct audience_count *last;
    const char *feed;
    int64_t subscribers;
};

static struct audience_count *tally_find(struct tally *tally, const char *language)
{
    for (struct audience_count *count = tally->first; count; count = count->next)
        if (count->feed == tally->feed && strcmp(count->language, language) == 0)
            return count;
    struct audience_count *count = arena_allocate(tally->arena, sizeof *count);
    *count = (struct audience_count){ .feed = tally->feed, .language = language };
    if (tally->last)
        tally->last->next = count;
    else
        tally->first = count;
    tally->last = count;
    return count;
}

static bool count_subscriber(void *payload, int64_t subscriber, const char *address,
                             const char *language, int64_t version, struct error *error)
{
    (void)subscriber;
    (void)address;
    (void)language;
    (void)error;
    struct tally *tally = payload;
    const struct audience_version *item = tally->versions;
    while (item && item->number != version)
        item = item->next;
    if (item)
        tally_find(tally, item->language)->subscribers++;
    tally->subscribers++;
    return true;
}

static bool find_announcement(struct database *database, int64_t release, int64_t *announcement,
                              struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    queue_mailing_cursor_open(&cursor, database, release, false);
    while (queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (mailing->kind == QUEUE_RELEASE)
            *announcement = mailing->announcement;
    }
    return queue_mailing_cursor_close(&cursor);
}

/* The original's number is that of the first version; the announcement is 0 where nothing was
 * mailed yet. */
static bool release_announcement(struct database *database, const struct audience_version *versions,
                                 int64_t *original, int64_t *announcement, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    *announcement = 0;
    *original = versions ? versions->number : 0;
    const struct release_row *row = *original ? release_find_by_number(database, &arena, *original,
                                                                       &failed, error)
                                              : NULL;
    if (row)
        *original = row->original_number;
    arena_release(&arena);
    return !failed && (!*original || find_announcement(database, *original, announcement, error));
}

/* Each feed is asked for alone, so somebody who follows two of them is counted in both; once in all
 * is counted by audience_for(). */
static bool count_feeds(struct database *database, const struct announce_settings *settings,
                        int64_t original, int64_t announcement, struct tally *tally,
                        struct error *error)
{
    for (const struct feed *feed = settings->feeds; feed; feed = feed->next) {
        const struct queue_candidates candidates = candidates_of(
            tally->arena, settings->feeds, feed->id, tally->versions, original);
        tally->feed = feed->id;
        if (candidates.count && !queue_audience_each(database, announcement, &candidates,
                                                     count_subscriber, tally, error))
            return false;
    }
    return true;
}

bool audience_for(struct database *database, struct arena *arena,
                  const struct announce_settings *settings, const struct audience_version *versions,
                  struct audience *audience, struct error *error)
{
    int64_t original;
    int64_t announcement;
    struct tally all = { .arena = arena, .versions = versions };
    struct tally now = { .arena = arena, .versions = versions };
    struct tally feeds = { .arena = arena, .versions = versions };
    *audience = (struct audience){ 0 };
    if (!release_announcement(database, versions, &original, &announcement, error))
        return false;
    const struct queue_candidates candidates = candidates_of(arena, settings->feeds, NULL, versions,
                                                             original);
    if (!candidates.count)
        return true;
    /* Who has it already is the difference of two counts, because queue/ tells only whom it would
     * reach; the second is not made where nothing was mailed. */
    if (!queue_audience_each(database, announcement, &candidates, count_subscriber, &now, error) ||
        (announcement &&
         !queue_audience_each(database, 0, &candidates, count_subscriber, &all, error)) ||
        !count_feeds(database, settings, original, announcement, &feeds, error))
        return false;
    audience->subscribers = now.subscribers;
    audience->already_mailed = announcement ? all.subscribers - now.subscribers : 0;
    audience->languages = now.first;
    audience->feeds = feeds.first;
    return true;
}

/* ---- addresses ---- */

struct address_visit {
    audience_visit *visit;
    void *payload;
};

static bool visit_address(void *payload, int64_t subscriber, const char *address,
                          const char *language, int64_t version, struct error *error)
{
    (void)subscriber;
    (void)version;
    const struct address_visit *visit = payload;
    return visit->visit(visit->payload, address, language, error);
}

bool audience_each(struct database *database, const struct announce_settings *settings,
                   const struct audience_version *versions, audience_visit *visit, void *payload,
                   struct error *error)
{
    int64_t original;
    int64_t announcement;
    struct arena arena = { 0 };
    struct address_visit visitor = { .visit = visit, .payload = payload };
    bool done = release_announcement(database, versions, &original, &announcement, error);
    if (done) {
        const struct queue_candidates candidates = candidates_of(&arena, settings->feeds, NULL,
                                                                 versions, original);
        done = !candidates.count || queue_audience_each(database, announcement, &candidates,
                                                        visit_address, &visitor, error);
    }
    arena_release(&arena);
    return done;
}
