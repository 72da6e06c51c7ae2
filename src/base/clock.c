/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t system_now(const struct clock *clock)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_at = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (clock->slowness)
        return clock->fixed_at + (now_at - clock->begun_at) / clock->slowness;
    return now_at + clock->fixed_at;
}

static int64_t fixed_now(const struct clock *clock)
{
    return clock->fixed_at;
}

struct clock clock_fixed(int64_t at)
{
    return (struct clock){ .now = fixed_now, .fixed_at = at };
}

int64_t clock_monotonic_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t monotonic_now(const struct clock *clock)
{
    (void)clock;
    return clock_monotonic_now();
}

struct clock clock_monotonic(void)
{
    return (struct clock){ .now = monotonic_now };
}

struct clock clock_system(void)
{
    struct clock clock = { .now = system_now };
#ifdef PRESSROOM_TEST_HOOKS
    /* Read while the process still has one thread. */
    const char *moved = getenv("PRESSROOM_NOW");         /* NOLINT(concurrency-mt-unsafe) */
    const char *slower = getenv("PRESSROOM_NOW_SLOWER"); /* NOLINT(concurrency-mt-unsafe) */
    int64_t instant;
    if (moved && instant_parse_rfc3339(moved, &instant)) {
        int64_t now_at = system_now(&clock);
        clock.slowness = slower ? strtoll(slower, NULL, 10) : 0;
        clock.fixed_at = clock.slowness ? instant : instant - now_at;
        clock.begun_at = now_at;
    }
#endif
    return clock;
}

int64_t clock_now(const struct clock *clock)
{
    return clock->now(clock);
}

/* Both after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (public domain): eras of
 * 400 years whose year begins in March. */
int64_t civil_to_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

bool civil_is_valid(int64_t year, int month, int day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Reads exactly count digits and moves *cursor behind them; -1 where there are not so many. */
static int read_digits(const char **cursor, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*cursor)[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *cursor += count;
    return value;
}

static bool read_character(const char **cursor, char expected)
{
    if (**cursor != expected)
        return false;
    (*cursor)++;
    return true;
}

/* ".123456" to milliseconds; digits after the third are read and dropped. */
static bool read_fraction(const char **cursor, int *milliseconds)
{
    *milliseconds = 0;
    if (!read_character(cursor, '.'))
        return true;
    int scale = 100;
    if (**cursor < '0' || **cursor > '9')
        return false;
    for (; **cursor >= '0' && **cursor <= '9'; (*cursor)++, scale /= 10)
        *milliseconds += (**cursor - '0') * scale;
    return true;
}

static bool read_offset(const char **cursor, int *offset_minutes)
{
    *offset_minutes = 0;
    if (read_character(cursor, 'Z'))
        return true;
    int sign = read_character(cursor, '-') ? -1 : 1;
    if (sign > 0 && !read_character(cursor, '+'))
        return false;
    int hours = read_digits(cursor, 2);
    if (hours < 0 || hours > 23 || !read_character(cursor, ':'))
        return false;
    int minutes = read_digits(cursor, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    *offset_minutes = sign * (hours * 60 + minutes);
    return true;
}

/* "2022-06-07" as days since 1970. */
static bool read_date(const char **cursor, int64_t *days)
{
    int year = read_digits(cursor, 4);
    if (year < 0 || !read_character(cursor, '-'))
        return false;
    int month = read_digits(cursor, 2);
    if (month < 0 || !read_character(cursor, '-'))
        return false;
    int day = read_digits(cursor, 2);
    if (day < 0 || !civil_is_valid(year, month, day))
        return false;
    *days = civil_to_days(year, month, day);
    return true;
}

/* "18:57:25" as seconds since midnight; a leap second is the second before. */
static bool read_time_of_day(const char **cursor, int *seconds)
{
    int hour = read_digits(cursor, 2);
    if (hour < 0 || hour > 23 || !read_character(cursor, ':'))
        return false;
    int minute = read_digits(cursor, 2);
    if (minute < 0 || minute > 59 || !read_character(cursor, ':'))
        return false;
    int second = read_digits(cursor, 2);
    if (second < 0 || second > 60)
        return false;
    *seconds = hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    return true;
}

bool instant_parse_rfc3339(const char *string, int64_t *instant)
{
    const char *cursor = string;
    int64_t days;
    int seconds;
    int milliseconds;
    int offset_minutes;
    if (!read_date(&cursor, &days) || !read_character(&cursor, 'T') ||
        !read_time_of_day(&cursor, &seconds) || !read_fraction(&cursor, &milliseconds) ||
        !read_offset(&cursor, &offset_minutes) || *cursor)
        return false;
    *instant = (days * 86400 + seconds - (int64_t)offset_minutes * 60) * 1000 + milliseconds;
    return true;
}

/* fraction: what stands between the seconds and the Z. */
static const char *format_utc(struct arena *arena, int64_t instant, const char *fraction)
{
    int64_t seconds = instant / 1000 - (instant % 1000 < 0);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t rest = seconds - days * 86400;
    int64_t year;
    int month;
    int day;
    civil_from_days(days, &year, &month, &day);
    return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", (int)year, month, day,
                        (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60), fraction);
}

const char *instant_format_utc(struct arena *arena, int64_t instant)
{
    return instant == INSTANT_NONE ? "" : format_utc(arena, instant, "");
}

const char *instant_format_utc_exact(struct arena *arena, int64_t instant)
{
    int milliseconds = (int)(instant % 1000 + (instant % 1000 < 0 ? 1000 : 0));
    if (!milliseconds)
        return instant_format_utc(arena, instant);
    return format_utc(arena, instant, arena_format(arena, ".%03d", milliseconds));
}

bool duration_parse(const char *string, int64_t *duration_ms)
{
    const int64_t maximum_ms = 3653 * DURATION_DAY;
    int64_t value = 0;
    const char *cursor = string;
    if (strcmp(string, "0") == 0) {
        *duration_ms = 0;
        return true;
    }
    if (*cursor < '0' || *cursor > '9')
        return false;
    for (; *cursor >= '0' && *cursor <= '9'; cursor++) {
        value = value * 10 + (*cursor - '0');
        if (value > maximum_ms)
            return false;
    }
    int64_t unit = 0;
    switch (*cursor) {
    case 's':
        unit = DURATION_SECOND;
        break;
    case 'm':
        unit = DURATION_MINUTE;
        break;
    case 'h':
        unit = DURATION_HOUR;
        break;
    case 'd':
        unit = DURATION_DAY;
        break;
    default:
        return false;
    }
    if (cursor[1] || value > maximum_ms / unit)
        return false;
    *duration_ms = value * unit;
    return true;
}

int64_t instant_second(int64_t instant)
{
    int64_t rest = instant % DURATION_SECOND;
    return instant - (rest < 0 ? rest + DURATION_SECOND : rest);
}

bool instant_is_in_later_second(int64_t a, int64_t b)
{
    return instant_second(a) > instant_second(b);
}

int64_t instant_written(int64_t instant)
{
    return instant >= 0 && instant < DURATION_SECOND ? DURATION_SECOND : instant;
}
