/* SPDX-License-Identifier: MIT */
#include "delivery/sender.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/memory.h"
#include "delivery/connection.h"
#include "delivery/smtp_connections.h"
#include "delivery/smtp_giving.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAXIMUM = 100,
    READ_SIZE = 16 * 1024,
    STORE_TRIES = 20, /* a store that is busy is asked so often */
    STORE_PAUSE_MS = 200,
    TICK_MS = 1000,
    BUSY_TICK_MS = 50, /* transactional mails are looked for also while the relay says nothing */
    STOP_PATIENCE_MS = 1200 /* for answers to messages that have left, once told to stop */
};

/* ---- the commit, and what may leave after it ---- */

static int count_ready(const struct smtp_sender *smtp)
{
    int ready = 0;
    for (int i = 0; i < smtp->connection_count; i++)
        ready += smtp->connections[i].ready != NULL;
    return ready;
}

static bool is_transactional(const struct in_flight_message *in_flight)
{
    return in_flight->is_used && !in_flight->is_marked && in_flight->item.row->transactional;
}

/* Those that wait, in the order of their turns: transactional mails, and what stands before one on
 * its connection, then everything else. */
static int ask_for_marks(struct smtp_sender *smtp, struct connection *marked[CONNECTIONS_MAXIMUM])
{
    int count = 0;
    if (smtp->stopping_ms || !pace_is_due(&smtp->sender->pace))
        return 0;
    for (int i = 0; i < 2 * smtp->connection_count; i++) {
        struct connection *connection =
            &smtp->connections[(smtp->first_ready + i) % smtp->connection_count];
        bool is_first = is_transactional(&connection->messages[0]) ||
                        is_transactional(&connection->messages[1]);
        if (!connection->ready || is_first != (i < smtp->connection_count))
            continue;
        commit_batch_add_mark(smtp->sender->batch, &connection->ready->mark);
        marked[count++] = connection;
    }
    return count;
}

/* The relay waits for a text that may not be sent any more: all that helps is to hang up. */
static void drop_ready(struct smtp_sender *smtp, struct connection *connection)
{
    struct in_flight_message *in_flight = connection->ready;
    const struct queue_row *row = in_flight->item.row;
    if (in_flight->mark.mark != QUEUE_MARK_SUPPRESSED && !row->transactional)
        commit_batch_release(smtp->sender->batch, row->mailing);
    in_flight->is_dropped = true;
    connection->was_useful = true; /* nobody's fault */
    smtp_connections_end_session(smtp, connection, NULL);
}

/* A busy store is asked again: nothing leaves until it has answered. */
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
            break; /* so are those behind it */
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

static void flush(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        struct error why;
        if (connection->state == CONNECTION_OPEN && !connection_flush(connection, &why))
            smtp_connections_end_session(smtp, connection, &why);
    }
    if (smtp->has_released)
        fault_point("deliver-dot");
    smtp->has_released = false;
}

/* ---- what comes in ---- */

static bool take_bytes(struct smtp_sender *smtp, struct connection *connection, const char *bytes,
                       size_t length)
{
    size_t at = 0;
    for (;;) {
        size_t used = 0;
        struct smtp_result result;
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
            smtp_connections_take_result(smtp, &result, true);
            break;
        case SMTP_EVENT_BROKEN:
            smtp_connections_end_broken_session(smtp, connection);
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
            smtp_connections_end_session(smtp, connection, &why);
            return;
        }
        if (!received)
            return;
        connection->moved_ms = clock_now(smtp->sender->timer);
        if (!take_bytes(smtp, connection, bytes, received))
            return;
    }
}

/* Lowers *wait_ms to the moment when the first answer is overdue. */
static void wait_at_most_for_answers(struct smtp_sender *smtp, int64_t *wait_ms)
{
    int64_t now_ms = clock_now(smtp->sender->timer);
    for (int i = 0; i < smtp->connection_count; i++)
        (void)connection_is_overdue(&smtp->connections[i], smtp->settings->patience_ms, now_ms,
                                    wait_ms);
}

/* After what has come was heard: a process that stood still itself had the answer lying there. */
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
        smtp_connections_end_session(smtp, connection, &why);
    }
}

/* Whether the relay is about to say something. */
static bool is_expecting(const struct smtp_sender *smtp)
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

