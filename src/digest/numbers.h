/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_NUMBERS_H
#define DIGEST_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct error;

/* Inside digest/ only: statements whose parameters are all numbers. */

struct digest_numbers {
    const int64_t *numbers;
    size_t count;
};

bool digest_write(struct database *database, const char *sql, struct digest_numbers parameters,
                  struct error *error);

/* The one number that a query gives; *found false where it gives no row or NULL. */
bool digest_ask(struct database *database, const char *sql, struct digest_numbers parameters,
                int64_t *value, bool *found, struct error *error);

#define DIGEST_NUMBERS(...)                                                                        \
    (struct digest_numbers)                                                                        \
    {                                                                                              \
        (const int64_t[]){ __VA_ARGS__ },                                                          \
            sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)                             \
    }
#define DIGEST_RUN(database, sql, error, ...)                                                      \
    digest_write(database, sql, DIGEST_NUMBERS(__VA_ARGS__), error)
#define DIGEST_ASK(database, sql, value, found, error, ...)                                        \
    digest_ask(database, sql, DIGEST_NUMBERS(__VA_ARGS__), value, found, error)

#endif
