/* SPDX-License-Identifier: MIT */
#include "delivery/pace.h"

#include "locale/zone.h"

#include <limits.h>
#include <string.h>
#include <time.h>

static const int64_t second_ns = INT64_C(1000000000);
static const int64_t million_seconds_ns = INT64_C(1000000000000000);
static const int64_t burst_ns = INT64_C(100000000); /* what a stall may be made up for */

static int64_t system_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * second_ns + now.tv_nsec;
}

void pace_init(struct pace *pace, int64_t interval_ns, pace_clock *now_ns)
{
    *pace = (struct pace){ .wanted_ns = interval_ns,
                           .interval_ns = interval_ns,
                           .now_ns = now_ns ? now_ns : system_now_ns };
}

/* The slower of the two counts: what the relay would take does not make the newsroom's own limit
 * void. */
void pace_ease(struct pace *pace, int64_t rate)
{
    int64_t eased_ns = rate > 0 ? million_seconds_ns / rate : 0;
    pace->interval_ns = eased_ns > pace->wanted_ns ? eased_ns : pace->wanted_ns;
}

void pace_begin(struct pace *pace)
{
    pace->begins = true;
}

bool pace_is_due(const struct pace *pace)
{
    return pace->interval_ns <= 0 || pace_wait_ms(pace) == 0;
}

/* A place further away than one was ever given: the clock was set. */
static int64_t furthest_ns(const struct pace *pace)
{
    return pace->interval_ns > second_ns ? pace->interval_ns : second_ns;
}

int64_t pace_places(const struct pace *pace, int64_t *next_ns)
{
    int64_t now = pace->now_ns();
    if (pace->begins)
        *next_ns = now + pace->interval_ns;
    /* Where nothing was sent for a while, or the clock was set, the timetable begins anew. */
    if (*next_ns < now - second_ns || *next_ns > now + furthest_ns(pace))
        *next_ns = now;
    else if (*next_ns < now - burst_ns)
        *next_ns = now - burst_ns;
    return *next_ns > now ? 0 : (now - *next_ns) / pace->interval_ns + 1;
}

/* Slots are evenly spaced, so taking several at once moves the next one by as many. */
int64_t pace_after(const struct pace *pace, int64_t next_ns, int64_t count)
{
    return next_ns + count * pace->interval_ns;
}

int64_t pace_wait_ms(const struct pace *pace)
{
    int64_t wait = pace->interval_ns > 0 ? pace->next_ns - pace->now_ns() : 0;
    if (pace->begins)
        wait = pace->interval_ns;
    if (wait > furthest_ns(pace)) /* the clock was set */
        wait = 0;
    /* Rounded up, else the loop would wake a moment early, over and over. */
    return wait > 0 ? (wait + 999999) / 1000000 : 0;
}

int pace_ahead(const struct pace *pace)
{
    if (pace->interval_ns <= 0)
        return INT_MAX;
    /* A message may be begun only shortly before its place, as a relay does not wait long for a
     * text that it has asked for. */
    if (pace->interval_ns >= second_ns)
        return pace_wait_ms(pace) <= 1000;
    int64_t ahead = second_ns / pace->interval_ns;
    if (pace->interval_ns > pace->wanted_ns) /* eased: a relay may count envelopes too */
        ahead = ahead >= 8 ? ahead / 4 : 1;
    return ahead < INT_MAX ? (int)ahead : INT_MAX;
}

/* Equal hours, like 0 and 24, mean the whole day. */
bool pace_is_open(const struct zone *zone, int hours_from, int hours_until, int64_t at)
{
    if (!zone || hours_from == hours_until || (hours_from == 0 && hours_until == 24))
        return true;
    struct civil_time civil;
    zone_civil(zone, at, &civil);
    if (hours_from < hours_until)
        return civil.hour >= hours_from && civil.hour < hours_until;
    return civil.hour >= hours_from || civil.hour < hours_until;
}
