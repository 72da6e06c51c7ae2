/* SPDX-License-Identifier: MIT */
#include "queue/sending.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"

#include <assert.h>
#include <string.h>

enum { OUTCOME_MAXIMUM = 500 };

/* Whether that subscriber was sent a later mail about the same release, a correction or withdrawal:
 * it holds all that the indeterminate row would bring. */
#define IS_OVERTAKEN(announcement, subscriber)                                                     \
    "EXISTS (SELECT 1 FROM announcement own JOIN announcement later"                               \
    " ON later.release_row_id = own.release_row_id"                                                \
    " AND later.kind IN (@QUEUE_CORRECTION@, @QUEUE_WITHDRAWAL@)"                                  \
    " JOIN delivery sent ON sent.announcement = later.row_id AND sent.subscriber = " subscriber    \
    " AND sent.state = @QUEUE_SENT@ WHERE own.row_id = " announcement " AND later.row_id"          \
    " > own.row_id)"

/* The mark itself. It finds its row by key and asks in the same breath whether it may still leave
 * as it was made: a claim let go meanwhile is none, even where this worker has claimed the row
 * again. */
#define MARK_DELIVERY                                                                              \
    "UPDATE delivery SET state = @QUEUE_SENDING@, attempts = attempts + 1, revision = $4,"         \
    " updated_at = $5"                                                                             \
    " WHERE announcement = $1 AND subscriber = $2 AND worker = $3 AND claims = $7"                 \
    " AND state IN (@QUEUE_WAITING@)"                                                              \
    " AND EXISTS (SELECT 1 FROM mailable_subscriber s WHERE s.row_id = $2)"                        \
    " AND EXISTS (SELECT 1 FROM mailing m WHERE m.row_id = $6 AND m.state = @QUEUE_MAILING_ACTIVE@)"
static const char mark_delivery[] = MARK_DELIVERY;

/* Of a row that may have arrived; asked of it alone, as others have no later mail to wait for. */
#define ROW_IS_OVERTAKEN IS_OVERTAKEN("$1", "$2")
static const char mark_delivery_again[] = MARK_DELIVERY " AND NOT " ROW_IS_OVERTAKEN;

/* Of a request as long as it is open, whoever asked for it; else of a subscriber who may be mailed;
 * else to a press officer, who has no consent to give. */
#define TRANSACTIONAL_IS_GOOD                                                                      \
    "(($4 <> 0 AND EXISTS (SELECT 1 FROM open_request r WHERE r.row_id = $4"                       \
    " AND r.expires_at > $3))"                                                                     \
    " OR ($4 = 0 AND $5 <> 0 AND EXISTS"                                                           \
    " (SELECT 1 FROM mailable_subscriber s WHERE s.row_id = $5)) OR ($4 = 0 AND $5 = 0))"

static const char mark_transactional[] =
    "UPDATE transactional_mail SET state = @QUEUE_SENDING@, attempts = attempts + 1,"
    " updated_at = $3 WHERE row_id = $1 AND worker = $2 AND state IN (@QUEUE_WAITING@)"
    " AND " TRANSACTIONAL_IS_GOOD;

/* What becomes of a row that was not marked: suppressed, if its subscriber is the reason; left
 * indeterminate for good, if a later mail is; else handed back, because its mailing is. */
static const char turn_down_delivery[] =
    "UPDATE delivery SET worker = 0, updated_at = $4, state = CASE WHEN NOT EXISTS"
    " (SELECT 1 FROM mailable_subscriber s WHERE s.row_id = $2) THEN @QUEUE_SUPPRESSED@"
    " WHEN indeterminate_count > 0 AND " ROW_IS_OVERTAKEN " THEN @QUEUE_UNKNOWN@ ELSE state END,"
    " is_cancelled = CASE WHEN indeterminate_count > 0 AND " ROW_IS_OVERTAKEN " THEN 1"
    " ELSE is_cancelled END WHERE announcement = $1 AND subscriber = $2 AND worker = $3"
    " AND claims = $5 AND state IN (@QUEUE_WAITING@) RETURNING state";
static const char turn_down_transactional[] =
    "UPDATE transactional_mail SET worker = 0, state = @QUEUE_SUPPRESSED@, updated_at = $3"
    " WHERE row_id = $1 AND worker = $2 AND state IN (@QUEUE_WAITING@) RETURNING state";

