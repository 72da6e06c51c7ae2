/* SPDX-License-Identifier: MIT */
#include "delivery/smtp_turn.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "delivery/message_source.h"
#include "delivery/sender.h"
#include "delivery/smtp_backoff.h"
#include "delivery/smtp_connecting.h"
#include "delivery/smtp_connections.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>

/* One turn, in the order of this file:
 *
 *   claim    rows are fetched, composed and put into the dialogues of connections
 *   commit   outcomes of messages that are done, and marks `sending` of those whose final dot waits
 *   release  the final dots that the commit allows, and everything else that can be written
 *   hear     what the relay answered, and what that means for the message: its outcome
 *
 * Nothing here waits but smtp_turn() itself, at its end. A dot never leaves before the commit with
 * its mark, because a process that is killed behind it must find the row marked; and the outcome of
 * the message before it is in that same commit, so each connection has one commit a message. */

enum {
    REFUSED_AT_ONCE = 16, /* messages that a connection may refuse unsent in one turn */
    READ_SIZE = 16 * 1024,
    STORE_TRIES = 20, /* a store that is busy is asked so often */
    STORE_PAUSE_MS = 200,
    TICK_MS = 1000,
    BUSY_TICK_MS = 50,      /* transactional mails are looked for also while the relay is silent */
    STOP_PATIENCE_MS = 1200 /* for answers to messages that have left, once SIGTERM was seen */
};

/* ---- hear, first as the others end sessions: what became of a message ---- */

/* A message is done: its outcome goes to the commit batch, or, where it was not tried, its row back
 * to the prefetch. is_first: of those that a session had when it ended. */
static void take_result(struct smtp_sender *smtp, const struct smtp_result *result, bool is_first)
{
    struct in_flight_message *in_flight = result->owner;
    struct connection *connection = in_flight->connection;
    struct prefetched_row item = in_flight->item;
    if (in_flight->is_dropped) {
        connection_forget(in_flight);
        prefetch_done(item);
        return;
    }
    connection->accepted += result->kind == SMTP_RESULT_ACCEPTED;
    struct smtp_result heard = *result;
    if (smtp_backoff_ends_session(smtp, connection, result))
        heard.kind = SMTP_RESULT_UNSENT;
    const struct outcome_circumstances circumstances = { .attempts = item.row->attempts,
                                                         .was_useful = connection->was_useful,
                                                         .is_first = is_first,
                                                         .now_at = clock_now(smtp->sender->clock),
                                                         .phrases = smtp->settings->phrases };
    struct delivery_outcome outcome;
    outcome_decide(&heard, &circumstances, &outcome);
    smtp_backoff_note_answer(smtp, in_flight, &heard, &outcome);
    /* A 421 alone proves no use, because a relay that only hangs up would be asked for ever. */
    if (result->kind == SMTP_RESULT_ACCEPTED ||
        (result->kind == SMTP_RESULT_REFUSED &&
         (result->reply.code != 421 || outcome.class == OUTCOME_LATER))) {
        connection->was_useful = true;
        smtp->fruitless = 0;
        smtp->pause_ms = 0;
    }
    outcome.item = item;
    outcome.revision = in_flight->revision;
    outcome.is_marked = in_flight->is_marked;
    connection_forget(in_flight);
    if (outcome.class == OUTCOME_UNTRIED && !outcome.is_marked)
        prefetch_return(smtp->sender->prefetch, item);
    else
        commit_batch_add_outcome(smtp->sender->batch, &outcome);
}

/* Closes the connection and takes the result of each message on it. why: NULL where the relay is
 * not to blame. */
static void end_session(struct smtp_sender *smtp, struct connection *connection,
                        const struct error *why)
{
    struct smtp_result result;
    bool is_first = true;
    while (connection_next_result(connection, &result)) {
        if (!result.reply.code && !*result.reply.text && why)
            smtp_reply_set(&result.reply, 0, "", why->message);
        take_result(smtp, &result, is_first);
        is_first = false;
    }
    bool was_useful = connection->was_useful;
    smtp->has_closed = true;
    connection_close(connection, false);
    if (why && !was_useful)
        smtp_backoff_note_fruitless(smtp, why);
}

/* ---- claim ---- */

/* Puts messages into the dialogue while it takes any. More than one only where this session cannot
 * carry what it is given, so that a mailing of such rows does not keep the others waiting. */
