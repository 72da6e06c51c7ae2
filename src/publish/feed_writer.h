/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_FEED_WRITER_H
#define PUBLISH_FEED_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed/feed_format.h"

struct arena;
struct error;
struct feed_entry;
struct site;
struct string_builder;

/* Inside publish/ only: one feed, ready to be written in any format. */
struct feed_document {
    const struct site *site;
    const char *id; /* of the feed */
    const char *title;
    const char *description;
    const char *language;
    const char *home_url;                    /* list page that shows the same to people */
    const char *self_url;                    /* of this document: set for each format */
    int64_t updated_at;                      /* newest change in it */
    const struct feed_entry *const *entries; /* newest first */
    size_t entry_count;
};

/* Writes the document, which names its home_url or self_url also where it has no entries. How a new
 * format is added: src/README.md. */
typedef bool feed_write(const struct feed_document *document, struct string_builder *text,
                        struct error *error);

/* Who writes the format. */
feed_write *feed_writer(enum feed_format format);

/* Address of a feed in its first format (Atom where it has that); *media_type is of that format. */
const char *feed_format_url(const struct site *site, struct arena *arena, const struct feed *feed,
                            const char **media_type);

feed_write atom_write;      /* RFC 4287, RFC 6721 */
feed_write rss_write;       /* RSS 2.0 with Atom, Dublin Core and Media RSS elements */
feed_write json_feed_write; /* JSON Feed 1.1 */

#endif
