/* SPDX-License-Identifier: MIT */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Part of server.h: the head of a request (RFC 9112), parsed strictly and without input or output.
 * What two parsers could understand in two ways is refused (bare CR and LF, folded lines, white
 * space before a colon, two lengths, a length with a transfer coding, two hosts), because a proxy
 * in front and this server must agree where a request ends. */

enum {
    HTTP_HEAD_MAXIMUM = 64 * 1024,
    HTTP_LINE_MAXIMUM = 8 * 1024 /* of the first line */
};

enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKED };

struct http_head {
    const char *method;
    const char *path;  /* as it came, not decoded; begins with a slash, or is "*" */
    const char *query; /* behind the question mark; NULL: none */
    const char *fields;
    const char *fields_end;
    enum http_framing framing;
    uint64_t length; /* of the body; HTTP_LENGTH only */
    bool is_old;     /* HTTP/1.0 */
    bool is_kept;    /* the connection may be used again */
    bool expects_continue;
};

/* Where the search for a head's end stands; zeros at first. */
struct http_scan {
    size_t line; /* where the line under way begins */
    size_t seen;
};

/* The length of the head that bytes begin with, its empty line included. 0: it is not whole yet,
 * or, with *status (400, 414, 431), never will be. Goes on where the last call stopped. */
size_t http_head_find(const char *bytes, size_t length, struct http_scan *scan, unsigned *status);

/* Reads a whole head, which is rewritten: head points into it. 0, or the status to refuse it with:
 * 400, 414, 417, 431, 501, 505. */
unsigned http_head_read(char *bytes, size_t length, struct http_head *head);

/* The value of the first field of that name; NULL: there is none. */
const char *http_head_field(const struct http_head *head, const char *name);

/* The fields one by one, in their order: the name of the one at cursor, its value, and cursor moves
 * on. NULL behind the last. cursor begins as head->fields. */
const char *http_head_next(const struct http_head *head, const char **cursor, const char **value);

/* Whether it is a line "NAME: VALUE" without its end; name_length, and the value's place, are
 * results. */
bool http_field_is_good(const char *line, size_t length, size_t *name_length, size_t *value_at,
                        size_t *value_length);

#endif
