/* SPDX-License-Identifier: MIT */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* Where random numbers come from: the kernel in the program, a counted sequence in a test. Never
 * for keys: those are made by address/. */
struct random {
    void (*fill)(struct random *random, void *bytes, size_t length);
    uint64_t state;
};

/* The kernel's. With PRESSROOM_TEST_HOOKS the environment variable PRESSROOM_RANDOM (a number)
 * makes it the sequence of that seed. */
struct random random_system(void);
struct random random_seeded(uint64_t seed);

/* 1 … 2^63-1. */
int64_t random_positive(struct random *random);

/* length characters of a–z and 2–7. */
char *random_name(struct random *random, struct arena *arena, size_t length);

#endif
