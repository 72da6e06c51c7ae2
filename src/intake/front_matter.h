/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FRONT_MATTER_H
#define INTAKE_FRONT_MATTER_H

#include <stdbool.h>

struct intake_reading;

/* Inside intake/ only: where the fields at the beginning of a text end. */

/* Reads the fields between "---" and "---" at the beginning of a text, where there are any, and
 * those that stand there without the marks (intake/bare_header.h). *body: what stands behind them,
 * else the whole text; *line: the number of its first line. False, with the problem, where the
 * second
 * "---" is missing, or text stands among them: then nothing of the text can be trusted. */
bool front_matter_read(struct intake_reading *reading, const char **body, int *line);

#endif
