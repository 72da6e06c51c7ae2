/* SPDX-License-Identifier: MIT */
#include "delivery/connection.h"

#include "base/clock.h"
#include "base/error.h"
#include "delivery/message_source.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/epoll.h>

void connection_init(struct connection *connection, int epoll, const struct clock *timer)
{
    *connection = (struct connection){ .epoll = epoll, .timer = timer };
    for (int i = 0; i < CONNECTION_MESSAGES; i++) {
        struct in_flight_message *in_flight = &connection->messages[i];
        in_flight->connection = connection;
        string_builder_init(&in_flight->bytes, 0);
        string_builder_init(&in_flight->sender, 1024);
        string_builder_init(&in_flight->recipient, 1024);
    }
}

void connection_release(struct connection *connection)
{
    connection_close(connection, false);
    for (int i = 0; i < CONNECTION_MESSAGES; i++) {
        assert(!connection->messages[i].is_used);
        string_builder_release(&connection->messages[i].bytes);
        string_builder_release(&connection->messages[i].sender);
        string_builder_release(&connection->messages[i].recipient);
    }
}

/* The connection stands in the epoll set as itself, so that what is ready is found without a
 * search. */
static bool poll_set(struct connection *connection, int operation, uint32_t events,
                     struct error *error)
{
    struct epoll_event event = { .events = events, .data.ptr = connection };
    if (epoll_ctl(connection->epoll, operation, smtp_session_descriptor(connection->session),
                  &event) == 0)
        return true;
    return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
}

bool connection_start(struct connection *connection, const struct smtp_session_settings *settings,
                      struct error *error)
{
    assert(connection->state == CONNECTION_CLOSED);
    connection->session = smtp_session_start(settings, error);
    if (!connection->session)
        return false;
    connection->state = CONNECTION_CONNECTING;
    connection->was_useful = false;
    connection->given = 0;
    connection->accepted = 0;
    connection->is_spent = false;
    connection->waits_for_write = false;
    connection->ready = NULL;
    if (poll_set(connection, EPOLL_CTL_ADD, EPOLLIN, error))
        return true;
    connection_close(connection, false);
    return false;
}

bool connection_finish_connecting(struct connection *connection, enum smtp_pipelining level,
                                  struct smtp_reply *reply, struct error *error)
{
    assert(connection->state == CONNECTION_CONNECTING);
    /* Until now the descriptor was the one by which the connecting thread tells that it has ended;
     * from here on it is the socket. */
    (void)epoll_ctl(connection->epoll, EPOLL_CTL_DEL, smtp_session_descriptor(connection->session),
                    NULL);
    bool is_ready = smtp_session_finish(connection->session, error) == SMTP_SESSION_READY;
    *reply = *smtp_session_reply(connection->session);
    if (!is_ready || !poll_set(connection, EPOLL_CTL_ADD, EPOLLIN, error)) {
        connection_close(connection, false);
        return false;
    }
    connection->transaction = smtp_transaction_new(smtp_session_capabilities(connection->session),
                                                   level);
    connection->state = CONNECTION_OPEN;
    connection->moved_ms = clock_now(connection->timer);
    return true;
}

bool connection_is_busy(const struct connection *connection)
{
    return connection->messages[0].is_used || connection->messages[1].is_used;
}

/* Only a message whose mark was committed: no other dot may have left. */
bool connection_has_released(const struct connection *connection)
{
    return (connection->messages[0].is_used && connection->messages[0].is_marked) ||
           (connection->messages[1].is_used && connection->messages[1].is_marked);
}

bool connection_has_probe(const struct connection *connection)
{
    return (connection->messages[0].is_used && connection->messages[0].item.is_probe) ||
           (connection->messages[1].is_used && connection->messages[1].item.is_probe);
}

static bool is_waiting_transactional(const struct in_flight_message *in_flight)
{
    return in_flight->is_used && !in_flight->is_marked && in_flight->item.row->transactional;
}

bool connection_has_transactional(const struct connection *connection)
{
    return is_waiting_transactional(&connection->messages[0]) ||
           is_waiting_transactional(&connection->messages[1]);
}

bool connection_wants_message(const struct connection *connection)
{
    return connection->state == CONNECTION_OPEN &&
           smtp_transaction_wants_message(connection->transaction);
}

/* There is one whenever connection_wants_message() says so: the dialogue has as many places. */
static struct in_flight_message *free_message(struct connection *connection)
{
    int at = 0;
    while (connection->messages[at].is_used && at + 1 < CONNECTION_MESSAGES)
        at++;
    assert(!connection->messages[at].is_used);
    return &connection->messages[at];
}

/* The composer's text is taken as it is, and the in_flight's old one given for it: nothing is
 * copied.
 */
static void put_bytes(struct in_flight_message *in_flight, const struct delivery_message *message)
{
    if (message->text) {
        struct string_builder old = in_flight->bytes;
        in_flight->bytes = *message->text;
        *message->text = old;
        return;
    }
    string_builder_clear(&in_flight->bytes);
    string_builder_append_bytes(&in_flight->bytes, message->bytes, message->length);
}

