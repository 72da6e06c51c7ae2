/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_giving.h"

#include "base/clock.h"
#include "base/error.h"
#include "delivery/message_source.h"
#include "delivery/sender.h"
#include "delivery/smtp_connections.h"

#include <inttypes.h>
#include <limits.h>

enum {
    REFUSED_AT_ONCE = 16, /* messages a connection may have refused unsent in one tick */
    LONG_PAUSE_UNITS = 60 /* first pauses, a minute: no run that ends by itself waits for longer */
};

/* ---- giving out ---- */

/* How many messages more may be begun. */
static int count_begun(const struct smtp_sender *smtp)
{
    int begun = 0;
    for (int i = 0; i < smtp->connection_count; i++) {
        const struct in_flight_message *messages = smtp->connections[i].messages;
        for (int k = 0; k < CONNECTION_MESSAGES; k++)
            begun += messages[k].is_used && !messages[k].is_marked;
    }
    return begun;
}

static int count_room(const struct smtp_sender *smtp)
{
    int ahead = pace_ahead(&smtp->sender->pace);
    return ahead < INT_MAX ? ahead - count_begun(smtp) : INT_MAX;
}

/* Whether the session may have one more message, where the relay counts them. One that it said has
 * had enough gets nothing, also where it does not hang up itself. */
static bool may_have_more(struct smtp_sender *smtp, struct connection *connection)
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

static bool fill_connection(struct smtp_sender *smtp, struct connection *connection,
                            struct error *error)
{
    struct sender *sender = smtp->sender;
    int room = count_room(smtp);
    for (int tries = 0; tries < REFUSED_AT_ONCE && connection_wants_message(connection); tries++) {
        struct prefetched_row item;
        struct delivery_message message;
        struct smtp_result result;
        bool is_unable = false;
        if (!may_have_more(smtp, connection))
            return true;
        if (!relay_share_is_closed(&sender->relay) && !sender_refill(sender, false, error))
            return false;
        if ((tries >= room && !prefetch_is_transactional_next(sender->prefetch)) ||
            !prefetch_take(sender->prefetch, &item))
            return true;
        if (sender_compose(sender, item, &message, &is_unable, error)) {
            if (!connection_add(connection, item, &message, &result))
                smtp_connections_take_result(smtp, &result, false);
        } else if (!is_unable) {
            prefetch_return(sender->prefetch, item);
            return false;
        }
    }
    return true;
}

/* Lanes beyond what the relay allows now get nothing and close when they are empty. */
static void close_surplus(struct smtp_sender *smtp, int allowed)
{
    int open = 0;
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        if (connection->state == CONNECTION_OPEN && ++open > allowed &&
            !connection_is_busy(connection))
            connection_close(connection, true);
    }
}

/* Where a transactional mail leaves soonest; NULL: nowhere yet. */
static struct connection *nearest_connection(const struct smtp_sender *smtp, int allowed)
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

/* Transactional mails take the place of what was given out and not begun. */
static bool fill_transactional(struct smtp_sender *smtp, int allowed, struct error *error)
{
    struct prefetch *prefetch = smtp->sender->prefetch;
    struct connection *connection = NULL;
    while (prefetch_is_transactional_next(prefetch) &&
           (connection = nearest_connection(smtp, allowed))) {
        struct prefetched_row item;
        if (connection_withdraw(connection, &item))
            prefetch_return(prefetch, item);
        if (!fill_connection(smtp, connection, error))
            return false;
    }
    return true;
}

bool smtp_giving_out(struct smtp_sender *smtp, struct error *error)
{
    int allowed = smtp_connections_allowed(smtp);
    close_surplus(smtp, allowed);
    if (!fill_transactional(smtp, allowed, error))
        return false;
    for (int pass = 0; pass < 2; pass++) {
        int open = 0;
        for (int i = 0; i < smtp->connection_count; i++) {
            struct connection *connection = &smtp->connections[i];
            if (connection->state != CONNECTION_OPEN || ++open > allowed ||
                connection_is_busy(connection) != (pass == 1))
                continue;
            if (!fill_connection(smtp, connection, error))
                return false;
        }
    }
    return true;
}