static struct statement *mark_prepare(struct database *database, const struct queue_row *row,
                                      int64_t revision, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(database,
                                                   row->transactional ? mark_transactional
                                                   : row->indeterminate_count > 0
                                                       ? mark_delivery_again
                                                       : mark_delivery,
                                                   error);
    if (row->transactional) {
        statement_bind_integer(statement, 1, row->transactional);
        statement_bind_integer(statement, 2, row->worker);
        statement_bind_integer(statement, 3, now_at);
        statement_bind_integer(statement, 4, row->request);
        statement_bind_integer(statement, 5, row->subscriber);
    } else {
        statement_bind_integer(statement, 1, row->announcement);
        statement_bind_integer(statement, 2, row->subscriber);
        statement_bind_integer(statement, 3, row->worker);
        statement_bind_integer(statement, 4, revision);
        statement_bind_integer(statement, 5, now_at);
        statement_bind_integer(statement, 6, row->mailing);
        statement_bind_integer(statement, 7, row->claim);
    }
    return statement;
}

/* A row that another worker or a person has taken meanwhile matches nothing here: it is gone. */
static bool turn_down(struct database *database, const struct queue_row *row, int64_t now_at,
                      enum queue_mark *mark, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, row->transactional ? turn_down_transactional : turn_down_delivery, error);
    statement_bind_integer(statement, 1,
                           row->transactional ? row->transactional : row->announcement);
    statement_bind_integer(statement, 2, row->transactional ? row->worker : row->subscriber);
    statement_bind_integer(statement, 3, row->transactional ? now_at : row->worker);
    if (!row->transactional) {
        statement_bind_integer(statement, 4, now_at);
        statement_bind_integer(statement, 5, row->claim);
    }
    if (!statement_find(statement, &found, error))
        return false;
    *mark = QUEUE_MARK_GONE;
    if (found)
        *mark = statement_integer(statement, 0) == QUEUE_SUPPRESSED ? QUEUE_MARK_SUPPRESSED
                                                                    : QUEUE_MARK_RELEASED;
    statement_reset(statement);
    return true;
}

/* One UPDATE that also asks whether the row may still be sent: between a question and a mark of its
 * own somebody could unsubscribe. Only where it changed nothing is the reason looked up. */
bool queue_mark_sending(struct database *database, const struct queue_row *row, int64_t revision,
                        int64_t now_at, enum queue_mark *mark, struct error *error)
{
    assert(database_in_transaction(database));
    if (!statement_run(mark_prepare(database, row, revision, now_at, error), error))
        return false;
    if (database_changes(database) == 0)
        return turn_down(database, row, now_at, mark, error);
    *mark = QUEUE_MARK_SENDING;
    return true;
}

/* A row handed back untried is as it was before it was marked: deferred, if it was tried earlier.
 * Both tables share the outcome's part; $1 … $7 are the same in both. */
#define RECORD_COLUMNS(is_cancelled, more)                                                         \
    " SET state = CASE WHEN " is_cancelled " = 1 AND $3 IN (@QUEUE_WAITING@)"                      \
    " THEN @QUEUE_CANCELLED@ WHEN $3 <> @QUEUE_QUEUED@"                                            \
    " THEN $3"                                                                                     \
    " WHEN attempts - CASE WHEN state = @QUEUE_SENDING@ THEN 1 ELSE 0 END > 0"                     \
    " THEN @QUEUE_DEFERRED@ ELSE @QUEUE_QUEUED@ END,"                                              \
    " attempts = attempts - CASE WHEN $3 = @QUEUE_QUEUED@ AND state = @QUEUE_SENDING@ THEN 1"      \
    " ELSE 0 END,"                                                                                 \
    " indeterminate_count = indeterminate_count"                                                   \
    " + CASE WHEN $3 = @QUEUE_UNKNOWN@ THEN 1 ELSE 0 END,"                                         \
    " smtp_code = CASE WHEN $3 = @QUEUE_QUEUED@ THEN smtp_code ELSE $4 END,"                       \
    " enhanced = CASE WHEN $3 = @QUEUE_QUEUED@ THEN enhanced ELSE $5 END,"                         \
    " outcome = CASE WHEN $3 = @QUEUE_QUEUED@ THEN outcome ELSE $6 END," more                      \
    " worker = 0, next_at = $2, updated_at = $7"                                                   \
    " WHERE worker = $1 AND (state = @QUEUE_SENDING@"                                              \
    " OR ($3 = @QUEUE_QUEUED@ AND state IN (@QUEUE_WAITING@)))"
#define RECORD_IS_OURS " is_ours = CASE WHEN $3 = @QUEUE_QUEUED@ THEN is_ours ELSE $11 END,"

static const char record_delivery[] = "UPDATE delivery" RECORD_COLUMNS(
    "is_cancelled", RECORD_IS_OURS) " AND announcement = $8 AND subscriber = $9 AND claims = $10";
