/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MARKDOWN_BODY_H
#define INTAKE_MARKDOWN_BODY_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* Inside intake/ only: Markdown as a body tree. */

/* Reads Markdown into reading->release->body, with what is left out of it as advice and what cannot
 * be read as a refusal. first_line: number in the file of the first line of bytes. */
void markdown_read_body(struct intake_reading *reading, const char *bytes, size_t length,
                        int first_line);

/* Whether the parser may have it; if not, *line says where the limit is passed, counted from 1, 0
 * for the whole (markdown_cap.c). */
bool markdown_is_within_caps(const char *bytes, size_t length, int *line);

#endif
