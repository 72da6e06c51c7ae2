/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEXT_BLOCK_H
#define INTAKE_TEXT_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;
struct text_lines;

/* Inside intake/ only: lines of plain text as blocks. */

/* Lines of a text without a format become the blocks of the release's body: each line a paragraph,
 * but headings, quotes ("- Det er en god dag, siger han."), lists with bullets or numbers, and
 * rules between two blocks. Addresses become links. All other characters are kept. */
void text_blocks_append(struct intake_reading *reading, const struct text_lines *lines);

/* Whether lines with dashes are a list: behind a colon, or where none of them is a sentence.
 * Otherwise each is a quote. */
bool text_dashes_are_list(const struct text_lines *lines, size_t index, size_t count);

#endif
