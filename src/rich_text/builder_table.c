/* SPDX-License-Identifier: MIT */
/* Tables: each cell is a place of its own until the table ends, since only then it is known whether
 * it is one. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"

#include <string.h>

/* ---- cells as lines ---- */

static void flatten(struct builder *builder, struct body_node *cell, struct body_node *from);

static void begin_line(struct builder *builder, struct body_node *cell)
{
    if (cell->last_child && cell->last_child->kind != BODY_BREAK)
        (void)builder_node(builder, cell, BODY_BREAK);
}

static void append_words(struct builder *builder, struct body_node *cell, const char *words)
{
    body_append_text(builder->arena, cell, words, strlen(words));
}

static bool is_inline(const struct body_node *node)
{
    return !body_kind_is_block(node->kind);
}

static void flatten_lines(struct builder *builder, struct body_node *cell, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (length) {
            begin_line(builder, cell);
            body_append_text(builder->arena, cell, text, length);
        }
        text += length + (text[length] == '\n');
    }
}

static void flatten_list(struct builder *builder, struct body_node *cell, struct body_node *list)
{
    int number = list->start_offset;
    for (struct body_node *item = list->first_child; item; item = item->next) {
        begin_line(builder, cell);
        if (list->is_ordered) {
            const char *words = arena_format(builder->arena, "%d. ", ++number);
            append_words(builder, cell, words);
            builder_count(builder, words, strlen(words));
        } else
            append_words(builder, cell, "• ");
        struct body_node *first = item->first_child;
        if (first && first->kind == BODY_PARAGRAPH) {
            item->first_child = first->next;
            builder_move_children(builder, cell, first);
        }
        flatten(builder, cell, item);
    }
}

static void flatten_rows(struct builder *builder, struct body_node *cell, struct body_node *table)
{
    for (struct body_node *row = table->first_child; row; row = row->next) {
        bool is_begun = false;
        begin_line(builder, cell);
        for (struct body_node *inner = row->first_child; inner; inner = inner->next) {
            if (!inner->first_child)
                continue;
            if (is_begun)
                append_words(builder, cell, " | ");
            is_begun = true;
            builder_move_children(builder, cell, inner);
        }
    }
}

static void flatten_block(struct builder *builder, struct body_node *cell, struct body_node *block)
{
    switch (block->kind) {
    case BODY_LIST:
        flatten_list(builder, cell, block);
        return;
    case BODY_TABLE:
        flatten_rows(builder, cell, block);
        return;
    case BODY_PREFORMATTED:
        if (block->first_child)
            flatten_lines(builder, cell, block->first_child->text);
        return;
    case BODY_RULE:
        return;
    case BODY_QUOTE:
        flatten(builder, cell, block);
        return;
    default:
        begin_line(builder, cell);
        flatten(builder, cell, block);
    }
}

/* What stands in a block or an item becomes lines of the cell. */
static void flatten(struct builder *builder, struct body_node *cell, struct body_node *from)
{
    struct body_node *next;
    for (struct body_node *child = from->first_child; child; child = next) {
        next = child->next;
        if (!is_inline(child)) {
            flatten_block(builder, cell, child);
            continue;
        }
        struct body_node alone = { .first_child = child, .last_child = child };
        child->next = NULL;
        builder_move_children(builder, cell, &alone);
    }
}

/* ---- rows ---- */

static bool row_has_words(const struct table_row *row)
{
    for (const struct table_cell *cell = row->cells; cell; cell = cell->next)
        if (cell->content->blocks)
            return true;
    return false;
}

static void write_row(struct builder *builder, struct body_node *table, const struct table_row *row)
{
    struct body_node *node = builder_node(builder, table, BODY_ROW);
    for (const struct table_cell *cell = row->cells; cell; cell = cell->next) {
        struct body_node *to = builder_node(builder, node, BODY_CELL);
        to->is_header = row->is_header || cell->is_header;
        flatten(builder, to, cell->content->root);
        for (int i = 1; i < cell->columns && !builder->is_too_large; i++)
            builder_node(builder, node, BODY_CELL)->is_header = to->is_header;
    }
}

/* ---- the table ---- */

static struct table_state *open_table(const struct builder *builder)
{
    return builder->context->table;
}

