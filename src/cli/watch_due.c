/* SPDX-License-Identifier: MIT */
#include "cli/watch_due.h"

#include "base/clock.h"

int64_t watch_due_first(const int64_t *times, size_t count, int64_t done_at)
{
    int64_t first_at = INSTANT_NONE;
    for (size_t i = 0; i < count; i++)
        if (times[i] != INSTANT_NONE && times[i] > done_at &&
            (first_at == INSTANT_NONE || times[i] < first_at))
            first_at = times[i];
    return first_at;
}
