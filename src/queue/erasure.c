/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>

static bool erase(struct database *database, const char *sql, int64_t subscriber,
                  struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, subscriber);
    return statement_run(statement, error);
}

/* All announcements are named, so that each of the subscriber's rows is found by its key: an index
 * of subscribers would be paid for by every message that is sent. */
bool queue_erase_subscriber(struct database *database, int64_t subscriber, struct error *error)
{
    assert(database_in_transaction(database));
    return erase(database,
                 "DELETE FROM delivery WHERE announcement IN (SELECT row_id FROM announcement)"
                 " AND subscriber = $1",
                 subscriber, error) &&
           erase(database, "DELETE FROM transactional_mail WHERE subscriber = $1", subscriber,
                 error) &&
           erase(database, "DELETE FROM refused_address WHERE subscriber = $1", subscriber,
                 error) &&
           erase(database,
                 "DELETE FROM receiver_return WHERE announcement <> 0 AND subscriber = $1",
                 subscriber, error) &&
           forward_erase_subscriber(database, subscriber, error);
}
