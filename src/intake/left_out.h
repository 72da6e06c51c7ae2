/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LEFT_OUT_H
#define INTAKE_LEFT_OUT_H

#include <stddef.h>

#include "intake/problem.h"

struct intake_reading;

/* Inside intake/ only: what of a text does not reach the release as words. Each letter that is left
 * out is reported, or counted as something that the release says in another way (a label, the
 * heading of a list, a date), so that none is lost unnoticed. */

/* Letters and digits, of any script. */
size_t left_out_count(const char *bytes, size_t length);

/* Counts the letters of words that the release expresses in another way. */
void left_out_as_mark(struct intake_reading *reading, const char *bytes, size_t length);

/* Counts the letters of whole that are not in kept. */
void left_out_cut(struct intake_reading *reading, const char *whole, const char *kept);

/* Counts the letters of words and reports that they were left out: {a} is their beginning, {b} the
 * number of lines. */
void left_out_report(struct intake_reading *reading, enum intake_severity severity, int line,
                     enum intake_message_id id, const char *words, size_t lines);

#endif
