/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"

#include <stdlib.h>
#include <string.h>

struct statement {
    struct database *database;
    struct statement *next; /* in its bucket */
    void *handle;
    char *sql; /* as asked for */
    bool in_use;
    int failed_position; /* of the first bind that failed; 0: none */
};

enum { SQL_MAXIMUM = 256 * 1024 };

static const char *macro_find_in(const struct sql_macro *macros, const char *name, size_t length)
{
    for (const struct sql_macro *macro = macros; macro->name; macro++)
        if (strlen(macro->name) == length && memcmp(macro->name, name, length) == 0)
            return macro->text;
    return NULL;
}

static const char *macro_find(const struct database *database, const char *name, size_t length)
{
    const char *found = macro_find_in(database->backend->macros, name, length);
    for (size_t i = 0; i < database->macro_lists && !found; i++)
        found = macro_find_in(database->macros[i], name, length);
    return found;
}

bool sql_expand(struct string_builder *text, const struct database *database, const char *sql,
                struct error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    bool in_quotes = false;
    for (const char *at = sql; *at; at++) {
        if (*at == '\'')
            in_quotes = !in_quotes;
        if (in_quotes || (*at != '@' && *at != '$')) {
            string_builder_append_character(text, *at);
        } else if (*at == '$') {
            string_builder_append_character(text, database->backend->parameter_mark);
        } else {
            size_t length = strspn(at + 1, letters);
            const char *found = at[1 + length] == '@' ? macro_find(database, at + 1, length) : NULL;
            if (!found)
                return error_set(error, ERROR_SYSTEM, "database: unknown macro in SQL: %.40s", at);
            if (!sql_expand(text, database, found, error))
                return false;
            at += length + 1;
        }
    }
    return true;
}

/* Length, middle and end tell our statements apart well enough: a look-up must cost less than what
 * it saves. */
static size_t sql_bucket(const char *sql)
{
    size_t length = strlen(sql);
    size_t hash = length;
    for (size_t i = length > 8 ? length - 8 : 0; i < length; i++)
        hash = hash * 31 + (unsigned char)sql[i] + (size_t)131 * (unsigned char)sql[i / 2];
    return hash % STATEMENT_BUCKETS;
}

static struct statement *statement_make(struct database *database, const char *sql,
                                        struct error *error)
{
    struct string_builder expanded;
    void *handle = NULL;
    string_builder_init(&expanded, SQL_MAXIMUM);
    bool done = sql_expand(&expanded, database, sql, error);
    if (done && string_builder_overflowed(&expanded))
        done = error_set(error, ERROR_SYSTEM, "database: statement too long");
    done = done && database->backend->prepare(database->handle, expanded.data, &handle, error);
    string_builder_release(&expanded);
    if (!done)
        return NULL;
    struct statement *statement = calloc(1, sizeof *statement);
    char *copy = strdup(sql);
    if (!statement || !copy) {
        database->backend->finalize(handle);
        free(statement);
        free(copy);
        (void)error_set(error, ERROR_SYSTEM, "database: out of memory");
        return NULL;
    }
    *statement = (struct statement){ .database = database, .handle = handle, .sql = copy };
    return statement;
}

struct statement *database_prepare(struct database *database, const char *sql, struct error *error)
{
    struct statement **bucket = &database->statements[sql_bucket(sql)];
    struct statement *statement = *bucket;
    while (statement && (statement->in_use || strcmp(statement->sql, sql) != 0))
        statement = statement->next;
    if (!statement) {
        statement = statement_make(database, sql, error);
        if (!statement)
            return NULL;
        statement->next = *bucket;
        *bucket = statement;
    }
    statement->in_use = true;
    return statement;
}

void statements_free(struct database *database)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        struct statement *statement = database->statements[i];
        while (statement) {
            struct statement *next = statement->next;
            database->backend->finalize(statement->handle);
            free(statement->sql);
            free(statement);
            statement = next;
        }
        database->statements[i] = NULL;
    }
}

