/* SPDX-License-Identifier: MIT */
#include "base/random.h"

#include "base/arena.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void system_fill(struct random *random, void *bytes, size_t length)
{
    (void)random;
    randombytes_buf(bytes, length);
}

/* splitmix64 (Sebastiano Vigna, public domain): repeatable, not secret. */
static void seeded_fill(struct random *random, void *bytes, size_t length)
{
    unsigned char *out = bytes;
    while (length) {
        random->state += 0x9e3779b97f4a7c15ULL;
        uint64_t value = random->state;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
        value ^= value >> 31;
        size_t count = length < sizeof value ? length : sizeof value;
        memcpy(out, &value, count);
        out += count;
        length -= count;
    }
}

struct random random_seeded(uint64_t seed)
{
    return (struct random){ .fill = seeded_fill, .state = seed };
}

struct random random_system(void)
{
#ifdef PRESSROOM_TEST_HOOKS
    /* Read while the process still has one thread. */
    const char *seed = getenv("PRESSROOM_RANDOM"); /* NOLINT(concurrency-mt-unsafe) */
    if (seed)
        return random_seeded(strtoull(seed, NULL, 10));
#endif
    return (struct random){ .fill = system_fill };
}

int64_t random_positive(struct random *random)
{
    uint64_t value = 0;
    while (value == 0) {
        random->fill(random, &value, sizeof value);
        value &= INT64_MAX;
    }
    return (int64_t)value;
}

char *random_name(struct random *random, struct arena *arena, size_t length)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    char *name = arena_allocate(arena, length + 1);
    random->fill(random, name, length);
    for (size_t i = 0; i < length; i++)
        name[i] = alphabet[(unsigned char)name[i] % 32];
    return name;
}
