/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ENTITY_H
#define INTAKE_ENTITY_H

#include <stddef.h>
#include <stdint.h>

struct string_builder;

/* Inside intake/ only: entities in Markdown's own words, as its parser reads them there. Those of
 * HTML are html/'s. */

/* Appends the characters of the entity that bytes begin with: "&aring;", "&#229;", "&#xE5;".
 * Returns how many of the bytes it is; 0, and nothing appended, where it is none. */
size_t entity_append(struct string_builder *text, const char *bytes, size_t length);

/* The same for its first character alone. */
size_t entity_character(const char *bytes, size_t length, uint32_t *character);

#endif
