/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_NUMBERING_H
#define RICH_TEXT_DOCX_NUMBERING_H

#include <stdbool.h>

struct arena;
struct docx_numbering;
struct docx_style;
struct docx_styles;
struct xml_node;

/* Inside rich_text/ only: numbering.xml, and the counting of what is numbered by it, as Word counts
 * (ECMA-376 part 1, 17.9). */

enum { DOCX_LEVELS = 9 };

/* Never NULL. root may be NULL: nothing is numbered. */
struct docx_numbering *docx_numbering_read(struct arena *arena, const struct docx_styles *styles,
                                           const struct xml_node *root);

/* What stands before a paragraph. */
struct docx_number {
    bool is_item;    /* of a list: of bullets, or of numbers in figures with nothing but marks */
    bool is_ordered; /* number counts */
    int level;       /* 1 … 9 */
    int number;
    const char *label; /* as it is written: "a)", "§ 4", "1.2"; NULL: nothing, or a bullet */
    const void *list;  /* which list it is */
};

/* Counts one paragraph of the list number_id further. level: 0 … 8; -1: by the style that says
 * number_id, or the first. False where there is no such list (0 is none). */
bool docx_numbering_next(struct docx_numbering *numbering, int number_id, int level,
                         const struct docx_style *style, struct docx_number *number);

#endif
