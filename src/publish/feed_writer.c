/* SPDX-License-Identifier: MIT */
#include "publish/feed_writer.h"

#include "base/arena.h"
#include "publish/publish.h"
#include "publish/site.h"

static const struct {
    enum feed_format format;
    feed_write *write;
} writers[] = { { FEED_ATOM, atom_write },
                { FEED_RSS, rss_write },
                { FEED_JSON, json_feed_write } };

feed_write *feed_writer(enum feed_format format)
{
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
        if (writers[i].format == format)
            return writers[i].write;
    return NULL;
}

const char *publish_feed_path(struct arena *arena, const struct feed *feed, size_t index)
{
    for (size_t i = 0; i < feed_format_count; i++)
        if ((feed->formats & feed_formats[i].format) && index-- == 0)
            return arena_format(arena, "feeds/%s.%s", feed->id, feed_formats[i].extension);
    return NULL;
}

const char *feed_format_url(const struct site *site, struct arena *arena, const struct feed *feed,
                            const char **media_type)
{
    for (size_t i = 0; i < feed_format_count; i++) {
        const struct feed_format_row *format = &feed_formats[i];
        if (!(feed->formats & format->format))
            continue;
        *media_type = format->media_type;
        return arena_format(arena, "%sfeeds/%s.%s", site->presentation.home, feed->id,
                            format->extension);
    }
    *media_type = NULL;
    return NULL;
}
