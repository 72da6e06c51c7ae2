/* SPDX-License-Identifier: MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The one unit of time: an instant is milliseconds since 1970-01-01T00:00:00Z, in fields that end
 * in _at; a duration is milliseconds, in fields that end in _ms. 0 means "none" for an instant
 * (NULL in the database). */
enum { INSTANT_NONE = 0 };

#define DURATION_SECOND INT64_C(1000)
#define DURATION_MINUTE (60 * DURATION_SECOND)
#define DURATION_HOUR (60 * DURATION_MINUTE)
#define DURATION_DAY (24 * DURATION_HOUR)

/* Where time comes from: the system in the program, a value of its own in a test. */
struct clock {
    int64_t (*now)(const struct clock *clock);
    int64_t fixed_at; /* what a clock made by clock_fixed() says */
    int64_t slowness; /* of one that runs slower than the system's: so many times; else 0 */
    int64_t begun_at; /* by the system's: when that one stood at fixed_at */
};

/* The system's clock. With PRESSROOM_TEST_HOOKS the environment variable PRESSROOM_NOW (RFC 3339)
 * moves it: it then starts at that instant and runs on from there, so many times slower as
 * PRESSROOM_NOW_SLOWER says, so that what a busy machine makes late is not late by it. */
struct clock clock_system(void);
struct clock clock_fixed(int64_t at);

/* Milliseconds of a clock that only runs forward, from no date: for how long, not for when. */
struct clock clock_monotonic(void);

/* clock_now() of that clock: for waiting alone, so that no test has to move it. */
int64_t clock_monotonic_now(void);

int64_t clock_now(const struct clock *clock);

/* RFC 3339 with upper-case T and offset or Z, and with seconds (fraction kept to the millisecond);
 * no other form, and no instant that does not exist (30 February; a leap second is taken as the
 * second before). */
bool instant_parse_rfc3339(const char *string, int64_t *instant);

/* An instant that somebody wrote, as it may stand in a field: the first second of 1970, which would
 * be none, becomes the one after it. */
int64_t instant_written(int64_t instant);

/* The whole second that it is in, and whether a is in a later one than b. */
int64_t instant_second(int64_t instant);
bool instant_is_in_later_second(int64_t a, int64_t b);

/* "2026-06-07T16:57:25Z"; milliseconds are left out. Empty string for INSTANT_NONE. */
const char *instant_format_utc(struct arena *arena, int64_t instant);

/* "2026-06-07T16:57:25.007Z": the same with milliseconds, where there are any. */
const char *instant_format_utc_exact(struct arena *arena, int64_t instant);

/* Days since 1970-01-01 of a civil date (proleptic Gregorian), without a check of the date. */
int64_t civil_to_days(int64_t year, int month, int day);

/* The civil date of a day number. */
void civil_from_days(int64_t days, int64_t *year, int *month, int *day);

bool civil_is_valid(int64_t year, int month, int day);

/* "90s", "5m", "48h", "7d"; a plain 0 is allowed; at most 10 years. */
bool duration_parse(const char *string, int64_t *duration_ms);

#endif
