/* SPDX-License-Identifier: MIT */
#include "release/release_shown.h"

#include "base/arena.h"
#include "base/array.h"
#include "database/database.h"

enum { REVISIONS_KEPT = 10 };

bool release_shown_add(struct database *database, const struct release_shown *shown,
                       struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM release_shown WHERE release_row_id = $1 AND revision < $2", error);
    statement_bind_integer(statement, 1, shown->release);
    statement_bind_integer(statement, 2, shown->revision - REVISIONS_KEPT);
    if (!statement_run(statement, error))
        return false;
    statement = database_prepare(database,
                                 "INSERT INTO release_shown (release_row_id, revision, mail)"
                                 " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                                 error);
    statement_bind_integer(statement, 1, shown->release);
    statement_bind_integer(statement, 2, shown->revision);
    statement_bind_integer(statement, 3, shown->mail);
    return statement_run(statement, error);
}

static bool read_all(struct statement *statement, struct arena *arena, struct release_shown **list,
                     size_t *count, struct error *error)
{
    enum statement_result result;
    size_t capacity = 0;
    *list = NULL;
    *count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        ARRAY_GROW_IN(arena, *list, *count, capacity);
        (*list)[(*count)++] = (struct release_shown){ .release = statement_integer(statement, 0),
                                                      .revision = statement_integer(statement, 1),
                                                      .mail = statement_integer(statement, 2) };
    }
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

bool release_shown_of_revision(struct database *database, struct arena *arena, int64_t release,
                               int64_t revision, struct release_shown **list, size_t *count,
                               struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT release_row_id, revision, mail FROM release_shown"
        " WHERE release_row_id = $1 AND revision = $2 ORDER BY mail",
        error);
    statement_bind_integer(statement, 1, release);
    statement_bind_integer(statement, 2, revision);
    return read_all(statement, arena, list, count, error);
}

bool release_shown_in_mail(struct database *database, struct arena *arena, int64_t mail,
                           struct release_shown **list, size_t *count, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT release_row_id, revision, mail FROM release_shown WHERE mail = $1"
        " ORDER BY release_row_id, revision",
        error);
    statement_bind_integer(statement, 1, mail);
    return read_all(statement, arena, list, count, error);
}
