/* SPDX-License-Identifier: MIT */
#include "delivery/candidates.h"

#include "delivery/announce.h"

#include "base/arena.h"
#include "feed/feed.h"

#include <string.h>

static bool selects(const struct feed *feed, const struct audience_version *version)
{
    const struct feed_subject subject = { .type = version->type,
                                          .language = version->language,
                                          .topics = version->topics };
    return feed_selects(feed, &subject);
}

bool candidates_exist(const struct feed *feeds, const struct audience_version *version)
{
    for (const struct feed *feed = feeds; feed; feed = feed->next)
        if (selects(feed, version))
            return true;
    return false;
}

static size_t count_versions(const struct audience_version *version)
{
    size_t count = 0;
    for (; version; version = version->next)
        count++;
    return count;
}

static size_t count_feeds(const struct feed *feed)
{
    size_t count = 0;
    for (; feed; feed = feed->next)
        count++;
    return count;
}

/* Version by version: the order of the candidates decides what is sent to who reads none of their
 * languages (queue_version_rank), and there the older version goes first. */
struct queue_candidates candidates_of(struct arena *arena, const struct feed *feeds,
                                      const char *only_feed,
                                      const struct audience_version *versions, int64_t original)
{
    size_t count = 0;
    struct queue_candidate *items = arena_allocate_array(
        arena, count_versions(versions) * count_feeds(feeds), sizeof *items);
    for (const struct audience_version *version = versions; version; version = version->next)
        for (const struct feed *feed = feeds; feed; feed = feed->next)
            if (selects(feed, version) && (!only_feed || strcmp(feed->id, only_feed) == 0))
                items[count++] = (struct queue_candidate){ .feed = feed->id,
                                                           .version = version->row_id,
                                                           .language = version->language,
                                                           .is_original = version->row_id ==
                                                                          original };
    return (struct queue_candidates){ .items = items, .count = count };
}
