/* SPDX-License-Identifier: MIT */
#ifndef HTTP_MONOTONIC_H
#define HTTP_MONOTONIC_H

#include <stdint.h>
#include <time.h>

/* Milliseconds of a clock that nobody sets: for waiting and for rates, never for rows. */
static inline int64_t monotonic_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
