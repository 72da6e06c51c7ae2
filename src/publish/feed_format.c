/* SPDX-License-Identifier: MIT */
#include "publish/feed_format.h"

#include "feed/feed.h"

const struct feed_format_row feed_formats[] = {
    { FEED_ATOM, "Atom", "atom", "application/atom+xml", atom_write },
    { FEED_RSS, "RSS", "rss", "application/rss+xml", rss_write },
    { FEED_JSON, "JSON Feed", "json", "application/feed+json", json_feed_write },
};

const size_t feed_format_count = sizeof feed_formats / sizeof feed_formats[0];
