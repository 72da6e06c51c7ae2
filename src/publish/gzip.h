/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_GZIP_H
#define PUBLISH_GZIP_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct string_builder;

/* Inside publish/ only: compresses files (gzip, RFC 1952), one after the other; kept, since
 * making one costs as much as a page. For one thread at a time. */
struct gzip;

/* NULL on failure. The caller frees. */
struct gzip *gzip_new(struct error *error);

/* Takes NULL. */
void gzip_free(struct gzip *gzip);

/* Appends bytes, compressed. The header has no time and no name: equal input gives equal output. */
bool gzip_append(struct gzip *gzip, const void *bytes, size_t length, struct string_builder *text,
                 struct error *error);

#endif