static bool fill_connection(struct smtp_sender *smtp, struct connection *connection,
                            struct error *error)
{
    struct sender *sender = smtp->sender;
    int ahead = pace_ahead(&sender->pace);
    int room = ahead < INT_MAX ? ahead - smtp_connections_count_begun(smtp) : INT_MAX;
    for (int tries = 0; tries < REFUSED_AT_ONCE && connection_wants_message(connection); tries++) {
        struct prefetched_row item;
        struct delivery_message message;
        struct smtp_result result;
        bool is_unable = false;
        if (!smtp_connections_may_have_more(smtp, connection))
            return true;
        if (!relay_share_is_closed(&sender->relay) && !sender_refill(sender, false, error))
            return false;
        if ((tries >= room && !prefetch_is_transactional_next(sender->prefetch)) ||
            !prefetch_take(sender->prefetch, &item))
            return true;
        if (sender_compose(sender, item, &message, &is_unable, error)) {
            if (!connection_add(connection, item, &message, &result))
                take_result(smtp, &result, false);
        } else if (!is_unable) {
            prefetch_return(sender->prefetch, item);
            return false;
        }
    }
    return true;
}

/* Transactional mails first: where no connection is free, they take the place of a message of which
 * nothing has been said yet. Then connections that have nothing to do; then the next message behind
 * the present one of the others, so that both share a write. */
static bool give_out(struct smtp_sender *smtp, struct error *error)
{
    struct prefetch *prefetch = smtp->sender->prefetch;
    int allowed = smtp_connections_allowed(smtp);
    struct connection *nearest = NULL;
    smtp_connections_close_surplus(smtp, allowed);
    while (prefetch_is_transactional_next(prefetch) &&
           (nearest = smtp_connections_nearest(smtp, allowed))) {
        struct prefetched_row item;
        if (connection_withdraw(nearest, &item))
            prefetch_return(prefetch, item);
        if (!fill_connection(smtp, nearest, error))
            return false;
    }
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

/* In a pause of the relay: messages of which nothing was said are taken back. What the relay has
 * let through may go, and what it waits for is answered in any case; but where it refuses at the
 * final dot, a message that waits before its dot would only be refused as well. */
static void take_back(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        struct prefetched_row item;
        if (connection->state != CONNECTION_OPEN || !connection_is_busy(connection) ||
            connection_has_probe(connection))
            continue;
        smtp->has_held_back = true;
        if (connection_withdraw(connection, &item))
            prefetch_return(smtp->sender->prefetch, item);
        if (!connection->ready || !smtp->is_refused_at_dot || connection_has_released(connection))
            continue;
        connection->was_useful = true; /* it ends by our own choice: the message is not to blame */
        end_session(smtp, connection, NULL);
    }
}

/* After SIGTERM: what has left is waited for a moment, because else it would be sent again; the
 * rest goes back to the queue. */
static void stop(struct smtp_sender *smtp)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    if (!smtp->stopping_ms)
        smtp->stopping_ms = now_ms;
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        connection_cancel(connection);
        if (connection->state != CONNECTION_OPEN ||
            (connection_has_released(connection) && now_ms - smtp->stopping_ms < STOP_PATIENCE_MS))
            continue;
        connection->was_useful = true;
        end_session(smtp, connection, NULL);
    }
}

/* A free relay gets new messages; one that is paused gets back what it has not begun, and a probe
 * once that is due. */
static bool claim(struct smtp_sender *smtp, struct error *error)
{
    struct sender *sender = smtp->sender;
    if (sender_is_stopped(sender)) {
        stop(smtp);
        return true;
    }
    if (relay_share_is_closed(&sender->relay)) {
        take_back(smtp);
        if (!smtp_backoff_probe(smtp, error))
            return false;
        if (smtp->is_probing)
            return give_out(smtp, error) && smtp_connecting_start(smtp, error);
        smtp_connections_close_surplus(smtp,
                                       smtp->has_given_up ? 0 : smtp_connections_allowed(smtp));
        return true;
    }
    bool is_pressing = !smtp_connections_are_busy(smtp) && prefetch_count(sender->prefetch) == 0 &&
                       commit_batch_is_empty(sender->batch);
    return sender_refill(sender, is_pressing, error) && give_out(smtp, error) &&
           smtp_connecting_start(smtp, error);
}

/* ---- commit, and release ---- */

/* Asks for the marks of those that wait, in the order in which they may leave: first transactional
 * mails, and what stands before one on its connection; then everything else. */
static int ask_for_marks(struct smtp_sender *smtp, struct connection *marked[CONNECTIONS_MAXIMUM])
{
    int count = 0;
    if (smtp->stopping_ms || !pace_is_due(&smtp->sender->pace))
        return 0;
    for (int i = 0; i < 2 * smtp->connection_count; i++) {
        struct connection *connection =
            &smtp->connections[(smtp->first_ready + i) % smtp->connection_count];
        bool is_first = connection_has_transactional(connection);
        if (!connection->ready || is_first != (i < smtp->connection_count))
            continue;
        commit_batch_add_mark(smtp->sender->batch, &connection->ready->mark);
        marked[count++] = connection;
    }
    return count;
}

