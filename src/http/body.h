/* SPDX-License-Identifier: MIT */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/head.h"

struct string_builder;

/* Inside http/ only: the body behind a head, parsed as its bytes come: by its length, or in chunks
 * (RFC 9112 section 7.1), as strictly as the head. */

enum http_body_state {
    HTTP_BODY_DATA, /* left bytes of data follow */
    HTTP_BODY_SIZE, /* a line with a chunk's size */
    HTTP_BODY_LINE_END,
    HTTP_BODY_TRAILER,
    HTTP_BODY_WHOLE,
    HTTP_BODY_MALFORMED, /* 400 */
    HTTP_BODY_TOO_LARGE  /* 413 */
};

struct http_body {
    enum http_body_state state;
    bool is_chunked;
    uint64_t left;
    size_t trailers; /* bytes of lines behind the last chunk */
};

/* content_maximum: bytes that are taken. */
void http_body_begin(struct http_body *body, const struct http_head *head, size_t content_maximum);

/* Takes from bytes what belongs to the body, appends its content, and returns how many bytes that
 * were. What overflows content is too large. Ends in one of the last three states, or wants more
 * where it took less than length: a line is taken whole. */
size_t http_body_take(struct http_body *body, const char *bytes, size_t length,
                      struct string_builder *content);

#endif
