/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "base/arena.h"
#include "database/database.h"
#include "queue/receiver_state.h"

#include <assert.h>
#include <string.h>

/* Those of a receiver that may go again: sent, and not overtaken by a later mail about the same
 * release, which would make them wrong. */
#define GOES_AGAIN                                                                                 \
    " state = @QUEUE_SENT@ AND feedback = @QUEUE_BOUNCED@ AND (announcement, subscriber) IN"       \
    " (SELECT r.announcement, r.subscriber FROM receiver_return r"                                 \
    " JOIN announcement own ON own.row_id = r.announcement"                                        \
    " WHERE r.receiver = $1 AND r.may_go_again = 1 AND NOT EXISTS"                                 \
    " (SELECT 1 FROM announcement later WHERE later.release_row_id = own.release_row_id"           \
    " AND own.release_row_id <> 0 AND later.kind IN (@QUEUE_CORRECTION@, @QUEUE_WITHDRAWAL@)"      \
    " AND later.row_id > own.row_id))"                                                             \
    " AND EXISTS (SELECT 1 FROM mailing m WHERE m.row_id = delivery.mailing"                       \
    " AND m.state IN (@QUEUE_MAILING_ACTIVE@, @QUEUE_MAILING_PAUSED@, @QUEUE_MAILING_FINISHED@))"

static bool run_for_receiver(struct database *database, const char *sql, const char *receiver,
                             int64_t at, struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_text(statement, 1, receiver);
    if (at)
        statement_bind_integer(statement, 2, at);
    return statement_run(statement, error);
}

/* The receiver's returns that may go again and whose delivery d meets the condition that follows.
 */
#define HAS_DELIVERY                                                                               \
    " WHERE receiver = $1 AND may_go_again = 1 AND EXISTS (SELECT 1 FROM delivery d"               \
    " WHERE d.announcement = receiver_return.announcement"                                         \
    " AND d.subscriber = receiver_return.subscriber"

/* Parks the deliveries that may go again, reopens their mailings, and forgets their bounces, so
 * that one that comes back again counts as new. Bounces of the others are kept for good, because
 * those deliveries never go again; only one that is being sent just now is left for a later call.
 */
bool receiver_take_back(struct database *database, const char *receiver, int64_t at,
                        struct error *error)
{
    return run_for_receiver(database,
                            "UPDATE mailing SET state = CASE WHEN state = @QUEUE_MAILING_FINISHED@"
                            " THEN @QUEUE_MAILING_ACTIVE@ ELSE state END,"
                            " finished_at = NULL, is_counted = 0 WHERE row_id IN"
                            " (SELECT mailing FROM delivery WHERE" GOES_AGAIN ")",
                            receiver, 0, error) &&
           run_for_receiver(database,
                            "UPDATE delivery SET state = @QUEUE_DEFERRED@,"
                            " feedback = @QUEUE_NO_FEEDBACK@, next_at = $2,"
                            " updated_at = $2, worker ="
                            " (SELECT -row_id FROM receiver WHERE name = $1"
                            " AND state = @RECEIVER_HELD@)"
                            " WHERE" GOES_AGAIN,
                            receiver, at, error) &&
           run_for_receiver(database,
                            "DELETE FROM receiver_return" HAS_DELIVERY
                            " AND d.state = @QUEUE_DEFERRED@ AND d.worker < 0)",
                            receiver, 0, error) &&
           run_for_receiver(database,
                            "UPDATE receiver_return SET may_go_again = 0" HAS_DELIVERY
                            " AND d.state <> @QUEUE_SENDING@)",
                            receiver, 0, error);
}

struct refused_row {
    int64_t announcement;
    int64_t subscriber;
    struct refused_row *next;
};

/* A million may wait that nobody refused: those are due, and so are not looked at. What was refused
 * and is due again is parked when it is claimed. The conditions are those of delivery_due. */
static bool find_refused(struct database *database, const char *receiver, int64_t now_at,
                         struct arena *arena, struct refused_row **first, struct error *error)
{
    enum statement_result result;
    char group[ADDRESS_GROUP_SIZE];
    struct statement *statement = database_prepare(
        database,
        "SELECT d.announcement, d.subscriber, s.address FROM mailing m"
        " JOIN delivery d ON d.mailing = m.row_id AND d.next_at > $1"
        " AND d.state IN (@QUEUE_WAITING@) AND d.worker = 0 AND d.state = @QUEUE_DEFERRED@"
        " AND d.is_ours = 1"
        " JOIN known_subscriber s ON s.row_id = d.subscriber WHERE m.state IN (@QUEUE_MAILING_OPEN@)",
        error);
    statement_bind_integer(statement, 1, now_at);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (!queue_receiver_group(database, statement_text(statement, 2), group, error)) {
            statement_reset(statement);
            return false;
        }
        if (strcmp(group, receiver) != 0)
            continue;
        struct refused_row *row = arena_allocate(arena, sizeof *row);
        *row = (struct refused_row){ statement_integer(statement, 0),
                                     statement_integer(statement, 1), *first };
        *first = row;
    }
    return result == STATEMENT_DONE;
}

bool receiver_park_refused(struct database *database, int64_t row_id, const char *receiver,
                           int64_t now_at, struct error *error)
{
    struct arena arena = { 0 };
    struct refused_row *first = NULL;
    bool done = find_refused(database, receiver, now_at, &arena, &first, error);
    for (const struct refused_row *row = first; done && row; row = row->next) {
        struct statement *statement = database_prepare(
            database,
            "UPDATE delivery SET worker = -$1, attempts = attempts -"
            " CASE WHEN attempts > 0 THEN 1 ELSE 0 END"
            " WHERE announcement = $2 AND subscriber = $3 AND worker = 0"
            " AND state = @QUEUE_DEFERRED@",
            error);
        statement_bind_integer(statement, 1, row_id);
        statement_bind_integer(statement, 2, row->announcement);
        statement_bind_integer(statement, 3, row->subscriber);
        done = statement_run(statement, error);
    }
    arena_release(&arena);
    return done;
}

/* Only while it is held: let go meanwhile, the row waits with all others, and no claim would ever
 * give back one that is parked for a receiver without trouble. */
bool queue_receiver_park(struct database *database, int64_t receiver, int64_t announcement,
                         int64_t subscriber, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET worker = -$1 WHERE announcement = $2 AND subscriber = $3"
        " AND worker = 0 AND state IN (@QUEUE_WAITING@)"
        " AND EXISTS (SELECT 1 FROM receiver WHERE row_id = $1 AND state = @RECEIVER_HELD@)",
        error);
    statement_bind_integer(statement, 1, receiver);
    statement_bind_integer(statement, 2, announcement);
    statement_bind_integer(statement, 3, subscriber);
    return statement_run(statement, error);
}
