/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HEADER_H
#define INTAKE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* Inside intake/ only: the header of a release as people write it: lines "key: value", lists and
 * fields further in below a key, comments on lines of their own. What looks like YAML is read as
 * YAML means it, with two exceptions in favour of whoever writes a headline: a title, lead and
 * the like are text to the end of their line whatever stands in it, and a comment behind any
 * other value is refused, since it may be meant as part of it. Values in brackets, [a, b] and
 * {name: x}, are YAML. */

enum header_kind {
    HEADER_NOTHING, /* a key without a value, which counts as absent */
    HEADER_TEXT,
    HEADER_LIST,
    HEADER_MAPPING
};

/* A value, and where it stands. Entries and items are chained by next, in the order of the file. */
struct header_node {
    enum header_kind kind;
    int line;
    const char *text;    /* HEADER_TEXT: without white space at its ends */
    bool is_quoted;      /* HEADER_TEXT: in quotes, or a block */
    const char *key;     /* entry of a mapping: our name of the field */
    const char *written; /* what stands there for it */
    int key_line;
    bool is_lines;             /* HEADER_LIST: lines below the key, without marks */
    struct header_node *first; /* HEADER_LIST, HEADER_MAPPING */
    struct header_node *last;
    struct header_node *next;
};

enum { HEADER_LINES_MAXIMUM = 5000 };

/* The fields of length bytes as a mapping, unknown ones left out. What is wrong is in the reading's
 * problems; where a whole line could not be understood, fields_unread is set. NULL where nothing
 * can be made of it at all. first_line: number of the first line in its file. */
const struct header_node *header_read(struct intake_reading *reading, const char *bytes,
                                      size_t length, int first_line);

/* The entry of a mapping that has a value; NULL. */
const struct header_node *header_get(const struct header_node *mapping, const char *key);

#endif
