/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEMPLATE_TEXT_H
#define INTAKE_TEMPLATE_TEXT_H

struct arena;
struct release;

/* Inside intake/ only: what a template says between "<" and ">" for somebody to write over. */

/* The first place of the release that nobody has written yet: "<headline, at most 90 characters>".
 * NULL: none. In arena. */
const char *template_text_left(struct arena *arena, const struct release *release);

#endif
