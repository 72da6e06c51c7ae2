/* SPDX-License-Identifier: MIT */
#ifndef CLI_WATCH_DUE_H
#define CLI_WATCH_DUE_H

#include <stddef.h>
#include <stdint.h>

/* Inside cli/ only. The first of those instants behind done_at, when the last round began;
 * INSTANT_NONE: there is none. What that round had before it and left undone, because its step
 * failed or is not configured any more, waits for the next scan: a round for it would end as the
 * last one did, and the next one begin at once. */
int64_t watch_due_first(const int64_t *times, size_t count, int64_t done_at);

#endif
