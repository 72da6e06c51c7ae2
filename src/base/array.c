/* SPDX-License-Identifier: MIT */
#include "base/array.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static size_t next_capacity(size_t capacity, size_t count)
{
    if (count >= SIZE_MAX / 2)
        memory_failed(SIZE_MAX);
    if (capacity < ARRAY_FIRST)
        capacity = ARRAY_FIRST;
    while (capacity <= count)
        capacity *= 2;
    return capacity;
}

void *array_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    *capacity = next_capacity(*capacity, count);
    return memory_resize_array(items, *capacity, size);
}

void *array_grow_in(struct arena *arena, const void *items, size_t count, size_t *capacity,
                    size_t size)
{
    *capacity = next_capacity(*capacity, count);
    void *larger = arena_allocate_array(arena, *capacity, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}
