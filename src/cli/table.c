/* SPDX-License-Identifier: MIT */
#include "cli/table.h"

#include "base/arena.h"
#include "base/printable.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "cli/terminal.h"

#include <inttypes.h>
#include <string.h>

struct table_row {
    const char *cells[TABLE_COLUMNS_MAXIMUM];
    struct table_row *next;
};

void table_init(struct table *table, struct arena *arena, const char *const *headings)
{
    *table = (struct table){ .arena = arena, .end = &table->rows };
    table_add_row(table);
    for (size_t i = 0; i < TABLE_COLUMNS_MAXIMUM && headings[i]; i++) {
        bool right = headings[i][0] == '>';
        table->column_count = i + 1;
        if (right)
            table->right_aligned |= 1u << i;
        table_set(table, i, headings[i] + (right ? 1 : 0));
    }
}

void table_add_row(struct table *table)
{
    struct table_row *row = arena_allocate(table->arena, sizeof *row);
    *table->end = row;
    table->end = &row->next;
}

void table_set(struct table *table, size_t column, const char *text)
{
    /* The end pointer is the address of the last row's next field. */
    struct table_row *row = (struct table_row *)(void *)((char *)table->end -
                                                         offsetof(struct table_row, next));
    struct string_builder shown;
    string_builder_init(&shown, 0);
    if (text) /* before the width is taken */
        printable_append(&shown, text, strlen(text), false);
    row->cells[column] = arena_copy_bytes(table->arena, shown.data, shown.length);
    size_t width = utf8_length(row->cells[column]);
    string_builder_release(&shown);
    if (width > table->widths[column])
        table->widths[column] = width;
}

void table_set_number(struct table *table, size_t column, int64_t number)
{
    table_set(table, column, arena_format(table->arena, "%" PRId64, number));
}

static void print_cell(const struct table *table, const struct table_row *row, size_t column)
{
    const char *text = row->cells[column] ? row->cells[column] : "";
    int padding = (int)(table->widths[column] - utf8_length(text));
    bool is_last = column + 1 == table->column_count;
    if (table->right_aligned & 1u << column)
        terminal_print("%*s%s", padding, "", text);
    else
        terminal_print("%s%*s", text, is_last ? 0 : padding, "");
    terminal_print("%s", is_last ? "\n" : "  ");
}

bool table_is_empty(const struct table *table)
{
    return !table->rows->next;
}

static void print_row(const struct table *table, const struct table_row *row)
{
    for (size_t column = 0; column < table->column_count; column++)
        print_cell(table, row, column);
}

void table_print_heading(const struct table *table)
{
    print_row(table, table->rows);
}

void table_print_rows(const struct table *table)
{
    for (const struct table_row *row = table->rows->next; row; row = row->next)
        print_row(table, row);
}

void table_cut(struct table *table)
{
    table->rows->next = NULL;
    table->end = &table->rows->next;
}

void table_print(const struct table *table)
{
    if (table_is_empty(table))
        return;
    table_print_heading(table);
    table_print_rows(table);
}
