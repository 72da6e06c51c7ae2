/* SPDX-License-Identifier: MIT */
#include "queue/sending.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/receiver_state.h"
#include "queue/transactional_mail.h"

#include <assert.h>

/* A claim is one transaction, which all others who write wait for: so it has an end. */
enum { CLAIM_MAXIMUM = 1000, PROBE_LOOKS_AT = 200 };

#define SEVERAL INT64_MIN

/* Found, taken and handed back in one statement, so that nobody can take the row in between. */
static const char claim_transactional[] =
    "UPDATE transactional_mail SET worker = $1 WHERE row_id IN"
    " (SELECT row_id FROM transactional_mail WHERE next_at <= $2 AND state IN (@QUEUE_WAITING@)"
    " AND worker = 0 ORDER BY next_at LIMIT $3 @skip_locked@) RETURNING row_id, kind, request,"
    " payload, subscriber, language, attempts, created_at, indeterminate_count, COALESCE(address,"
    " (SELECT s.address FROM known_subscriber s WHERE s.row_id = transactional_mail.subscriber))";

/* Address and language come with the rows, because a query for each would cost more than the claim.
 */
static bool transactional_claim(struct database *database, const struct queue_claim *claim,
                                struct arena *arena, struct queue_batch *batch, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(database, claim_transactional, error);
    statement_bind_integer(statement, 1, claim->worker);
    statement_bind_integer(statement, 2, claim->now_at);
    statement_bind_integer(statement, 3, (int64_t)(claim->maximum - batch->count));
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        batch->rows[batch->count++] = (struct queue_row){
            .worker = claim->worker,
            .transactional = statement_integer(statement, 0),
            .transactional_kind = (enum queue_transactional_kind)statement_integer(statement, 1),
            .request = statement_integer(statement, 2),
            .payload = statement_copy_text(statement, 3, arena),
            .subscriber = statement_integer(statement, 4),
            .language = statement_copy_text(statement, 5, arena),
            .attempts = (int)statement_integer(statement, 6),
            .created_at = statement_integer(statement, 7),
            .indeterminate_count = (int)statement_integer(statement, 8),
            .address = statement_copy_text(statement, 9, arena),
        };
    return result == STATEMENT_DONE;
}

/* Whose turn it is: digests after all others, and within a class who had it longest ago. */
static bool mailing_pick(struct database *database, const struct queue_claim *claim,
                         struct queue_row *row, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT m.row_id, m.announcement, a.kind FROM mailing m"
        " JOIN announcement a ON a.row_id = m.announcement"
        " WHERE " MAILING_IS_ACTIVE " AND m.starts_at <= $1 AND ($2 = 0 OR m.is_urgent = 1)"
        " AND EXISTS (SELECT 1 FROM delivery d WHERE d.mailing = m.row_id AND d.next_at <= $1"
        " AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0)"
        " ORDER BY CASE WHEN $3 = 0 THEN 0 ELSE (SELECT MIN(d.next_at) FROM delivery d"
        " WHERE d.mailing = m.row_id AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0) END,"
        " CASE WHEN a.kind = @QUEUE_DIGEST@ THEN 1 ELSE 0 END, m.claimed_at, m.row_id LIMIT 1",
        error);
    statement_bind_integer(statement, 3, claim->is_probe);
    statement_bind_integer(statement, 1, claim->now_at);
    statement_bind_integer(statement, 2, claim->only_urgent);
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        *row = (struct queue_row){ .worker = claim->worker,
                                   .mailing = statement_integer(statement, 0),
                                   .announcement = statement_integer(statement, 1),
                                   .kind = (enum queue_kind)statement_integer(statement, 2) };
    statement_reset(statement);
    return true;
}

/* claimed_at is no clock but a count of turns, because two turns in the same millisecond must be
 * told apart. */