static const char record_transactional[] = "UPDATE transactional_mail" RECORD_COLUMNS(
    "0", "") " AND row_id = $8";

/* What is kept of a transactional mail only until it is over. Of a forward that failed a person may
 * read still what somebody wrote; what a receipt said is known. */
static bool end_kept(struct database *database, const struct queue_row *row, enum queue_state state,
                     struct error *error)
{
    if (!row->transactional)
        return true;
    if (row->transactional_kind == QUEUE_TRANSACTIONAL_FORWARD && state == QUEUE_SENT)
        return forward_erase_sent(database, row->transactional, error);
    if (row->transactional_kind == QUEUE_TRANSACTIONAL_RECEIPT &&
        (state == QUEUE_SENT || state == QUEUE_FAILED))
        return prepared_erase(database, row->transactional, error);
    return true;
}

bool queue_record(struct database *database, const struct queue_row *row,
                  const struct queue_result *result, int64_t now_at, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database, row->transactional ? record_transactional : record_delivery, error);
    statement_bind_integer(statement, 1, row->worker);
    statement_bind_integer(statement, 2, result->next_at);
    statement_bind_integer(statement, 3, result->state);
    statement_bind_instant(statement, 4, result->smtp_code);
    statement_bind_text(statement, 5, result->enhanced);
    if (result->text)
        statement_bind_text_bytes(statement, 6, result->text,
                                  strnlen(result->text, OUTCOME_MAXIMUM));
    statement_bind_integer(statement, 7, now_at);
    statement_bind_integer(statement, 8,
                           row->transactional ? row->transactional : row->announcement);
    if (!row->transactional) {
        statement_bind_integer(statement, 9, row->subscriber);
        statement_bind_integer(statement, 10, row->claim);
        statement_bind_integer(statement, 11, result->is_ours);
    }
    /* That no row matched is no failure: the claim was ended meanwhile, so the row is somebody
     * else's. */
    return statement_run(statement, error) && end_kept(database, row, result->state, error);
}

/* Below 0, and so before all that waits; of several the one refused longest ago. */
int64_t queue_refused_then(int64_t refused_at)
{
    return refused_at - QUEUE_REFUSED_BEFORE_MS;
}

bool queue_pace_read(struct database *database, int64_t *next_ns, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT next_ns FROM pace WHERE name = 'rate'", error);
    if (!statement_find(statement, &found, error))
        return false;
    *next_ns = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

bool queue_pace_write(struct database *database, int64_t next_ns, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO pace (name, next_ns) VALUES ('rate', $1)"
        " ON CONFLICT (name) DO UPDATE SET next_ns = $1",
        error);
    statement_bind_integer(statement, 1, next_ns);
    return statement_run(statement, error);
}

static bool run_for_worker(struct database *database, const char *sql, int64_t worker,
                           int64_t now_at, int64_t *count, struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, worker);
    if (now_at)
        statement_bind_integer(statement, 2, now_at);
    if (!statement_run(statement, error))
        return false;
    *count += database_changes(database);
    return true;
}

static bool claims_free(struct database *database, int64_t worker, int64_t *count,
                        struct error *error)
{
    return run_for_worker(database,
                          "UPDATE delivery SET worker = 0 WHERE worker = $1 AND worker <> 0"
                          " AND state IN (@QUEUE_WAITING@)",
                          worker, 0, count, error) &&
           run_for_worker(
               database,
               "UPDATE transactional_mail SET worker = 0 WHERE worker = $1 AND worker <> 0"
               " AND state IN (@QUEUE_WAITING@)",
               worker, 0, count, error);
}

/* Marked rows are not given back, because their final dot may have left. */
bool queue_release(struct database *database, int64_t worker, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t count = 0;
    return claims_free(database, worker, &count, error);
}

/* ---- after a crash ---- */

/* What a dead worker had only claimed was not sent, so it simply waits again; what it had marked
 * may have arrived. */
static bool worker_recover(struct database *database, int64_t worker, int64_t now_at,
                           struct queue_recovery *recovery, struct error *error)
{
    return claims_free(database, worker, &recovery->released, error) &&
           run_for_worker(database,
                          "UPDATE delivery SET state = @QUEUE_UNKNOWN@, worker = 0,"
                          " indeterminate_count = indeterminate_count + 1,"
                          " updated_at = $2 WHERE worker = $1 AND worker <> 0"
                          " AND state = @QUEUE_SENDING@",
                          worker, now_at, &recovery->unknown, error) &&
           run_for_worker(database,
                          "UPDATE transactional_mail SET state = @QUEUE_UNKNOWN@, worker = 0,"
                          " indeterminate_count = indeterminate_count + 1,"
                          " updated_at = $2 WHERE worker = $1 AND worker <> 0"
                          " AND state = @QUEUE_SENDING@",
                          worker, now_at, &recovery->unknown, error);
}

