/* SPDX-License-Identifier: MIT */
#include "delivery/throttle.h"

#include "address/group.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    DOUBLINGS = 6,         /* 1, 2, 4 … 32 seconds, and then minutes */
    STEP_UNITS = 10,       /* of easing; a unit is the first pause, a second */
    FIRST_PERCENT = 50,    /* of the base, taken up again */
    STEP_PERCENT = 10,     /* more, each step */
    HELD_PERCENT = 90,     /* of a rate that was too much before; from there on … */
    HELD_STEPS = 6,        /* … it grows in each so many steps … */
    HELD_STEP_PERCENT = 5, /* … by this, until here: */
    PASSED_PERCENT = 110,
    PROVEN_PERCENT = 85,  /* of a rate that was held and is too much now */
    LOWER_PERCENT = 70,   /* of the base, where less is too much */
    COUNTED_MINIMUM = 10, /* messages that make a rate */
    FREE_PERCENT = 200,
    FREE_RATE_PERCENT = 1000, /* where it spoke of a rate */
};

static const int64_t burst_window_ms = THROTTLE_BUCKETS * DURATION_SECOND;
static const int64_t quota_pause_ms = DURATION_HOUR;
static const int64_t unreachable_pause_ms = 30 * DURATION_SECOND;
static const int64_t window_ms = 2 * DURATION_MINUTE; /* longer pauses say nothing of a rate */
static const int64_t again_ms = 10 * DURATION_MINUTE;
static const int64_t rate_unit = INT64_C(1000000000); /* a message a ms, as a rate */

/* ---- what was accepted ---- */

void throttle_measure_begin(struct throttle_measure *measure, int64_t now_at)
{
    *measure = (struct throttle_measure){ .begun_at = now_at, .second = now_at / 1000 };
}

/* Buckets of seconds that passed without a message are empty, not those of ten seconds ago. */
static void move_to(struct throttle_measure *measure, int64_t second)
{
    int64_t passed = second - measure->second;
    if (passed < 0 || passed > THROTTLE_BUCKETS) /* the clock was set, or nothing went for long */
        passed = THROTTLE_BUCKETS;
    for (int64_t i = 1; i <= passed; i++)
        measure->buckets[(measure->second + i) % THROTTLE_BUCKETS] = 0;
    if (passed == THROTTLE_BUCKETS)
        memset(measure->buckets, 0, sizeof measure->buckets);
    measure->second = second;
}

void throttle_measure_add(struct throttle_measure *measure, int64_t now_at)
{
    int64_t second = now_at / 1000;
    if (!measure->begun_at)
        throttle_measure_begin(measure, now_at);
    if (second != measure->second)
        move_to(measure, second);
    measure->buckets[second % THROTTLE_BUCKETS]++;
    measure->total++;
}

/* Over the time in which it could be: a run that began three seconds ago had three. */
static int64_t burst_of(const struct throttle_measure *measure, int64_t unit_ms, int64_t now_at)
{
    struct throttle_measure moved = *measure;
    int64_t count = 0;
    if (!measure->begun_at)
        return 0;
    move_to(&moved, now_at / 1000);
    for (int i = 0; i < THROTTLE_BUCKETS; i++)
        count += moved.buckets[i];
    int64_t passed_ms = now_at - measure->begun_at;
    if (passed_ms > burst_window_ms || passed_ms < 0)
        passed_ms = burst_window_ms;
    if (passed_ms < unit_ms)
        passed_ms = unit_ms;
    return count * rate_unit / passed_ms;
}

/* ---- how much of the base ---- */

/* A rate that was measured as too much is held a little below, and then exceeded little by little;
 * where even that is taken, the measure was too small. */
static int64_t percent_at(const struct queue_relay *relay, int64_t unit_ms, int64_t now_at)
{
    const int64_t rising = (HELD_PERCENT - FIRST_PERCENT) / STEP_PERCENT;
    const int64_t held = HELD_STEPS * (PASSED_PERCENT - HELD_PERCENT) / HELD_STEP_PERCENT;
    int64_t passed_ms = now_at > relay->since_at ? now_at - relay->since_at : 0;
    int64_t steps = passed_ms / (STEP_UNITS * unit_ms);
    if (!relay->is_rate || steps <= rising)
        return FIRST_PERCENT + STEP_PERCENT * steps;
    if (steps <= rising + held)
        return HELD_PERCENT + HELD_STEP_PERCENT * ((steps - rising) / HELD_STEPS);
    return PASSED_PERCENT + STEP_PERCENT * (steps - rising - held);
}

/* ---- refusals ---- */

/* Seconds at first, as most trouble is over soon; then minutes, but never more than 15, so that a
 * relay that was mended does not stand idle for long. */