/* The relay waits for a text that may not be sent any more. SMTP has no word for that, so the
 * connection is closed. */
static void drop_ready(struct smtp_sender *smtp, struct connection *connection)
{
    struct in_flight_message *in_flight = connection->ready;
    const struct queue_row *row = in_flight->item.row;
    if (in_flight->mark.mark != QUEUE_MARK_SUPPRESSED && !row->transactional)
        commit_batch_release(smtp->sender->batch, row->mailing);
    in_flight->is_dropped = true;
    connection->was_useful = true; /* nobody's fault */
    end_session(smtp, connection, NULL);
}

/* A store that is busy is asked again in the next turns, and nothing leaves until it has answered:
 * its marks are asked for anew then. */
static bool commit(struct smtp_sender *smtp, struct error *error)
{
    struct connection *marked[CONNECTIONS_MAXIMUM];
    int count = ask_for_marks(smtp, marked);
    if (commit_batch_is_empty(smtp->sender->batch))
        return true;
    struct error failure;
    if (!commit_batch_write(smtp->sender->batch, &failure)) {
        commit_batch_drop_marks(smtp->sender->batch);
        if (failure.kind == ERROR_TEMPORARY && ++smtp->store_failures < STORE_TRIES)
            return true;
        *error = failure;
        return false;
    }
    smtp->store_failures = 0;
    if (count)
        fault_point("deliver-marked");
    for (int i = 0; i < count; i++) {
        struct connection *connection = marked[i];
        if (connection->ready->mark.is_early) {
            smtp->first_ready = (int)(connection - smtp->connections);
            break; /* the next slot has not come, so it has come for none behind this one either */
        }
        if (connection->ready->mark.mark == QUEUE_MARK_SENDING) {
            connection_release_dot(connection);
            smtp->has_released = true;
        } else {
            drop_ready(smtp, connection);
        }
    }
    return true;
}

/* One write a connection: the released dot and whatever else the dialogue has to say leave
 * together. */
static void flush(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        struct error why;
        if (connection->state == CONNECTION_OPEN && !connection_flush(connection, &why))
            end_session(smtp, connection, &why);
    }
    if (smtp->has_released)
        fault_point("deliver-dot");
    smtp->has_released = false;
}

/* ---- hear ---- */

/* False: the session has ended. */
static bool take_bytes(struct smtp_sender *smtp, struct connection *connection, const char *bytes,
                       size_t length)
{
    size_t at = 0;
    for (;;) {
        size_t used = 0;
        struct smtp_result result;
        struct error why;
        enum smtp_event event = smtp_transaction_receive(connection->transaction, bytes + at,
                                                         length - at, &used, &result);
        at += used;
        switch (event) {
        case SMTP_EVENT_NONE:
            return true;
        case SMTP_EVENT_READY:
            connection->ready = smtp_transaction_ready_owner(connection->transaction);
            break;
        case SMTP_EVENT_RESULT:
            take_result(smtp, &result, true);
            break;
        case SMTP_EVENT_BROKEN:
            smtp_backoff_note_broken_session(smtp, connection, &why);
            end_session(smtp, connection, &why);
            return false;
        }
    }
}

static void read_connection(struct smtp_sender *smtp, struct connection *connection)
{
    char bytes[READ_SIZE];
    bool is_all = false;
    while (!is_all) {
        size_t received = 0;
        struct error why;
        if (!smtp_session_receive(connection->session, bytes, sizeof bytes, &received, &is_all,
                                  &why)) {
            end_session(smtp, connection, &why);
            return;
        }
        if (!received)
            return;
        connection->moved_ms = clock_now(smtp->sender->timer);
        if (!take_bytes(smtp, connection, bytes, received))
            return;
    }
}

/* Waits for wait_ms, but no longer than until the first answer is overdue. */
static bool wait_and_hear(struct smtp_sender *smtp, int64_t wait_ms, struct error *error)
{
    const struct deliver_time *time = smtp->settings->time;
    int64_t now_ms = clock_now(smtp->sender->timer);
    for (int i = 0; i < smtp->connection_count; i++)
        (void)connection_is_overdue(&smtp->connections[i], smtp->settings->patience_ms, now_ms,
                                    &wait_ms);
    struct epoll_event events[CONNECTIONS_MAXIMUM];
    int count = time ? time->wait(smtp->epoll, events, CONNECTIONS_MAXIMUM, (int)wait_ms,
                                  smtp_connections_expect(smtp))
                     : epoll_wait(smtp->epoll, events, CONNECTIONS_MAXIMUM, (int)wait_ms);
    if (count < 0 && errno != EINTR)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    for (int i = 0; i < count; i++) {
        struct connection *connection = events[i].data.ptr;
        switch (connection->state) {
        case CONNECTION_CLOSED:
            break;
        case CONNECTION_CONNECTING:
            smtp_connecting_finish(smtp, connection);
            break;
        case CONNECTION_OPEN:
            read_connection(smtp, connection);
            break;
        }
    }
    return true;
}

