/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SMTP_CONNECTIONS_H
#define DELIVERY_SMTP_CONNECTIONS_H

#include "base/error.h"
#include "delivery/connection.h"

#include <stdbool.h>
#include <stdint.h>

struct deliver_settings;
struct sender;

/* Inside delivery/ only: all connections of smtp_sender_run(), and what is asked of them. */

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
    bool is_refused_at_dot; /* the relay refused last at a final dot, not before */
    bool is_backing_off;    /* given up, as the relay's pause is a long one */
    bool has_held_back;     /* rows wait for the end of the relay's pause */
    struct error failure;   /* of the last session that failed */
    int64_t stopping_ms;    /* when SIGTERM was seen; 0: not yet */
    int store_failures;     /* in a row */
};

int smtp_connections_count(const struct smtp_sender *smtp, enum connection_state state);

/* How many connections may be used now. */
int smtp_connections_allowed(const struct smtp_sender *smtp);

/* Whether any message is on its way. */
bool smtp_connections_are_busy(const struct smtp_sender *smtp);

/* How many messages are in flight whose mark `sending` is not committed. */
int smtp_connections_count_begun(const struct smtp_sender *smtp);

/* How many messages wait for their mark. */
int smtp_connections_count_ready(const struct smtp_sender *smtp);

/* Where a transactional mail leaves soonest; NULL: nowhere yet. */
struct connection *smtp_connections_nearest(const struct smtp_sender *smtp, int allowed);

/* Connections beyond what the relay allows now get nothing and close when they are empty. */
void smtp_connections_close_surplus(struct smtp_sender *smtp, int allowed);

/* Whether the session may have one more message, where the relay counts them; else it is closed
 * once it is empty, because not every relay hangs up itself. */
bool smtp_connections_may_have_more(struct smtp_sender *smtp, struct connection *connection);

/* Whether the relay is about to say something. */
bool smtp_connections_expect(const struct smtp_sender *smtp);

#endif
