/* SPDX-License-Identifier: MIT */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Inside cli/ only: a table for people: column widths by characters, two spaces between, the last
 * column as long as it is. */
enum { TABLE_COLUMNS_MAXIMUM = 16 };

struct table_row;

struct table {
    struct arena *arena;
    size_t column_count;
    size_t widths[TABLE_COLUMNS_MAXIMUM];
    unsigned right_aligned; /* bit n: column n */
    struct table_row *rows;
    struct table_row **end;
};

/* headings: one for each column, NULL-terminated; a heading that begins with ">" aligns its column
 * to the right. */
void table_init(struct table *table, struct arena *arena, const char *const *headings);

/* A new row; cells are then set one by one (NULL counts as ""). Control characters are shown as
 * "?". */
void table_add_row(struct table *table);
void table_set(struct table *table, size_t column, const char *text);
void table_set_number(struct table *table, size_t column, int64_t number);

bool table_is_empty(const struct table *table);

/* To standard output; nothing where there is no row. */
void table_print(const struct table *table);

/* For more rows than fit into memory, in two passes: in the first each added row goes through
 * table_cut(), which keeps only the widths; in the second it is printed first. table.arena may be
 * another one for each row. */
void table_print_heading(const struct table *table);
void table_print_rows(const struct table *table);
void table_cut(struct table *table);

#endif