/* Only after everything that came was heard, because a process that stood still itself finds the
 * answer lying there. */
static void end_overdue(struct smtp_sender *smtp)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        int64_t left_ms = INT64_MAX;
        if (!connection_is_overdue(connection, smtp->settings->patience_ms, now_ms, &left_ms))
            continue;
        struct error why;
        (void)error_set(&why, ERROR_TEMPORARY, "%s: the relay says nothing at %s",
                        smtp->settings->smtp.url,
                        smtp_step_name(smtp_transaction_step(connection->transaction)));
        end_session(smtp, connection, &why);
    }
}

/* ---- the turn ---- */

/* Until something is to be done by the clock. */
static int64_t next_wait_ms(struct smtp_sender *smtp)
{
    int64_t wait_ms = smtp_connections_are_busy(smtp) ? BUSY_TICK_MS : TICK_MS;
    if (smtp->store_failures)
        return STORE_PAUSE_MS;
    bool is_closed = relay_share_is_closed(&smtp->sender->relay);
    if (smtp->has_closed || !commit_batch_is_empty(smtp->sender->batch) ||
        (prefetch_is_parking(smtp->sender->prefetch) && !is_closed))
        return 0;
    if (is_closed && !smtp->is_probing && !smtp_connections_are_busy(smtp)) {
        int64_t pause_ms = relay_share_wait_ms(&smtp->sender->relay);
        if (pause_ms < wait_ms)
            wait_ms = pause_ms;
    }
    if (smtp_connections_count_ready(smtp)) {
        int64_t pace_ms = pace_wait_ms(&smtp->sender->pace);
        if (pace_ms < wait_ms)
            wait_ms = pace_ms;
    }
    int64_t retry_ms = smtp->retry_ms - clock_now(smtp->sender->timer);
    if (retry_ms > 0 && retry_ms < wait_ms)
        wait_ms = retry_ms;
    return wait_ms;
}

/* A run ends when nothing is due; in a pause only once nothing waits for the pause's end. */
static bool is_done(struct smtp_sender *smtp)
{
    if (!commit_batch_is_empty(smtp->sender->batch))
        return false;
    bool is_closed = smtp_connections_count(smtp, CONNECTION_CLOSED) == smtp->connection_count;
    if (smtp->stopping_ms)
        return is_closed;
    bool is_waiting = relay_share_is_closed(&smtp->sender->relay) && smtp->has_held_back;
    if (!smtp_connections_are_busy(smtp) && prefetch_count(smtp->sender->prefetch) == 0 &&
        !prefetch_is_parking(smtp->sender->prefetch) && !is_waiting) {
        smtp->has_given_up = false; /* the work is done all the same */
        return true;
    }
    return smtp->has_given_up && is_closed;
}

/* What other workers learnt of the relay is taken in first, because it decides what may be claimed.
 */
bool smtp_turn(struct smtp_sender *smtp, bool *is_over, struct error *error)
{
    struct sender *sender = smtp->sender;
    if (!relay_share_read(&sender->relay, error))
        return false;
    pace_ease(&sender->pace, relay_share_rate(&sender->relay));
    if (!claim(smtp, error) || !commit(smtp, error))
        return false;
    flush(smtp);
    *is_over = is_done(smtp);
    if (*is_over)
        return true;
    int64_t wait_ms = next_wait_ms(smtp);
    smtp->has_closed = false;
    if (!wait_and_hear(smtp, wait_ms, error))
        return false;
    end_overdue(smtp);
    sender_report(sender);
    return true;
}

void smtp_turn_end_all(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++)
        connection_cancel(&smtp->connections[i]);
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        struct smtp_reply reply;
        struct error ignored;
        /* It may have logged in meanwhile, and is then left with QUIT as the others are. */
        if (connection->state == CONNECTION_CONNECTING)
            (void)connection_finish_connecting(connection, smtp->level, &reply, &ignored);
        if (connection_is_busy(connection))
            end_session(smtp, connection, NULL);
        connection_close(connection, true);
        connection_release(connection);
    }
}
