/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/error.h"
#include "base/string_builder.h"

enum { COLUMNS_MAXIMUM = 100 };

/* Names the columns, because a store that a later version added a column to has them in another
 * order. */
static const char *insert_sql(struct string_builder *sql, const char *table, struct statement *rows,
                              int columns)
{
    string_builder_append_format(sql, "INSERT INTO %s (", table);
    for (int i = 0; i < columns; i++)
        string_builder_append_format(sql, "%s%s", i ? ", " : "", statement_column_name(rows, i));
    string_builder_append(sql, ") VALUES (");
    for (int i = 1; i <= columns; i++)
        string_builder_append_format(sql, "%s$%d", i > 1 ? ", " : "", i);
    string_builder_append(sql, ")");
    return sql->data;
}

static void copy_column(struct statement *from, struct statement *to, int column)
{
    size_t length = 0;
    const void *bytes;
    switch (statement_kind(from, column)) {
    case COLUMN_NULL:
        statement_bind_text(to, column + 1, NULL);
        break;
    case COLUMN_INTEGER:
        statement_bind_integer(to, column + 1, statement_integer(from, column));
        break;
    case COLUMN_TEXT:
        (void)statement_bytes(from, column, &length); /* NULL for "" */
        statement_bind_text_bytes(to, column + 1, statement_text(from, column), length);
        break;
    case COLUMN_BYTES:
        bytes = statement_bytes(from, column, &length);
        statement_bind_bytes(to, column + 1, bytes, length);
        break;
    }
}

static bool copy_row(struct statement *from, struct database *to, const char *insert, int columns,
                     struct error *error)
{
    struct statement *statement = database_prepare(to, insert, error);
    for (int i = 0; statement && i < columns; i++)
        copy_column(from, statement, i);
    return statement_run(statement, error);
}

bool database_copy_rows(struct database *from, const char *select, struct database *to,
                        const char *table, struct error *error)
{
    struct string_builder insert;
    struct statement *statement = database_prepare(from, select, error);
    int columns = statement_columns(statement);
    if (columns > COLUMNS_MAXIMUM) {
        statement_reset(statement);
        return error_set(error, ERROR_SYSTEM, "database: %s has too many columns", table);
    }
    string_builder_init(&insert, 0);
    const char *sql = insert_sql(&insert, table, statement, columns);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        if (!copy_row(statement, to, sql, columns, error)) {
            statement_reset(statement);
            break;
        }
    string_builder_release(&insert);
    return result == STATEMENT_DONE;
}
