/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include "delivery/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct zone;

/* Nanoseconds since 1970: the clock of the shared timetable, whatever a test's clock says. */
typedef int64_t pace_clock(void);

/* How fast, over how many connections and at which hours: the newsroom's wish and the relay's
 * patience. The rate is one timetable for all workers, kept in the queue (queue_pace_read); the
 * rest is this worker's own, on a clock that nobody sets. */
struct pace {
    int64_t rate;          /* messages a second over all workers; 0: no limit */
    pace_clock *now_ns;    /* the system's; a test puts its own here */
    int64_t next_ns;       /* the timetable's next place, as far as this worker knows */
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

/* Whether to ask at all: others can only have moved the next place further away. */
bool pace_is_due(const struct pace *pace);

/* How many messages may leave now, by the timetable's next place *next_ns: evenly, without saving
 * up for a burst. Moves *next_ns to now where it lies so far in the past that nothing is made up
 * for, or, as the clock was set, in the future. */
int64_t pace_places(const struct pace *pace, int64_t *next_ns);

/* The next place once count of them are taken. */
int64_t pace_after(const struct pace *pace, int64_t next_ns, int64_t count);

/* Until the next one may leave. */
int64_t pace_wait_ms(const struct pace *pace);

/* How many messages may stand ready or half said on all connections: a second's worth, so that a
 * single mail, for which there is always a place more, does not stand behind many. */
int pace_ahead(const struct pace *pace);

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
