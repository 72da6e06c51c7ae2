/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_connecting.h"

#include "base/clock.h"
#include "delivery/sender.h"
#include "delivery/smtp_backoff.h"
#include "delivery/smtp_connections.h"

enum { FRUITLESS_MAXIMUM = 3 /* sessions without any use, in a row, before a run gives up */ };

void smtp_connecting_finish(struct smtp_sender *smtp, struct connection *connection)
{
    struct smtp_reply reply;
    struct error error;
    if (connection_finish_connecting(connection, smtp->level, &reply, &error)) {
        smtp->was_opened = true;
        if (smtp->sender->relay.relay.state == QUEUE_RELAY_UNREACHABLE)
            smtp->is_probing = false;
        relay_share_reached(&smtp->sender->relay);
        return;
    }
    smtp->has_closed = true;
    if (!smtp->stopping_ms)
        smtp_backoff_note_unconnected(smtp, &reply, &error);
}

/* Whether nothing may be connected now: the run ends, or the relay is left alone for a while. */
static bool is_waiting(struct smtp_sender *smtp, int active)
{
    /* Given up for all workers: the relay's row says so, and one connection is tried every half
     * minute in place of each worker's own. */
    if (!active && smtp->fruitless >= FRUITLESS_MAXIMUM && !smtp->has_given_up) {
        smtp->has_given_up = true;
        relay_share_unreachable(&smtp->sender->relay, smtp->failure.message);
    }
    return smtp->stopping_ms || smtp->has_given_up ||
           clock_now(smtp->sender->timer) < smtp->retry_ms;
}

/* As many as there are messages for; the first one shows whether anybody is there. */
static bool connect_more(struct smtp_sender *smtp, int connecting, int active, struct error *error)
{
    int ahead = pace_ahead(&smtp->sender->pace);
    int allowed = smtp_connections_allowed(smtp);
    /* Until one session of this run stood, one is tried alone, because where nobody answers a
     * hundred time-outs tell no more. Later not more than there are rows for, as each is a login.
     */
    for (int i = 0; i < smtp->connection_count && active < allowed && active <= ahead; i++) {
        struct connection *connection = &smtp->connections[i];
        if (prefetch_count(smtp->sender->prefetch) <= (size_t)connecting ||
            (active && !smtp->was_opened))
            break;
        if (connection->state != CONNECTION_CLOSED)
            continue;
        if (!connection_start(connection, &smtp->settings->smtp, error))
            return false;
        active++;
        connecting++;
    }
    return true;
}

bool smtp_connecting_start(struct smtp_sender *smtp, struct error *error)
{
    const struct relay_share *relay = &smtp->sender->relay;
    if (smtp->is_probing && relay->relay.state == QUEUE_RELAY_UNREACHABLE)
        /* Only to see whether somebody is there: one connection, without a message. */
        return smtp_connections_count(smtp, CONNECTION_CLOSED) < smtp->connection_count ||
               connection_start(&smtp->connections[0], &smtp->settings->smtp, error);
    int connecting = smtp_connections_count(smtp, CONNECTION_CONNECTING);
    int active = connecting + smtp_connections_count(smtp, CONNECTION_OPEN);
    return is_waiting(smtp, active) || connect_more(smtp, connecting, active, error);
}
