/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "database/database.h"
#include "queue/queue.h"

#include <assert.h>

/* What comes back of a message after it was sent: a bounce or a complaint. */

/* Counts that were written down already are corrected in place, as nobody counts the rows again. */
static bool feedback_count(struct database *database, int64_t mailing, bool was_unknown,
                           enum queue_feedback_kind kind, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing SET unknown = unknown - $2, sent = sent + $2,"
        " bounced = bounced + $3, complained = complained + $4"
        " WHERE row_id = $1 AND is_counted = 1",
        error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, was_unknown);
    statement_bind_integer(statement, 3, kind == QUEUE_BOUNCED);
    statement_bind_integer(statement, 4, kind == QUEUE_COMPLAINED);
    return statement_run(statement, error);
}

/* What came back, or was complained about, had been accepted: so an indeterminate row is a sent one
 * now, and does not go again. */
static bool feedback_write(struct database *database, const struct queue_feedback *feedback,
                           struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET state = CASE state WHEN @QUEUE_UNKNOWN@ THEN @QUEUE_SENT@"
        " ELSE state END,"
        " feedback = feedback + $3, smtp_code = COALESCE($4, smtp_code),"
        " enhanced = COALESCE($5, enhanced), outcome = COALESCE($6, outcome), updated_at = $7"
        " WHERE announcement = $1 AND subscriber = $2",
        error);
    statement_bind_integer(statement, 1, feedback->announcement);
    statement_bind_integer(statement, 2, feedback->subscriber);
    statement_bind_integer(statement, 3, feedback->kind);
    statement_bind_instant(statement, 4, feedback->smtp_code);
    statement_bind_text(statement, 5, feedback->enhanced);
    statement_bind_text(statement, 6, feedback->text);
    statement_bind_integer(statement, 7, feedback->at);
    return statement_run(statement, error);
}

/* Each kind counts once a message, however many bounces or complaints come, since servers repeat
 * themselves. */
bool queue_record_feedback(struct database *database, const struct queue_feedback *feedback,
                           struct queue_feedback_row *row, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "SELECT mailing, state, feedback, updated_at FROM delivery WHERE announcement = $1"
        " AND subscriber = $2 AND state IN (@QUEUE_MAYBE_SENT@)",
        error);
    statement_bind_integer(statement, 1, feedback->announcement);
    statement_bind_integer(statement, 2, feedback->subscriber);
    *row = (struct queue_feedback_row){ .is_there = false };
    if (!statement_find(statement, &row->is_there, error))
        return false;
    if (!row->is_there)
        return true;
    row->mailing = statement_integer(statement, 0);
    bool was_unknown = statement_integer(statement, 1) == QUEUE_UNKNOWN;
    row->is_new = (statement_integer(statement, 2) & (int64_t)feedback->kind) == 0;
    row->sent_at = statement_integer(statement, 3);
    statement_reset(statement);
    return !row->is_new ||
           (feedback_write(database, feedback, error) &&
            feedback_count(database, row->mailing, was_unknown, feedback->kind, error) &&
            (feedback->kind != QUEUE_COMPLAINED ||
             queue_returned_complained(database, row->mailing, feedback->at, error)));
}
