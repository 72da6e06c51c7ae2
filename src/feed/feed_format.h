/* SPDX-License-Identifier: MIT */
#ifndef FEED_FEED_FORMAT_H
#define FEED_FEED_FORMAT_H

#include <stddef.h>

#include "feed/feed.h"

struct arena;

/* What a format is called, and how it is served. Who writes it: publish/feed_writer.c. */
struct feed_format_row {
    enum feed_format format;
    const char *name;      /* as people say it */
    const char *extension; /* of the file; `formats` in feeds/ID.yaml has it too */
    const char *media_type;
};

extern const struct feed_format_row feed_formats[];
extern const size_t feed_format_count;

/* The format with that extension; 0: none. */
unsigned feed_format_find(const char *extension);

/* "atom, rss, json", in arena. */
const char *feed_format_list(struct arena *arena);

#endif
