/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_SKETCH_INDEX_H
#define INTAKE_SKETCH_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct text_sketch;

/* Inside intake/ only: texts by the values of their sketches. */

/* Which of many texts share the smallest values of a sketch: two texts that are much alike share
 * most of them, and those that have nothing in common cost nothing. All zeros: empty. */
enum { SKETCH_INDEX_VALUES = 32 };

struct sketch_index {
    struct sketch_occurrence *occurrences;
    size_t count;
    size_t capacity;
    uint32_t *buckets; /* of occurrences, by value: 1 + the newest one; 0: none */
    size_t bucket_count;
};

/* Adds the text of that release. */
void sketch_index_add(struct sketch_index *index, struct arena *arena, uint32_t text,
                      const struct text_sketch *sketch);

/* Adds to counts, by text, how many of the values each has; never over SKETCH_INDEX_VALUES. */
void sketch_index_count(const struct sketch_index *index, const struct text_sketch *sketch,
                        uint8_t *counts);

#endif
