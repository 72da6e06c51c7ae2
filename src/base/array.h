/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include "base/arena.h"

#include <stddef.h>

/* Arrays that grow by doubling, so that adding n elements costs n copies and not n². An owner keeps
 * three fields: the items (NULL at first), their count, and a capacity (0 at first) that nobody
 * else writes:
 *
 *     ARRAY_GROW(list->items, list->count, list->capacity);
 *     list->items[list->count++] = item;
 *
 * What has a maximum checks it before: these know none. */

/* Room for one element more than count, in memory for free(). The first time for ARRAY_FIRST. What
 * is new is not cleared. */
#define ARRAY_GROW(items, count, capacity)                                                         \
    ((void)((count) < (capacity) ||                                                                \
            ((items) = array_grow((items), (count), &(capacity), sizeof *(items)), 0)))

/* The same in an arena: what was there before stays behind in it, at most as much again. What is
 * new is zeroed. */
#define ARRAY_GROW_IN(arena, items, count, capacity)                                               \
    ((void)((count) < (capacity) ||                                                                \
            ((items) = array_grow_in((arena), (items), (count), &(capacity), sizeof *(items)),     \
             0)))

enum { ARRAY_FIRST = 8 };

/* What the macros call; to be used through them. */
void *array_grow(void *items, size_t count, size_t *capacity, size_t size);
void *array_grow_in(struct arena *arena, const void *items, size_t count, size_t *capacity,
                    size_t size);

#endif
