/* SPDX-License-Identifier: MIT */
#include "feed/feed_format.h"

#include "base/arena.h"
#include "base/media_type.h"

#include <string.h>

const struct feed_format_row feed_formats[] = {
    { FEED_ATOM, "Atom", "atom", MEDIA_TYPE_ATOM },
    { FEED_RSS, "RSS", "rss", MEDIA_TYPE_RSS },
    { FEED_JSON, "JSON Feed", "json", MEDIA_TYPE_JSON_FEED },
};

const size_t feed_format_count = sizeof feed_formats / sizeof feed_formats[0];

unsigned feed_format_find(const char *extension)
{
    for (size_t i = 0; i < feed_format_count; i++)
        if (strcmp(feed_formats[i].extension, extension) == 0)
            return feed_formats[i].format;
    return 0;
}

const char *feed_format_list(struct arena *arena)
{
    const char *list = "";
    for (size_t i = 0; i < feed_format_count; i++)
        list = arena_format(arena, "%s%s%s", list, i ? ", " : "", feed_formats[i].extension);
    return list;
}
