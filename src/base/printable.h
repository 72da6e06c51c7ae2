/* SPDX-License-Identifier: MIT */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

struct string_builder;

/* Appends bytes as they may stand on a terminal or in a log, whoever made them: C0 controls become
 * spaces, bytes that are no UTF-8 and C1 controls are written \x85, characters that nobody sees or
 * that steer the direction of writing \u202E (base/invisible.h). Line feeds stay where keep_lines
 * is set. */
void printable_append(struct string_builder *text, const char *bytes, size_t length,
                      bool keep_lines);

#endif
