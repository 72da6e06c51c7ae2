/* SPDX-License-Identifier: MIT */
#include "intake/refusal.h"

#include "base/arena.h"
#include "database/database.h"
#include "intake/intake.h"

#include <stdlib.h>
#include <string.h>

static const char *const migrations[] = {
    "CREATE TABLE intake_refusal ("
    "  path @text@ NOT NULL PRIMARY KEY,"
    "  stamp @text@ NOT NULL,"
    "  is_retried @integer@ NOT NULL"
    ") @strict_without_rowid@;"

    "CREATE TABLE intake_adoption ("
    "  path_hash @text@ NOT NULL PRIMARY KEY,"
    "  release_number @integer@ NOT NULL UNIQUE REFERENCES release (number)"
    ") @strict_without_rowid@;",
};

const struct database_schema intake_schema = { "intake", migrations,
                                               sizeof migrations / sizeof migrations[0] };

bool refusal_load(struct database *database, struct arena *arena, struct refusal **refusals,
                  size_t *count, struct error *error)
{
    size_t capacity = 0;
    *count = 0;
    *refusals = NULL;
    struct statement *statement = database_prepare(
        database, "SELECT path, stamp, is_retried FROM intake_refusal ORDER BY path", error);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (*count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            struct refusal *larger = arena_allocate_array(arena, capacity, sizeof *larger);
            if (*count)
                memcpy(larger, *refusals, *count * sizeof *larger);
            *refusals = larger;
        }
        (*refusals)[(*count)++] = (struct refusal){
            .path = statement_copy_text(statement, 0, arena),
            .stamp = statement_copy_text(statement, 1, arena),
            .is_retried = statement_integer(statement, 2) != 0
        };
    }
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct refusal *)a)->path, ((const struct refusal *)b)->path);
}

const struct refusal *refusal_find(const struct refusal *refusals, size_t count, const char *path)
{
    struct refusal key = { .path = path };
    return count ? bsearch(&key, refusals, count, sizeof *refusals, compare) : NULL;
}

bool refusal_put(struct database *database, const struct refusal *refusal, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_refusal (path, stamp, is_retried) VALUES ($1, $2, $3)"
        " ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp,"
        " is_retried = excluded.is_retried",
        error);
    statement_bind_text(statement, 1, refusal->path);
    statement_bind_text(statement, 2, refusal->stamp);
    statement_bind_integer(statement, 3, refusal->is_retried);
    return statement_run(statement, error);
}

bool refusal_remove(struct database *database, const char *path, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM intake_refusal WHERE path = $1", error);
    statement_bind_text(statement, 1, path);
    return statement_run(statement, error);
}

bool adoption_put(struct database *database, int64_t number, const char *path_hash,
                  struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_adoption (path_hash, release_number) VALUES ($1, $2)"
        " ON CONFLICT DO NOTHING",
        error);
    statement_bind_text(statement, 1, path_hash);
    statement_bind_integer(statement, 2, number);
    return statement_run(statement, error);
}

bool adoption_find(struct database *database, const char *path_hash, int64_t *number,
                   struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT release_number FROM intake_adoption WHERE path_hash = $1", error);
    statement_bind_text(statement, 1, path_hash);
    bool done = statement_find(statement, &found, error);
    *number = done && found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return done;
}

bool adoption_remove(struct database *database, int64_t number, bool *was, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM intake_adoption WHERE release_number = $1", error);
    statement_bind_integer(statement, 1, number);
    *was = false;
    if (!statement_run(statement, error))
        return false;
    *was = database_changes(database) > 0;
    return true;
}
