/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_RATE_H
#define ENDPOINT_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "endpoint/network.h"

/* How often a network, and all together, may ask for something that causes a mail. Memory is fixed:
 * where too many networks meet in one place, the one that asked least is forgotten. */
struct rate_limit {
    unsigned burst;    /* at once */
    unsigned per_hour; /* and then */
};

struct rate;

/* seed: random, so that nobody can choose networks that meet. Aborts when out of memory. */
struct rate *rate_new(const struct rate_limit *network, const struct rate_limit *all,
                      uint64_t seed);

/* Takes NULL. */
void rate_free(struct rate *rate);

/* Whether a request of the network (truncated) may go on now; counts it where it may. Threads may
 * ask at once. now_ms: of any clock that does not go back. */
bool rate_take(struct rate *rate, const struct network_address *network, int64_t now_ms);

#endif
