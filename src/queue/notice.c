/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "base/clock.h"
#include "database/database.h"

#include <assert.h>
#include <string.h>

enum { CAUSE_MAXIMUM = 1000 };

static const int64_t kept_ms = 400 * DURATION_DAY; /* once over: a year and a bit to look back */

static void bind_cause(struct statement *statement, int position, const char *cause)
{
    statement_bind_text_bytes(statement, position, cause, strnlen(cause, CAUSE_MAXIMUM));
}

/* Only the cause of an open notice changes, so that a trouble that goes on is reported once. */
static bool renew(struct database *database, const struct queue_notice *notice, bool *was_open,
                  struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE notice SET cause = $3 WHERE kind = $1 AND subject = $2 AND until_at IS NULL",
        error);
    statement_bind_integer(statement, 1, notice->kind);
    statement_bind_text(statement, 2, notice->subject);
    bind_cause(statement, 3, notice->cause);
    if (!statement_run(statement, error))
        return false;
    *was_open = database_changes(database) > 0;
    return true;
}

/* Old notices go whenever a new one comes, so that no run has to look for them. */
static bool forget_old(struct database *database, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM notice WHERE until_at IS NOT NULL AND until_at < $1", error);
    statement_bind_integer(statement, 1, now_at - kept_ms);
    return statement_run(statement, error);
}

static bool add(struct database *database, const struct queue_notice *notice, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "INSERT INTO notice (kind, subject, cause, since_at) VALUES ($1, $2, $3, $4)",
        error);
    statement_bind_integer(statement, 1, notice->kind);
    statement_bind_text(statement, 2, notice->subject);
    bind_cause(statement, 3, notice->cause);
    statement_bind_integer(statement, 4, notice->since_at);
    return statement_run(statement, error) && forget_old(database, notice->since_at, error);
}

bool queue_notice_open(struct database *database, const struct queue_notice *notice, bool *is_new,
                       struct error *error)
{
    assert(database_in_transaction(database));
    /* Renewed before one is added, because a unique index refuses a second open notice of the same
     * matter. */
    bool was_open = false;
    if (!renew(database, notice, &was_open, error) || (!was_open && !add(database, notice, error)))
        return false;
    if (is_new)
        *is_new = !was_open;
    return true;
}

/* That no notice is open is no failure, because whoever ends a trouble need not know whether it was
 * reported. */
bool queue_notice_close(struct database *database, enum queue_notice_kind kind, const char *subject,
                        int64_t at, bool *was_open, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "UPDATE notice SET until_at = $3 WHERE kind = $1 AND subject = $2 AND until_at IS NULL",
        error);
    statement_bind_integer(statement, 1, kind);
    statement_bind_text(statement, 2, subject);
    statement_bind_integer(statement, 3, at);
    if (!statement_run(statement, error))
        return false;
    if (was_open)
        *was_open = database_changes(database) > 0;
    return true;
}

bool queue_notice_is_open(struct database *database, enum queue_notice_kind kind,
                          const char *subject, bool *is_open, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 FROM notice WHERE kind = $1 AND subject = $2 AND until_at IS NULL LIMIT 1",
        error);
    statement_bind_integer(statement, 1, kind);
    statement_bind_text(statement, 2, subject);
    if (!statement_find(statement, is_open, error))
        return false;
    statement_reset(statement);
    return true;
}

/* ---- reading ---- */

enum { NOTICES_IN_A_PAGE = 100 };

void queue_notice_cursor_open(struct queue_notice_cursor *cursor, struct database *database,
                              bool only_open)
{
    *cursor = (struct queue_notice_cursor){ .database = database,
                                            .only_open = only_open,
                                            .after_at = INT64_MIN };
}

#define NOTICES_AFTER                                                                              \
    "SELECT row_id, kind, subject, cause, since_at, until_at FROM notice"                          \
    " WHERE (since_at, row_id) > ($1, $2)"

static bool read_page(struct queue_notice_cursor *cursor, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        cursor->database,
        cursor->only_open ? NOTICES_AFTER " AND until_at IS NULL ORDER BY since_at, row_id LIMIT $3"
                          : NOTICES_AFTER " ORDER BY since_at, row_id LIMIT $3",
        error);
    arena_release(&cursor->arena);
    cursor->rows = arena_allocate_array(&cursor->arena, NOTICES_IN_A_PAGE, sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    statement_bind_integer(statement, 1, cursor->after_at);
    statement_bind_integer(statement, 2, cursor->after_row_id);
    statement_bind_integer(statement, 3, NOTICES_IN_A_PAGE);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        const struct queue_notice *notice = &cursor->rows[cursor->count];
        cursor->rows[cursor->count++] = (struct queue_notice){
            .kind = (enum queue_notice_kind)statement_integer(statement, 1),
            .subject = statement_copy_text(statement, 2, &cursor->arena),
            .cause = statement_copy_text(statement, 3, &cursor->arena),
            .since_at = statement_integer(statement, 4),
            .until_at = statement_integer(statement, 5)
        };
        cursor->after_at = notice->since_at;
        cursor->after_row_id = statement_integer(statement, 0);
    }
    statement_reset(statement);
    cursor->is_last_page = cursor->count < NOTICES_IN_A_PAGE;
    return result == STATEMENT_DONE;
}

bool queue_notice_cursor_next(struct queue_notice_cursor *cursor,
                              const struct queue_notice **notice, struct error *error)
{
    if (cursor->next == cursor->count && !cursor->is_last_page && !cursor->has_failed)
        cursor->has_failed = !read_page(cursor, error);
    if (cursor->has_failed || cursor->next == cursor->count)
        return false;
    *notice = &cursor->rows[cursor->next++];
    return true;
}

bool queue_notice_cursor_close(struct queue_notice_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}
