/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_LANE_H
#define DELIVERY_LANE_H

#include "base/string_builder.h"
#include "delivery/ledger.h"
#include "delivery/supply.h"
#include "net/smtp_session.h"
#include "net/smtp_transaction.h"

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct delivery_message;
struct error;
struct lane;

enum { LANE_PARCELS = 2 };

/* A message on its way over a lane: the row and its own copy of the bytes. */
struct parcel {
    struct lane *lane;
    bool is_used;
    bool is_marked;  /* committed as `sending`: its dot may have left */
    bool is_dropped; /* its mark was denied: it must not be sent, and its row is dealt with */
    struct supply_item item;
    struct ledger_mark mark;
    struct string_builder bytes;
    struct string_builder sender;
    struct string_builder recipient;
    char envelope_id[48];
    int64_t revision;
};

enum lane_state { LANE_CLOSED, LANE_CONNECTING, LANE_OPEN };

/* One connection to the relay, and what it needs to come back. */
struct lane {
    enum lane_state state;
    int epoll;
    const struct clock *timer;
    struct smtp_session *session;
    struct smtp_transaction *transaction;
    struct parcel parcels[LANE_PARCELS];
    struct parcel *ready; /* its text is asked for and its mark not yet committed */
    int64_t moved_ms;     /* when bytes last moved */
    bool was_useful;      /* this session brought an answer to a message */
    int given;            /* messages put into this session */
    int accepted;         /* of them */
    bool is_spent;        /* the relay takes no more in this session */
    bool waits_for_write;
};

/* timer: what moved_ms is of; it must outlive the lane. */
void lane_init(struct lane *lane, int epoll, const struct clock *timer);

/* Closes and frees all. What is still in it must have been taken out (lane_next_result). */
void lane_release(struct lane *lane);

/* Closed → connecting; its descriptor is in the epoll set with the lane as data. */
bool lane_start(struct lane *lane, const struct smtp_session_settings *settings,
                struct error *error);

/* Connecting → open or, false with *error filled, closed. *reply: the relay's last words. */
bool lane_finish_connecting(struct lane *lane, enum smtp_pipelining level, struct smtp_reply *reply,
                            struct error *error);

/* Whether messages are on their way over it. */
bool lane_has_parcels(const struct lane *lane);

/* Whether the final dot of one of them may have left. */
bool lane_has_left(const struct lane *lane);

/* Whether one more message may be put in. */
bool lane_wants_parcel(const struct lane *lane);

/* Copies the message into a free parcel and the dialogue. False, with *result filled, where this
 * session cannot carry it: its parcel is used until lane_forget(). */
bool lane_put(struct lane *lane, struct supply_item item, const struct delivery_message *message,
              struct smtp_result *result);

/* The parcel of a result is free again; its row is somebody else's care. */
void lane_forget(struct parcel *parcel);

/* Lets the final dot of the ready parcel go. */
void lane_release_dot(struct lane *lane);

/* Takes out the message that waits behind another and of which nothing has been said: its item;
 * false where there is none. Of an open lane. */
bool lane_withdraw(struct lane *lane, struct supply_item *item);

/* How many answers of the relay come before those to a single mail that is put in now, in the place
 * of a mailing's that could be withdrawn, if need be; -1: there is no room. */
int lane_answers_ahead(const struct lane *lane);

/* Writes what can be written now. False: the connection is gone. */
bool lane_flush(struct lane *lane, struct error *error);

/* Whether an answer is overdue; patience_ms 0: as long as RFC 5321 allows. *wait_ms is lowered to
 * the time left. */
bool lane_is_overdue(const struct lane *lane, int64_t patience_ms, int64_t now_ms,
                     int64_t *wait_ms);

/* Takes out what is in the dialogue after the session ended; false when nothing is left. */
bool lane_next_result(struct lane *lane, struct smtp_result *result);

/* A connection that is being made is given up: it ends as connecting does, very soon. */
void lane_cancel(struct lane *lane);

/* Any state → closed. is_polite: says QUIT, and waits for no answer. */
void lane_close(struct lane *lane, bool is_polite);

#endif
