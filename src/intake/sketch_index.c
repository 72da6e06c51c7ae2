/* SPDX-License-Identifier: MIT */
#include "intake/sketch_index.h"

#include "base/arena.h"
#include "release/text_sketch.h"

#include <string.h>

struct sketch_occurrence {
    uint32_t value;
    uint32_t text;
    uint32_t next; /* 1 + index of the previous one in its bucket; 0: none */
};

static void put(struct sketch_index *index, uint32_t number)
{
    uint32_t *bucket =
        &index->buckets[index->occurrences[number].value & (index->bucket_count - 1)];
    index->occurrences[number].next = *bucket;
    *bucket = number + 1;
}

static void grow(struct sketch_index *index, struct arena *arena)
{
    index->capacity = index->capacity ? 2 * index->capacity : SKETCH_INDEX_VALUES;
    struct sketch_occurrence *larger = arena_allocate_array(arena, index->capacity, sizeof *larger);
    if (index->count)
        memcpy(larger, index->occurrences, index->count * sizeof *larger);
    index->occurrences = larger;
    index->bucket_count = index->capacity;
    index->buckets = arena_allocate_array(arena, index->bucket_count, sizeof *index->buckets);
    for (size_t i = 0; i < index->count; i++)
        put(index, (uint32_t)i);
}

static size_t used_values(const struct text_sketch *sketch)
{
    return sketch->count < SKETCH_INDEX_VALUES ? sketch->count : SKETCH_INDEX_VALUES;
}

void sketch_index_add(struct sketch_index *index, struct arena *arena, uint32_t text,
                      const struct text_sketch *sketch)
{
    for (size_t i = 0; i < used_values(sketch); i++) {
        if (index->count == index->capacity)
            grow(index, arena);
        index->occurrences[index->count] = (struct sketch_occurrence){ sketch->values[i], text, 0 };
        put(index, (uint32_t)index->count++);
    }
}

void sketch_index_count(const struct sketch_index *index, const struct text_sketch *sketch,
                        uint8_t *counts)
{
    if (!index->bucket_count)
        return;
    for (size_t i = 0; i < used_values(sketch); i++) {
        uint32_t value = sketch->values[i];
        uint32_t at = index->buckets[value & (index->bucket_count - 1)];
        for (; at; at = index->occurrences[at - 1].next)
            if (index->occurrences[at - 1].value == value)
                counts[index->occurrences[at - 1].text]++;
    }
}
