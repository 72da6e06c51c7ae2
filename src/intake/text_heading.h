/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEXT_HEADING_H
#define INTAKE_TEXT_HEADING_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/text_line.h"

struct intake_reading;

/* Inside intake/ only: headings of plain text. */

/* Whether a short line of a text without a format is a heading. A wrong one harms more than a
 * missed one: it stands alone between longer blocks, is followed by text, and is no signature,
 * date, amount, label, address, caption or row of a table. wants_gap: as below. */
bool text_heading_is(const struct intake_reading *reading, const struct text_lines *lines,
                     size_t index, bool wants_gap);

/* Whether empty lines part the blocks of the text, so that a heading has one above it. */
bool text_heading_wants_gap(const struct text_lines *lines);

#endif
