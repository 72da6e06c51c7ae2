/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "base/arena.h"
#include "database/database.h"
#include "queue/receiver_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool find_address(struct database *database, const struct queue_receiver_return *back,
                         char address[2 * ADDRESS_GROUP_SIZE], struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        back->transactional
            ? "SELECT COALESCE(m.address, s.address) FROM transactional_mail m"
              " LEFT JOIN known_subscriber s ON s.row_id = m.subscriber WHERE m.row_id = $1"
            : "SELECT s.address FROM delivery d JOIN known_subscriber s ON s.row_id = d.subscriber"
              " WHERE d.announcement = $1 AND d.subscriber = $2"
              " AND d.state IN (@QUEUE_MAYBE_SENT@)",
        error);
    statement_bind_integer(statement, 1,
                           back->transactional ? back->transactional : back->announcement);
    if (!back->transactional)
        statement_bind_integer(statement, 2, back->subscriber);
    *address = '\0';
    if (!statement_find(statement, &found, error))
        return false;
    if (found && !statement_is_null(statement, 0))
        (void)snprintf(address, 2 * ADDRESS_GROUP_SIZE, "%s", statement_text(statement, 0));
    statement_reset(statement);
    return true;
}

/* Whether another provider than the subscriber's refused the message, because the subscriber's
 * address forwards there. */
static bool was_sent_on(const struct queue_receiver_return *back, const char *address)
{
    char ours[ADDRESS_GROUP_SIZE];
    char theirs[ADDRESS_GROUP_SIZE];
    address_group(address, ours);
    address_group(back->address, theirs);
    return *back->address && strcmp(ours, theirs) != 0;
}

/* *is_new false: this message's return was recorded before. */
static bool keep(struct database *database, const char *receiver,
                 const struct queue_receiver_return *back, bool may_go_again, bool *is_new,
                 struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO receiver_return (announcement, subscriber, receiver, may_go_again, at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (announcement, subscriber) DO NOTHING",
        error);
    statement_bind_integer(statement, 1, back->announcement);
    statement_bind_integer(statement, 2,
                           back->transactional ? back->transactional : back->subscriber);
    statement_bind_text(statement, 3, receiver);
    statement_bind_integer(statement, 4, may_go_again);
    statement_bind_integer(statement, 5, back->refusal.at);
    if (!statement_run(statement, error))
        return false;
    *is_new = database_changes(database) > 0;
    return true;
}

bool queue_receiver_returned(struct database *database, const struct queue_receiver_return *back,
                             struct queue_receiver_hold *hold, struct error *error)
{
    assert(database_in_transaction(database));
    char address[2 * ADDRESS_GROUP_SIZE];
    char group[ADDRESS_GROUP_SIZE];
    bool is_new = false;
    struct queue_receiver_refusal refusal = back->refusal;
    *hold = (struct queue_receiver_hold){ 0 };
    if (!find_address(database, back, address, error))
        return false;
    if (!*address || was_sent_on(back, address))
        return true;
    /* Only where the report names the subscriber's own address, because a message that was
     * forwarded to several may have reached one of them. */
    bool may_go_again = !back->transactional && strcasecmp(back->address, address) == 0;
    refusal.address = address;
    refusal.is_late = true;
    if (!queue_receiver_group(database, address, group, error) ||
        !keep(database, group, back, may_go_again, &is_new, error))
        return false;
    /* Servers repeat themselves, and a row of refusals must not grow by that. */
    if (!is_new)
        return true;
    return queue_receiver_note(database, &refusal, hold, error);
}
