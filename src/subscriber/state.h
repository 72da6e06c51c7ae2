/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_STATE_H
#define SUBSCRIBER_STATE_H

#include <stdbool.h>

#include "database/sql_macro.h"

/* Inside subscriber/ only; others include subscriber.h. The opt-in state machine: one table, asked
 * by web, reply, command line and import alike. Numbers of both enums stand in the database: they
 * never change. */
#define SUBSCRIBER_STATES(X)                                                                       \
    X(SUBSCRIBER_NONE, 0) /* not known */                                                          \
    X(SUBSCRIBER_PENDING, 1)                                                                       \
    X(SUBSCRIBER_CONFIRMED, 2)                                                                     \
    X(SUBSCRIBER_UNSUBSCRIBED, 3)                                                                  \
    X(SUBSCRIBER_BOUNCED, 4)                                                                       \
    X(SUBSCRIBER_COMPLAINED, 5)                                                                    \
    X(SUBSCRIBER_EXPIRED, 6)

enum subscriber_state { SUBSCRIBER_STATES(SQL_ENUMERATOR) SUBSCRIBER_STATE_COUNT = 7 };

#define SUBSCRIBER_EVENTS(X)                                                                       \
    X(SUBSCRIBER_REQUESTS, 1)     /* the subscriber's own request: a confirmation mail goes out */ \
    X(SUBSCRIBER_OFFERED, 2)      /* an import asks in the subscriber's stead: same mail */        \
    X(SUBSCRIBER_GRANTED, 3)      /* consent given elsewhere, with evidence */                     \
    X(SUBSCRIBER_CONFIRMS, 4)     /* by link or reply */                                           \
    X(SUBSCRIBER_CHANGES, 5)      /* feeds, cadence or language of one who is confirmed */         \
    X(SUBSCRIBER_UNSUBSCRIBES, 6) /* everything */                                                 \
    X(SUBSCRIBER_BOUNCES, 7)      /* for good */                                                   \
    X(SUBSCRIBER_COMPLAINS, 8)    /* reported a mail as unwanted */                                \
    X(SUBSCRIBER_EXPIRES, 9)      /* the confirmation never came */

enum subscriber_event { SUBSCRIBER_EVENTS(SQL_ENUMERATOR) SUBSCRIBER_EVENT_COUNT = 10 };

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