static bool wait_for_events(struct smtp_sender *smtp, int64_t wait_ms, struct error *error)
{
    const struct deliver_time *time = smtp->settings->time;
    struct epoll_event events[CONNECTIONS_MAXIMUM];
    int count = time ? time->wait(smtp->epoll, events, CONNECTIONS_MAXIMUM, (int)wait_ms,
                                  is_expecting(smtp))
                     : epoll_wait(smtp->epoll, events, CONNECTIONS_MAXIMUM, (int)wait_ms);
    if (count < 0 && errno != EINTR)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    for (int i = 0; i < count; i++) {
        struct connection *connection = events[i].data.ptr;
        switch (connection->state) {
        case CONNECTION_CLOSED:
            break;
        case CONNECTION_CONNECTING:
            smtp_connections_finish_connecting(smtp, connection);
            break;
        case CONNECTION_OPEN:
            read_connection(smtp, connection);
            break;
        }
    }
    return true;
}

/* ---- the loop ---- */

/* Told to stop: what has left is waited for a moment, the rest goes back. */
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
        smtp_connections_end_session(smtp, connection, NULL);
    }
}

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
    if (count_ready(smtp)) {
        int64_t pace_ms = pace_wait_ms(&smtp->sender->pace);
        if (pace_ms < wait_ms)
            wait_ms = pace_ms;
    }
    int64_t retry_ms = smtp->retry_ms - clock_now(smtp->sender->timer);
    if (retry_ms > 0 && retry_ms < wait_ms)
        wait_ms = retry_ms;
    return wait_ms;
}

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

/* One turn: give out, write the counts, let go what they allow, hear what comes. */
static bool turn(struct smtp_sender *smtp, bool *is_over, struct error *error)
{
    struct sender *sender = smtp->sender;
    if (!relay_share_look(&sender->relay, error))
        return false;
    pace_ease(&sender->pace, relay_share_rate(&sender->relay));
    if (sender_is_stopped(sender)) {
        stop(smtp);
    } else if (relay_share_is_closed(&sender->relay)) {
        if (!smtp_giving_hold_back(smtp, error))
            return false;
    } else {
        bool is_pressing = !smtp_connections_are_busy(smtp) &&
                           prefetch_count(sender->prefetch) == 0 &&
                           commit_batch_is_empty(sender->batch);
        if (!sender_refill(sender, is_pressing, error) || !smtp_giving_out(smtp, error) ||
            !smtp_connections_open(smtp, error))
            return false;
    }
    if (!commit(smtp, error))
        return false;
    flush(smtp);
    *is_over = is_done(smtp);
    if (*is_over)
        return true;
    int64_t wait_ms = next_wait_ms(smtp);
    smtp->has_closed = false;
    wait_at_most_for_answers(smtp, &wait_ms);
    if (!wait_for_events(smtp, wait_ms, error))
        return false;
    end_overdue(smtp);
    sender_report(sender);
    return true;
}

static bool send_all(struct smtp_sender *smtp, struct error *error)
{
    bool is_over = false;
    while (!is_over) {
        if (!turn(smtp, &is_over, error))
            return false;
    }
    if (!smtp->has_given_up || smtp->stopping_ms || (smtp->is_backing_off && smtp->settings->stays))
        return true;
    *error = smtp->failure;
    return false;
}

static void release_connections(struct smtp_sender *smtp)
{
    for (int i = 0; i < smtp->connection_count; i++)
        connection_cancel(&smtp->connections[i]);
    for (int i = 0; i < smtp->connection_count; i++) {
        struct connection *connection = &smtp->connections[i];
        if (connection_is_busy(connection))
            smtp_connections_end_session(smtp, connection, NULL);
        connection_close(connection, true);
        connection_release(connection);
    }
    free(smtp->connections);
}

bool smtp_sender_run(struct sender *sender, struct error *error)
{
    int wanted = sender->settings->connections;
    struct smtp_sender smtp = { .sender = sender,
                                .settings = sender->settings,
                                .epoll = epoll_create1(EPOLL_CLOEXEC),
                                .connection_count = wanted < 1 ? 1
                                                    : wanted > CONNECTIONS_MAXIMUM
                                                        ? CONNECTIONS_MAXIMUM
                                                        : wanted,
                                .level = SMTP_PIPELINING_MESSAGES,
                                .has_held_back = true }; /* of an earlier run, perhaps */
    if (smtp.epoll < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    smtp.connections = memory_allocate_array((size_t)smtp.connection_count,
                                             sizeof *smtp.connections);
    for (int i = 0; i < smtp.connection_count; i++)
        connection_init(&smtp.connections[i], smtp.epoll, sender->timer);
    sender->relay = (struct relay_share){ .database = sender->database,
                                          .clock = sender->clock,
                                          .timer = sender->timer,
                                          .url = sender->settings->smtp.url,
                                          .unit_ms = sender->settings->pause_ms };
    bool done = relay_share_open(&sender->relay, error) && send_all(&smtp, error);
    release_connections(&smtp);
    (void)close(smtp.epoll);
    return done;
}
