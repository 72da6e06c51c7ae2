/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_STATE_H
#define SUBSCRIBER_STATE_H

#include <stdbool.h>

/* The opt-in state machine: one table, asked by web, reply, command line and
 * import alike. Numbers of both enums stand in the database: they never change. */
enum subscriber_state {
    SUBSCRIBER_NONE = 0, /* not known */
    SUBSCRIBER_PENDING = 1,
    SUBSCRIBER_CONFIRMED = 2,
    SUBSCRIBER_UNSUBSCRIBED = 3,
    SUBSCRIBER_BOUNCED = 4,
    SUBSCRIBER_COMPLAINED = 5,
    SUBSCRIBER_EXPIRED = 6,
    SUBSCRIBER_STATE_COUNT = 7
};

enum subscriber_event {
    SUBSCRIBER_ASKED = 1,     /* the subscriber's own request: a confirmation mail goes out */
    SUBSCRIBER_OFFERED = 2,   /* an import asks in the subscriber's stead: same mail */
    SUBSCRIBER_GRANTED = 3,   /* consent given elsewhere, with evidence */
    SUBSCRIBER_CONFIRMS = 4,  /* by link or reply */
    SUBSCRIBER_CHANGES = 5,   /* feeds, cadence or language of one who is confirmed */
    SUBSCRIBER_LEAVES = 6,    /* everything */
    SUBSCRIBER_BOUNCES = 7,   /* for good */
    SUBSCRIBER_COMPLAINS = 8, /* reported a mail as unwanted */
    SUBSCRIBER_EXPIRES = 9,   /* the confirmation never came */
    SUBSCRIBER_EVENT_COUNT = 10
};

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
