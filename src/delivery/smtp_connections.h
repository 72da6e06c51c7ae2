/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SMTP_CONNECTIONS_H
#define DELIVERY_SMTP_CONNECTIONS_H

#include "base/error.h"
#include "delivery/connection.h"

#include <stdbool.h>
#include <stdint.h>

struct deliver_settings;
struct sender;

/* The connections of smtp_sender_run(): how they begin and end, and what becomes of the messages on
 * them. */

struct smtp_sender {
    struct sender *sender;
    const struct deliver_settings *settings;
    int epoll;
    struct connection *connections;
    int connection_count;
    int first_ready; /* whose turn it is when messages leave one by one */
    enum smtp_pipelining level;
    bool was_opened;  /* some session of this run stood */
    int fruitless;    /* sessions in a row that brought nothing */
    int64_t pause_ms; /* before connecting again; grows */
    int64_t retry_ms;
    bool has_released; /* in this turn: final dots may be in the outputs */
    bool has_closed;   /* a session ended in this turn: see at once what to do about it */
    bool has_given_up;
    bool is_probing;        /* a probe is under way, or about to be */
    bool is_refused_at_dot; /* where the relay's trouble was told last */
    bool is_backing_off;    /* given up, as the relay's pause is a long one */
    bool has_held_back;     /* rows wait for the end of the relay's trouble */
    struct error failure;   /* of the last session that failed */
    int64_t stopping_ms;    /* when told to stop; 0: not yet */
    int store_failures;     /* in a row */
};

int smtp_connections_count(const struct smtp_sender *smtp, enum connection_state state);

/* How many connections may be used now. */
int smtp_connections_allowed(const struct smtp_sender *smtp);

/* Whether any message is on its way. */
bool smtp_connections_are_busy(const struct smtp_sender *smtp);

/* A message is done: its outcome goes to the batch, or, untried, its row back to the prefetch.
 * is_first: of those that a session had when it ended. */
void smtp_connections_take_result(struct smtp_sender *smtp, const struct smtp_result *result,
                                  bool is_first);

/* Closes the connection and takes the result of each message on it. why: NULL where it is nobody's
 * fault. */
void smtp_connections_end_session(struct smtp_sender *smtp, struct connection *connection,
                                  const struct error *why);

/* The relay ended the session with a reply, or broke the protocol. A relay that cannot keep up
 * with what it offers is asked for less. */
void smtp_connections_end_broken_session(struct smtp_sender *smtp, struct connection *connection);

void smtp_connections_finish_connecting(struct smtp_sender *smtp, struct connection *connection);

/* Opens one at first, to see whether the relay is there; then as many as there is work for. False:
 * the system failed. */
bool smtp_connections_open(struct smtp_sender *smtp, struct error *error);

#endif
