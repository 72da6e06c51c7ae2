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
    html_text_reset(&builder->html);
    if (node) {
        node->is_header = cmark_gfm_extensions_get_table_row_is_header(row);
        node->alignment = alignment_of(cmark_node_parent(row), builder->column);
    }
    builder->column++;
    return markdown_enter(builder, node);
}

/* ---- cells that the header has no column for: the parser drops them ---- */

/* Behind the cell that begins at at, before its "|". */
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

/* Walks one cell's text in a table of its own, where it means what it means in a row. */
static void add_cell(struct markdown_builder *builder, const char *bytes, size_t length)
{
    struct string_builder table;
    struct body_node *cell = markdown_make(builder, BODY_CELL);
    if (!cell || !markdown_enter(builder, cell))
        return;
    string_builder_init(&table, 0);
    string_builder_append_character(&table, '|');
    string_builder_append_bytes(&table, bytes, length);
    string_builder_append(&table, "|\n|-|\n");
    if (!markdown_walk_cell(builder, table.data, table.length))
        markdown_append_words(builder, bytes, length);
    string_builder_release(&table);
    markdown_leave(builder);
}

void markdown_leave_row(struct markdown_builder *builder, cmark_node *row)
{
    size_t length;
    int line_number = cmark_node_get_start_line(row);
    const char *line = markdown_source_line(builder->source, line_number, &length);
    while (length && strchr(" \t>", *line)) { /* of what the table stands in */
        line++;
        length--;
    }
    while (length && strchr(" \t", line[length - 1]))
        length--;
    size_t at = cell_start(line, length, builder->column);
    while (at < length && !cmark_gfm_extensions_get_table_row_is_header(row) &&
           !builder->is_too_large) {
        size_t end = cell_end(line, length, at);
        add_cell(builder, line + at, end - at);
        at = end + 1;
    }
    markdown_leave(builder);
}

/* All rows become as long as the longest: a table has one width. */
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
