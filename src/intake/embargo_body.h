/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_BODY_H
#define INTAKE_EMBARGO_BODY_H

#include <stdbool.h>

struct embargo_phrase;
struct intake_reading;

/* The parts of embargo_text.c that look through a body tree. */

/* What the first lines and the last paragraph of the body say; what may go is taken out. */
struct embargo_phrase *embargo_body_find(struct intake_reading *reading);

/* Takes the first block with words out of the body, as the title; NULL where there is none that
 * could be one. */
const char *embargo_body_take_title(struct intake_reading *reading);

/* Shared, in embargo_text.c: whether a line heads a section or is furniture, whether a phrase is to
 * be taken out, and a text without its bracket. */
bool embargo_is_section(const struct intake_reading *reading, const char *line);
bool embargo_may_go(const struct intake_reading *reading, const struct embargo_phrase *phrase);
const char *embargo_cut_bracket(struct intake_reading *reading, const char *text);

#endif
