/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include "delivery/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct zone;

/* How fast, over how many connections and at which hours: the newsroom's wish and the relay's
 * patience. Runs on a clock that nobody sets. */
struct pace {
    int64_t rate;          /* messages a second; 0: no limit */
    int64_t next_ns;       /* when the next message may leave */
    int connections;       /* wanted */
    int allowed;           /* of them, now */
    int64_t grow_ms;       /* when one more is allowed */
    int refusals_in_a_row; /* 4xx */
    uint64_t domains[5];   /* hashes of the domains of those refusals */
    int domain_count;
};

/* Milliseconds of a clock that only runs forward. */
int64_t pace_now_ms(void);

void pace_init(struct pace *pace, int64_t rate, int connections);

/* How many of wanted messages may leave now: evenly, without saving up for a burst. */
int pace_grant(struct pace *pace, int wanted);

/* Until the next one may leave. */
int64_t pace_wait_ms(const struct pace *pace);

/* What an answer to a message for recipient means for the relay's patience. True: it has had
 * enough; all connections but one rest from now on. */
bool pace_note(struct pace *pace, enum outcome_class class, const char *recipient);

/* The relay takes no more connections than these: no more for a while. */
void pace_limit(struct pace *pace, int connections);

/* How many connections may be used now: after a rest of ten minutes one more each minute. */
int pace_connections(struct pace *pace);

/* Whether bulk mail may leave at that instant: from <= hour < until in zone, over midnight where
 * until < from; zone NULL: always. */
bool pace_is_open(const struct zone *zone, int hours_from, int hours_until, int64_t at);

#endif
