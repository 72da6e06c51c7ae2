/* SPDX-License-Identifier: MIT */
#include "receipt/due.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

static bool insert(struct database *database, const char *sql, const struct receipt_due *due,
                   struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, due->release);
    statement_bind_integer(statement, 2, due->event);
    statement_bind_integer(statement, 3, due->at);
    return statement_run(statement, error);
}

bool due_add(struct database *database, const struct receipt_due *due, struct error *error)
{
    return insert(database,
                  "INSERT INTO receipt_due (release, event, at) VALUES ($1, $2, $3)"
                  " ON CONFLICT (release, event) DO NOTHING",
                  due, error);
}

bool due_put(struct database *database, const struct receipt_due *due, struct error *error)
{
    return insert(database,
                  "INSERT INTO receipt_due (release, event, at) VALUES ($1, $2, $3)"
                  " ON CONFLICT (release, event) DO UPDATE SET at = excluded.at",
                  due, error);
}

bool due_next(struct database *database, int64_t now_at, struct receipt_due *due, bool *found,
              struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT release, event, at FROM receipt_due WHERE at <= $1 ORDER BY at LIMIT 1",
        error);
    statement_bind_integer(statement, 1, now_at);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    *due = (struct receipt_due){ .release = statement_integer(statement, 0),
                                 .event = (enum receipt_event)statement_integer(statement, 1),
                                 .at = statement_integer(statement, 2) };
    statement_reset(statement);
    return true;
}

bool due_remove(struct database *database, const struct receipt_due *due, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM receipt_due WHERE release = $1 AND event = $2 AND at = $3", error);
    statement_bind_integer(statement, 1, due->release);
    statement_bind_integer(statement, 2, due->event);
    statement_bind_integer(statement, 3, due->at);
    return statement_run(statement, error);
}

bool receipt_next_due(struct database *database, int64_t *due_at, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT at FROM receipt_due ORDER BY at LIMIT 1", error);
    *due_at = INSTANT_NONE;
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        *due_at = statement_integer(statement, 0);
    if (found)
        statement_reset(statement);
    return true;
}
