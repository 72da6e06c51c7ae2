/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_COUNTERS_H
#define ENDPOINT_COUNTERS_H

#include <stdatomic.h>

/* Inside endpoint/ only: what the endpoint counts of itself, from all its threads, for /metrics. */
enum { COUNTERS_ROUTES = 11, COUNTERS_CLASSES = 6 };

struct counters {
    atomic_ullong answers[COUNTERS_ROUTES][COUNTERS_CLASSES]; /* by enum request_route and the first
                                                                 digit of the status */
    atomic_ullong refused;                                    /* by rate limits */
    atomic_ullong jobs;                                       /* done by the request worker */
    atomic_ullong connections_refused;                        /* by limits of a client */
    atomic_uint waiting;                                      /* for the request worker */
    atomic_uint open;                                         /* requests under way, for pages */
};

#endif