static int64_t pause_ms(const struct queue_relay *relay, int64_t unit_ms)
{
    static const int minutes[] = { 1, 2, 4, 8, 15 };
    const int longest = (int)(sizeof minutes / sizeof minutes[0]) - 1;
    if (relay->is_quota)
        return quota_pause_ms;
    if (relay->pauses < DOUBLINGS)
        return unit_ms << relay->pauses;
    int at = relay->pauses - DOUBLINGS;
    return minutes[at < longest ? at : longest] * DURATION_MINUTE;
}

/* Relays repeat the address in their words, which are kept and logged, so the address is taken out.
 */
static void set_reply(struct queue_relay *relay, const char *reply)
{
    address_redact(reply, relay->reply, sizeof relay->reply);
}

static void begin_pause(struct queue_relay *relay, const struct throttle_refusal *refusal,
                        const struct throttle_measure *measure, int64_t unit_ms, int64_t now_at)
{
    /* Trouble so soon after the last means that what went through was too much, also where the
     * relay does not speak of a rate. */
    bool comes_again = relay->state == QUEUE_RELAY_EASING ||
                       (relay->state == QUEUE_RELAY_FREE && relay->since_at &&
                        now_at - relay->since_at < again_ms);
    relay->was_easing = relay->state == QUEUE_RELAY_EASING;
    /* What went through for a while at the held rate is taken, or nearly so: one window that
     * measures less does not lower the rate below it (window_rate). */
    relay->proven = relay->was_easing && percent_at(relay, unit_ms, now_at) >= HELD_PERCENT
                        ? throttle_rate(relay, unit_ms, now_at) * PROVEN_PERCENT / 100
                        : 0;
    relay->state = QUEUE_RELAY_PAUSED;
    relay->since_at = now_at;
    relay->pauses = 0;
    relay->is_rate = refusal->is_rate || comes_again;
    relay->taken = measure->total;
    relay->taken_from = measure->begun_at ? measure->begun_at : now_at;
    relay->burst = burst_of(measure, unit_ms, now_at);
}

bool throttle_refused(struct queue_relay *relay, const struct throttle_refusal *refusal,
                      bool is_probe, const struct throttle_measure *measure, int64_t unit_ms,
                      int64_t now_at)
{
    if (relay->state == QUEUE_RELAY_PAUSED && !is_probe)
        return false;
    relay->is_quota = refusal->is_quota;
    if (relay->state == QUEUE_RELAY_PAUSED)
        relay->pauses++;
    else
        begin_pause(relay, refusal, measure, unit_ms, now_at);
    relay->is_rate = relay->is_rate || refusal->is_rate;
    relay->next_at = now_at + pause_ms(relay, unit_ms);
    set_reply(relay, refusal->reply);
    return true;
}

/* Both workers sent to the same relay, so what it took until it refused is the sum of both. */
void throttle_joined(struct queue_relay *relay, const struct throttle_measure *measure,
                     int64_t unit_ms)
{
    if (relay->state != QUEUE_RELAY_PAUSED || !measure->begun_at)
        return;
    relay->taken += measure->total;
    relay->burst += burst_of(measure, unit_ms, relay->since_at);
    if (measure->begun_at < relay->taken_from)
        relay->taken_from = measure->begun_at;
}

/* A message that the relay still accepted shows that it takes one more than was thought. */
void throttle_taken(struct queue_relay *relay, int64_t unit_ms)
{
    int64_t passed_ms = relay->since_at - relay->taken_from;
    if (relay->state != QUEUE_RELAY_PAUSED)
        return;
    if (passed_ms > burst_window_ms)
        passed_ms = burst_window_ms;
    relay->taken++;
    relay->burst += rate_unit / (passed_ms > unit_ms ? passed_ms : unit_ms);
}

void throttle_unreachable(struct queue_relay *relay, const char *why, int64_t now_at)
{
    if (relay->state == QUEUE_RELAY_PAUSED)
        return;
    if (relay->state != QUEUE_RELAY_UNREACHABLE)
        relay->since_at = now_at;
    relay->state = QUEUE_RELAY_UNREACHABLE;
    relay->next_at = now_at + unreachable_pause_ms;
    set_reply(relay, why);
}

bool throttle_reached(struct queue_relay *relay, int64_t now_at)
{
    if (relay->state != QUEUE_RELAY_UNREACHABLE)
        return false;
    relay->state = QUEUE_RELAY_FREE;
    relay->since_at = now_at;
    relay->next_at = INSTANT_NONE;
    return true;
}

void throttle_probe(struct queue_relay *relay, int64_t unit_ms, int64_t now_at)
{
    relay->next_at = relay->state == QUEUE_RELAY_UNREACHABLE ? now_at + unreachable_pause_ms
                                                             : now_at + pause_ms(relay, unit_ms);
}