void builder_begin_table(struct builder *builder)
{
    struct builder_context *context = builder->context;
    builder_end_paragraph(builder);
    if (builder->is_too_large)
        return;
    if (context->table_depth >= TABLE_DEPTH_MAXIMUM || builder->skipped_tables) {
        builder->skipped_tables++;
        return;
    }
    struct table_state *table = arena_allocate(builder->arena, sizeof *table);
    table->outer = context->table;
    context->table = table;
}

void builder_begin_row(struct builder *builder, bool is_header)
{
    struct table_state *table = open_table(builder);
    if (builder->is_too_large || builder->skipped_tables || !table)
        return;
    builder_end_paragraph(builder);
    struct table_row *row = arena_allocate(builder->arena, sizeof *row);
    row->is_header = is_header;
    if (table->last)
        table->last->next = row;
    else
        table->rows = row;
    table->last = table->row = row;
}

void builder_begin_cell(struct builder *builder, bool is_header, int columns)
{
    struct table_state *table = open_table(builder);
    if (builder->skipped_tables)
        builder_end_paragraph(builder);
    if (builder->is_too_large || builder->skipped_tables || !table)
        return;
    builder_end_paragraph(builder);
    if (++builder->cell_count > CELLS_MAXIMUM) {
        builder_fail(builder, "text");
        return;
    }
    if (!table->row)
        builder_begin_row(builder, false);
    struct table_row *row = table->row;
    struct table_cell *cell = arena_allocate(builder->arena, sizeof *cell);
    cell->is_header = is_header;
    cell->columns = columns < 1                       ? 1
                    : columns > TABLE_COLUMNS_MAXIMUM ? TABLE_COLUMNS_MAXIMUM
                                                      : columns;
    cell->content = builder_context_new(builder);
    cell->content->outer = builder->context;
    cell->content->table_depth = builder->context->table_depth + 1;
    if (row->last)
        row->last->next = cell;
    else
        row->cells = cell;
    row->last = cell;
    table->has_cell = true;
    builder->context = cell->content;
}

/* Whether the present context is that of an open cell. */
static bool is_in_cell(const struct builder *builder)
{
    const struct builder_context *outer = builder->context->outer;
    return outer && outer->table && outer->table->has_cell &&
           outer->table->last->last->content == builder->context;
}

void builder_end_cell(struct builder *builder)
{
    builder_end_paragraph(builder);
    if (builder->skipped_tables || !is_in_cell(builder))
        return;
    while (builder->context->table)
        builder_end_table(builder);
    builder->context = builder->context->outer;
    builder->context->table->has_cell = false;
}

void builder_end_row(struct builder *builder)
{
    if (!builder->skipped_tables && open_table(builder))
        open_table(builder)->row = NULL;
}

/* The only cell with anything in it; NULL where there are more. */
static struct table_cell *single_cell(const struct table_state *table)
{
    struct table_cell *single = NULL;
    for (const struct table_row *row = table->rows; row; row = row->next)
        for (struct table_cell *cell = row->cells; cell; cell = cell->next) {
            if (!cell->content->blocks)
                continue;
            if (single)
                return NULL;
            single = cell;
        }
    return single;
}

static bool table_has_words(const struct table_state *table)
{
    for (const struct table_row *row = table->rows; row; row = row->next)
        if (row_has_words(row))
            return true;
    return false;
}

void builder_end_table(struct builder *builder)
{
    if (builder->skipped_tables) {
        builder_end_paragraph(builder);
        builder->skipped_tables--;
        return;
    }
    struct table_state *table = open_table(builder);
    if (!table && is_in_cell(builder)) {
        builder_end_cell(builder);
        table = open_table(builder);
    }
    if (!table)
        return;
    builder_end_paragraph(builder);
    builder->context->table = table->outer;
    if (builder->is_too_large || !table_has_words(table))
        return;
    struct table_cell *single = single_cell(table);
    if (single) {
        builder_take_blocks(builder, single->content);
        return;
    }
    struct body_node *parent = builder_place(builder, false);
    struct body_node *node = builder_block(builder, parent, BODY_TABLE, 0, 0);
    for (const struct table_row *row = table->rows; row; row = row->next)
        if (row_has_words(row))
            write_row(builder, node, row);
}
