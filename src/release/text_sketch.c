/* SPDX-License-Identifier: MIT */
#include "release/text_sketch.h"

#include "base/arena.h"
#include "release/body.h"
#include "release/release.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- runs of words ---- */

enum { RUN_WORDS = 3 };

struct runs {
    uint64_t *values; /* hashes of runs, in the order of the text */
    size_t count;
};

/* A letter or digit in lower case, or a byte beyond ASCII; 0: no part of a word. */
static unsigned char word_byte(unsigned char c)
{
    if ((unsigned char)(c - 'a') < 26 || c >= 0x80 || (unsigned char)(c - '0') < 10)
        return c;
    return (unsigned char)(c - 'A') < 26 ? (unsigned char)(c + 32) : 0;
}

/* FNV-1a, which can be aimed at: whoever wants two texts to look alike can as well copy one. */
static uint64_t mix(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

static int compare_values(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

static struct runs collect_runs(struct arena *arena, const struct body_node *body)
{
    const unsigned char *text = (const unsigned char *)body_plain_text(arena, body);
    size_t most = strlen((const char *)text) / 2 + 1;
    uint64_t *words = arena_allocate_array(arena, most, sizeof *words);
    size_t count = 0;
    while (*text) {
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        const unsigned char *begin = text;
        for (unsigned char c; (c = word_byte(*text)) != 0; text++)
            hash = mix(hash, c);
        if (text > begin)
            words[count++] = hash;
        else
            text++;
    }
    struct runs runs = { words, count };
    if (count > RUN_WORDS - 1) { /* a shorter text is compared word by word */
        runs.count = count - (RUN_WORDS - 1);
        for (size_t i = 0; i < runs.count; i++)
            words[i] = (words[i] * 31 + words[i + 1]) * 31 + words[i + 2];
    }
    return runs;
}

/* ---- whole texts ---- */

double release_text_similarity(struct arena *arena, const struct body_node *a,
                               const struct body_node *b)
{
    struct runs first = collect_runs(arena, a);
    struct runs second = collect_runs(arena, b);
    qsort(first.values, first.count, sizeof *first.values, compare_values);
    qsort(second.values, second.count, sizeof *second.values, compare_values);
    if (first.count + second.count == 0)
        return 1.0;
    size_t common = 0;
    for (size_t i = 0, j = 0; i < first.count && j < second.count;) {
        if (first.values[i] == second.values[j]) {
            common++;
            i++;
            j++;
        } else if (first.values[i] < second.values[j]) {
            i++;
        } else {
            j++;
        }
    }
    return 2.0 * (double)common / (double)(first.count + second.count);
}

/* ---- sketches ---- */

/* So many values are compared first: with less than rough_least in common the texts differ, and
 * most pairs need no more. */
enum { ROUGH_VALUES = 48 };

static const double rough_least = 0.3;

/* Spreads neighbouring hashes over all values (the finalizer of splitmix64). */
static uint32_t spread(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(value >> 32);
}

static int compare_small(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Puts those with the same first byte together, which hardly any two of most texts have, and sorts
 * them there. sorted has room for all. */
static void sort_small(const uint32_t *values, uint32_t *sorted, size_t count)
{
    enum { FIRST_BYTE = 24 };

    size_t ends[UCHAR_MAX + 1] = { 0 };
    size_t before = 0;
    for (size_t i = 0; i < count; i++)
        ends[values[i] >> FIRST_BYTE]++;
    for (int byte = 0; byte <= UCHAR_MAX; byte++) {
        size_t so_many = ends[byte];
        ends[byte] = before;
        before += so_many;
    }
    for (size_t i = 0; i < count; i++)
        sorted[ends[values[i] >> FIRST_BYTE]++] = values[i];
    before = 0;
    for (int byte = 0; byte <= UCHAR_MAX; before = ends[byte++])
        if (ends[byte] - before == 2 && sorted[before] > sorted[before + 1]) {
            uint32_t larger = sorted[before];
            sorted[before] = sorted[before + 1];
            sorted[before + 1] = larger;
        } else if (ends[byte] - before > 2) {
            qsort(sorted + before, ends[byte] - before, sizeof *sorted, compare_small);
        }
}

void text_sketch_make(const struct body_node *body, struct text_sketch *sketch)
{
    struct arena arena = { 0 };
    const struct runs runs = collect_runs(&arena, body);
    uint32_t *unsorted = arena_allocate_array(&arena, runs.count + 1, sizeof *unsorted);
    uint32_t *values = arena_allocate_array(&arena, runs.count + 1, sizeof *values);
    for (size_t i = 0; i < runs.count; i++)
        unsorted[i] = spread(runs.values[i]);
    sort_small(unsorted, values, runs.count);
    *sketch = (struct text_sketch){ .is_whole = true };
    for (size_t i = 0; i < runs.count && sketch->is_whole; i++) {
        if (i > 0 && values[i] == values[i - 1])
            continue;
        if (sketch->count == TEXT_SKETCH_VALUES)
            sketch->is_whole = false;
        else
            sketch->values[sketch->count++] = values[i];
    }
    arena_release(&arena);
}

/* Compares at most maximum of the smallest values of both. It ends at the last value of a sketch
 * that is not whole, because larger values of that text are not known. */
static double compare_first(const struct text_sketch *a, const struct text_sketch *b,
                            size_t maximum)
{
    size_t common = 0;
    size_t all = 0;
    size_t i = 0;
    size_t j = 0;
    while (all < maximum && (i < a->count || a->is_whole) && (j < b->count || b->is_whole) &&
           (i < a->count || j < b->count)) {
        bool takes_a = j == b->count || (i < a->count && a->values[i] <= b->values[j]);
        bool takes_b = i == a->count || (j < b->count && b->values[j] <= a->values[i]);
        common += takes_a && takes_b;
        i += takes_a;
        j += takes_b;
        all++;
    }
    if (all == 0)
        return 1.0;
    return 2.0 * (double)common / (double)(all + common);
}

double text_sketch_similarity(const struct text_sketch *a, const struct text_sketch *b)
{
    double rough = compare_first(a, b, ROUGH_VALUES);
    return rough < rough_least ? rough : compare_first(a, b, TEXT_SKETCH_VALUES);
}

size_t text_sketch_write(const struct text_sketch *sketch, unsigned char *bytes)
{
    size_t size = 0;
    bytes[size++] = sketch->is_whole;
    for (size_t i = 0; i < sketch->count; i++)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes[size++] = (unsigned char)(sketch->values[i] >> shift & 0xFF);
    return size;
}

bool text_sketch_read(const unsigned char *bytes, size_t size, struct text_sketch *sketch)
{
    *sketch = (struct text_sketch){ .is_whole = true };
    if (size == 0 || size > TEXT_SKETCH_BYTES || size % 4 != 1)
        return false;
    sketch->is_whole = bytes[0] != 0;
    for (size_t at = 1; at < size; at += 4)
        sketch->values[sketch->count++] = (uint32_t)bytes[at] << 24 |
                                          (uint32_t)bytes[at + 1] << 16 |
                                          (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
    return true;
}
