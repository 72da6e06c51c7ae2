/* SPDX-License-Identifier: MIT */
#include "subscriber/state.h"

#include <string.h>

/* What may happen, and where it leads. An entry of all zeros is "refused", so that a step without
 * an entry cannot happen. An unknown subscriber unsubscribes, bounces or complains only in an
 * import, whose list says so. */
struct transition {
    enum subscriber_step step;
    enum subscriber_state next;
};

#define MOVES(state)                                                                               \
    {                                                                                              \
        SUBSCRIBER_MOVES, SUBSCRIBER_##state                                                       \
    }
#define STAYS(state)                                                                               \
    {                                                                                              \
        SUBSCRIBER_STAYS, SUBSCRIBER_##state                                                       \
    }

static const struct transition transitions[SUBSCRIBER_STATE_COUNT][SUBSCRIBER_EVENT_COUNT] = {
    [SUBSCRIBER_NONE] = {
        [SUBSCRIBER_REQUESTS] = MOVES(PENDING),
        [SUBSCRIBER_OFFERED] = MOVES(PENDING),
        [SUBSCRIBER_GRANTED] = MOVES(CONFIRMED),
        [SUBSCRIBER_UNSUBSCRIBES] = MOVES(UNSUBSCRIBED),
        [SUBSCRIBER_BOUNCES] = MOVES(BOUNCED),
        [SUBSCRIBER_COMPLAINS] = MOVES(COMPLAINED),
    },
    [SUBSCRIBER_PENDING] = {
        [SUBSCRIBER_REQUESTS] = MOVES(PENDING),
        [SUBSCRIBER_GRANTED] = MOVES(CONFIRMED),
        [SUBSCRIBER_CONFIRMS] = MOVES(CONFIRMED),
        [SUBSCRIBER_UNSUBSCRIBES] = MOVES(UNSUBSCRIBED),
        [SUBSCRIBER_BOUNCES] = MOVES(EXPIRED),
        [SUBSCRIBER_COMPLAINS] = MOVES(COMPLAINED),
        [SUBSCRIBER_EXPIRES] = MOVES(EXPIRED),
    },
    [SUBSCRIBER_CONFIRMED] = {
        [SUBSCRIBER_REQUESTS] = MOVES(CONFIRMED),
        [SUBSCRIBER_GRANTED] = MOVES(CONFIRMED),
        [SUBSCRIBER_CONFIRMS] = MOVES(CONFIRMED),
        [SUBSCRIBER_CHANGES] = MOVES(CONFIRMED),
        [SUBSCRIBER_UNSUBSCRIBES] = MOVES(UNSUBSCRIBED),
        [SUBSCRIBER_BOUNCES] = MOVES(BOUNCED),
        [SUBSCRIBER_COMPLAINS] = MOVES(COMPLAINED),
    },
    [SUBSCRIBER_UNSUBSCRIBED] = {
        [SUBSCRIBER_REQUESTS] = MOVES(PENDING),
        [SUBSCRIBER_UNSUBSCRIBES] = STAYS(UNSUBSCRIBED),
        [SUBSCRIBER_BOUNCES] = STAYS(UNSUBSCRIBED),
        [SUBSCRIBER_COMPLAINS] = STAYS(UNSUBSCRIBED),
    },
    [SUBSCRIBER_BOUNCED] = {
        [SUBSCRIBER_REQUESTS] = MOVES(PENDING),
        [SUBSCRIBER_UNSUBSCRIBES] = STAYS(BOUNCED),
        [SUBSCRIBER_BOUNCES] = STAYS(BOUNCED),
        [SUBSCRIBER_COMPLAINS] = STAYS(BOUNCED),
    },
    [SUBSCRIBER_COMPLAINED] = {
        [SUBSCRIBER_REQUESTS] = MOVES(PENDING),
        [SUBSCRIBER_UNSUBSCRIBES] = STAYS(COMPLAINED),
        [SUBSCRIBER_BOUNCES] = STAYS(COMPLAINED),
        [SUBSCRIBER_COMPLAINS] = STAYS(COMPLAINED),
    },
    [SUBSCRIBER_EXPIRED] = {
        [SUBSCRIBER_REQUESTS] = MOVES(PENDING),
        [SUBSCRIBER_UNSUBSCRIBES] = MOVES(UNSUBSCRIBED),
        [SUBSCRIBER_BOUNCES] = STAYS(EXPIRED),
        [SUBSCRIBER_COMPLAINS] = MOVES(COMPLAINED),
        [SUBSCRIBER_EXPIRES] = STAYS(EXPIRED),
    },
};

enum subscriber_step subscriber_step(enum subscriber_state state, enum subscriber_event event,
                                     enum subscriber_state *next)
{
    if ((unsigned)state >= SUBSCRIBER_STATE_COUNT || (unsigned)event >= SUBSCRIBER_EVENT_COUNT)
        return SUBSCRIBER_REFUSED;
    const struct transition *transition = &transitions[state][event];
    if (transition->step != SUBSCRIBER_REFUSED)
        *next = transition->next;
    return transition->step;
}

const char *subscriber_state_name(enum subscriber_state state)
{
    static const char *const names[SUBSCRIBER_STATE_COUNT] = { SUBSCRIBER_STATES(SQL_NAME) };
    return (unsigned)state < SUBSCRIBER_STATE_COUNT ? names[state] : "?";
}

bool subscriber_state_parse(const char *name, enum subscriber_state *state)
{
    for (int i = SUBSCRIBER_PENDING; i < SUBSCRIBER_STATE_COUNT; i++) {
        if (strcmp(subscriber_state_name((enum subscriber_state)i), name) == 0) {
            *state = (enum subscriber_state)i;
            return true;
        }
    }
    return false;
}

const char *subscriber_event_name(enum subscriber_event event)
{
    static const char *const names[SUBSCRIBER_EVENT_COUNT] = { SUBSCRIBER_EVENTS(SQL_NAME) };
    return (unsigned)event < SUBSCRIBER_EVENT_COUNT && names[event] ? names[event] : "?";
}
