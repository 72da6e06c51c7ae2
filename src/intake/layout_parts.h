/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LAYOUT_PARTS_H
#define INTAKE_LAYOUT_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/text_section.h"
#include "release/body.h"

struct intake_reading;
struct rich_text;
struct string_builder;

/* Inside intake/ only: what layout.c and its parts share. */

/* A block of the text, and its lines among all lines. */
struct layout_block {
    struct body_node *node;
    unsigned marks; /* enum rich_text_mark */
    int outline;    /* 1 … 9 of a heading; 0 */
    size_t first;
    size_t count; /* 0: it has no words */
};

struct layout {
    struct intake_reading *reading;
    const struct rich_text *rich;
    struct layout_block *blocks;
    size_t count;
    size_t letters; /* of a page: those of its text */
    size_t title;   /* the block that is the title; count: none */
    struct text_lines lines;
    struct text_sections sections; /* of lines */
};

/* ---- words (layout_words.c) ---- */

/* The words of a node's inlines: a line feed for each break, none for pictures. With has_marks bold
 * words stand between "**", as lines of a file that are searched for embargoes. */
void layout_append_words(struct string_builder *words, const struct body_node *node,
                         bool has_marks);

/* One call for each line of a block that has words, which is one line, in arena: of a paragraph
 * each that a break ends, of a list its items, of a table its rows, cells parted by ", ". */
typedef void layout_line(void *payload, const char *line);
void layout_each_line(const struct layout *layout, const struct body_node *node, bool has_marks,
                      layout_line *take, void *payload);

bool layout_has_words(const struct layout *layout, const struct body_node *node);

/* Whether it is a paragraph whose lines are those between its own breaks. */
bool layout_has_plain_lines(const struct layout *layout, const struct layout_block *block);

/* ---- nodes (layout_node.c) ---- */

void layout_node_unlink(struct body_node *node);

/* Makes node, which is linked nowhere, the last child of parent. */
void layout_node_adopt(struct body_node *parent, struct body_node *node);

/* The same of all children of from. */
void layout_node_adopt_all(struct body_node *parent, struct body_node *from);

/* Takes the first bytes of the node's words away: they are plain. False: a mark stands there. */
bool layout_node_cut(struct body_node *node, size_t bytes);

/* Bold marks around words go, the words stay. */
void layout_node_unbold(struct body_node *node);

/* Words in form C, bare addresses as links, links and pictures that lead nowhere as words. */
void layout_node_clean(struct intake_reading *reading, struct body_node *root);

/* Links to headings that the text does not have become words. Last, when the body is whole. */
void layout_node_drop_anchors(struct body_node *body);

/* ---- parts of the text ---- */

/* Fields in a table of two columns among the first blocks (layout_table.c): read, and the table is
 * taken out. */
void layout_table_take(struct layout *layout);

/* Fields in lines at the top, as above a text (layout_header.c); sets the reading's text. False:
 * they cannot be read, and nothing is to be made of the text. */
bool layout_header_take(struct layout *layout);

/* Title and what stands above it (layout_title.c), then the lead. */
void layout_title_take(struct layout *layout);
void layout_lead_take(struct layout *layout);

/* The blocks that are text become the release's body (layout_body.c). */
void layout_body_take(struct layout *layout);

/* Pictures of the body as parts and assets, with what is said of them; links to files as documents
 * (layout_file.c). */
void layout_files_take(struct layout *layout);

/* What a page says of itself outside its text, where the text does not say it, and whether enough
 * of it was read (layout_page.c). Nothing of what is no page. */
void layout_page_count(struct layout *layout); /* while its body is whole */
void layout_page_title_take(struct layout *layout);
void layout_page_take(struct layout *layout);

/* What the file holds beside its text, as problems (layout_finding.c). */
void layout_findings_tell(struct layout *layout);

/* Why it cannot be read; false: it can. */
bool layout_fault_tell(struct intake_reading *reading, const struct rich_text *text);

/* Takes a block out of the text, its lines with it. */
void layout_remove_block(struct layout *layout, size_t index);

#endif
