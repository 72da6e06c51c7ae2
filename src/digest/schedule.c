/* SPDX-License-Identifier: MIT */
#include "digest/digest.h"

#include "base/clock.h"
#include "base/error.h"
#include "locale/zone.h"

enum { MINUTES_A_DAY = 24 * 60, TRY_MINUTES = 15, WEEK_DAYS = 7 };

static int64_t days_of(const struct digest_settings *settings, int64_t at)
{
    struct civil_time civil;
    zone_civil(settings->zone, at, &civil);
    return civil_to_days(civil.year, civil.month, civil.day);
}

/* The first instant of the day number at or after the minute that clocks show. */
static int64_t instant_of(const struct digest_settings *settings, int64_t days)
{
    struct error error;
    int64_t instant = days * DURATION_DAY;
    for (int minute = settings->minute; minute < 2 * MINUTES_A_DAY; minute += TRY_MINUTES) {
        struct civil_time civil = { .hour = minute % MINUTES_A_DAY / 60, .minute = minute % 60 };
        civil_from_days(days + minute / MINUTES_A_DAY, &civil.year, &civil.month, &civil.day);
        if (zone_instant(settings->zone, &civil, &instant, &error))
            break;
    }
    return instant;
}

static bool is_day(const struct digest_settings *settings, int64_t days, bool is_weekly)
{
    /* Monday is 1, and 1970-01-01 was a Thursday; days before it are below zero. */
    int64_t weekday = ((days + 3) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS + 1;
    return !is_weekly || weekday == settings->weekday;
}

/* Instants follow each other as their days do; two fall together where the clocks leave out a whole
 * day. */
struct digest_day digest_last_day(const struct digest_settings *settings, int64_t at,
                                  bool is_weekly)
{
    int64_t days = days_of(settings, at) + 1;
    while (!is_day(settings, days, is_weekly) || instant_of(settings, days) > at)
        days--;
    return (struct digest_day){ .days = days, .at = instant_of(settings, days) };
}

static int64_t next_instant(const struct digest_settings *settings, int64_t now_at, bool is_weekly)
{
    int64_t days = digest_last_day(settings, now_at, false).days + 1;
    while (!is_day(settings, days, is_weekly))
        days++;
    return instant_of(settings, days);
}

int64_t digest_next_daily(const struct digest_settings *settings, int64_t now_at)
{
    return next_instant(settings, now_at, false);
}

int64_t digest_next_weekly(const struct digest_settings *settings, int64_t now_at)
{
    return next_instant(settings, now_at, true);
}
