/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_BARE_HEADER_H
#define INTAKE_BARE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* Inside intake/ only: fields at the beginning of a text that no "---" marks as such. */

enum bare_header {
    BARE_HEADER_NONE,
    BARE_HEADER_FOUND,
    BARE_HEADER_BROKEN /* a line in it is neither a field nor part of one */
};

/* Whether the lines from start on are fields although no "---" stands above them: the first is one,
 * and among them is a title, or a status, language or mail of a value that only a field has
 * ("Status: kladde"). *length: of its lines, without an empty one or a "---" below them. torn: the
 * first line that is no field, counted from 0, and *torn its words. */
enum bare_header bare_header_find(struct intake_reading *reading, const char *start, size_t *length,
                                  int *broken_line, const char **broken);

/* "---", longer, or the dashes that a word processor makes of it. */
bool bare_header_is_mark(const char *line);

/* Whether more fields begin a text that stands behind a header: behind a "---" of their own, or
 * such as no text begins with. */
bool bare_header_follows(struct intake_reading *reading, const char *body);

#endif
