/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_RATE_H
#define ENDPOINT_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "endpoint/network.h"

/* Inside endpoint/ only: how often strangers may ask for something that costs us a mail, or shows a
 * subscriber's data. The network is what is counted first; what all ask for together refuses nobody
 * who asked little. */

struct rate_limit {
    unsigned burst;    /* at once */
    unsigned per_hour; /* and then */
};

struct rate_limits {
    struct rate_limit network; /* /24 of IPv4, /48 of IPv6 */
    struct rate_limit
        provider; /* /32 of IPv6, whose owner has 65,536 of such networks for nothing */
    struct rate_limit all;
    struct rate_limit crowded; /* of a network, while all together are past theirs */
};

/* Memory is fixed: where too many networks meet in one place, the one that asked least is
 * forgotten. */
struct rate;

/* name: of what is asked for, in the line that tells of a crowd: "mails". seed: random, so that
 * nobody can choose networks that meet. Aborts when out of memory. */
struct rate *rate_new(const char *name, const struct rate_limits *limits, uint64_t seed);

/* Takes NULL. */
void rate_free(struct rate *rate);

/* Whether a request of the network (truncated) may go on now; counts it where it may. Threads may
 * ask at once. now_ms: of any clock that does not go back. Logs a line where a crowd begins, at
 * most one an hour. */
bool rate_take(struct rate *rate, const struct network_address *network, int64_t now_ms);

#endif
