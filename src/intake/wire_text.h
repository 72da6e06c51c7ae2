/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_WIRE_TEXT_H
#define INTAKE_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;
struct text_lines;

/* Inside intake/ only: wire text: what a person copies from a press service's page. It is
 * recognised by the line below its title. */

/* Whether a line has the shape of "7.6.2022 18:57:25 CEST | Region Nordhav | Pressemeddelelse". */
bool wire_dateline_is(const char *line);

/* What that line says beside what goes into the release. */
struct wire_dateline {
    const char *publisher; /* in the release's arena */
    const char *kind;      /* case-folded, where its word is one of several languages; else NULL */
};

/* Fills published_at, type and language as far as they are not given yet, and *dateline. False,
 * with the problem, where the line is no such line. */
bool wire_dateline_read(struct intake_reading *reading, const char *line, int number,
                        struct wire_dateline *dateline);

/* Where the kind's word is one of several languages, the heading of a section that is one of just
 * one of them tells the release's. Both are case-folded. */
void wire_language_read(struct intake_reading *reading, const char *kind, const char *section);

/* The text whose title is line title, and whose dateline stands below it; other lines stand as
 * text_lines_split() gave them. */
void wire_text_read(struct intake_reading *reading, const struct text_lines *lines, size_t title);

#endif