/* ---- and its end ---- */

static int64_t rate_of(int64_t count, int64_t from_at, int64_t until_at)
{
    return until_at > from_at ? count * rate_unit / (until_at - from_at) : 0;
}

/* A pause that short ends with the relay's own window: what it took until then, and the one too
 * many, divided by all that time, is what it takes. */
static int64_t window_rate(const struct queue_relay *relay, int64_t now_at)
{
    int64_t round = rate_of(relay->taken + 1, relay->taken_from, now_at);
    if (relay->was_easing && relay->taken < COUNTED_MINIMUM)
        return relay->base * LOWER_PERCENT / 100;
    if (round < relay->proven)
        return relay->proven;
    return relay->burst && relay->burst < round ? relay->burst : round;
}

void throttle_accepted(struct queue_relay *relay, int64_t now_at)
{
    bool is_window = relay->is_rate && !relay->is_quota && now_at - relay->since_at <= window_ms &&
                     (relay->taken || relay->was_easing);
    if (is_window)
        relay->base = window_rate(relay, now_at);
    else if (relay->burst) /* else nothing was taken, and nothing is known but from before */
        relay->base = relay->burst;
    relay->is_rate = is_window;
    if (is_window)
        relay->suggested = relay->base * HELD_PERCENT / 100;
    else if (relay->is_quota && relay->taken)
        relay->suggested = rate_of(relay->taken, 0, DURATION_DAY);
    relay->state = QUEUE_RELAY_EASING;
    relay->since_at = now_at;
    relay->next_at = INSTANT_NONE;
    relay->pauses = 0;
    relay->is_quota = false;
}

bool throttle_advance(struct queue_relay *relay, int64_t unit_ms, int64_t now_at)
{
    int64_t freed = relay->is_rate ? FREE_RATE_PERCENT : FREE_PERCENT;
    if (relay->state == QUEUE_RELAY_EASING && percent_at(relay, unit_ms, now_at) >= freed) {
        relay->state = QUEUE_RELAY_FREE;
        relay->since_at = now_at;
        return true;
    }
    /* No pause is that long, so the clock was set back: nothing would be sent until it has caught
     * up. */
    if (throttle_is_closed(relay) && relay->next_at - now_at > quota_pause_ms) {
        relay->next_at = now_at;
        return true;
    }
    return false;
}

bool throttle_is_closed(const struct queue_relay *relay)
{
    return relay->state == QUEUE_RELAY_PAUSED || relay->state == QUEUE_RELAY_UNREACHABLE;
}

int64_t throttle_wait_ms(const struct queue_relay *relay, int64_t now_at)
{
    return relay->next_at > now_at ? relay->next_at - now_at : 0;
}

int64_t throttle_rate(const struct queue_relay *relay, int64_t unit_ms, int64_t now_at)
{
    if (relay->state != QUEUE_RELAY_EASING || !relay->base)
        return 0;
    int64_t rate = relay->base * percent_at(relay, unit_ms, now_at) / 100;
    /* 0 would mean no limit. */
    return rate > 0 ? rate : 1;
}

int throttle_connections(const struct queue_relay *relay, int wanted, int64_t unit_ms,
                         int64_t now_at)
{
    int64_t allowed = wanted;
    if (throttle_is_closed(relay))
        return 1;
    if (relay->connections) {
        int64_t grown = relay->connections + (now_at - relay->capped_at) / again_ms;
        if (grown < allowed)
            allowed = grown;
    }
    if (relay->state == QUEUE_RELAY_EASING) {
        int64_t grown = 1 + (now_at - relay->since_at) / unit_ms;
        if (grown < allowed)
            allowed = grown;
    }
    return allowed > 1 ? (int)allowed : 1;
}

/* A relay may allow more later, so the number grows again by the clock (throttle_connections). */
void throttle_cap(struct queue_relay *relay, int connections, int64_t now_at)
{
    relay->connections = connections > 1 ? connections : 1;
    relay->capped_at = now_at;
}

/* ---- for the operator ---- */

void throttle_write_rate(int64_t rate, char string[THROTTLE_RATE_SIZE])
{
    static const struct {
        int64_t seconds;
        const char *suffix;
    } units[] = { { 1, "" }, { 60, "/m" }, { 3600, "/h" }, { 86400, "/d" } };

    string[0] = '\0';
    for (size_t i = 0; i < sizeof units / sizeof units[0] && !*string; i++) {
        int64_t count = rate * units[i].seconds / 1000000;
        /* Below three a unit is too rough a measure. */
        if (count >= 3 || (count && units[i].seconds == 86400))
            (void)snprintf(string, THROTTLE_RATE_SIZE, "%" PRId64 "%s", count, units[i].suffix);
    }
}
