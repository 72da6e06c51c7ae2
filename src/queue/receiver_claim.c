/* SPDX-License-Identifier: MIT */
#include "queue/receiver_state.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/sending.h"
#include "queue/trouble.h"

#include <string.h>

/* A claim is a transaction that others wait for, so what is parked comes back in parts, one at each
 * claim. A kill in between leaves the receiver freed, and the next claim goes on. */
enum { GIVEN_BACK_AT_ONCE = 1000 };

struct parking {
    int64_t row_id;
    const char *name;
    enum receiver_state state;
    int64_t refused_at;
    bool was_probed;
    int64_t probe_at;
    struct parking *next;
};

/* Asked in each claim, by an index that holds only those with trouble and nearly always is empty.
 */
static bool read_parking(struct database *database, struct arena *arena, struct parking **first,
                         struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, name, state, refused_at, was_probed, probe_at FROM receiver"
        " WHERE state IN (@RECEIVER_PARKING@)",
        error);
    *first = NULL;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct parking *parking = arena_allocate(arena, sizeof *parking);
        *parking = (struct parking){ .row_id = statement_integer(statement, 0),
                                     .name = statement_copy_text(statement, 1, arena),
                                     .state = (enum receiver_state)statement_integer(statement, 2),
                                     .refused_at = statement_integer(statement, 3),
                                     .was_probed = statement_integer(statement, 4) != 0,
                                     .probe_at = statement_integer(statement, 5),
                                     .next = *first };
        *first = parking;
    }
    return result == STATEMENT_DONE;
}

static bool run_for(struct database *database, const char *sql, int64_t receiver, int64_t row_id,
                    struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, receiver);
    if (row_id)
        statement_bind_integer(statement, 2, row_id);
    return statement_run(statement, error);
}

/* probe_at is now, so that queue_next_due() reports work until all that is parked is given back. */
bool receiver_let_go(struct database *database, int64_t receiver, const char *name, int64_t now_at,
                     struct error *error)
{
    return run_for(database,
                   "UPDATE receiver SET state = @RECEIVER_FREED@, tried = 0, refused = 0,"
                   " refusals = 0,"
                   " in_a_row = 0, accepted_in_a_row = 0, held_at = NULL, probe_at = $2"
                   " WHERE row_id = $1",
                   receiver, now_at, error) &&
           queue_notice_close(database, QUEUE_NOTICE_DOMAIN, name, now_at, NULL, error);
}

bool receiver_drop(struct database *database, int64_t receiver, struct error *error)
{
    return run_for(database, "DELETE FROM receiver WHERE row_id = $1", receiver, 0, error);
}

/* ---- giving back ---- */

/* The row is kept where the receiver has refused something again while its rows were given back. */
static bool end_freed(struct database *database, int64_t receiver, struct error *error)
{
    return run_for(database,
                   "DELETE FROM receiver WHERE row_id = $1 AND in_a_row = 0 AND refused = 0",
                   receiver, 0, error) &&
           run_for(database,
                   "UPDATE receiver SET state = @RECEIVER_WATCHED@, probe_at = NULL"
                   " WHERE row_id = $1",
                   receiver, 0, error);
}

/* Deferred rows are made due as well, because they waited only for the receiver. Where no parked
 * row is left, the receiver is no longer freed. */
static bool give_back(struct database *database, const struct parking *parking, int64_t now_at,
                      struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET worker = 0, next_at = CASE WHEN next_at > $2 THEN $2 ELSE next_at END"
        " WHERE (announcement, subscriber) IN (SELECT announcement, subscriber FROM delivery"
        " WHERE worker <> 0 AND worker = -$1 LIMIT $3)",
        error);
    statement_bind_integer(statement, 1, parking->row_id);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, GIVEN_BACK_AT_ONCE);
    if (!statement_run(statement, error))
        return false;
    return database_changes(database) > 0 || end_freed(database, parking->row_id, error);
}

static bool is_parked_any(struct database *database, int64_t receiver, bool *is_any,
                          struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM delivery WHERE worker <> 0 AND worker = -$1 LIMIT 1", error);
    statement_bind_integer(statement, 1, receiver);
    if (!statement_find(statement, is_any, error))
        return false;
    statement_reset(statement);
    return true;
}

/* Well: no refusal for two hours, and an acceptance since, unless there was no row to probe with.
 */
static bool is_well_again(struct database *database, const struct parking *parking, int64_t now_at,
                          bool *is_well, struct error *error)
{
    bool is_any = false;
    *is_well = false;
    if (now_at < parking->refused_at + QUEUE_RECEIVER_FREE_MS)
        return true;
    if (!parking->was_probed && !is_parked_any(database, parking->row_id, &is_any, error))
        return false;
    *is_well = parking->was_probed || !is_any;
    return true;
}

/* ---- probes ---- */

/* By mailing: rows of paused ones, however many, are not looked at. */
static const char find_probe[] =
    "SELECT d.announcement, d.subscriber, d.version, d.attempts, d.indeterminate_count,"
    " s.address, s.language,"
    " d.claims + 1, m.row_id, a.kind FROM mailing m CROSS JOIN delivery d"
    " JOIN announcement a ON a.row_id = m.announcement"
    " LEFT JOIN known_subscriber s ON s.row_id = d.subscriber"
    " WHERE " MAILING_IS_ACTIVE " AND m.starts_at <= $2 AND ($3 = 0 OR m.is_urgent = 1)"
    " AND d.worker <> 0 AND d.worker = -$1 AND d.announcement = m.announcement"
    " AND d.mailing = m.row_id LIMIT 1";

