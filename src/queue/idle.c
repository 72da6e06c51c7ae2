/* SPDX-License-Identifier: MIT */
#include "queue/sending.h"

#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/receiver_state.h"

/* The conditions of queue_recover(), queue_claim() and queue_finish(), each found by its index:
 * what is held, what is due, what is indeterminate and goes again, mailings without anything left,
 * and ended ones whose counts are open. */
static const char work[] =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE worker <> 0 AND worker > 0)"
    " OR EXISTS (SELECT 1 FROM transactional_mail WHERE worker <> 0)"
    " OR EXISTS (SELECT 1 FROM transactional_mail WHERE next_at <= $1"
    " AND state IN (@QUEUE_WAITING@) AND worker = 0)"
    " OR EXISTS (SELECT 1 FROM transactional_mail WHERE @TRANSACTIONAL_MAY_GO_AGAIN@"
    " AND next_at <= $1"
    " AND $2 = 1)"
    " OR EXISTS (SELECT 1 FROM delivery WHERE @DELIVERY_MAY_GO_AGAIN@ AND next_at <= $1"
    " AND $2 = 1)"
    " OR EXISTS (SELECT 1 FROM mailing m WHERE " MAILING_IS_ACTIVE " AND m.starts_at <= $1"
    " AND (EXISTS (SELECT 1 FROM delivery d WHERE d.mailing = m.row_id AND d.next_at <= $1"
    " AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0)"
    " OR (NOT EXISTS (SELECT 1 FROM delivery d WHERE d.mailing = m.row_id"
    " AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0) AND NOT " MAILING_HAS_PARKED ")))"
    " OR EXISTS (SELECT 1 FROM receiver WHERE state IN (@RECEIVER_PARKING@)"
    " AND (state = @RECEIVER_FREED@ OR probe_at <= $1))"
    " OR EXISTS (SELECT 1 FROM mailing WHERE is_counted = 0 AND state IN (@QUEUE_MAILING_ENDED@))"
    " THEN 1 ELSE 0 END";

bool queue_is_idle(struct database *database, bool resend, int64_t now_at, bool *is_idle,
                   struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, work, error);
    statement_bind_integer(statement, 1, now_at);
    statement_bind_integer(statement, 2, resend);
    if (!statement_find(statement, &found, error))
        return false;
    *is_idle = statement_integer(statement, 0) == 0;
    statement_reset(statement);
    return true;
}
