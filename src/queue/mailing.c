/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>
#include <inttypes.h>

/* Asked for before it is made, as the caller wants to know which it was; the transaction keeps
 * everybody else from making it in between. */
bool queue_announcement_open(struct database *database,
                             const struct queue_announcement *announcement, int64_t *row_id,
                             bool *is_new, struct error *error)
{
    assert(database_in_transaction(database));
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id FROM announcement WHERE release_row_id = $1 AND kind = $2"
        " AND deduplication_key = $3",
        error);
    for (int i = 0; i < 2; i++) {
        statement_bind_integer(statement, 1, announcement->release);
        statement_bind_integer(statement, 2, announcement->kind);
        statement_bind_text(statement, 3, announcement->deduplication_key);
        if (!statement_find(statement, &found, error))
            return false;
        if (found)
            *row_id = statement_integer(statement, 0);
        statement_reset(statement);
        if (found) {
            *is_new = i > 0;
            return true;
        }
        statement = database_prepare(
            database,
            "INSERT INTO announcement (release_row_id, kind, deduplication_key)"
            " VALUES ($1, $2, $3) RETURNING row_id",
            error);
    }
    return error_set(error, ERROR_SYSTEM, "database: an announcement was not written");
}

bool queue_mailing_create(struct database *database, struct queue_mailing *mailing,
                          struct error *error)
{
    assert(database_in_transaction(database));
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO mailing (announcement, state, note, is_urgent, created_at,"
        " starts_at, message_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " RETURNING row_id",
        error);
    /* Not before the release counts as public, and not before it was written. */
    mailing->message_at = mailing->starts_at > mailing->created_at ? mailing->starts_at
                                                                   : mailing->created_at;
    statement_bind_integer(statement, 1, mailing->announcement);
    statement_bind_integer(statement, 2, mailing->state);
    statement_bind_text(statement, 3, mailing->note ? mailing->note : "");
    statement_bind_integer(statement, 4, mailing->is_urgent);
    statement_bind_integer(statement, 5, mailing->created_at);
    statement_bind_integer(statement, 6, mailing->starts_at);
    statement_bind_integer(statement, 7, mailing->message_at);
    if (!statement_find(statement, &found, error))
        return false;
    mailing->row_id = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

/* One statement with one or two numbers; for what needs no more. */
static bool run_numbers(struct database *database, const char *sql, int64_t first, int64_t second,
                        struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, first);
    if (second)
        statement_bind_integer(statement, 2, second);
    return statement_run(statement, error);
}

/* 0: there is no such mailing. */
static bool announcement_of(struct database *database, int64_t row_id, int64_t *announcement,
                            struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT announcement FROM mailing WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, &found, error))
        return false;
    *announcement = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

/* Each statement asks itself whether anything needs its rows still, so that discarding a mailing
 * that has some removes nothing. */
bool queue_mailing_discard(struct database *database, int64_t row_id, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t announcement = 0;
    return announcement_of(database, row_id, &announcement, error) &&
           run_numbers(database,
                       "DELETE FROM mailing WHERE row_id = $1 AND NOT EXISTS (SELECT 1 FROM"
                       " delivery d WHERE d.announcement = mailing.announcement"
                       " AND d.mailing = mailing.row_id)",
                       row_id, 0, error) &&
           run_numbers(database,
                       "DELETE FROM mailing_feed WHERE mailing = $1 AND NOT EXISTS"
                       " (SELECT 1 FROM mailing m WHERE m.row_id = $1)",
                       row_id, 0, error) &&
           run_numbers(database,
                       "DELETE FROM announcement WHERE row_id = $1 AND NOT EXISTS"
                       " (SELECT 1 FROM mailing m WHERE m.announcement = announcement.row_id)",
                       announcement, 0, error);
}

/* ---- looking ---- */

#define MAILING_COLUMNS                                                                            \
    "SELECT m.row_id, m.announcement, a.release_row_id, a.kind, a.deduplication_key, m.state,"     \
    " m.note, m.is_urgent, m.created_at, m.starts_at, m.message_at, m.started_at, m.finished_at,"  \
    " m.forgotten"                                                                                 \
    " FROM mailing m JOIN announcement a ON a.row_id = m.announcement "

static void mailing_read(struct statement *statement, struct arena *arena,
                         struct queue_mailing *mailing)
{
    *mailing = (struct queue_mailing){
        .row_id = statement_integer(statement, 0),
        .announcement = statement_integer(statement, 1),
        .release = statement_integer(statement, 2),
        .kind = (enum queue_kind)statement_integer(statement, 3),
        .deduplication_key = statement_copy_text(statement, 4, arena),
        .state = (enum queue_mailing_state)statement_integer(statement, 5),
        .note = statement_copy_text(statement, 6, arena),
        .is_urgent = statement_integer(statement, 7) != 0,
        .created_at = statement_integer(statement, 8),
        .starts_at = statement_integer(statement, 9),
        .message_at = statement_integer(statement, 10),
        .started_at = statement_integer(statement, 11),
        .finished_at = statement_integer(statement, 12),
        .is_forgotten = statement_integer(statement, 13) >= FORGOTTEN_SOME,
    };
}

