/* SPDX-License-Identifier: MIT */
#include "release/release_notification.h"

#include "base/arena.h"
#include "base/clock.h"
#include "database/database.h"

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

bool release_notification_add(struct database *database, const struct release_notification *event,
                              struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO release_notification (kind, release, revision, path, cause, words, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        error);
    statement_bind_integer(statement, 1, event->kind);
    statement_bind_instant(statement, 2, event->release);
    statement_bind_integer(statement, 3, event->revision);
    statement_bind_text(statement, 4, or_empty(event->path));
    statement_bind_text(statement, 5, or_empty(event->cause));
    statement_bind_text(statement, 6, or_empty(event->words));
    statement_bind_integer(statement, 7, event->at);
    return statement_run(statement, error);
}

bool release_notification_renew(struct database *database, const struct release_notification *event,
                                bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE release_notification SET revision = $2, at = $4 WHERE release = $1"
        " AND (kind = @RELEASE_NOTIFICATION_DROPPED@"
        " OR (kind = @RELEASE_NOTIFICATION_CHANGED@ AND cause = $3))",
        error);
    statement_bind_integer(statement, 1, event->release);
    statement_bind_integer(statement, 2, event->revision);
    statement_bind_text(statement, 3, or_empty(event->cause));
    statement_bind_integer(statement, 4, event->at);
    bool done = statement_run(statement, error);
    *found = done && database_changes(database) > 0;
    return done;
}

static const char *text_or_null(struct statement *statement, int column, struct arena *arena)
{
    const char *text = statement_copy_text(statement, column, arena);
    return text && *text ? text : NULL;
}

bool release_notification_next(struct database *database, struct arena *arena, int64_t behind,
                               struct release_notification *event, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, kind, release, revision, path, cause, words, at FROM release_notification"
        " WHERE row_id > $1 ORDER BY row_id LIMIT 1",
        error);
    statement_bind_integer(statement, 1, behind);
    *found = false;
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        *event = (struct release_notification){
            .row_id = statement_integer(statement, 0),
            .kind = (enum release_notification_kind)statement_integer(statement, 1),
            .release = statement_integer(statement, 2),
            .revision = statement_integer(statement, 3),
            .path = text_or_null(statement, 4, arena),
            .cause = text_or_null(statement, 5, arena),
            .words = text_or_null(statement, 6, arena),
            .at = statement_integer(statement, 7),
        };
    statement_reset(statement);
    return true;
}

bool release_notification_remove(struct database *database, int64_t row_id, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM release_notification WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    return statement_run(statement, error);
}
