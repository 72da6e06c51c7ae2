/* SPDX-License-Identifier: MIT */
#include "queue/sending.h"

#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void read_row(struct statement *statement, struct queue_relay *relay)
{
    const char *reply = statement_text(statement, 15);
    relay->version = statement_integer(statement, 0);
    relay->state = (enum queue_relay_state)statement_integer(statement, 1);
    relay->since_at = statement_integer(statement, 2);
    relay->next_at = statement_integer(statement, 3);
    relay->pauses = (int)statement_integer(statement, 4);
    relay->is_quota = statement_integer(statement, 5) != 0;
    relay->is_rate = statement_integer(statement, 6) != 0;
    relay->taken = statement_integer(statement, 7);
    relay->taken_from = statement_integer(statement, 8);
    relay->burst = statement_integer(statement, 9);
    relay->was_easing = statement_integer(statement, 17) != 0;
    relay->proven = statement_integer(statement, 18);
    relay->base = statement_integer(statement, 10);
    relay->suggested = statement_integer(statement, 11);
    relay->connections = (int)statement_integer(statement, 12);
    relay->capped_at = statement_integer(statement, 13);
    relay->session = (int)statement_integer(statement, 14);
    (void)snprintf(relay->reply, sizeof relay->reply, "%s", reply ? reply : "");
}

bool queue_relay_read(struct database *database, const char *url, struct queue_relay *relay,
                      struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT version, state, since_at, next_at, pauses, is_quota, is_rate, taken, taken_from,"
        " burst, base, suggested, connections, capped_at, session_messages, reply, url,"
        " was_easing, proven FROM relay",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *relay = (struct queue_relay){ 0 };
    (void)snprintf(relay->url, sizeof relay->url, "%s", url);
    if (!found)
        return true;
    /* One row for whatever relay it is: its version goes on when that changes, so that a worker of
     * the old settings sees that somebody else has written. */
    const char *of = statement_text(statement, 16);
    if (of && strcmp(of, relay->url) == 0)
        read_row(statement, relay);
    else
        relay->version = statement_integer(statement, 0); /* of another relay: nothing else */
    statement_reset(statement);
    return true;
}

/* Each write counts the version up, so that other workers see that they have to read it again. */
bool queue_relay_write(struct database *database, struct queue_relay *relay, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO relay (name, version, state, since_at, next_at, pauses, is_quota, is_rate,"
        " taken, taken_from, burst, base, suggested, connections, capped_at, session_messages,"
        " reply, url, was_easing, proven) VALUES ('relay', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (name) DO UPDATE SET version = $1, state = $2,"
        " since_at = $3, next_at = $4, pauses = $5, is_quota = $6, is_rate = $7, taken = $8,"
        " taken_from = $9, burst = $10, base = $11, suggested = $12, connections = $13,"
        " capped_at = $14, session_messages = $15, reply = $16, url = $17,"
        " was_easing = $18, proven = $19",
        error);
    statement_bind_integer(statement, 1, ++relay->version);
    statement_bind_integer(statement, 2, relay->state);
    statement_bind_integer(statement, 3, relay->since_at);
    statement_bind_integer(statement, 4, relay->next_at);
    statement_bind_integer(statement, 5, relay->pauses);
    statement_bind_integer(statement, 6, relay->is_quota);
    statement_bind_integer(statement, 7, relay->is_rate);
    statement_bind_integer(statement, 8, relay->taken);
    statement_bind_integer(statement, 9, relay->taken_from);
    statement_bind_integer(statement, 10, relay->burst);
    statement_bind_integer(statement, 11, relay->base);
    statement_bind_integer(statement, 12, relay->suggested);
    statement_bind_integer(statement, 13, relay->connections);
    statement_bind_integer(statement, 14, relay->capped_at);
    statement_bind_integer(statement, 15, relay->session);
    statement_bind_text(statement, 16, relay->reply);
    statement_bind_text(statement, 17, relay->url);
    statement_bind_integer(statement, 18, relay->was_easing);
    statement_bind_integer(statement, 19, relay->proven);
    return statement_run(statement, error);
}
