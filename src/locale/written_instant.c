/* SPDX-License-Identifier: MIT */
/* What a written date means in a time zone. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "locale/language_words.h"
#include "locale/written_date.h"
#include "locale/zone.h"

#include <inttypes.h>
#include <string.h>

enum { DAYS_AHEAD = 300, WEEK = 7, HALF_DAY_HOURS = 12 };

static int weekday_of(int64_t days)
{
    int64_t rest = (days + 3) % WEEK; /* 1970-01-01 was a Thursday */
    return (int)(rest < 0 ? rest + WEEK : rest) + 1;
}

static int weekday_of_date(const struct written_date *date)
{
    return weekday_of(civil_to_days(date->year, date->month, date->day));
}

static bool day_exists(const struct written_date *date)
{
    /* Without a year, 29 February may exist. */
    int64_t year = date->has_year ? date->year : 2000;
    return date->month >= 1 && date->month <= 12 && civil_is_valid(year, date->month, date->day);
}

/* Offsets of the zone in the middle of that year's winter and summer. */
static void year_offsets(const struct zone *zone, int64_t year, int *low, int *high)
{
    struct civil_time january;
    struct civil_time july;
    zone_civil(zone, civil_to_days(year, 1, 1) * DURATION_DAY, &january);
    zone_civil(zone, civil_to_days(year, 7, 1) * DURATION_DAY, &july);
    int a = january.offset_seconds / 60;
    int b = july.offset_seconds / 60;
    *low = a < b ? a : b;
    *high = a < b ? b : a;
}

/* Whether an abbreviation is one that people in the zone use, for its winter or its summer: CET is
 * Copenhagen's and Berlin's, BST is not, although its summer has the offset of their winter. */
static bool is_own_abbreviation(const struct zone *zone, const struct written_date *date)
{
    int low;
    int high;
    year_offsets(zone, date->year, &low, &high);
    return date->offset_minutes == low && date->summer_offset_minutes == high;
}

/* Fills in the one year whose day is within the next 300 days. False where there is none. */
static bool find_year(struct written_date *date, const struct zone *zone, int64_t now_at)
{
    struct civil_time now;
    if (now_at == INSTANT_NONE || !date->weekday)
        return false;
    zone_civil(zone, now_at, &now);
    int64_t today = civil_to_days(now.year, now.month, now.day);
    for (int64_t year = now.year; year <= now.year + 1; year++) {
        int64_t days = civil_to_days(year, date->month, date->day);
        if (!civil_is_valid(year, date->month, date->day) || days < today ||
            days > today + DAYS_AHEAD)
            continue;
        date->year = year;
        date->has_year = true;
        return true;
    }
    return false;
}

/* The instant of a date whose parts are all known; false where the clocks never show it. */
static bool instant_of(const struct written_date *date, const struct zone *zone, int64_t *instant)
{
    struct error ignored;
    struct civil_time civil = { .year = date->year, .month = date->month, .day = date->day };
    int64_t days = civil_to_days(date->year, date->month, date->day) + (date->hour == 24);
    civil_from_days(days, &civil.year, &civil.month, &civil.day);
    civil.hour = date->hour == 24 ? 0 : date->hour;
    civil.minute = date->minute;
    civil.second = date->second;
    if (date->zone == WRITTEN_ZONE_OFFSET)
        return zone_instant_at_offset(&civil, date->offset_minutes, instant, &ignored);
    return zone_instant(zone, &civil, instant, &ignored);
}

static void swap_numbers(struct written_date *date)
{
    int day = date->month;
    date->month = date->day;
    date->day = day;
}

/* The last thing that it can mean: the later half of the day, its end. */
static void move_to_later(struct written_date *date)
{
    if (date->is_midnight)
        date->hour = 24;
    else if (date->is_half_day)
        date->hour = date->hour == HALF_DAY_HOURS ? 24 : date->hour + HALF_DAY_HOURS;
}

/* Both readings, in the order of time. */
static void set_both_readings(const struct written_date *date, const struct zone *zone,
                              bool both_days, struct written_instant *result)
{
    struct written_date other = *date;
    if (both_days)
        swap_numbers(&other);
    struct written_date first = civil_to_days(date->year, date->month, date->day) <=
                                        civil_to_days(other.year, other.month, other.day)
                                    ? *date
                                    : other;
    struct written_date last = first.day == date->day ? other : *date;
    if (!date->has_time)
        first.hour = last.hour = 0;
    else
        move_to_later(&last);
    result->fault = instant_of(&first, zone, &result->at) &&
                            instant_of(&last, zone, &result->other_at)
                        ? WRITTEN_TWO_WAYS
                        : WRITTEN_IMPOSSIBLE;
}

/* What is wrong with its zone, where something is. */
static bool zone_is_read(const struct written_date *date, const struct zone *zone)
{
    switch (date->zone) {
    case WRITTEN_ZONE_NONE:
    case WRITTEN_ZONE_OFFSET:
        return true;
    case WRITTEN_ZONE_PLACE:
        return strcmp(date->zone_place, zone_name(zone)) == 0;
    case WRITTEN_ZONE_ABBREVIATION:
        return is_own_abbreviation(zone, date);
    case WRITTEN_ZONE_UNKNOWN:
        break;
    }
    return false;
}

/* The weekday decides between 9 June and September 6. True where it leaves both. */
static bool weekday_leaves_both(struct written_date *date)
{
    struct written_date other = *date;
    swap_numbers(&other);
    if (!date->weekday)
        return true;
    bool fits = weekday_of_date(date) == date->weekday;
    bool other_fits = weekday_of_date(&other) == date->weekday;
    if (!fits && other_fits)
        *date = other;
    return fits && other_fits;
}

static enum written_fault find_fault(struct written_date *date, const struct zone *zone,
                                     int64_t now_at)
{
    if (!date->has_day || date->has_second)
        return WRITTEN_NO_DAY;
    if (!day_exists(date) || date->is_impossible)
        return WRITTEN_IMPOSSIBLE;
    if (date->has_short_year ||
        (!date->has_year && (date->is_swappable || !find_year(date, zone, now_at))))
        return WRITTEN_NO_YEAR;
    return WRITTEN_FULL;
}

void written_date_resolve(const struct written_date *date, const struct zone *zone, int64_t now_at,
                          struct written_instant *result)
{
    struct written_date copy = *date;
    *result = (struct written_instant){ .fault = find_fault(&copy, zone, now_at) };
    if (result->fault != WRITTEN_FULL)
        return;
    bool both_days = copy.is_swappable && weekday_leaves_both(&copy);
    if (!both_days && copy.weekday && weekday_of_date(&copy) != copy.weekday) {
        result->fault = WRITTEN_WEEKDAY;
        result->weekday = weekday_of_date(&copy);
        return;
    }
    if (!zone_is_read(&copy, zone)) {
        result->fault = WRITTEN_OTHER_ZONE;
    } else if (both_days || copy.is_midnight || copy.is_half_day) {
        set_both_readings(&copy, zone, both_days, result);
    } else if (!instant_of(&copy, zone, &result->at)) {
        result->fault = WRITTEN_IMPOSSIBLE;
    } else if (!copy.has_time) {
        result->fault = WRITTEN_NO_TIME;
    }
}
