/* SPDX-License-Identifier: MIT */
#ifndef DKIM_TAGS_H
#define DKIM_TAGS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside dkim/ only: "v=1; a=rsa-sha256; …" (RFC 6376 section 3.2). */

enum { TAGS_MAXIMUM = 32 };

struct tags {
    struct {
        const char *name;
        const char *value; /* without spaces at its ends */
    } items[TAGS_MAXIMUM];

    size_t count;
};

/* False: no list of tags, or one name twice. */
bool tags_read(struct arena *arena, const char *string, struct tags *tags);

/* The value of a name; NULL: not there. */
const char *tags_find(const struct tags *tags, const char *name);

/* The same without any white space in it, as in base64 and lists; "" where it is not there. */
const char *tags_find_packed(struct arena *arena, const struct tags *tags, const char *name);

/* Bytes of base64, in arena; false where it is none. */
bool tags_decode(struct arena *arena, const char *string, unsigned char **bytes, size_t *length);

#endif
