/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_ODT_LIST_H
#define RICH_TEXT_ODT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "rich_text/odt_style.h"

struct arena;
struct builder_paragraph;
struct xml_node;

/* Inside rich_text/ only: the numbers of lists and headings (part 3, 5.3 and 19.880). */

enum { ODT_LEVELS = 10 };

/* How far a list has counted, on each of its levels. */
struct odt_numbering {
    const char *id;    /* "": none */
    const char *style; /* "": none */
    int numbers[ODT_LEVELS + 1];
    bool has_number[ODT_LEVELS + 1];
    struct odt_numbering *before; /* the list that began before it */
};

/* A list that is open. */
struct odt_list {
    struct odt_list *outer;
    int level;                    /* from 1 */
    const struct xml_node *style; /* element of its list style; NULL: none */
    struct odt_numbering *numbering;
    bool has_begun;  /* the item that is open has its number */
    bool is_header;  /* what is open is no item, and has none */
    bool is_ordered; /* the item */
    int start;       /* number that the item asks for; -1: none */
};

struct odt_lists {
    struct odt_numbering *last;
    size_t count;
    struct odt_numbering headings;
};

/* Begins a list in outer (NULL: in none). */
void odt_list_begin(struct arena *arena, struct odt_lists *lists, const struct odt_styles *styles,
                    const struct xml_node *node, struct odt_list *outer, struct odt_list *list);

/* Begins its item or header. */
void odt_list_item(struct odt_list *list, const struct xml_node *node);

/* Sets what the paragraph is in the list; style: of the paragraph, which may name the list's. */
void odt_list_paragraph(struct arena *arena, const struct odt_styles *styles,
                        const struct odt_style *style, struct odt_list *list,
                        struct builder_paragraph *paragraph);

/* The number of a heading, "2.1", as the outline of the styles has it; NULL: none. */
const char *odt_heading_label(struct arena *arena, const struct odt_styles *styles,
                              struct odt_lists *lists, const struct xml_node *heading, int level);

#endif
