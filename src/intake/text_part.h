/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEXT_PART_H
#define INTAKE_TEXT_PART_H

struct intake_reading;
struct text_sections;

/* Inside intake/ only: lines of plain text put into the release by their role. */

/* Puts the lines of a text into the release, each by its role: text into the body, contacts, names
 * of pictures and documents. What is left out is reported. */
void text_parts_take(const struct text_sections *sections);

/* The same without the lines that are text: whoever has them as nodes puts them into the body. */
void text_parts_take_but_text(const struct text_sections *sections);

#endif