/* The next worker above `after` that holds rows, 0 for none: one by one, so that no list grows. */
static bool worker_next(struct database *database, int64_t after, int64_t *worker,
                        struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT MIN(held.worker) FROM"
        " (SELECT MIN(worker) AS worker FROM delivery WHERE worker <> 0 AND worker > $1"
        " UNION ALL SELECT MIN(worker) FROM transactional_mail WHERE worker <> 0 AND worker > $1)"
        " AS held",
        error);
    statement_bind_integer(statement, 1, after);
    if (!statement_find(statement, &found, error))
        return false;
    *worker = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

static bool run_due(struct database *database, const char *sql, int64_t now_at, int64_t *count,
                    struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, now_at);
    if (!statement_run(statement, error))
        return false;
    *count += database_changes(database);
    return true;
}

/* A row that was left indeterminate three times stays so, for a person to look at, because a
 * message that ends its process or session each time would else be sent for ever. A row of a crash
 * may go again at once, that of a lost connection after its pause; both behind rows that were not
 * tried yet, so that such a message does not hold up the others. */
static bool indeterminate_resend(struct database *database, int64_t now_at, int64_t *resent,
                                 struct error *error)
{
    int64_t mailings = 0;
    int64_t overtaken = 0;
    /* The rows' own state changes last, because the statements before it find them by it. */
    return run_due(database,
                   "UPDATE delivery SET is_cancelled = 1, updated_at = $1"
                   " WHERE @DELIVERY_MAY_GO_AGAIN@ AND next_at <= $1"
                   " AND " IS_OVERTAKEN("delivery.announcement", "delivery.subscriber"),
                   now_at, &overtaken, error) &&
           run_due(database,
                   "UPDATE mailing SET state = @QUEUE_MAILING_ACTIVE@, finished_at = NULL,"
                   " is_counted = 0"
                   " WHERE state = @QUEUE_MAILING_FINISHED@ AND row_id IN (SELECT mailing"
                   " FROM delivery"
                   " WHERE @DELIVERY_MAY_GO_AGAIN@ AND next_at <= $1)",
                   now_at, &mailings, error) &&
           run_due(database,
                   "UPDATE delivery SET state = @QUEUE_QUEUED@, next_at = $1"
                   " WHERE @DELIVERY_MAY_GO_AGAIN@ AND next_at <= $1",
                   now_at, resent, error) &&
           run_due(database,
                   "UPDATE transactional_mail SET state = @QUEUE_QUEUED@, next_at = 0"
                   " WHERE @TRANSACTIONAL_MAY_GO_AGAIN@ AND next_at <= $1",
                   now_at, resent, error);
}

/* By updated_at, which those found now share, because those of earlier runs were reported then. */
static bool indeterminate_count_new(struct database *database, int64_t now_at, int64_t *count,
                                    struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT (SELECT count(*) FROM delivery WHERE @IS_SET_ASIDE@ AND updated_at = $1)"
        " + (SELECT count(*) FROM transactional_mail WHERE @IS_SET_ASIDE@ AND updated_at = $1)",
        error);
    statement_bind_integer(statement, 1, now_at);
    if (!statement_find(statement, &found, error))
        return false;
    *count = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

bool queue_recover(struct database *database, bool resend, int64_t now_at,
                   struct queue_recovery *recovery, struct error *error)
{
    assert(database_in_transaction(database));
    struct queue_recovery found = { 0 };
    int64_t worker = 0;
    for (;;) {
        if (!worker_next(database, worker, &worker, error))
            return false;
        if (worker == 0)
            break;
        /* The kernel says so, by the worker's lock: a claim has no time that could run out while
         * its worker only waits (docs/decisions/0002). */
        if (database_worker_is_alive(database, worker))
            continue;
        if (!worker_recover(database, worker, now_at, &found, error))
            return false;
        /* Not behind the commit: nobody asks for this number again, so a kill in between would
         * leave the file for ever. Where the transaction is undone instead, no harm is done,
         * because a worker without its file counts as dead as well. */
        database_worker_clear(database, worker);
    }
    /* Behind the recovery, so that what a kill has left goes again in this very run. */
    if (resend && !indeterminate_resend(database, now_at, &found.resent, error))
        return false;
    if (found.unknown && !indeterminate_count_new(database, now_at, &found.set_aside, error))
        return false;
    *recovery = found;
    return true;
}
