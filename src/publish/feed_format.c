/* SPDX-License-Identifier: MIT */
#include "publish/feed_format.h"

#include "base/arena.h"
#include "base/media_type.h"
#include "feed/feed.h"
#include "publish/publish.h"
#include "publish/site.h"

const struct feed_format_row feed_formats[] = {
    { FEED_ATOM, "Atom", "atom", MEDIA_TYPE_ATOM, atom_write },
    { FEED_RSS, "RSS", "rss", MEDIA_TYPE_RSS, rss_write },
    { FEED_JSON, "JSON Feed", "json", MEDIA_TYPE_JSON_FEED, json_feed_write },
};

const size_t feed_format_count = sizeof feed_formats / sizeof feed_formats[0];

const char *publish_feed_path(struct arena *arena, const struct feed *feed, size_t index)
{
    for (size_t i = 0; i < feed_format_count; i++)
        if ((feed->formats & feed_formats[i].flag) && index-- == 0)
            return arena_format(arena, "feeds/%s.%s", feed->id, feed_formats[i].extension);
    return NULL;
}

const char *feed_format_url(const struct site *site, struct arena *arena, const struct feed *feed,
                            const char **media_type)
{
    for (size_t i = 0; i < feed_format_count; i++) {
        const struct feed_format_row *format = &feed_formats[i];
        if (!(feed->formats & format->flag))
            continue;
        *media_type = format->media_type;
        return arena_format(arena, "%sfeeds/%s.%s", site->presentation.home, feed->id,
                            format->extension);
    }
    *media_type = NULL;
    return NULL;
}
