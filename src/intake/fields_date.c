/* SPDX-License-Identifier: MIT */
#include "intake/fields_date.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "intake/encoding.h"
#include "intake/fields_scope.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/zone.h"
#include "release/release.h"

#include <string.h>

enum { DAY_LENGTH = 10 }; /* "2026-06-09" */

/* As somebody writes it; a day alone as "2026-06-09". */
static struct intake_value shown(const struct scope *scope, const struct written_date *date,
                                 int64_t at)
{
    struct arena *arena = scope->reading->arena;
    const struct zone *zone = scope->reading->zone;
    struct civil_time civil;
    zone_civil(zone, at, &civil);
    return date->has_time ? intake_value_written_time(&civil)
                          : intake_value_given(arena_copy_bytes(
                                arena, zone_format_rfc3339(zone, arena, at, false), DAY_LENGTH));
}

/* Refuses a date that does not name exactly one instant or day; value: what stands there. */
static void refuse_date(struct scope *scope, const char *key, const char *value,
                        const struct written_date *date, const struct written_instant *instant)
{
    struct intake_problem_list *problems = scope->reading->problems;
    const char *written = scope_written(scope, key);
    int line = scope_line_of(scope, key);
    const char *place = strchr(value, '<');
    if (place && strchr(place, '>')) {
        scope_refuse(scope, key, INTAKE_MESSAGE_TEMPLATE_LEFT, value, NULL);
        return;
    }
    switch (instant->fault) {
    case WRITTEN_IMPOSSIBLE:
        scope_refuse(scope, key, INTAKE_MESSAGE_TIME_IMPOSSIBLE, written, value);
        return;
    case WRITTEN_NO_YEAR:
        scope_refuse(scope, key, INTAKE_MESSAGE_TIME_NO_YEAR, written, value);
        return;
    case WRITTEN_OTHER_ZONE:
        scope_refuse(scope, key, INTAKE_MESSAGE_TIME_OTHER_ZONE, written, value);
        return;
    case WRITTEN_WEEKDAY:
        intake_problem_add_message(
            problems, INTAKE_REFUSED, line,
            &(struct intake_message){ INTAKE_MESSAGE_TIME_WEEKDAY,
                                      { intake_value_given(written), intake_value_given(value),
                                        intake_value_weekday(instant->weekday) } });
        return;
    case WRITTEN_TWO_WAYS:
        intake_problem_add_message(
            problems, INTAKE_REFUSED, line,
            &(struct intake_message){ INTAKE_MESSAGE_TIME_TWO_WAYS,
                                      { intake_value_given(value), shown(scope, date, instant->at),
                                        shown(scope, date, instant->other_at) } });
        return;
    case WRITTEN_FULL:
    case WRITTEN_NO_TIME:
    case WRITTEN_NO_DAY:
        break;
    }
    scope_refuse(scope, key, INTAKE_MESSAGE_TIME_WRONG, written, value);
}

/* "2026-06-09T06:00:00.250+02:00", as programs write it: to the millisecond. */
static bool read_standard(const struct scope *scope, const char *value, struct fields_date *date)
{
    struct error error;
    date->is_day = !strchr(value, ':');
    if (strlen(value) < 5 || value[4] != '-' ||
        !zone_parse(scope->reading->zone, value, &date->at, &error))
        return false;
    date->at = instant_written(date->at);
    return true;
}

/* Reads a value. False where it does not name exactly one instant or day; *instant says why.
 * start: the day of an end that is a time alone; NULL: there is none. */
static bool read_value(const struct scope *scope, const char *value,
                       const struct fields_date *start, struct fields_date *date,
                       struct written_instant *instant)
{
    *date = (struct fields_date){ 0 };
    if (read_standard(scope, value, date))
        return true;
    written_date_read(scope->reading->words, intake_reading_language(scope->reading),
                      scope->reading->arena, value, &date->written);
    if (start && date->written.has_time && !date->written.has_day) {
        struct civil_time day;
        zone_civil(scope->reading->zone, start->at, &day);
        date->written.has_day = date->written.has_year = true;
        date->written.year = day.year;
        date->written.month = day.month;
        date->written.day = day.day;
    }
    written_date_resolve(&date->written, scope->reading->zone, scope->reading->now_at, instant);
    if (date->written.length < strlen(value))
        instant->fault = date->written.zone == WRITTEN_ZONE_UNKNOWN ? WRITTEN_OTHER_ZONE
                                                                    : WRITTEN_NO_DAY;
    date->at = instant_written(instant->at);
    date->is_day = instant->fault == WRITTEN_NO_TIME;
    return instant->fault == WRITTEN_FULL || date->is_day;
}

bool fields_date_of(const struct scope *scope, const char *value, struct fields_date *date)
{
    struct written_instant ignored;
    return read_value(scope, value, NULL, date, &ignored);
}

bool fields_date_read_end(struct scope *scope, const char *key, const struct fields_date *start,
                          struct fields_date *date)
{
    struct written_instant instant;
    const char *value = scope_line(scope, key);
    *date = (struct fields_date){ 0 };
    if (!value)
        return false;
    if (read_value(scope, value, start, date, &instant))
        return true;
    refuse_date(scope, key, value, &date->written, &instant);
    return false;
}

bool fields_date_read(struct scope *scope, const char *key, struct fields_date *date)
{
    return fields_date_read_end(scope, key, NULL, date);
}

/* How long a dash is that stands there; 0: none does. */
static size_t dash_length(const char *at)
{
    static const char *const dashes[] = { "-", "–", "—", NULL };
    for (const char *const *dash = dashes; *dash; dash++)
        if (strncmp(at, *dash, strlen(*dash)) == 0)
            return strlen(*dash);
    return 0;
}

bool fields_date_split(const struct scope *scope, const char *value, struct fields_date *start,
                       struct fields_date *end)
{
    enum { VALUE_MAXIMUM = 200, DASHES_MAXIMUM = 8 };
    struct arena *arena = scope->reading->arena;
    struct written_instant ignored;
    bool is_standard = strlen(value) > DAY_LENGTH && value[DAY_LENGTH] == 'T';
    if (is_standard || strlen(value) > VALUE_MAXIMUM)
        return false;
    int dashes = 0;
    for (const char *at = value; *at && dashes < DASHES_MAXIMUM; at++) {
        size_t dash = dash_length(at);
        if (!dash || at == value)
            continue;
        dashes++;
        const char *before = encoding_one_line(arena, value, (size_t)(at - value));
        const char *behind = encoding_one_line(arena, at + dash, strlen(at + dash));
        if (*behind >= '0' && *behind <= '9')
            behind = arena_format(arena, "kl. %s", behind);
        if (read_value(scope, before, NULL, start, &ignored) && !start->is_day &&
            read_value(scope, behind, start, end, &ignored) && !end->is_day)
            return true;
    }
    return false;
}

int64_t fields_date_next_day(const struct scope *scope, const struct fields_date *date)
{
    struct civil_time day;
    struct written_instant next;
    zone_civil(scope->reading->zone, date->at, &day);
    struct written_date written = { .has_day = true, .has_year = true };
    civil_from_days(civil_to_days(day.year, day.month, day.day) + 1, &written.year, &written.month,
                    &written.day);
    written_date_resolve(&written, scope->reading->zone, INSTANT_NONE, &next);
    return next.fault == WRITTEN_NO_TIME ? next.at : date->at + DURATION_DAY;
}
