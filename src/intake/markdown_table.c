/* SPDX-License-Identifier: MIT */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/reader.h"

#include <cmark-gfm-core-extensions.h>
#include <ctype.h>
#include <string.h>

static enum body_alignment alignment_of(cmark_node *table, int column)
{
    const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(table);
    if (!alignments || column >= cmark_gfm_extensions_get_table_columns(table))
        return BODY_ALIGN_NONE;
    switch (alignments[column]) {
    case 'l':
        return BODY_ALIGN_LEFT;
    case 'c':
        return BODY_ALIGN_CENTER;
    case 'r':
        return BODY_ALIGN_RIGHT;
    default:
        return BODY_ALIGN_NONE;
    }
}

bool markdown_enter_row(struct markdown_builder *builder, cmark_node *row)
{
    (void)row;
    builder->column = 0;
    return markdown_enter(builder, markdown_make(builder, BODY_ROW));
}

bool markdown_enter_cell(struct markdown_builder *builder, cmark_node *cell)
{
    cmark_node *row = cmark_node_parent(cell);
    struct body_node *node = markdown_make(builder, BODY_CELL);
    markdown_html_reset(builder);
    if (node) {
        node->is_header = cmark_gfm_extensions_get_table_row_is_header(row);
        node->alignment = alignment_of(cmark_node_parent(row), builder->column);
    }
    builder->column++;
    return markdown_enter(builder, node);
}

/* ---- cells that the header has no column for ---- */

/* The offset of the "|" that ends the cell which begins at at. */
static size_t cell_end(const char *line, size_t length, size_t at)
{
    while (at < length && line[at] != '|')
        at += line[at] == '\\' && at + 1 < length && ispunct((unsigned char)line[at + 1]) ? 2 : 1;
    return at < length ? at : length;
}

/* Where the cell of that number begins, counted from 0; length where the row has fewer. */
static size_t cell_start(const char *line, size_t length, int column)
{
    size_t at = 0;
    while (at < length && strchr(" \t", line[at]))
        at++;
    at += at < length && line[at] == '|';
    for (; column > 0 && at < length; column--) {
        at = cell_end(line, length, at);
        at += at < length;
    }
    return at;
}

void markdown_extra_cells_open(struct markdown_builder *builder, cmark_node *row,
                               struct markdown_extra_cells *cells)
{
    size_t length;
    const char *line = markdown_source_line(builder->source, cmark_node_get_start_line(row),
                                            &length);
    while (length && strchr(" \t>", *line)) { /* marks of the quote that the table stands in */
        line++;
        length--;
    }
    while (length && strchr(" \t", line[length - 1]))
        length--;
    bool is_header = cmark_gfm_extensions_get_table_row_is_header(row);
    *cells = (struct markdown_extra_cells){
        .line = line,
        .length = length,
        .next = is_header ? length : cell_start(line, length, builder->column),
    };
}

bool markdown_extra_cells_next(struct markdown_extra_cells *cells, const char **bytes,
                               size_t *length)
{
    if (cells->next >= cells->length)
        return false;
    size_t end = cell_end(cells->line, cells->length, cells->next);
    *bytes = cells->line + cells->next;
    *length = end - cells->next;
    cells->next = end + 1;
    return true;
}

/* Pads all rows to the longest, because a table has one width. */
void markdown_leave_table(struct markdown_builder *builder, struct body_node *table)
{
    size_t columns = 0;
    for (const struct body_node *row = table->first_child; row; row = row->next) {
        size_t count = 0;
        for (const struct body_node *cell = row->first_child; cell; cell = cell->next)
            count++;
        columns = count > columns ? count : columns;
    }
    for (struct body_node *row = table->first_child; row; row = row->next) {
        size_t count = 0;
        bool is_header = row->first_child && row->first_child->is_header;
        for (const struct body_node *cell = row->first_child; cell; cell = cell->next)
            count++;
        for (; count < columns && row->kind == BODY_ROW; count++)
            body_append(builder->reading->arena, row, BODY_CELL)->is_header = is_header;
    }
}
