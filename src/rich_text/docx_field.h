/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_FIELD_H
#define RICH_TEXT_DOCX_FIELD_H

#include <stdbool.h>

struct arena;

/* Inside rich_text/ only: what the instruction of a field says (ECMA-376 part 1, 17.16.4). */

/* Whether it is of the field of that name. */
bool docx_field_is(const char *instruction, const char *name);

/* Where HYPERLINK leads: an address, or "#bookmark"; NULL: it is another field, or leads nowhere.
 */
const char *docx_field_link(struct arena *arena, const char *instruction);

/* Either may be NULL or empty; NULL where both are. */
const char *docx_link_address(struct arena *arena, const char *target, const char *anchor);

#endif
