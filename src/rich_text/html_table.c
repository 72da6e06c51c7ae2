/* SPDX-License-Identifier: MIT */
/* Tables: those of data stay tables, those that only place things on a page are walked as blocks.
 */
#include "rich_text/html_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS_MAXIMUM = TABLE_COLUMNS_MAXIMUM };

/* ---- which kind ---- */

struct shape {
    bool has_data;   /* caption, head or head cells */
    bool has_blocks; /* a table or heading in it */
    int rows;        /* with cells */
    int most_cells;  /* of a row */
    int cells;       /* of the present row */
    int paragraphs;  /* of the cell with the most */
    int in_cell;     /* of the present cell */
};

static void look_at(struct shape *shape, const struct html_node *node)
{
    if (html_is_any(node, "th thead caption"))
        shape->has_data = true;
    else if (html_is(node, "table") || html_heading_level(node))
        shape->has_blocks = true;
    else if (html_is(node, "tr")) {
        shape->rows++;
        shape->cells = 0;
    } else if (html_is(node, "p"))
        shape->in_cell++;
    if (html_is_any(node, "td th")) {
        shape->cells++;
        shape->in_cell = 0;
    }
    if (shape->cells > shape->most_cells)
        shape->most_cells = shape->cells;
    if (shape->in_cell > shape->paragraphs)
        shape->paragraphs = shape->in_cell;
}

static bool is_layout(const struct html_node *table)
{
    struct shape shape = { .rows = 0 };
    const char *role = html_attribute_value(table, "role");
    if (role && (strcasecmp(role, "presentation") == 0 || strcasecmp(role, "none") == 0))
        return true;
    for (const struct html_node *node = html_next(table, table); node && !shape.has_blocks;
         node = html_next(node, table))
        look_at(&shape, node);
    if (shape.has_blocks)
        return true;
    if (shape.has_data)
        return false;
    return shape.most_cells <= 1 || (shape.rows == 1 && shape.paragraphs > 1);
}

/* ---- cells ---- */

/* How many rows of each column are still taken by a cell above. */
struct grid {
    int taken[COLUMNS_MAXIMUM];
    int column;
};

static int span_of(const struct html_node *cell, const char *name, int maximum)
{
    const char *value = html_attribute_value(cell, name);
    long number = value ? strtol(value, NULL, 10) : 1;
    return number < 1 ? 1 : number > maximum ? maximum : (int)number;
}

static void skip_taken(struct html_page *page, struct grid *grid)
{
    while (grid->column < COLUMNS_MAXIMUM && grid->taken[grid->column]) {
        grid->taken[grid->column++]--;
        builder_begin_cell(page->builder, false, 1);
        builder_end_cell(page->builder);
    }
}

static void walk_cell(struct html_page *page, const struct html_node *cell,
                      const struct html_state *state, struct grid *grid)
{
    int columns = span_of(cell, "colspan", COLUMNS_MAXIMUM);
    int rows = span_of(cell, "rowspan", COLUMNS_MAXIMUM);
    struct html_state inner = { .style = state->style, .size = state->size };
    enum html_left_out reason = html_left_out(page, cell);
    skip_taken(page, grid);
    for (int i = 0; i < columns && grid->column < COLUMNS_MAXIMUM; i++)
        grid->taken[grid->column++] = rows - 1;
    html_apply_style(page, cell, &inner);
    builder_begin_cell(page->builder, html_is(cell, "th"), columns);
    if (reason == HTML_KEPT)
        page->walk(page, cell, &inner);
    else
        html_leave_out(page, cell, reason);
    html_end_paragraph(page);
    builder_end_cell(page->builder);
}

/* ---- rows ---- */

static void walk_rows(struct html_page *page, const struct html_node *parent,
                      const struct html_state *state, struct grid *grid, bool is_head);

static void walk_row(struct html_page *page, const struct html_node *row,
                     const struct html_state *state, struct grid *grid, bool is_head)
{
    struct html_state inner = *state;
    grid->column = 0;
    html_apply_style(page, row, &inner);
    builder_begin_row(page->builder, is_head);
    for (const struct html_node *cell = row->first_child; cell; cell = cell->next)
        if (html_is_any(cell, "td th"))
            walk_cell(page, cell, &inner, grid);
        else if (cell->kind == HTML_ELEMENT)
            html_leave_out(page, cell, HTML_IS_FURNITURE); /* templates and scripts alone */
    skip_taken(page, grid);
    builder_end_row(page->builder);
}

/* HTML5's algorithm lets nothing else stand there than what is looked for. */
static void walk_rows(struct html_page *page, const struct html_node *parent,
                      const struct html_state *state, struct grid *grid, bool is_head)
{
    for (const struct html_node *node = parent->first_child; node; node = node->next) {
        enum html_left_out reason = html_left_out(page, node);
        if (reason != HTML_KEPT)
            html_leave_out(page, node, reason);
        else if (html_is(node, "tr"))
            walk_row(page, node, state, grid, is_head);
        else if (html_is_any(node, "tbody tfoot thead"))
            walk_rows(page, node, state, grid, html_is(node, "thead"));
        else if (node->kind == HTML_ELEMENT && !html_is(node, "caption"))
            html_leave_out(page, node, HTML_IS_FURNITURE);
    }
}

static void walk_caption(struct html_page *page, const struct html_node *table,
                         const struct html_state *state)
{
    struct html_state inner = { .style = state->style,
                                .size = state->size,
                                .marks = RICH_TEXT_CAPTION };
    for (const struct html_node *node = table->first_child; node; node = node->next)
        if (html_is(node, "caption") && html_left_out(page, node) == HTML_KEPT) {
            page->walk(page, node, &inner);
            html_end_paragraph(page);
        }
}

void html_walk_table(struct html_page *page, const struct html_node *table,
                     const struct html_state *state)
{
    struct grid grid = { .column = 0 };
    html_end_paragraph(page);
    if (is_layout(table)) {
        page->walk(page, table, state);
        html_end_paragraph(page);
        return;
    }
    walk_caption(page, table, state);
    builder_begin_table(page->builder);
    walk_rows(page, table, state, &grid, false);
    builder_end_table(page->builder);
}
