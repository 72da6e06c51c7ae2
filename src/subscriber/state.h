/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_STATE_H
#define SUBSCRIBER_STATE_H

#include <stdbool.h>

#include "database/sql_macro.h"

/* Inside subscriber/ only; others include subscriber.h. The opt-in state machine: one table, asked
 * by web, reply, command line and import alike. Numbers of both enums stand in the database, and
 * their words in what `subscriber show --json` says: they never change. */
#define SUBSCRIBER_STATES(X)                                                                       \
    X(SUBSCRIBER_NONE, 0, "none") /* not known */                                                  \
    X(SUBSCRIBER_PENDING, 1, "pending")                                                            \
    X(SUBSCRIBER_CONFIRMED, 2, "confirmed")                                                        \
    X(SUBSCRIBER_UNSUBSCRIBED, 3, "unsubscribed")                                                  \
    X(SUBSCRIBER_BOUNCED, 4, "bounced")                                                            \
    X(SUBSCRIBER_COMPLAINED, 5, "complained")                                                      \
    X(SUBSCRIBER_EXPIRED, 6, "expired")

enum subscriber_state { SUBSCRIBER_STATES(SQL_NAMED_ENUMERATOR) SUBSCRIBER_STATE_COUNT = 7 };

/* The subscriber's own request makes a confirmation mail; so does an import that asks in the
 * subscriber's stead. What is granted is consent given elsewhere, with evidence. One confirms by
 * link or reply, changes feeds, cadence or language, unsubscribes from everything, bounces for
 * good, complains of a mail as unwanted, and expires where the confirmation never came. */
#define SUBSCRIBER_EVENTS(X)                                                                       \
    X(SUBSCRIBER_REQUESTS, 1, "requested")                                                         \
    X(SUBSCRIBER_OFFERED, 2, "offered")                                                            \
    X(SUBSCRIBER_GRANTED, 3, "granted")                                                            \
    X(SUBSCRIBER_CONFIRMS, 4, "confirmed")                                                         \
    X(SUBSCRIBER_CHANGES, 5, "changed")                                                            \
    X(SUBSCRIBER_UNSUBSCRIBES, 6, "unsubscribed")                                                  \
    X(SUBSCRIBER_BOUNCES, 7, "bounced")                                                            \
    X(SUBSCRIBER_COMPLAINS, 8, "complained")                                                       \
    X(SUBSCRIBER_EXPIRES, 9, "expired")

enum subscriber_event { SUBSCRIBER_EVENTS(SQL_NAMED_ENUMERATOR) SUBSCRIBER_EVENT_COUNT = 10 };

enum subscriber_step {
    SUBSCRIBER_REFUSED, /* this may not happen here */
    SUBSCRIBER_STAYS,   /* harmless repetition: nothing to write down */
    SUBSCRIBER_MOVES    /* an event is written down; the state may be the same as before */
};

/* What event does in state; *next is set with SUBSCRIBER_MOVES and SUBSCRIBER_STAYS. */
enum subscriber_step subscriber_step(enum subscriber_state state, enum subscriber_event event,
                                     enum subscriber_state *next);

/* "pending", "confirmed" …; "none". */
const char *subscriber_state_name(enum subscriber_state state);
/* Not for "none". */
bool subscriber_state_parse(const char *name, enum subscriber_state *state);

/* "requested", "confirmed", "unsubscribed" …, as `subscriber show --json` says it. */
const char *subscriber_event_name(enum subscriber_event event);

#endif
