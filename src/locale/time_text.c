/* SPDX-License-Identifier: MIT */
/* Reading instants that people write. */
#include "locale/zone.h"

#include "base/error.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Reads exactly count digits at *cursor. */
static bool take_digits(const char **cursor, int count, int *value)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (!isdigit((unsigned char)(*cursor)[i]))
            return false;
        number = number * 10 + ((*cursor)[i] - '0');
    }
    *cursor += count;
    *value = number;
    return true;
}

static bool take(const char **cursor, char character)
{
    if (**cursor != character)
        return false;
    ++*cursor;
    return true;
}

static void skip_blanks(const char **cursor)
{
    while (**cursor == ' ' || **cursor == '\t')
        ++*cursor;
}

static bool take_date(const char **cursor, struct civil_time *civil)
{
    int year;
    if (!take_digits(cursor, 4, &year) || !take(cursor, '-') ||
        !take_digits(cursor, 2, &civil->month) || !take(cursor, '-') ||
        !take_digits(cursor, 2, &civil->day))
        return false;
    civil->year = year;
    return true;
}

static bool take_time(const char **cursor, struct civil_time *civil)
{
    if (!take_digits(cursor, 2, &civil->hour) || !take(cursor, ':') ||
        !take_digits(cursor, 2, &civil->minute))
        return false;
    if (!take(cursor, ':'))
        return true;
    if (!take_digits(cursor, 2, &civil->second))
        return false;
    if (!take(cursor, '.') && !take(cursor, ','))
        return true;
    int scale = 100;
    const char *begin = *cursor;
    for (; isdigit((unsigned char)**cursor); ++*cursor, scale /= 10)
        civil->millisecond += scale * (**cursor - '0');
    return *cursor > begin;
}

/* Z, +02:00, +0200, +02; with is_lenient also +2. */
static bool take_offset(const char **cursor, bool is_lenient, int *minutes)
{
    int hours;
    int rest = 0;
    if (take(cursor, 'Z') || take(cursor, 'z')) {
        *minutes = 0;
        return true;
    }
    bool negative = **cursor == '-';
    if (!negative && **cursor != '+')
        return false;
    ++*cursor;
    if (!take_digits(cursor, 2, &hours) && !(is_lenient && take_digits(cursor, 1, &hours)))
        return false;
    bool has_colon = take(cursor, ':');
    if ((has_colon || isdigit((unsigned char)**cursor)) && !take_digits(cursor, 2, &rest))
        return false;
    if (hours > 18 || rest > 59)
        return false;
    *minutes = negative ? -(hours * 60 + rest) : hours * 60 + rest;
    return true;
}

bool zone_parse(const struct zone *zone, const char *string, int64_t *instant, struct error *error)
{
    struct civil_time civil = { 0 };
    const char *cursor = string;
    int offset = 0;
    bool has_offset = false;
    skip_blanks(&cursor);
    bool good = take_date(&cursor, &civil);
    bool has_time = good && (*cursor == 'T' || *cursor == 't');
    if (has_time)
        cursor++;
    skip_blanks(&cursor);
    if (good && (has_time || *cursor)) {
        good = take_time(&cursor, &civil);
        skip_blanks(&cursor);
        has_offset = good && *cursor;
        good = good && (!has_offset || take_offset(&cursor, false, &offset));
    }
    skip_blanks(&cursor);
    if (!good || *cursor)
        return error_set(error, ERROR_INPUT,
                         "“%.60s” is no time" ERROR_ADVICE "write it like 2022-06-07 18:57 or "
                         "2022-06-07T18:57:25+02:00",
                         string);
    return has_offset ? zone_instant_at_offset(&civil, offset, instant, error)
                      : zone_instant(zone, &civil, instant, error);
}

bool zone_abbreviation_offset(const char *abbreviation, int *offset_minutes)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {
        { "UTC", 0 },    { "GMT", 0 },    { "WET", 0 },    { "WEST", 60 },  { "BST", 60 },
        { "CET", 60 },   { "MEZ", 60 },   { "CEST", 120 }, { "MESZ", 120 }, { "EET", 120 },
        { "EEST", 180 }, { "MSK", 180 },  { "EST", -300 }, { "EDT", -240 }, { "CST", -360 },
        { "CDT", -300 }, { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
    };

    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (strcasecmp(zones[i].name, abbreviation) != 0)
            continue;
        *offset_minutes = zones[i].minutes;
        return true;
    }
    const char *cursor = abbreviation;
    if (strncasecmp(cursor, "UTC", 3) == 0 || strncasecmp(cursor, "GMT", 3) == 0)
        cursor += 3;
    int minutes;
    if (!take_offset(&cursor, true, &minutes) || *cursor)
        return false;
    *offset_minutes = minutes;
    return true;
}
