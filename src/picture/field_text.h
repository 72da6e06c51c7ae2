/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_FIELD_TEXT_H
#define PICTURE_FIELD_TEXT_H

#include "picture/span.h"

struct arena;

/* Inside picture/ only: the most bytes that a field of struct picture_rights has; the rest is cut.
 */
enum { FIELD_LINE_MAXIMUM = 1000, FIELD_ALT_MAXIMUM = 2000, FIELD_CAPTION_MAXIMUM = 5000 };

/* What a stranger wrote into a field, as our documents may show it: UTF-8 (bytes that are none are
 * Windows-1252), in form C, without control and invisible characters, white space run together;
 * line ends stay where keep_lines is set. At most maximum bytes, in arena; NULL where nothing is
 * left. */
const char *field_text(struct arena *arena, struct span bytes, size_t maximum, bool keep_lines);

/* Appends further, a name of its own, to a list of names: "Anna Holm, Bo Friis". Either may be
 * NULL. What is longer than FIELD_LINE_MAXIMUM stays without it. */
const char *field_join(struct arena *arena, const char *list, const char *further);

#endif
