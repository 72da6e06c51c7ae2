/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MARKDOWN_BUILDER_H
#define INTAKE_MARKDOWN_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/string_builder.h"
#include "intake/markdown_parser.h"
#include "intake/markdown_source.h"
#include "intake/problem.h"
#include "release/body.h"

struct intake_reading;

/* Inside intake/ only: how the parser's tree becomes a body tree: shared by markdown_body.c (the
 * way through the tree, blocks), markdown_list.c, markdown_table.c, markdown_html.c and
 * markdown_span.c. */

enum {
    STACK_MAXIMUM = 2 * BODY_DEPTH_MAXIMUM, /* deeper nesting is refused: every writer recurses */
    TABLE_COLUMNS_MAXIMUM = 1001
};

/* A link to a heading, "[words](#heading)", until all headings are known. */
struct markdown_anchor {
    struct body_node *link;
    const char *target; /* as written */
    int line;
    struct markdown_anchor *next;
};

struct markdown_builder {
    struct intake_reading *reading;
    const struct markdown_source *source;       /* the text that is being walked */
    const bool *joined;                         /* by its lines: a program has broken it there */
    const struct markdown_footnotes *footnotes; /* of the whole text */
    int *footnote_numbers;                      /* as shown, by index; 0: not met yet */
    int *footnote_order;                        /* indexes in the order of their numbers */
    int footnote_count;                         /* how many have a number */
    struct markdown_definitions definitions;    /* of the text being walked */
    struct body_node *current;
    struct body_node *stack[STACK_MAXIMUM]; /* current node before each entered one */
    int depth;
    int line;                    /* of the file, that the walk is at */
    int inner_depth;             /* texts parsed within the text */
    struct string_builder words; /* characters that are not in the tree yet */
    int link_depth;

    /* Lists whose numbers are words. */
    struct string_builder number;       /* to stand before the next paragraph's words */
    struct body_node *paragraph;        /* the last one finished */
    int paragraph_end;                  /* its last line in source */
    int list_next;                      /* the number that would continue the last ordered list */
    const struct body_node *list_place; /* in what that list stands */

    struct markdown_anchor *anchors; /* links to headings, the last one first */
    int column;                      /* of the table's row being walked */
    const char *image_title;         /* of the last picture: its caption, where it stands alone */
    const char *hidden;              /* name of the element whose content is being left out; NULL */
    const char *unclosed;            /* "<title><svg>": elements that are known not to end */
    bool html_is_reported;
    bool is_too_large;
};

/* Advice on the present line. */
void markdown_advise(struct markdown_builder *builder, enum intake_message_id id, const char *a);
/* Reports what is missing from the release, in the press officer's note too. */
void markdown_warn(struct markdown_builder *builder, enum intake_message_id id, const char *a);

/* Remembers where we are; the node (NULL: none is made) becomes the current one. False, and the
 * text is too large, where that is too deep. */
bool markdown_enter(struct markdown_builder *builder, struct body_node *node);
void markdown_leave(struct markdown_builder *builder);

/* A node of kind below the current one, behind the words that were collected; NULL where it may not
 * stand there: it is unwrapped. */
struct body_node *markdown_make(struct markdown_builder *builder, enum body_kind kind);

/* Collects characters; our marks in them become a footnote's number. */
void markdown_append_words(struct markdown_builder *builder, const char *bytes, size_t length);

/* Puts the collected characters into the tree, bare addresses as links. */
void markdown_flush(struct markdown_builder *builder);

/* One line of characters, our marks turned back; in the release's arena. */
const char *markdown_one_line(struct markdown_builder *builder, const char *bytes);

/* The same for code, its lines kept. */
const char *markdown_literal(struct markdown_builder *builder, const char *bytes);

/* The words of a subtree of the parser's in one line. */
const char *markdown_plain(struct markdown_builder *builder, cmark_node *node);

/* Line in the source of a node, or of the nearest above it that has one. */
int markdown_source_line_of(cmark_node *node);

/* ---- the parts ---- */

/* Each walks one node of the parser's; enter says whether its children are to be walked (then leave
 * is called behind them). */
bool markdown_enter_inline(struct markdown_builder *builder, cmark_node *node);
void markdown_leave_inline(struct markdown_builder *builder, cmark_node *node);

bool markdown_enter_list(struct markdown_builder *builder, cmark_node *list);
bool markdown_enter_item(struct markdown_builder *builder, cmark_node *item);
void markdown_leave_list(struct markdown_builder *builder, cmark_node *list);
void markdown_leave_item(struct markdown_builder *builder, cmark_node *item);

/* Whether the numbers of its items are words; of a list that was entered. */
bool markdown_list_is_words(cmark_node *list);

/* Makes a paragraph of the number that waits for one, because what follows is no paragraph. */
void markdown_flush_number(struct markdown_builder *builder);

/* Paragraphs (markdown_paragraph.c). */
bool markdown_enter_paragraph(struct markdown_builder *builder, cmark_node *node);
void markdown_leave_paragraph(struct markdown_builder *builder);

/* Which lines of the source end because a program has broken a paragraph there. */
const bool *markdown_find_joined(struct arena *arena, const struct markdown_source *source);

/* What stands between that line of a paragraph and the next: a space, a line break or nothing. */
void markdown_append_line_end(struct markdown_builder *builder, int line);

/* Tables (markdown_table.c). */
bool markdown_enter_row(struct markdown_builder *builder, cmark_node *row);
bool markdown_enter_cell(struct markdown_builder *builder, cmark_node *cell);

/* The cells of a row that the header has no column for, as they stand in the source: the parser
 * drops them. Opened when the row's other cells are walked. */
struct markdown_extra_cells {
    const char *line;
    size_t length;
    size_t next;
};

void markdown_extra_cells_open(struct markdown_builder *builder, cmark_node *row,
                               struct markdown_extra_cells *cells);
bool markdown_extra_cells_next(struct markdown_extra_cells *cells, const char **bytes,
                               size_t *length);
void markdown_leave_table(struct markdown_builder *builder, struct body_node *table);

/* Resolves each link to a heading to the first heading of that name, and reports where there is
 * none: then only its words stay. */
void markdown_resolve_anchors(struct markdown_builder *builder);

/* HTML (markdown_html.c). Whether a tag that nothing closes would swallow the text behind it: then
 * text gets all of it as Markdown, the tag as words. */
bool markdown_html_is_text(struct markdown_builder *builder, cmark_node *node,
                           struct string_builder *text);
void markdown_html_block(struct markdown_builder *builder, cmark_node *node);
void markdown_html_inline(struct markdown_builder *builder, cmark_node *node);

/* Forgets what tags have opened: where another paragraph begins. */
void markdown_html_reset(struct markdown_builder *builder);

#endif
