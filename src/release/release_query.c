/* SPDX-License-Identifier: MIT */
#include "release/release_store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "database/database.h"
#include "release/release_row.h"

/* ---- one row ---- */

static struct release_row *find_row(struct statement *statement, struct arena *arena, bool *failed,
                                    struct error *error)
{
    bool found = false;
    *failed = !statement_find(statement, &found, error);
    struct release_row *row = found && !*failed ? release_row_read(arena, statement) : NULL;
    statement_reset(statement);
    return row;
}

struct release_row *release_find_by_row_id(struct database *database, struct arena *arena,
                                           int64_t row_id, bool *failed, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    return find_row(statement, arena, failed, error);
}

struct release_row *release_find_by_public_id(struct database *database, struct arena *arena,
                                              const char *public_id, bool *failed,
                                              struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE public_id = $1", error);
    statement_bind_text(statement, 1, public_id);
    return find_row(statement, arena, failed, error);
}

struct release_row *release_find_by_path(struct database *database, struct arena *arena,
                                         const char *path, bool *failed, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE path = $1", error);
    statement_bind_text(statement, 1, path);
    return find_row(statement, arena, failed, error);
}

struct release_row *release_find_by_hash(struct database *database, struct arena *arena,
                                         const struct hash *content_hash, bool *failed,
                                         struct error *error)
{
    struct statement *statement = database_prepare(database,
                                                   "SELECT " RELEASE_ROW_COLUMNS
                                                   " FROM release WHERE content_hash = $1"
                                                   " ORDER BY is_missing DESC, row_id LIMIT 1",
                                                   error);
    statement_bind_bytes(statement, 1, content_hash->bytes, sizeof content_hash->bytes);
    return find_row(statement, arena, failed, error);
}

/* ---- numbers ---- */

bool release_last_row_id(struct database *database, int64_t *row_id, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, "SELECT MAX(row_id) FROM release",
                                                   error);
    bool done = statement_find(statement, &found, error);
    if (done)
        *row_id = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return done;
}

bool release_next_due(struct database *database, int64_t now_at, int64_t *due_at,
                      struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT due_at FROM release"
        " WHERE status = @RELEASE_READY@ AND public_at IS NULL AND held_at IS NULL"
        " AND due_at > $1 AND NOT " RELEASE_ROW_IS_CLOSED " ORDER BY due_at LIMIT 1",
        error);
    statement_bind_integer(statement, 1, now_at);
    bool found = false;
    bool done = statement_find(statement, &found, error);
    if (done)
        *due_at = found ? statement_integer(statement, 0) : INSTANT_NONE;
    statement_reset(statement);
    return done;
}

bool release_next_withdrawal(struct database *database, int64_t *row_id, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id FROM (SELECT row_id, withdrawal_asked_at AS at FROM release"
        " WHERE withdrawal_asked_at IS NOT NULL UNION ALL SELECT row_id, withdrawn_at AS at"
        " FROM release WHERE status <> @RELEASE_DRAFT@ AND public_revision <> revision"
        " AND public_revision <> " RELEASE_ROW_OPEN_REVISION
        " AND status = @RELEASE_WITHDRAWN@ AND public_at IS NOT NULL) AS waiting"
        " ORDER BY at DESC, row_id DESC LIMIT 1",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *row_id = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

bool release_find_asked_withdrawal(struct database *database, struct arena *arena, int64_t *row_id,
                                   const char **reason, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, withdrawal_asked_reason FROM release WHERE withdrawal_asked_at IS NOT NULL"
        " ORDER BY withdrawal_asked_at, row_id LIMIT 1",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *row_id = found ? statement_integer(statement, 0) : 0;
    *reason = found ? statement_copy_text(statement, 1, arena) : NULL;
    statement_reset(statement);
    return true;
}

bool release_slug_is_taken(struct database *database, int year, const char *slug,
                           int64_t except_row_id, bool *taken, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id FROM release"
        " WHERE year = $1 AND slug = $2 AND row_id <> $3 LIMIT 1",
        error);
    statement_bind_integer(statement, 1, year);
    statement_bind_text(statement, 2, slug);
    statement_bind_integer(statement, 3, except_row_id);
    bool found = false;
    bool done = statement_find(statement, &found, error);
    if (done)
        *taken = found;
    statement_reset(statement);
    return done;
}

bool release_count(struct database *database, struct release_counts *counts, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT status, COUNT(*), COUNT(public_at) FROM release GROUP BY status", error);
    struct release_counts sum = { 0 };
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t count = statement_integer(statement, 1);
        switch ((enum release_status)statement_integer(statement, 0)) {
        case RELEASE_DRAFT:
            sum.draft = count;
            break;
        case RELEASE_READY:
            sum.ready = count;
            sum.public_now = statement_integer(statement, 2);
            break;
        case RELEASE_WITHDRAWN:
            sum.withdrawn = count;
            break;
        }
    }
    statement_reset(statement);
    if (result != STATEMENT_DONE)
        return false;
    *counts = sum;
    return true;
}

bool release_count_unpublished(struct database *database, int64_t *count, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT count(*) FROM release WHERE public_at IS NULL AND status IN (@RELEASE_DRAFT@,"
        " @RELEASE_READY@, @RELEASE_WITHDRAWN@)",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *count = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

bool release_count_public(struct database *database, int64_t before_at, int64_t *count,
                          struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT count(*) FROM release WHERE public_at IS NOT NULL AND public_at < $1",
        error);
    statement_bind_integer(statement, 1, before_at);
    if (!statement_find(statement, &found, error))
        return false;
    *count = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}