static bool mailing_turn(struct database *database, const struct queue_claim *claim,
                         int64_t mailing, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing SET claimed_at = (SELECT MAX(claimed_at) + 1 FROM mailing"
        " WHERE state IN (@QUEUE_MAILING_OPEN@)), started_at = COALESCE(started_at, $2)"
        " WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, claim->now_at);
    return statement_run(statement, error);
}

/* In the words of the index delivery_due, and in its order: what the relay refused before all
 * others (below 0), then what was never tried (0), then what is due again. */
#define DUE_DELIVERIES                                                                             \
    " FROM delivery WHERE mailing = $1 AND next_at <= $2 AND announcement = $4"                    \
    " AND state IN (@QUEUE_WAITING@) AND worker = 0 ORDER BY next_at LIMIT $3"                     \
    " @skip_locked@"

/* Rows and subscribers at one go, then one statement for all rows: half of the work of an UPDATE
 * that hands its rows back. */
static const char find_deliveries[] =
    "SELECT d.subscriber, d.version, d.attempts, d.indeterminate_count, d.next_at, s.address,"
    " s.language,"
    " d.claims + 1"
    " FROM (SELECT subscriber" DUE_DELIVERIES ") AS due CROSS JOIN delivery d"
    " LEFT JOIN known_subscriber s ON s.row_id = d.subscriber"
    " WHERE d.announcement = $4 AND d.subscriber = due.subscriber";
static const char take_deliveries[] =
    "UPDATE delivery SET worker = $5, claims = claims + 1 WHERE announcement = $4"
    " AND subscriber IN (SELECT subscriber" DUE_DELIVERIES ")";

/* For rows that are all due at the same instant, as those of a new mailing are: they lie side by
 * side in the key, so a range finds them. `next_at + 0` keeps the index delivery_due out of it, by
 * which a list of them would be made. */
static const char take_neighbours[] =
    "UPDATE delivery SET worker = $1, claims = claims + 1 WHERE announcement = $2"
    " AND subscriber >= $3 AND subscriber <= $4 AND mailing = $5 AND next_at + 0 = $6"
    " AND state IN (@QUEUE_WAITING@) AND worker = 0";
static const char count_neighbours[] =
    "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE announcement = $1 AND subscriber >= $2"
    " AND subscriber <= $3 LIMIT $4) AS between_them";

/* Whether the range of the key from the first row to the last holds few other rows, because each
 * row in it is read. */
static bool are_neighbours(struct database *database, const struct queue_row *rows, size_t count,
                           bool *are, struct error *error)
{
    bool found = false;
    int64_t limit = 2 * (int64_t)count + 1;
    struct statement *statement = database_prepare(database, count_neighbours, error);
    statement_bind_integer(statement, 1, rows->announcement);
    statement_bind_integer(statement, 2, rows->subscriber);
    statement_bind_integer(statement, 3, rows[count - 1].subscriber);
    statement_bind_integer(statement, 4, limit);
    if (!statement_find(statement, &found, error))
        return false;
    *are = statement_integer(statement, 0) < limit;
    statement_reset(statement);
    return true;
}

static void bind_due(struct statement *statement, const struct queue_claim *claim,
                     const struct queue_row *row, size_t maximum)
{
    statement_bind_integer(statement, 1, row->mailing);
    statement_bind_integer(statement, 2, claim->now_at);
    statement_bind_integer(statement, 3, (int64_t)maximum);
    statement_bind_integer(statement, 4, row->announcement);
}

/* Claims the rows that find_deliveries gave. instant: the one at which all of them are due, and
 * then they are in the order of their subscribers; SEVERAL where they are due at different ones. */
static bool take(struct database *database, const struct queue_claim *claim,
                 const struct queue_row *rows, size_t count, int64_t instant, struct error *error)
{
    bool are = false;
    if (instant != SEVERAL && !are_neighbours(database, rows, count, &are, error))
        return false;
    struct statement *statement = database_prepare(database,
                                                   are ? take_neighbours : take_deliveries, error);
    if (are) {
        statement_bind_integer(statement, 1, claim->worker);
        statement_bind_integer(statement, 2, rows->announcement);
        statement_bind_integer(statement, 3, rows->subscriber);
        statement_bind_integer(statement, 4, rows[count - 1].subscriber);
        statement_bind_integer(statement, 5, rows->mailing);
        statement_bind_integer(statement, 6, instant);
    } else {
        bind_due(statement, claim, rows, count);
        statement_bind_integer(statement, 5, claim->worker);
    }
    /* Another number of rows means that they were not in the order of the index, so the store is
     * damaged. Nothing may be sent then: a row given out but not claimed would be sent twice, and
     * one claimed but not given out would wait until this worker ends. */
    return statement_run(statement, error) &&
           (database_changes(database) == (int64_t)count ||
            error_set(error, ERROR_SYSTEM,
                      "database: other messages were claimed than found" ERROR_ADVICE
                      "please report this"));
}

static bool deliveries_claim(struct database *database, const struct queue_claim *claim,
                             struct arena *arena, struct queue_batch *batch, struct error *error)
{
    enum statement_result result;
    struct queue_row row = { 0 };
    if (!mailing_pick(database, claim, &row, error))
        return false;
    if (row.mailing == 0)
        return true;
    /* Its turn is over also where all that it had is parked below, so that the next call asks
     * another mailing. */
    if (!mailing_turn(database, claim, row.mailing, error))
        return false;
    const struct queue_row *first = batch->rows + batch->count;
    int64_t instant = SEVERAL;
    struct statement *statement = database_prepare(database, find_deliveries, error);
    bind_due(statement, claim, &row, claim->maximum - batch->count);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct queue_row *next = batch->rows + batch->count++;
        *next = row;
        next->subscriber = statement_integer(statement, 0);
        next->version = statement_integer(statement, 1);
        next->attempts = (int)statement_integer(statement, 2);
        next->indeterminate_count = (int)statement_integer(statement, 3);
        next->address = statement_copy_text(statement, 5, arena);
        next->language = statement_copy_text(statement, 6, arena);
        next->claim = statement_integer(statement, 7);
        int64_t next_at = statement_integer(statement, 4);
        if (next == first)
            instant = next_at;
        else if (next_at != instant || next->subscriber < next[-1].subscriber)
            instant = SEVERAL;
    }
    size_t count = (size_t)(batch->rows + batch->count - first);
    return result == STATEMENT_DONE &&
           (!count || take(database, claim, first, count, instant, error));
}

