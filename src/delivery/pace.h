/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct zone;

/* Nanoseconds since 1970: the clock of the shared timetable, whatever a test's clock says. */
typedef int64_t pace_clock(void);

/* Inside delivery/ only: how fast and at which hours: the newsroom's wish, and what the relay's
 * trouble leaves of it (throttle.h). One timetable for all workers, kept in the queue
 * (queue_pace_read). */
struct pace {
    int64_t wanted_ns;   /* between two messages, over all workers; 0: no limit of our own */
    int64_t interval_ns; /* the same, with what the relay takes now; 0: no limit */
    pace_clock *now_ns;
    int64_t next_ns; /* the timetable's next place, as far as this worker knows */
    bool begins;     /* the timetable begins with the message before: it had the first place */
};

/* now_ns NULL: the system's clock. */
void pace_init(struct pace *pace, int64_t interval_ns, pace_clock *now_ns);

/* From now on, and one place was taken just now. */
void pace_begin(struct pace *pace);

/* The relay takes so many messages in a million seconds now; 0: as many as there are. */
void pace_ease(struct pace *pace, int64_t rate);

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

/* How many messages may stand ready or half said on all connections: a second's worth (while
 * eased a quarter of it), so that a transactional mail, for which there is always a place more,
 * does not stand behind many; and none where the next may not leave within a second: a relay waits
 * for no text for long. */
int pace_ahead(const struct pace *pace);

/* Whether bulk mail may leave at that instant: from <= hour < until in zone, over midnight where
 * until < from; zone NULL: always. */
bool pace_is_open(const struct zone *zone, int hours_from, int hours_until, int64_t at);

#endif
