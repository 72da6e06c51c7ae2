/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LAYOUT_H
#define INTAKE_LAYOUT_H

struct intake_problem_list;
struct intake_reading;
struct rich_text;

/* Inside intake/ only: a text with a format of its own (rich_text/rich_text.h) as a release: fields
 * in a table or in lines at its top, else what its layout says: title, lead, headings, contacts,
 * lists of files, pictures. The same for all such formats. */

/* Fills the reading's release and its text, in words, line by line. What the text lacks, what it
 * holds beside its words and what cannot be read is in problems. Takes the nodes of the text's body
 * out of it. */
void layout_take(struct intake_reading *reading, const struct rich_text *text);

/* Where fields stand in such a text, told behind problems whose advice is to write one: they name
 * the place that it has in other texts. */
void layout_hint_fields(struct intake_problem_list *problems);

#endif
