/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HEADER_VALUE_H
#define INTAKE_HEADER_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside intake/ only: what one value of a header is, character by character. */

/* Moves past, or counts, white space at the edge of a value: no-break spaces and those without
 * width too, which nobody means there. */
size_t header_space_before(const char *bytes, size_t length);
size_t header_space_behind(const char *bytes, size_t length);

enum header_quoting {
    HEADER_PLAIN,     /* not wholly in quotes: as typed */
    HEADER_QUOTED,    /* *text is what stands in them */
    HEADER_MISQUOTED, /* a backslash in them means nothing: *text is it, with what follows */
    HEADER_MISCODED   /* a backslash in them gives a character that cannot be shown */
};

/* A value wholly in double quotes, by YAML's escapes, or in single ones, where '' is one of them.
 * With is_typographic those of “…”, ”…”, „…“ and »…« too, which hold no escapes. */
enum header_quoting header_unquote(struct arena *arena, const char *value, size_t length,
                                   bool is_typographic, const char **text);

/* How many of the length bytes stand before a comment: a " #", or a "#" at their beginning; length
 * where there is no comment. */
size_t header_before_comment(const char *value, size_t length);

/* Whether the value is ">", "|", ">-" or the like: the lines below are a block. */
bool header_is_block(const char *value, size_t length);

/* How long a value in brackets is, to the bracket that closes the first; 0: none does. *comment: a
 * " #" stands behind a part of it. Lines that are comments are passed over. */
size_t header_flow_length(const char *bytes, size_t length, bool *comment);

#endif
