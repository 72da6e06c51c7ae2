/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>
#include <inttypes.h>

/* What a person orders for an existing mailing: resume it, cancel it, or cancel a release. Not in
 * mailing.c, because it calls returned.c and streak.c, which stop mailings and themselves call
 * mailing.c. */

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

static bool state_find(struct database *database, int64_t row_id, enum queue_mailing_state *state,
                       struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT state FROM mailing WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, &found, error))
        return false;
    if (!found)
        return error_set(
            error, ERROR_INPUT,
            "mailing %" PRId64 ": there is none" ERROR_ADVICE "`mailing list` shows them", row_id);
    *state = (enum queue_mailing_state)statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

bool queue_mailing_resume(struct database *database, int64_t row_id, int64_t now_at,
                          struct error *error)
{
    assert(database_in_transaction(database));
    enum queue_mailing_state state = QUEUE_MAILING_ACTIVE;
    if (!state_find(database, row_id, &state, error))
        return false;
    switch (state) {
    case QUEUE_MAILING_ACTIVE:
        return true;
    case QUEUE_MAILING_HELD:
        return run_numbers(database,
                           "UPDATE mailing SET state = @QUEUE_MAILING_ACTIVE@, note = '',"
                           " message_at ="
                           " CASE WHEN starts_at > $2 THEN starts_at ELSE $2 END"
                           " WHERE row_id = $1",
                           row_id, now_at, error);
    /* Its Date stays, because part of it was sent with that Date. Whatever stopped it is cleared,
     * else its notice would stay open and its refused rows would go on waiting. */
    case QUEUE_MAILING_PAUSED:
        return run_numbers(database,
                           "UPDATE mailing SET state = @QUEUE_MAILING_ACTIVE@, note = ''"
                           " WHERE row_id = $1",
                           row_id, 0, error) &&
               returned_resumed(database, row_id, now_at, error) &&
               streak_resumed(database, row_id, now_at, error);
    case QUEUE_MAILING_FINISHED:
    case QUEUE_MAILING_CANCELLED:
        break;
    }
    return error_set(error, ERROR_INPUT, "mailing %" PRId64 ": is %s and cannot go on", row_id,
                     queue_mailing_state_name(state));
}

/* What is under way or indeterminate does not go again. *count: how many would have. */
static bool cancel_indeterminate(struct database *database, int64_t row_id, int64_t *count,
                                 struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT count(*) FROM delivery WHERE mailing = $1 AND @DELIVERY_MAY_GO_AGAIN@",
        error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, &found, error))
        return false;
    *count = statement_integer(statement, 0);
    statement_reset(statement);
    return run_numbers(database,
                       "UPDATE delivery SET is_cancelled = 1"
                       " WHERE announcement = (SELECT announcement FROM mailing WHERE row_id = $1)"
                       " AND mailing = $1 AND state IN (@QUEUE_SENDING@, @QUEUE_UNKNOWN@)",
                       row_id, 0, error);
}

/* Rows that are being sent keep their claim, because their answer is still to come: is_cancelled
 * only keeps them from being tried again. */
bool queue_mailing_cancel(struct database *database, int64_t row_id, const char *note,
                          int64_t now_at, int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    enum queue_mailing_state state = QUEUE_MAILING_ACTIVE;
    int64_t indeterminate_count = 0;
    if (!state_find(database, row_id, &state, error))
        return false;
    *count = 0;
    /* A second order changes neither its time nor its note. */
    if (state == QUEUE_MAILING_CANCELLED)
        return true;
    if (!run_numbers(database,
                     "UPDATE delivery SET state = @QUEUE_CANCELLED@, worker = 0, updated_at = $2"
                     " WHERE announcement = (SELECT announcement FROM mailing WHERE row_id = $1)"
                     " AND mailing = $1 AND state IN (@QUEUE_WAITING@)",
                     row_id, now_at, error))
        return false;
    *count = database_changes(database);
    if (!cancel_indeterminate(database, row_id, &indeterminate_count, error))
        return false;
    if (state == QUEUE_MAILING_FINISHED)
        *count = indeterminate_count;
    if (state == QUEUE_MAILING_FINISHED && !indeterminate_count)
        return error_set(
            error, ERROR_INPUT,
            "mailing %" PRId64 ": is finished" ERROR_ADVICE "nothing is left to cancel", row_id);
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing SET state = @QUEUE_MAILING_CANCELLED@, note = $2,"
        " finished_at = $3 WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_text(statement, 2, note);
    statement_bind_integer(statement, 3, now_at);
    return statement_run(statement, error) && returned_resumed(database, row_id, now_at, error) &&
           streak_resumed(database, row_id, now_at, error);
}

/* The statement for waiting rows is the last, because *count is how many rows that one cancelled.
 * `$3 <> 0` is always true: it lets both statements be bound alike. */
static bool cancel_rows_of_version(struct database *database,
                                   const struct queue_cancellation *cancellation, int64_t *count,
                                   struct error *error)
{
    static const char *const statements[] = {
        "UPDATE delivery SET is_cancelled = 1 WHERE announcement IN"
        " (SELECT row_id FROM announcement WHERE release_row_id = $1"
        " AND kind <> @QUEUE_WITHDRAWAL@)"
        " AND ($2 = 0 OR version = $2) AND state IN (@QUEUE_SENDING@, @QUEUE_UNKNOWN@) AND $3 <> 0",
        "UPDATE delivery SET state = @QUEUE_CANCELLED@, worker = 0, updated_at = $3"
        " WHERE announcement IN"
        " (SELECT row_id FROM announcement WHERE release_row_id = $1"
        " AND kind <> @QUEUE_WITHDRAWAL@)"
        " AND ($2 = 0 OR version = $2) AND state IN (@QUEUE_WAITING@)",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        struct statement *statement = database_prepare(database, statements[i], error);
        statement_bind_integer(statement, 1, cancellation->release);
        statement_bind_integer(statement, 2, cancellation->version);
        statement_bind_integer(statement, 3, cancellation->now_at);
        if (!statement_run(statement, error))
            return false;
    }
    *count = database_changes(database);
    return true;
}

bool queue_cancel_release(struct database *database, const struct queue_cancellation *cancellation,
                          int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    if (!cancel_rows_of_version(database, cancellation, count, error))
        return false;
    /* The mailing goes on for those who get another version. */
    if (cancellation->version)
        return selection_remove_version(database, cancellation->version, error);
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing SET state = @QUEUE_MAILING_CANCELLED@, note = $2, finished_at = $3"
        " WHERE state IN (@QUEUE_MAILING_OPEN@)"
        " AND announcement IN"
        " (SELECT row_id FROM announcement WHERE release_row_id = $1"
        " AND kind <> @QUEUE_WITHDRAWAL@)",
        error);
    statement_bind_integer(statement, 1, cancellation->release);
    statement_bind_text(statement, 2, cancellation->note);
    statement_bind_integer(statement, 3, cancellation->now_at);
    return statement_run(statement, error);
}
