/* SPDX-License-Identifier: MIT */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "http/http.h"

/* Inside http/ only: the head of a request (RFC 9112), parsed strictly and without input or output.
 * What two parsers could understand in two ways is refused (bare CR and LF, folded lines, white
 * space before a colon, two lengths, a length with a transfer coding, two hosts), because a proxy
 * in front and this server must agree where a request ends. */

enum { HTTP_LINE_MAXIMUM = 8 * 1024 /* of the first line */ };

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

/* Whether it is a line "NAME: VALUE" without its end; name_length, and the value's place, are
 * results. */
bool http_field_is_good(const char *line, size_t length, size_t *name_length, size_t *value_at,
                        size_t *value_length);

#endif
