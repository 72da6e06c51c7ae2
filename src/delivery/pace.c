/* SPDX-License-Identifier: MIT */
#include "delivery/pace.h"

#include "base/clock.h"
#include "locale/zone.h"

#include <string.h>
#include <time.h>

enum { DOMAINS_MAXIMUM = 5, REFUSALS_IN_A_ROW = 20 };

static const int64_t second_ns = INT64_C(1000000000);
static const int64_t burst_ns = INT64_C(50000000); /* what a stall may be made up for */

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * second_ns + now.tv_nsec;
}

int64_t pace_now_ms(void)
{
    return now_ns() / 1000000;
}

void pace_init(struct pace *pace, int64_t rate, int connections)
{
    *pace = (struct pace){ .rate = rate, .connections = connections, .allowed = connections };
    pace->next_ns = now_ns();
}

int pace_grant(struct pace *pace, int wanted)
{
    if (pace->rate <= 0)
        return wanted;
    int64_t now = now_ns();
    int64_t interval = second_ns / pace->rate;
    if (pace->next_ns < now - burst_ns)
        pace->next_ns = now - (burst_ns < interval ? 0 : burst_ns);
    int granted = 0;
    while (granted < wanted && pace->next_ns <= now) {
        pace->next_ns += interval;
        granted++;
    }
    return granted;
}

int64_t pace_wait_ms(const struct pace *pace)
{
    int64_t wait = pace->rate > 0 ? pace->next_ns - now_ns() : 0;
    return wait > 0 ? (wait + 999999) / 1000000 : 0;
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
    case OUTCOME_THROTTLE:
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
    case OUTCOME_NOBODY:
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
