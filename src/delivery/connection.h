/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_CONNECTION_H
#define DELIVERY_CONNECTION_H

#include "base/string_builder.h"
#include "delivery/commit_batch.h"
#include "delivery/prefetch.h"
#include "net/smtp.h"

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct delivery_message;
struct error;
struct connection;

/* Inside delivery/ only: one connection to the relay, and the messages on their way over it. */

enum { CONNECTION_MESSAGES = 2 };

/* A message on its way over a connection: the row and its own copy of the bytes. */
struct in_flight_message {
    struct connection *connection;
    bool is_used;
    bool is_marked;  /* committed as `sending`: its dot may have left */
    bool is_dropped; /* its mark was denied: it must not be sent, and its row is dealt with */
    struct prefetched_row item;
    struct commit_mark mark;
    struct string_builder bytes;
    struct string_builder sender;
    struct string_builder recipient;
    char envelope_id[48];
    int64_t revision;
};

enum connection_state { CONNECTION_CLOSED, CONNECTION_CONNECTING, CONNECTION_OPEN };

/* What a connection needs to come back. */
struct connection {
    enum connection_state state;
    int epoll;
    const struct clock *timer;
    struct smtp_session *session;
    struct smtp_transaction *transaction;
    struct in_flight_message messages[CONNECTION_MESSAGES];
    struct in_flight_message *ready; /* its text is asked for and its mark not yet committed */
    int64_t moved_ms;                /* when bytes last moved */
    bool was_useful;                 /* this session brought an answer to a message */
    int given;                       /* messages put into this session */
    int accepted;                    /* of them */
    bool is_spent;                   /* the relay takes no more in this session */
    bool waits_for_write;
};

/* timer: what moved_ms is of; it must outlive the connection. */
void connection_init(struct connection *connection, int epoll, const struct clock *timer);

/* Closes and frees all. What is still in it must have been taken out (connection_next_result). */
void connection_release(struct connection *connection);

/* Closed → connecting; its descriptor is in the epoll set with the connection as data. */
bool connection_start(struct connection *connection, const struct smtp_session_settings *settings,
                      struct error *error);

/* Connecting → open or, false with *error filled, closed. *reply: the relay's last words. */
bool connection_finish_connecting(struct connection *connection, enum smtp_pipelining level,
                                  struct smtp_reply *reply, struct error *error);

/* Whether messages are on their way over it. */
bool connection_is_busy(const struct connection *connection);

/* Whether the final dot of one of them may have left. */
bool connection_has_released(const struct connection *connection);

/* Whether one of them probes a relay that has paused (prefetch_probe). */
bool connection_has_probe(const struct connection *connection);

/* Whether one of them is a transactional mail that is not marked yet. */
bool connection_has_transactional(const struct connection *connection);

/* Whether one more message may be put in. */
bool connection_wants_message(const struct connection *connection);

/* Copies the message into a free in_flight and the dialogue. False, with *result filled, where this
 * session cannot carry it: its in_flight is used until connection_forget(). */
bool connection_add(struct connection *connection, struct prefetched_row item,
                    const struct delivery_message *message, struct smtp_result *result);

/* The in_flight of a result is free again; its row is somebody else's care. */
void connection_forget(struct in_flight_message *in_flight);

/* Lets the final dot of the ready in_flight go. */
void connection_release_dot(struct connection *connection);

/* Takes out the message that waits behind another and of which nothing has been said: its item;
 * false where there is none. Of an open connection. */
bool connection_withdraw(struct connection *connection, struct prefetched_row *item);

/* How many answers of the relay come before those to a transactional mail that is put in now, in
 * the place of a mailing's that could be withdrawn, if need be; -1: there is no room. */
int connection_answers_ahead(const struct connection *connection);

/* Writes what can be written now. False: the connection is gone. */
bool connection_flush(struct connection *connection, struct error *error);

/* Whether an answer is overdue; patience_ms 0: as long as RFC 5321 allows. *wait_ms is lowered to
 * the time left. */
bool connection_is_overdue(const struct connection *connection, int64_t patience_ms, int64_t now_ms,
                           int64_t *wait_ms);

/* Takes out what is in the dialogue after the session ended; false when nothing is left. */
bool connection_next_result(struct connection *connection, struct smtp_result *result);

/* A connection that is being made is given up: it ends as connecting does, very soon. */
void connection_cancel(struct connection *connection);

/* Any state → closed. is_polite: says QUIT, and waits for no answer. */
void connection_close(struct connection *connection, bool is_polite);

#endif
