/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_THROTTLE_H
#define DELIVERY_THROTTLE_H

#include "queue/sending.h"

#include <stdbool.h>
#include <stdint.h>

/* Inside delivery/ only: what a relay that has trouble of its own is given: nothing for a while,
 * then a single probe, and after that less than before. Pure: every instant is passed in. What it
 * knows is one row in the store (queue/sending.h), shared by all workers. */

enum {
    THROTTLE_UNIT_MS = 1000, /* the first pause, and the measure of others */
    THROTTLE_BUCKETS = 10    /* seconds of which accepted messages are counted one by one */
};

/* What this worker had accepted, for throttle_refused(). All zero: nothing yet. */
struct throttle_measure {
    int64_t begun_at; /* when mail was first given out, or given out again */
    int64_t second;   /* of the newest bucket */
    int buckets[THROTTLE_BUCKETS];
    int64_t total;
};

/* What a refusal says of the relay itself. */
struct throttle_refusal {
    bool is_quota;     /* a day's */
    bool is_rate;      /* of messages, or of what is under way at once */
    const char *reply; /* for the operator */
};

void throttle_measure_begin(struct throttle_measure *measure, int64_t now_at);
void throttle_measure_add(struct throttle_measure *measure, int64_t now_at);

/* The relay has trouble: the pause begins, or after a probe the next one, which is longer. Of a
 * message that was under way before the pause it is known already. unit_ms: the first pause, a
 * second, by which easing goes as well. True: it began, or went on. */
bool throttle_refused(struct queue_relay *relay, const struct throttle_refusal *refusal,
                      bool is_probe, const struct throttle_measure *measure, int64_t unit_ms,
                      int64_t now_at);

/* Another worker's pause: what this one had accepted until then was taken too. */
void throttle_joined(struct queue_relay *relay, const struct throttle_measure *measure,
                     int64_t unit_ms);

/* A message that was under way when the pause began was accepted after all. */
void throttle_taken(struct queue_relay *relay, int64_t unit_ms);

/* No connection came about: the next try is after 30 seconds. No effect in a pause. */
void throttle_unreachable(struct queue_relay *relay, const char *why, int64_t now_at);

/* A connection stands. True: that ends what throttle_unreachable() began. */
bool throttle_reached(struct queue_relay *relay, int64_t now_at);

/* This worker goes to probe: the next probe, this one's or another's, is a pause later. */
void throttle_probe(struct queue_relay *relay, int64_t unit_ms, int64_t now_at);

/* The probe was accepted: the pause is over, and half of what was taken before is taken up. */
void throttle_accepted(struct queue_relay *relay, int64_t now_at);

/* Brings it up to now_at: easing ends once twice the former rate went through, and a pause that a
 * clock set back has moved away begins at once. True: something changed. */
bool throttle_advance(struct queue_relay *relay, int64_t unit_ms, int64_t now_at);

/* Nothing may be given out but probes. */
bool throttle_is_closed(const struct queue_relay *relay);

/* Until the next probe may leave, in ms; 0: now. Of one that is closed. */
int64_t throttle_wait_ms(const struct queue_relay *relay, int64_t now_at);

/* The rate that may leave now; 0: as much as there is. */
int64_t throttle_rate(const struct queue_relay *relay, int64_t unit_ms, int64_t now_at);

/* How many of the wanted connections may be used: in a pause the probe's; while it eases one more
 * each second; where the relay named a number, that, and one more after each ten minutes. */
int throttle_connections(const struct queue_relay *relay, int wanted, int64_t unit_ms,
                         int64_t now_at);

/* The relay takes so many connections at once (at least 1), and no more. */
void throttle_cap(struct queue_relay *relay, int connections, int64_t now_at);

/* Writes what mail.rate would fit: "4", "27/m", "480/h", "1900/d"; "" where nothing is known. */
enum { THROTTLE_RATE_SIZE = 24 };

void throttle_write_rate(int64_t rate, char string[THROTTLE_RATE_SIZE]);

#endif
