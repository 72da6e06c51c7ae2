/* SPDX-License-Identifier: MIT */
#include "digest/numbers.h"

#include "base/error.h"
#include "database/database.h"

bool digest_write(struct database *database, const char *sql, struct digest_numbers parameters,
                  struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    for (size_t i = 0; i < parameters.count; i++)
        statement_bind_integer(statement, (int)i + 1, parameters.numbers[i]);
    return statement_run(statement, error);
}

bool digest_ask(struct database *database, const char *sql, struct digest_numbers parameters,
                int64_t *value, bool *found, struct error *error)
{
    bool is_there = false;
    struct statement *statement = database_prepare(database, sql, error);
    for (size_t i = 0; i < parameters.count; i++)
        statement_bind_integer(statement, (int)i + 1, parameters.numbers[i]);
    if (!statement_find(statement, &is_there, error))
        return false;
    *found = is_there && !statement_is_null(statement, 0);
    *value = *found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}
