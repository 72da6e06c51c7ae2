/* SPDX-License-Identifier: MIT */
#include "delivery/pace.h"

#include "base/clock.h"
#include "locale/zone.h"

#include <limits.h>
#include <string.h>
#include <time.h>

enum { DOMAINS_MAXIMUM = 5, REFUSALS_IN_A_ROW = 20 };

static const int64_t second_ns = INT64_C(1000000000);
static const int64_t burst_ns = INT64_C(100000000); /* what a stall may be made up for */

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * second_ns + now.tv_nsec;
}

static int64_t system_now_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t pace_now_ms(void)
{
    return read_clock(CLOCK_MONOTONIC) / 1000000;
}

void pace_init(struct pace *pace, int64_t rate, int connections)
{
    *pace = (struct pace){
        .rate = rate, .now_ns = system_now_ns, .connections = connections, .allowed = connections
    };
}

bool pace_is_due(const struct pace *pace)
{
    return pace->rate <= 0 || pace_wait_ms(pace) == 0;
}

int64_t pace_places(const struct pace *pace, int64_t *next_ns)
{
    int64_t now = pace->now_ns();
    int64_t interval = second_ns / pace->rate;
    /* After a rest, or where the clock was set, as no interval is longer: from now on. */
    if (*next_ns < now - second_ns || *next_ns > now + second_ns)
        *next_ns = now;
    else if (*next_ns < now - burst_ns)
        *next_ns = now - burst_ns;
    return *next_ns > now ? 0 : (now - *next_ns) / interval + 1;
}

int64_t pace_after(const struct pace *pace, int64_t next_ns, int64_t count)
{
    return next_ns + count * (second_ns / pace->rate);
}

int64_t pace_wait_ms(const struct pace *pace)
{
    int64_t wait = pace->rate > 0 ? pace->next_ns - pace->now_ns() : 0;
    if (wait > second_ns) /* the clock was set */
        wait = 0;
    return wait > 0 ? (wait + 999999) / 1000000 : 0;
}

int pace_ahead(const struct pace *pace)
{
    return pace->rate > 0 && pace->rate < INT_MAX ? (int)pace->rate : INT_MAX;
}

/* FNV-1a of the domain in lower case. */
static uint64_t hash_domain(const char *recipient)
{
    const char *at = strrchr(recipient, '@');
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *byte = at ? at + 1 : recipient; *byte; byte++) {
        unsigned char lower = (unsigned char)*byte;
        if (lower >= 'A' && lower <= 'Z')
            lower = (unsigned char)(lower + ('a' - 'A'));
        hash = (hash ^ lower) * UINT64_C(1099511628211);
    }
    return hash;
}

static void add_domain(struct pace *pace, uint64_t hash)
{
    for (int i = 0; i < pace->domain_count; i++) {
        if (pace->domains[i] == hash)
            return;
    }
    if (pace->domain_count < DOMAINS_MAXIMUM)
        pace->domains[pace->domain_count++] = hash;
}

static void limit(struct pace *pace, int connections)
{
    pace->allowed = connections > 1 ? connections : 1;
    pace->grow_ms = pace_now_ms() + 10 * DURATION_MINUTE;
    pace->refusals_in_a_row = 0;
    pace->domain_count = 0;
}

bool pace_note(struct pace *pace, enum outcome_class class, const char *recipient)
{
    switch (class) {
    case OUTCOME_RELAY:
        limit(pace, 1);
        return true;
    case OUTCOME_LATER:
        add_domain(pace, hash_domain(recipient));
        if (++pace->refusals_in_a_row < REFUSALS_IN_A_ROW || pace->domain_count < DOMAINS_MAXIMUM)
            return false;
        limit(pace, 1);
        return true;
    case OUTCOME_ACCEPTED:
    case OUTCOME_ADDRESS:
    case OUTCOME_OURS:
        pace->refusals_in_a_row = 0;
        pace->domain_count = 0;
        return false;
    case OUTCOME_UNABLE:
    case OUTCOME_LOST:
    case OUTCOME_UNTRIED:
    case OUTCOME_DOUBT:
        break;
    }
    return false;
}

void pace_limit(struct pace *pace, int connections)
{
    if (connections < pace->allowed)
        limit(pace, connections);
}

int pace_connections(struct pace *pace)
{
    int64_t now = pace_now_ms();
    while (pace->allowed < pace->connections && now >= pace->grow_ms) {
        pace->allowed++;
        pace->grow_ms += DURATION_MINUTE;
    }
    return pace->allowed;
}

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
