/* SPDX-License-Identifier: MIT */
#include "locale/zone.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { ZONE_NAME_MAXIMUM = 64 };

struct zone {
    UCalendar *calendar; /* only asked for offsets */
    char name[ZONE_NAME_MAXIMUM];
};

static bool zone_exists(const UChar *name)
{
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = 0;
    UChar canonical[ZONE_NAME_MAXIMUM * 2];
    (void)ucal_getCanonicalTimeZoneID(name, -1, canonical, ZONE_NAME_MAXIMUM * 2, &is_system,
                                      &status);
    return U_SUCCESS(status) && is_system;
}

struct zone *zone_open(const char *name, struct error *error)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[ZONE_NAME_MAXIMUM];
    bool known = *name && strlen(name) < ZONE_NAME_MAXIMUM;
    for (const char *c = name; *c && known; c++)
        known = (unsigned char)*c < 0x80;
    if (known) {
        (void)u_uastrcpy(wide, name);
        known = zone_exists(wide);
    }
    if (!known) {
        (void)error_set(error, ERROR_USAGE,
                        "unknown time zone “%s”" ERROR_ADVICE "write a name like Europe/Copenhagen",
                        name);
        return NULL;
    }
    struct zone *zone = memory_allocate(sizeof *zone);
    memcpy(zone->name, name, strlen(name) + 1);
    zone->calendar = ucal_open(wide, -1, "en", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status)) {
        (void)error_set(error, ERROR_SYSTEM, "time zone %s: %s", name, u_errorName(status));
        zone_close(zone);
        return NULL;
    }
    return zone;
}

void zone_close(struct zone *zone)
{
    if (!zone)
        return;
    if (zone->calendar)
        ucal_close(zone->calendar);
    free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

static int64_t zone_offset_ms(const struct zone *zone, int64_t instant)
{
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(zone->calendar, (UDate)instant, &status);
    int32_t offset = ucal_get(zone->calendar, UCAL_ZONE_OFFSET, &status) +
                     ucal_get(zone->calendar, UCAL_DST_OFFSET, &status);
    return U_SUCCESS(status) ? offset : 0;
}

static int64_t floor_divide(int64_t value, int64_t divisor)
{
    int64_t quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

static void civil_at_offset(int64_t instant, int64_t offset_ms, struct civil_time *civil)
{
    int64_t local = instant + offset_ms;
    int64_t days = floor_divide(local, DURATION_DAY);
    int64_t rest = local - days * DURATION_DAY;
    civil_from_days(days, &civil->year, &civil->month, &civil->day);
    civil->hour = (int)(rest / DURATION_HOUR);
    civil->minute = (int)(rest / DURATION_MINUTE % 60);
    civil->second = (int)(rest / DURATION_SECOND % 60);
    civil->millisecond = (int)(rest % DURATION_SECOND);
    civil->offset_seconds = (int)(offset_ms / DURATION_SECOND);
    /* 1970-01-01 was a Thursday. */
    civil->weekday = (int)(days + 3 - floor_divide(days + 3, 7) * 7) + 1;
}

void zone_civil(const struct zone *zone, int64_t instant, struct civil_time *civil)
{
    civil_at_offset(instant, zone_offset_ms(zone, instant), civil);
}

/* Checks date and time of day, and counts local time as if it were UTC. */
static bool civil_to_local(const struct civil_time *civil, int64_t *local, struct error *error)
{
    if (!civil_is_valid(civil->year, civil->month, civil->day))
        return error_set(error, ERROR_INPUT,
                         "the date %04" PRId64 "-%02d-%02d does not exist" ERROR_ADVICE
                         "correct it",
                         civil->year, civil->month, civil->day);
    if (civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 ||
        civil->second < 0 || civil->second > 60)
        return error_set(error, ERROR_INPUT,
                         "the time of day %02d:%02d:%02d does not exist" ERROR_ADVICE
                         "write 00:00 to 23:59",
                         civil->hour, civil->minute, civil->second);
    /* A leap second is taken as the second before it. */
    int second = civil->second == 60 ? 59 : civil->second;
    *local = civil_to_days(civil->year, civil->month, civil->day) * DURATION_DAY +
             civil->hour * DURATION_HOUR + civil->minute * DURATION_MINUTE +
             second * DURATION_SECOND + civil->millisecond;
    return true;
}

bool zone_instant(const struct zone *zone, const struct civil_time *civil, int64_t *instant,
                  struct error *error)
{
    int64_t local = 0;
    bool exists = false;
    int64_t latest = 0;
    if (!civil_to_local(civil, &local, error))
        return false;
    /* The offset is one of those in force a day before and a day after; one that gives an instant
     * at which it is not in force itself belongs to a time that clocks never show. */
    const int64_t offsets[] = { zone_offset_ms(zone, local - DURATION_DAY),
                                zone_offset_ms(zone, local),
                                zone_offset_ms(zone, local + DURATION_DAY) };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        int64_t candidate = local - offsets[i];
        if (zone_offset_ms(zone, candidate) != offsets[i] || (exists && candidate <= latest))
            continue;
        exists = true;
        latest = candidate;
    }
    if (!exists)
        return error_set(error, ERROR_INPUT,
                         "the time %04" PRId64 "-%02d-%02d %02d:%02d does not exist in %s, where "
                         "clocks are put forward over it" ERROR_ADVICE "write another",
                         civil->year, civil->month, civil->day, civil->hour, civil->minute,
                         zone->name);
    *instant = latest;
    return true;
}

bool zone_instant_at_offset(const struct civil_time *civil, int offset_minutes, int64_t *instant,
                            struct error *error)
{
    int64_t local = 0;
    if (!civil_to_local(civil, &local, error))
        return false;
    *instant = local - offset_minutes * DURATION_MINUTE;
    return true;
}

const char *zone_format_rfc3339(const struct zone *zone, struct arena *arena, int64_t instant,
                                bool milliseconds)
{
    struct civil_time civil;
    char offset[16] = "Z";
    char fraction[16] = "";
    zone_civil(zone, instant, &civil);
    if (civil.offset_seconds % 60) /* local mean time of long ago: RFC 3339 has no seconds there */
        civil_at_offset(instant, 0, &civil);
    int minutes = abs(civil.offset_seconds) / 60;
    if (minutes)
        (void)snprintf(offset, sizeof offset, "%c%02d:%02d", civil.offset_seconds < 0 ? '-' : '+',
                       minutes / 60 % 100, minutes % 60);
    if (milliseconds)
        (void)snprintf(fraction, sizeof fraction, ".%03d", civil.millisecond % 1000);
    return arena_format(arena, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d%s%s", civil.year,
                        civil.month, civil.day, civil.hour, civil.minute, civil.second, fraction,
                        offset);
}

const char *zone_format_rfc822(const struct zone *zone, struct arena *arena, int64_t instant)
{
    static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct civil_time civil;
    zone_civil(zone, instant, &civil);
    if (civil.offset_seconds % 60)
        civil_at_offset(instant, 0, &civil);
    int minutes = abs(civil.offset_seconds) / 60;
    return arena_format(arena, "%s, %02d %s %04" PRId64 " %02d:%02d:%02d %c%02d%02d",
                        days[civil.weekday - 1], civil.day, months[civil.month - 1], civil.year,
                        civil.hour, civil.minute, civil.second,
                        civil.offset_seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