static void bound(struct statement *statement, int position, bool done)
{
    if (!done && statement->failed_position == 0)
        statement->failed_position = position;
}

void statement_bind_integer(struct statement *statement, int position, int64_t value)
{
    if (statement)
        bound(statement, position,
              statement->database->backend->bind_integer(statement->handle, position, value));
}

static void statement_bind_null(struct statement *statement, int position)
{
    if (statement)
        bound(statement, position,
              statement->database->backend->bind_null(statement->handle, position));
}

void statement_bind_text(struct statement *statement, int position, const char *value)
{
    if (value)
        statement_bind_text_bytes(statement, position, value, strlen(value));
    else
        statement_bind_null(statement, position);
}

void statement_bind_text_bytes(struct statement *statement, int position, const char *value,
                               size_t length)
{
    if (statement)
        bound(statement, position,
              statement->database->backend->bind_text(statement->handle, position, value, length));
}

void statement_bind_kept_text(struct statement *statement, int position, const char *value)
{
    if (!value)
        statement_bind_null(statement, position);
    else if (statement)
        bound(statement, position,
              statement->database->backend->bind_kept_text(statement->handle, position, value,
                                                           strlen(value)));
}

void statement_bind_bytes(struct statement *statement, int position, const void *bytes,
                          size_t length)
{
    if (statement)
        bound(statement, position,
              statement->database->backend->bind_bytes(statement->handle, position, bytes, length));
}

void statement_bind_instant(struct statement *statement, int position, int64_t value)
{
    if (value)
        statement_bind_integer(statement, position, value);
    else
        statement_bind_null(statement, position);
}

enum statement_result statement_step(struct statement *statement, struct error *error)
{
    if (!statement)
        return STATEMENT_FAILED;
    struct database *database = statement->database;
    enum statement_result result = STATEMENT_FAILED;
    if (statement->failed_position)
        (void)error_set(error, ERROR_SYSTEM, "database: parameter %d could not be bound",
                        statement->failed_position);
    else
        result = database->backend->step(database->handle, statement->handle, error);
    if (result != STATEMENT_ROW)
        statement_reset(statement);
    return result;
}

bool statement_run(struct statement *statement, struct error *error)
{
    enum statement_result result;
    do {
        result = statement_step(statement, error);
    } while (result == STATEMENT_ROW);
    return result == STATEMENT_DONE;
}

bool statement_find(struct statement *statement, bool *found, struct error *error)
{
    enum statement_result result = statement_step(statement, error);
    if (result == STATEMENT_FAILED)
        return false;
    *found = result == STATEMENT_ROW;
    return true;
}

void statement_reset(struct statement *statement)
{
    if (!statement)
        return;
    statement->database->backend->reset(statement->handle);
    statement->in_use = false;
    statement->failed_position = 0;
}

int64_t statement_integer(struct statement *statement, int column)
{
    return statement->database->backend->integer(statement->handle, column);
}

const char *statement_text(struct statement *statement, int column)
{
    return statement->database->backend->text(statement->handle, column);
}

const void *statement_bytes(struct statement *statement, int column, size_t *length)
{
    return statement->database->backend->bytes(statement->handle, column, length);
}

bool statement_is_null(struct statement *statement, int column)
{
    return statement_kind(statement, column) == COLUMN_NULL;
}

enum column_kind statement_kind(struct statement *statement, int column)
{
    return statement->database->backend->kind(statement->handle, column);
}

int statement_columns(struct statement *statement)
{
    return statement ? statement->database->backend->columns(statement->handle) : 0;
}

const char *statement_column_name(struct statement *statement, int column)
{
    return statement->database->backend->column_name(statement->handle, column);
}

char *statement_copy_text(struct statement *statement, int column, struct arena *arena)
{
    return arena_copy(arena, statement_text(statement, column));
}

bool database_execute(struct database *database, const char *sql, struct error *error)
{
    return statement_run(database_prepare(database, sql, error), error);
}
