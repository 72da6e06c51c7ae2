/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_connections.h"

#include "delivery/sender.h"

/* Connections are at most 100, so counting them anew is cheaper than keeping counts right. */
int smtp_connections_count(const struct smtp_sender *smtp, enum connection_state state)
{
    int count = 0;
    for (int i = 0; i < smtp->connection_count; i++)
        count += smtp->connections[i].state == state;
    return count;
}

int smtp_connections_allowed(const struct smtp_sender *smtp)
{
    return relay_share_connections(&smtp->sender->relay, smtp->connection_count);
}

bool smtp_connections_are_busy(const struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        if (connection_is_busy(&smtp->connections[i]))
            return true;
    }
    return false;
}

int smtp_connections_count_begun(const struct smtp_sender *smtp)
{
    int begun = 0;
    for (int i = 0; i < smtp->connection_count; i++) {
        const struct in_flight_message *messages = smtp->connections[i].messages;
        for (int k = 0; k < CONNECTION_MESSAGES; k++)
            begun += messages[k].is_used && !messages[k].is_marked;
    }
    return begun;
}

int smtp_connections_count_ready(const struct smtp_sender *smtp)
{
    int ready = 0;
    for (int i = 0; i < smtp->connection_count; i++)
        ready += smtp->connections[i].ready != NULL;
    return ready;
}

/* Answers come in the order of the messages, so it leaves soonest where the fewest are owed. A
 * connection beyond the allowed ones is about to close. */
struct connection *smtp_connections_nearest(const struct smtp_sender *smtp, int allowed)
{
    struct connection *nearest = NULL;
    int least = 0;
    int open = 0;
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        if (connection->state != CONNECTION_OPEN || ++open > allowed)
            continue;
        int ahead = connection_answers_ahead(connection);
        if (ahead >= 0 && (!nearest || ahead < least)) {
            nearest = connection;
            least = ahead;
        }
    }
    return nearest;
}

/* Only empty ones are closed: a message that is under way has to end with its answer. */
void smtp_connections_close_surplus(struct smtp_sender *smtp, int allowed)
{
    int open = 0;
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        if (connection->state == CONNECTION_OPEN && ++open > allowed &&
            !connection_is_busy(connection))
            connection_close(connection, true);
    }
}

bool smtp_connections_expect(const struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        const struct connection *connection = &smtp->connections[i];
        if (connection->state == CONNECTION_CONNECTING ||
            (connection->state == CONNECTION_OPEN &&
             smtp_transaction_timeout_ms(connection->transaction) >= 0))
            return true;
    }
    return false;
}

bool smtp_connections_may_have_more(struct smtp_sender *smtp, struct connection *connection)
{
    int most = smtp->sender->relay.relay.session;
    if (!connection->is_spent && (!most || connection->given < most))
        return true;
    if (!connection_is_busy(connection)) {
        connection_close(connection, true);
        smtp->has_closed = true;
    }
    return false;
}