/* A row whose subscriber is erased has nowhere to go: marking finds nobody confirmed and suppresses
 * it. */
static bool nameless_drop(struct database *database, const struct queue_claim *claim,
                          struct queue_batch *batch, struct error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        enum queue_mark mark = QUEUE_MARK_GONE;
        if (batch->rows[i].address)
            batch->rows[kept++] = batch->rows[i];
        else if (!queue_mark_sending(database, &batch->rows[i], 0, claim->now_at, &mark, error))
            return false;
        assert(mark != QUEUE_MARK_SENDING);
    }
    batch->count = kept;
    return true;
}

/* Back to the queue, all but the first. */
static bool others_release(struct database *database, const struct queue_batch *batch,
                           struct error *error)
{
    for (size_t i = 1; i < batch->count; i++) {
        struct statement *statement = database_prepare(
            database,
            "UPDATE delivery SET worker = 0 WHERE announcement = $1 AND subscriber = $2"
            " AND worker = $3",
            error);
        statement_bind_integer(statement, 1, batch->rows[i].announcement);
        statement_bind_integer(statement, 2, batch->rows[i].subscriber);
        statement_bind_integer(statement, 3, batch->rows[i].worker);
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

/* One row, which may stand behind many that wait for held receivers: these are not parked one by
 * one. */
static bool probe_claim(struct database *database, const struct queue_claim *claim,
                        const struct parking *parking, struct arena *arena,
                        struct queue_batch *batch, struct error *error)
{
    struct queue_claim wide = *claim;
    struct queue_batch found = { .rows = arena_allocate_array(arena, PROBE_LOOKS_AT,
                                                              sizeof *found.rows) };
    wide.maximum = PROBE_LOOKS_AT;
    if (!deliveries_claim(database, &wide, arena, &found, error) ||
        !receivers_park(database, parking, &found, 0, error))
        return false;
    batch->parked = found.parked;
    if (!found.count)
        return true;
    batch->rows[batch->count++] = found.rows[0];
    return others_release(database, &found, error);
}

static bool deliveries_claim_or_park(struct database *database, const struct queue_claim *claim,
                                     struct arena *arena, struct queue_batch *batch,
                                     struct error *error)
{
    struct parking *parking = NULL;
    if (!receivers_tend(database, claim, arena, batch, &parking, error))
        return false;
    size_t from = batch->count;
    if (parking && claim->is_probe)
        return from == claim->maximum || probe_claim(database, claim, parking, arena, batch, error);
    return (from == claim->maximum || deliveries_claim(database, claim, arena, batch, error)) &&
           (!parking || receivers_park(database, parking, batch, from, error));
}

bool queue_claim(struct database *database, const struct queue_claim *claim, struct arena *arena,
                 struct queue_batch *batch, struct error *error)
{
    assert(database_in_transaction(database));
    struct queue_claim capped = *claim;
    if (capped.maximum > CLAIM_MAXIMUM)
        capped.maximum = CLAIM_MAXIMUM;
    *batch = (struct queue_batch){ .rows = arena_allocate_array(arena, capped.maximum,
                                                                sizeof *batch->rows) };
    /* Transactional mails take their places in the batch first, because somebody waits at his
     * mailbox for each. */
    if (!transactional_claim(database, &capped, arena, batch, error))
        return false;
    if (!capped.only_transactional && batch->count < capped.maximum &&
        !deliveries_claim_or_park(database, &capped, arena, batch, error))
        return false;
    return nameless_drop(database, &capped, batch, error);
}

/* Each part is the first entry of an index, so that this costs the same however many rows wait. */
bool queue_next_due(struct database *database, const struct queue_claim *claim, int64_t *due_at,
                    struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT MIN(due.at) FROM (SELECT MIN(next_at) AS at FROM transactional_mail"
        " WHERE state IN (@QUEUE_WAITING@) AND worker = 0"
        " UNION ALL SELECT MIN(next_at) FROM transactional_mail"
        " WHERE @TRANSACTIONAL_MAY_GO_AGAIN@ AND $3 = 1"
        " UNION ALL SELECT MIN(next_at) FROM delivery"
        " WHERE @DELIVERY_MAY_GO_AGAIN@ AND $3 = 1 AND $2 = 0"
        " UNION ALL SELECT CASE WHEN w.next_at IS NULL THEN NULL"
        " WHEN w.next_at > w.starts_at THEN w.next_at ELSE w.starts_at END FROM"
        " (SELECT m.starts_at AS starts_at, (SELECT MIN(d.next_at) FROM delivery d"
        " WHERE d.mailing = m.row_id AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0) AS next_at"
        " FROM mailing m WHERE " MAILING_IS_ACTIVE
        " AND $2 = 0 AND ($1 = 0 OR m.is_urgent = 1)) AS w"
        " UNION ALL SELECT MIN(probe_at) FROM receiver"
        " WHERE state IN (@RECEIVER_PARKING@) AND $2 = 0)"
        " AS due",
        error);
    statement_bind_integer(statement, 1, claim->only_urgent);
    statement_bind_integer(statement, 2, claim->only_transactional);
    statement_bind_integer(statement, 3, claim->resend_unknown);
    if (!statement_find(statement, &found, error))
        return false;
    *due_at = statement_integer(statement, 0);
    /* "At once" is written as 0 in rows, which means "never" to the caller. */
    if (*due_at == INSTANT_NONE && !statement_is_null(statement, 0))
        *due_at = 1;
    statement_reset(statement);
    return true;
}