struct queue_mailing *queue_mailing_head(struct database *database, struct arena *arena,
                                         int64_t row_id, bool *failed, struct error *error)
{
    bool found = false;
    struct queue_mailing *mailing = NULL;
    struct statement *statement = database_prepare(database, MAILING_COLUMNS "WHERE m.row_id = $1",
                                                   error);
    statement_bind_integer(statement, 1, row_id);
    *failed = !statement_find(statement, &found, error);
    if (!*failed && found) {
        mailing = arena_allocate(arena, sizeof *mailing);
        mailing_read(statement, arena, mailing);
        statement_reset(statement);
    }
    return mailing;
}

struct queue_mailing *queue_mailing_find(struct database *database, struct arena *arena,
                                         int64_t row_id, bool *failed, struct error *error)
{
    struct queue_mailing *mailing = queue_mailing_head(database, arena, row_id, failed, error);
    if (mailing)
        *failed = !queue_counts_of_mailing(database, row_id, &mailing->counts, error);
    return *failed ? NULL : mailing;
}

enum { MAILINGS_IN_A_PAGE = 100 };

void queue_mailing_cursor_open(struct queue_mailing_cursor *cursor, struct database *database,
                               int64_t release, bool with_counts)
{
    *cursor = (struct queue_mailing_cursor){
        .database = database, .release = release, .with_counts = with_counts, .before = INT64_MAX
    };
}

void queue_mailing_cursor_open_unfinished(struct queue_mailing_cursor *cursor,
                                          struct database *database)
{
    queue_mailing_cursor_open(cursor, database, 0, false);
    cursor->only_open = true;
}

static bool read_page(struct queue_mailing_cursor *cursor, struct error *error)
{
    enum statement_result result;
    /* Two statements: one for both would read all mailings for those of one release. With "+ 0" its
     * few are found by the announcement and sorted, not looked for from the newest on. */
    struct statement *statement = database_prepare(
        cursor->database,
        cursor->release     ? MAILING_COLUMNS "WHERE m.row_id + 0 < $1 AND a.release_row_id = $3"
                                              " ORDER BY m.row_id + 0 DESC LIMIT $2"
        : cursor->only_open ? MAILING_COLUMNS
            "WHERE m.row_id + 0 < $1 AND m.state IN (@QUEUE_MAILING_OPEN@)"
            " ORDER BY m.row_id + 0 DESC LIMIT $2"
                            : MAILING_COLUMNS "WHERE m.row_id < $1 ORDER BY m.row_id DESC LIMIT $2",
        error);
    arena_release(&cursor->arena);
    cursor->rows = arena_allocate_array(&cursor->arena, MAILINGS_IN_A_PAGE, sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    statement_bind_integer(statement, 1, cursor->before);
    statement_bind_integer(statement, 2, MAILINGS_IN_A_PAGE);
    if (cursor->release)
        statement_bind_integer(statement, 3, cursor->release);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        mailing_read(statement, &cursor->arena, &cursor->rows[cursor->count++]);
    statement_reset(statement);
    cursor->is_last_page = cursor->count < MAILINGS_IN_A_PAGE;
    return result == STATEMENT_DONE;
}

bool queue_mailing_cursor_next(struct queue_mailing_cursor *cursor,
                               const struct queue_mailing **mailing, struct error *error)
{
    if (cursor->next == cursor->count && !cursor->is_last_page && !cursor->has_failed)
        cursor->has_failed = !read_page(cursor, error);
    if (cursor->has_failed || cursor->next == cursor->count)
        return false;
    struct queue_mailing *row = &cursor->rows[cursor->next++];
    cursor->before = row->row_id;
    *mailing = row;
    /* Each when it is asked for, because counting reads all rows of a mailing and who reads may end
     * early. */
    if (cursor->with_counts)
        cursor->has_failed = !queue_counts_of_mailing(cursor->database, row->row_id, &row->counts,
                                                      error);
    return !cursor->has_failed;
}

bool queue_mailing_cursor_close(struct queue_mailing_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

/* ---- steering ---- */

/* A finished one of which something indeterminate would go again is opened once more, because that
 * has to wait too; its counts are open with it. */
bool queue_mailing_pause(struct database *database, int64_t row_id, const char *note,
                         struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing SET state = @QUEUE_MAILING_PAUSED@, note = $2, finished_at = NULL,"
        " is_counted = 0"
        " WHERE row_id = $1 AND (state = @QUEUE_MAILING_ACTIVE@"
        " OR (state = @QUEUE_MAILING_FINISHED@ AND EXISTS"
        " (SELECT 1 FROM delivery WHERE mailing = $1 AND @DELIVERY_MAY_GO_AGAIN@)))",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_text(statement, 2, note);
    return statement_run(statement, error);
}

bool queue_mailing_mark_stopped(struct database *database, int64_t row_id, bool is_stopped,
                                struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database, "UPDATE mailing SET note = $2 WHERE row_id = $1 AND state = @QUEUE_MAILING_HELD@",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_text(statement, 2, is_stopped ? QUEUE_STOPPED_NOTE : QUEUE_HELD_NOTE);
    return statement_run(statement, error);
}
