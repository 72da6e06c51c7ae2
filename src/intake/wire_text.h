/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_WIRE_TEXT_H
#define INTAKE_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* The parts of wire_text.c that stand in files of their own. */

/* What a press service's line says beside what goes into the release. */
struct wire_dateline {
    const char *publisher;   /* in the release's arena */
    bool is_either_language; /* the kind's word is Danish and English, and so may the newsroom be */
};

/* "7.6.2022 18:57:25 CEST | Region Nordhav | Pressemeddelelse": fills published_at, type and
 * language as far as they are not given yet, and *dateline. False, with the problem, where the line
 * is no such line. */
bool wire_dateline_read(struct intake_reading *reading, const char *line, int number,
                        struct wire_dateline *dateline);

#endif