bool connection_add(struct connection *connection, struct prefetched_row item,
                    const struct delivery_message *message, struct smtp_result *result)
{
    struct in_flight_message *in_flight = free_message(connection);
    const struct queue_row *row = item.row;
    in_flight->is_used = true;
    in_flight->is_marked = false;
    in_flight->is_dropped = false;
    in_flight->item = item;
    in_flight->revision = message->revision;
    in_flight->mark = (struct commit_mark){ .row = row, .revision = message->revision };
    put_bytes(in_flight, message);
    string_builder_clear(&in_flight->sender);
    string_builder_append(&in_flight->sender, message->sender);
    string_builder_clear(&in_flight->recipient);
    string_builder_append(&in_flight->recipient, message->recipient);
    if (row->transactional)
        (void)snprintf(in_flight->envelope_id, sizeof in_flight->envelope_id, "s%" PRId64,
                       row->transactional);
    else
        (void)snprintf(in_flight->envelope_id, sizeof in_flight->envelope_id,
                       "d%" PRId64 "-%" PRId64, row->announcement, row->subscriber);
    struct smtp_message sent = { .sender = in_flight->sender.data ? in_flight->sender.data : "",
                                 .recipient = in_flight->recipient.data,
                                 .envelope_id = in_flight->envelope_id,
                                 .is_eight_bit = message->is_eight_bit,
                                 .data = in_flight->bytes.data,
                                 .length = in_flight->bytes.length,
                                 .owner = in_flight };
    /* An idle session owes no answer, so the time for one begins with what is said now. */
    if (smtp_transaction_is_idle(connection->transaction))
        connection->moved_ms = clock_now(connection->timer);
    connection->given++;
    return smtp_transaction_add(connection->transaction, &sent, result);
}

void connection_forget(struct in_flight_message *in_flight)
{
    in_flight->is_used = false;
    if (in_flight->connection->ready == in_flight)
        in_flight->connection->ready = NULL;
}

/* Only one of which no command has left can be taken back: of any other the relay may hold a part,
 * and its row has to end with an answer. */
bool connection_withdraw(struct connection *connection, struct prefetched_row *item)
{
    struct in_flight_message *in_flight = smtp_transaction_unsaid_owner(connection->transaction);
    if (!in_flight)
        return false;
    smtp_transaction_withdraw(connection->transaction);
    *item = in_flight->item;
    connection->given--;
    connection_forget(in_flight);
    return true;
}

/* A transactional mail is never withdrawn to make room for another one, because they leave in the
 * order in which they were asked for. */
int connection_answers_ahead(const struct connection *connection)
{
    if (connection->state != CONNECTION_OPEN)
        return -1;
    const struct in_flight_message *unsaid = smtp_transaction_unsaid_owner(connection->transaction);
    return unsaid && unsaid->item.row->transactional
               ? -1
               : smtp_transaction_answers_ahead(connection->transaction);
}

/* The answer to the dot is owed from now on: while the text waited for its commit, the relay was
 * not late. */
void connection_release_dot(struct connection *connection)
{
    connection->ready->is_marked = true;
    connection->ready = NULL;
    connection->moved_ms = clock_now(connection->timer);
    smtp_transaction_release(connection->transaction);
}

bool connection_flush(struct connection *connection, struct error *error)
{
    struct smtp_piece pieces[SMTP_PIECES_MAXIMUM];
    size_t count = smtp_transaction_output(connection->transaction, pieces);
    bool waits = false;
    if (count) {
        size_t sent = 0;
        bool done = smtp_session_send(connection->session, pieces, count, &sent, error);
        smtp_transaction_written(connection->transaction, sent);
        /* Of what TLS keeps a final dot may still leave at closing: then the outcome is
         * indeterminate. */
        smtp_transaction_held(connection->transaction, smtp_session_held(connection->session));
        if (!done)
            return false;
        if (sent)
            connection->moved_ms = clock_now(connection->timer);
        waits = smtp_transaction_output(connection->transaction, pieces) > 0;
    }
    /* Writability is only watched while something waits to be written, because else epoll would
     * return at once, over and over. */
    if (waits == connection->waits_for_write)
        return true;
    connection->waits_for_write = waits;
    return poll_set(connection, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN, error);
}

bool connection_is_overdue(const struct connection *connection, int64_t patience_ms, int64_t now_ms,
                           int64_t *wait_ms)
{
    if (connection->state != CONNECTION_OPEN)
        return false;
    int64_t patience = smtp_transaction_timeout_ms(connection->transaction);
    if (patience < 0)
        return false;
    if (patience_ms && patience_ms < patience)
        patience = patience_ms;
    /* settings.patience_ms can only shorten what RFC 5321 section 4.5.3.2 allows for this step. */
    int64_t left = connection->moved_ms + patience - now_ms;
    if (left < *wait_ms)
        *wait_ms = left > 0 ? left : 0;
    return left <= 0;
}

bool connection_next_result(struct connection *connection, struct smtp_result *result)
{
    return connection->transaction && smtp_transaction_abandon(connection->transaction, result);
}

void connection_cancel(struct connection *connection)
{
    if (connection->state == CONNECTION_CONNECTING)
        smtp_session_cancel(connection->session);
}

void connection_close(struct connection *connection, bool is_polite)
{
    static const struct smtp_piece quit = { "QUIT\r\n", 6 };
    /* The answer to QUIT is not waited for: every message has its own by now. */
    if (connection->state == CONNECTION_OPEN && is_polite) {
        struct error ignored;
        size_t sent = 0;
        (void)smtp_session_send(connection->session, &quit, 1, &sent, &ignored);
    }
    if (connection->session)
        (void)epoll_ctl(connection->epoll, EPOLL_CTL_DEL,
                        smtp_session_descriptor(connection->session), NULL);
    smtp_transaction_free(connection->transaction);
    smtp_session_free(connection->session);
    connection->transaction = NULL;
    connection->session = NULL;
    connection->ready = NULL;
    connection->state = CONNECTION_CLOSED;
}