static bool read_probe(struct database *database, const struct parking *parking,
                       const struct queue_claim *claim, struct arena *arena, struct queue_row *row,
                       bool *found, struct error *error)
{
    struct statement *statement = database_prepare(database, find_probe, error);
    statement_bind_integer(statement, 1, parking->row_id);
    statement_bind_integer(statement, 2, claim->now_at);
    statement_bind_integer(statement, 3, claim->only_urgent);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        *row = (struct queue_row){ .worker = claim->worker,
                                   .announcement = statement_integer(statement, 0),
                                   .subscriber = statement_integer(statement, 1),
                                   .version = statement_integer(statement, 2),
                                   .attempts = (int)statement_integer(statement, 3),
                                   .indeterminate_count = (int)statement_integer(statement, 4),
                                   .address = statement_copy_text(statement, 5, arena),
                                   .language = statement_copy_text(statement, 6, arena),
                                   .claim = statement_integer(statement, 7),
                                   .mailing = statement_integer(statement, 8),
                                   .kind = (enum queue_kind)statement_integer(statement, 9) };
    statement_reset(statement);
    return true;
}

/* Its time is moved on before a row is looked for, so that of many workers one probes, and a
 * receiver for which nothing waits is not looked at in every claim. */
static bool probe(struct database *database, const struct parking *parking,
                  const struct queue_claim *claim, struct arena *arena, struct queue_batch *batch,
                  struct error *error)
{
    bool found = false;
    struct queue_row row;
    if (!run_for(database, "UPDATE receiver SET probe_at = $2 WHERE row_id = $1", parking->row_id,
                 claim->now_at + QUEUE_RECEIVER_PROBE_MS, error) ||
        !read_probe(database, parking, claim, arena, &row, &found, error))
        return false;
    if (!found)
        return true;
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET worker = $1, claims = claims + 1"
        " WHERE announcement = $2 AND subscriber = $3 AND worker = -$4",
        error);
    statement_bind_integer(statement, 1, claim->worker);
    statement_bind_integer(statement, 2, row.announcement);
    statement_bind_integer(statement, 3, row.subscriber);
    statement_bind_integer(statement, 4, parking->row_id);
    if (!statement_run(statement, error))
        return false;
    batch->rows[batch->count++] = row;
    return true;
}

static bool tend(struct database *database, struct parking *parking,
                 const struct queue_claim *claim, struct arena *arena, struct queue_batch *batch,
                 struct error *error)
{
    bool is_well = false;
    if (parking->state == RECEIVER_FREED)
        return give_back(database, parking, claim->now_at, error);
    if (!is_well_again(database, parking, claim->now_at, &is_well, error))
        return false;
    if (is_well) {
        batch->freed = parking->name;
        /* In memory too, else this very claim would park again what is given back (find_holder). */
        parking->state = RECEIVER_FREED;
        return receiver_let_go(database, parking->row_id, parking->name, claim->now_at, error) &&
               give_back(database, parking, claim->now_at, error);
    }
    /* A full batch has no place for the probe's row; the next claim has. */
    return parking->probe_at > claim->now_at || batch->count == claim->maximum ||
           probe(database, parking, claim, arena, batch, error);
}

bool receivers_tend(struct database *database, const struct queue_claim *claim, struct arena *arena,
                    struct queue_batch *batch, struct parking **first, struct error *error)
{
    if (!read_parking(database, arena, first, error))
        return false;
    for (struct parking *parking = *first; parking; parking = parking->next) {
        if (!tend(database, parking, claim, arena, batch, error))
            return false;
    }
    return true;
}

/* ---- parking ---- */

/* Nothing but its worker changes: it waits in the state it was in, and is charged no try. */
static bool park(struct database *database, const struct queue_row *row, int64_t receiver,
                 struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET worker = -$1 WHERE announcement = $2 AND subscriber = $3"
        " AND worker = $4 AND claims = $5 AND state IN (@QUEUE_WAITING@)",
        error);
    statement_bind_integer(statement, 1, receiver);
    statement_bind_integer(statement, 2, row->announcement);
    statement_bind_integer(statement, 3, row->subscriber);
    statement_bind_integer(statement, 4, row->worker);
    statement_bind_integer(statement, 5, row->claim);
    return statement_run(statement, error);
}

/* The receiver that holds the address's mail; NULL: none. */
static bool find_holder(struct database *database, const struct parking *parking,
                        const char *address, const struct parking **holder, struct error *error)
{
    char group[ADDRESS_GROUP_SIZE];
    *holder = NULL;
    if (!address)
        return true;
    if (!queue_receiver_group(database, address, group, error))
        return false;
    for (; parking; parking = parking->next) {
        if (parking->state == RECEIVER_HELD && strcmp(parking->name, group) == 0)
            *holder = parking;
    }
    return true;
}

bool receivers_park(struct database *database, const struct parking *first,
                    struct queue_batch *batch, size_t from, struct error *error)
{
    size_t kept = from;
    for (size_t i = from; i < batch->count; i++) {
        const struct parking *holder = NULL;
        if (!find_holder(database, first, batch->rows[i].address, &holder, error) ||
            (holder && !park(database, &batch->rows[i], holder->row_id, error)))
            return false;
        if (!holder)
            batch->rows[kept++] = batch->rows[i];
    }
    batch->parked = batch->count - kept;
    batch->count = kept;
    return true;
}
