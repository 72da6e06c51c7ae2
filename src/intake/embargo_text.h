/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_TEXT_H
#define INTAKE_EMBARGO_TEXT_H

#include <stddef.h>

struct intake_reading;

/* Inside intake/ only: where a text may say its embargo: in its title and lead, its first lines
 * and its last paragraph, as they are shown and as they stand in the file, so that neither markup
 * nor a comment hides it; and in comments of its header. */

/* Adds what a read text says to reading->embargo, and takes the words out of title, lead and body
 * where their line, bracket or bold run holds nothing else and says day and hour: whoever reads the
 * release later has no use for them. With `embargo: none` they stay. */
void embargo_text_find(struct intake_reading *reading);

/* Adds what lines say that are no part of the text: of headers of pages. Words of anything may
 * stand before it in a line. */
void embargo_text_find_beside(struct intake_reading *reading, const char *lines);

/* Adds what the comments of a header, or of a file of fields, say. first_line: number of the first
 * line of bytes. */
void embargo_text_find_comments(struct intake_reading *reading, const char *bytes, size_t length,
                                int first_line);

#endif