/* ---- the relay's own trouble ---- */

static bool has_probe(const struct connection *connection)
{
    return (connection->messages[0].is_used && connection->messages[0].item.is_probe) ||
           (connection->messages[1].is_used && connection->messages[1].item.is_probe);
}

/* What nothing was said of is taken back. What the relay has let through may go, and what it waits
 * for is answered in any case; where it refuses at the final dot, those before it are not tried. */
static void take_back(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        struct prefetched_row item;
        if (connection->state != CONNECTION_OPEN || !connection_is_busy(connection) ||
            has_probe(connection))
            continue;
        smtp->has_held_back = true;
        if (connection_withdraw(connection, &item))
            prefetch_return(smtp->sender->prefetch, item);
        if (!connection->ready || !smtp->is_refused_at_dot || connection_has_released(connection))
            continue;
        connection->was_useful = true; /* nobody's fault */
        smtp_connections_end_session(smtp, connection, NULL);
    }
}

/* One row, or a connection alone. */
static bool begin_probe(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    bool is_mine = false;
    bool found = true;
    if (sender->relay.relay.state == QUEUE_RELAY_PAUSED &&
        !prefetch_probe(sender->prefetch, sender->is_closed, &found, error))
        return false;
    smtp->has_held_back = found;
    if (!found || !relay_share_begin_probe(&sender->relay, &is_mine, error))
        return !found;
    smtp->is_probing = is_mine;
    return is_mine || prefetch_release(sender->prefetch, error);
}

/* A probe may come to nothing that the relay had a part in: its subscriber left, it cannot be made,
 * its session was over. The next goes at once. */
static void end_lost_probe(struct smtp_sender *smtp)
{
    if (!smtp->is_probing || smtp_connections_are_busy(smtp) ||
        prefetch_count(smtp->sender->prefetch) ||
        smtp_connections_count(smtp, CONNECTION_CONNECTING))
        return;
    smtp->is_probing = false;
    relay_share_answered(&smtp->sender->relay, true);
}

/* A pause that nobody wants to wait for ends the run, where there is something to send. */
static bool end_in_long_pause(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    struct relay_share *relay = &sender->relay;
    int64_t left_ms = relay_share_wait_ms(relay);
    if (left_ms <= LONG_PAUSE_UNITS * relay->unit_ms || smtp_connections_are_busy(smtp))
        return true;
    if (!prefetch_probe(sender->prefetch, sender->is_closed, &smtp->has_held_back, error) ||
        !prefetch_release(sender->prefetch, error))
        return false;
    smtp->is_backing_off = smtp->has_held_back;
    smtp->has_given_up = smtp->has_held_back;
    (void)error_set(
        &smtp->failure, ERROR_TEMPORARY,
        "%s: the relay takes no mail at present (%s); nothing is lost, and the next try "
        "is in %" PRId64 " minutes: run again then, or let `pressroom run --watch` do "
        "it",
        smtp->settings->smtp.url, relay->relay.reply,
        (left_ms + DURATION_MINUTE - 1) / DURATION_MINUTE);
    return true;
}

/* Nothing is asked of the queue before it knows what was heard: what waits there may be just that.
 */
bool smtp_giving_hold_back(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    take_back(smtp);
    end_lost_probe(smtp);
    if (!smtp->is_probing && !count_begun(smtp) && commit_batch_is_empty(sender->batch)) {
        if (!prefetch_release(sender->prefetch, error) || !end_in_long_pause(smtp, error))
            return false;
        bool is_due = !relay_share_wait_ms(&sender->relay) ||
                      sender->relay.relay.state == QUEUE_RELAY_UNREACHABLE;
        if (is_due && !smtp->has_given_up && !smtp_connections_are_busy(smtp) &&
            !begin_probe(smtp, error))
            return false;
    }
    if (smtp->is_probing)
        return smtp_giving_out(smtp, error) && smtp_connections_open(smtp, error);
    close_surplus(smtp, smtp->has_given_up ? 0 : smtp_connections_allowed(smtp));
    return true;
}
