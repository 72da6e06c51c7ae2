/* SPDX-License-Identifier: MIT */

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
                                                 const char *public_id, bool *failed,
                                                 struct error *error)
{
    const struct audience_version *first = NULL;
    const struct audience_version **end = &first;
    struct release_cursor cursor;
    const struct release_row *row = release_find_by_public_id(database, arena, public_id, failed,
                                                              error);
    if (!row)
        return NULL;
    const struct release_filter filter = { .original_row_id = row->original_row_id };
    release_cursor_open(&cursor, database, &filter);
    while (release_cursor_next(&cursor, &row, error)) {
        if (row->status != RELEASE_READY)
            continue;
        struct audience_version *version = arena_allocate(arena, sizeof *version);
        *version = (struct audience_version){ .row_id = row->row_id,
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

static bool count_subscribers(struct database *database, int64_t announcement,
                              const struct queue_candidates *candidates, struct tally *tally,
                              struct error *error)
{
    struct queue_version_counts counts;
    if (!queue_audience_count(database, tally->arena, announcement, candidates, &counts, error))
        return false;
    for (size_t i = 0; i < counts.count; i++) {
        const struct audience_version *item = tally->versions;
        while (item && item->row_id != counts.items[i].version)
            item = item->next;
        if (item)
            tally_find(tally, item->language)->subscribers += counts.items[i].subscribers;
        tally->subscribers += counts.items[i].subscribers;
    }
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

/* The original's row id is that of the first version; the announcement is 0 where nothing was
 * mailed yet. */
static bool release_announcement(struct database *database, const struct audience_version *versions,
                                 int64_t *original, int64_t *announcement, struct error *error)
{
    struct arena arena = { 0 };
    bool failed = false;
    *announcement = 0;
    *original = versions ? versions->row_id : 0;
    const struct release_row *row = *original ? release_find_by_row_id(database, &arena, *original,
                                                                       &failed, error)
                                              : NULL;
    if (row)
        *original = row->original_row_id;
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
        if (candidates.count &&
            !count_subscribers(database, announcement, &candidates, tally, error))
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
    if (!count_subscribers(database, announcement, &candidates, &now, error) ||
        (announcement && !count_subscribers(database, 0, &candidates, &all, error)) ||
        !count_feeds(database, settings, original, announcement, &feeds, error))
        return false;
    audience->subscribers = now.subscribers;
    audience->already_mailed = announcement ? all.subscribers - now.subscribers : 0;
    audience->languages = now.first;
    audience->feeds = feeds.first;
    return true;
}

/* ---- addresses ---- */

bool audience_cursor_open(struct audience_cursor *cursor, struct database *database,
                          const struct announce_settings *settings,
                          const struct audience_version *versions, struct error *error)
{
    int64_t original;
    int64_t announcement;
    *cursor = (struct audience_cursor){ .candidates = { 0 } };
    if (!release_announcement(database, versions, &original, &announcement, error))
        return false;
    cursor->candidates = candidates_of(&cursor->arena, settings->feeds, NULL, versions, original);
    queue_audience_cursor_open(&cursor->members, database, announcement, &cursor->candidates);
    return true;
}

bool audience_cursor_next(struct audience_cursor *cursor,
                          const struct queue_audience_member **member, struct error *error)
{
    return queue_audience_cursor_next(&cursor->members, member, error);
}

bool audience_cursor_close(struct audience_cursor *cursor)
{
    bool done = queue_audience_cursor_close(&cursor->members);
    arena_release(&cursor->arena);
    return done;
}
