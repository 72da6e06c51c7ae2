/* SPDX-License-Identifier: MIT */
#ifndef BASE_INVISIBLE_H
#define BASE_INVISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct string_builder;

/* Characters that show nothing by themselves: they split words, make two equal names differ, or
 * turn the direction of what stands around them (Unicode, chapter 23). */

/* Whether it steers the direction of writing: a text that holds one can reorder what is shown
 * around it. */
bool invisible_is_direction(uint32_t code_point);

/* Whether a text is better without the character, where before is the one that stands before it (0:
 * none): soft hyphens, characters without width, marks of direction and byte order. Joiners stay
 * where they shape what stands before them (Arabic, Indic scripts, emoji), tags in a flag. */
bool invisible_is_left_out(uint32_t before, uint32_t code_point);

/* Appends bytes (UTF-8) without what is left out of a text; what is no UTF-8 is copied as it is. */
void invisible_append_others(struct string_builder *text, const char *bytes, size_t length);

#endif
