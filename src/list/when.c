/* SPDX-License-Identifier: MIT */
#include "list/when.h"

#include "base/clock.h"
#include "base/error.h"
#include "locale/written_date.h"
#include "locale/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_SHOWN = 40 };

#define ADVICE "write it as 2026-06-07T12:00:00+02:00"

/* Why a date cannot be taken as it stands; always false. */
static bool fault_tell(const struct list_reader *reader, const char *raw,
                       const struct written_instant *result, struct error *error)
{
    struct arena arena = { 0 };
    const struct zone *zone = reader->settings.zone;
    switch (result->fault) {
    case WRITTEN_TWO_WAYS:
        (void)error_set(error, ERROR_INPUT, "\"%.*s\" reads two ways" ERROR_ADVICE "write %s or %s",
                        RAW_SHOWN, raw, zone_format_rfc3339(zone, &arena, result->at, false),
                        zone_format_rfc3339(zone, &arena, result->other_at, false));
        arena_release(&arena);
        return false;
    case WRITTEN_IMPOSSIBLE:
        return error_set(error, ERROR_INPUT,
                         "\"%.*s\" does not exist in %s" ERROR_ADVICE "correct it", RAW_SHOWN, raw,
                         zone_name(zone));
    case WRITTEN_NO_YEAR:
        return error_set(error, ERROR_INPUT,
                         "\"%.*s\" has no year of four digits" ERROR_ADVICE ADVICE, RAW_SHOWN, raw);
    case WRITTEN_OTHER_ZONE:
        return error_set(error, ERROR_INPUT,
                         "\"%.*s\" is in a time zone that is not read" ERROR_ADVICE ADVICE,
                         RAW_SHOWN, raw);
    case WRITTEN_FULL:
    case WRITTEN_NO_DAY:
    case WRITTEN_WEEKDAY:
    case WRITTEN_NO_TIME:
        break;
    }
    return error_set(error, ERROR_INPUT, "\"%.*s\" is no time" ERROR_ADVICE ADVICE, RAW_SHOWN, raw);
}

/* "21-06-2023 12.00.00" with colons, where a time and nothing else stands behind the day. */
static const char *with_colons(struct arena *arena, const char *raw)
{
    char *text = arena_copy(arena, raw);
    char *time = strchr(text, ' ');
    if (time && strspn(time, " 0123456789.") == strlen(time))
        for (char *c = time; *c; c++)
            if (*c == '.')
                *c = ':';
    return text;
}

/* As spreadsheets of other countries write it: 21-06-2023 12:00, 21.6.2023 kl. 12. */
static bool written_read(const struct list_reader *reader, const char *raw, int64_t *at,
                         struct error *error)
{
    struct arena arena = { 0 };
    struct written_date date = { 0 };
    struct written_instant result = { .fault = WRITTEN_NO_DAY };
    const char *language = reader->settings.language;
    const char *text = with_colons(&arena, raw);
    written_date_read(NULL, language ? language : "en", &arena, text, &date);
    if (date.length == strlen(text))
        written_date_resolve(&date, reader->settings.zone, 0, &result);
    arena_release(&arena);
    *at = result.at;
    return result.fault == WRITTEN_FULL || result.fault == WRITTEN_NO_TIME ||
           fault_tell(reader, raw, &result, error);
}

/* ---- as most programs write it ---- */

/* "2026-06-07 12:00:00", with a T or without seconds; all other forms are read more slowly. */
static bool civil_parse(const char *raw, struct civil_time *civil)
{
    static const char form[] = "0000-00-00 00:00:00";
    int numbers[6] = { 0 };
    size_t length = strlen(raw);
    size_t number = 0;
    if (length != sizeof form - 1 && length != sizeof "0000-00-00 00:00" - 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (form[i] != '0') {
            if (raw[i] != form[i] && !(form[i] == ' ' && raw[i] == 'T'))
                return false;
            number++;
        } else if (raw[i] < '0' || raw[i] > '9') {
            return false;
        } else {
            numbers[number] = numbers[number] * 10 + (raw[i] - '0');
        }
    }
    *civil = (struct civil_time){ .year = numbers[0],
                                  .month = numbers[1],
                                  .day = numbers[2],
                                  .hour = numbers[3],
                                  .minute = numbers[4],
                                  .second = numbers[5] };
    return civil_is_valid(civil->year, civil->month, civil->day) && civil->hour < 24 &&
           civil->minute < 60 && civil->second < 60;
}

/* The zone's offset on that day, kept because each question to the zone is dear. */
static const struct list_day *day_find(struct list_reader *reader, int64_t number)
{
    struct list_day *day = &reader->days[(size_t)(number & (LIST_DAYS_KEPT - 1))];
    struct civil_time before;
    struct civil_time during;
    struct civil_time after;
    if (day->number == number && day->is_known)
        return day;
    zone_civil(reader->settings.zone, (number - 1) * DURATION_DAY, &before);
    zone_civil(reader->settings.zone, number * DURATION_DAY, &during);
    zone_civil(reader->settings.zone, (number + 2) * DURATION_DAY, &after);
    *day = (struct list_day){ .number = number,
                              .is_known = true,
                              .is_regular = before.offset_seconds == during.offset_seconds &&
                                            during.offset_seconds == after.offset_seconds &&
                                            during.offset_seconds % 60 == 0,
                              .offset = "Z" };
    int minutes = abs(during.offset_seconds) / 60;
    if (minutes)
        (void)snprintf(day->offset, sizeof day->offset, "%c%02d:%02d",
                       during.offset_seconds < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
    return day;
}

/* The same digits with the offset behind them; false on days on which clocks are changed, and for
 * other forms. */
static bool civil_append(struct list_reader *reader, const char *raw, struct string_builder *when)
{
    struct civil_time civil;
    if (!civil_parse(raw, &civil))
        return false;
    const struct list_day *day = day_find(reader,
                                          civil_to_days(civil.year, civil.month, civil.day));
    if (!day->is_regular)
        return false;
    string_builder_append_bytes(when, raw, 10);
    string_builder_append_character(when, 'T');
    string_builder_append(when, raw + 11);
    if (raw[16] == '\0')
        string_builder_append(when, ":00");
    string_builder_append(when, day->offset);
    return true;
}

bool when_read(struct list_reader *reader, const char *raw, struct string_builder *when,
               struct error *error)
{
    struct error ignored;
    int64_t at = 0;
    if (instant_parse_rfc3339(raw, &at)) {
        string_builder_append(when, raw);
        return true;
    }
    if (civil_append(reader, raw, when))
        return true;
    if (!zone_parse(reader->settings.zone, raw, &at, &ignored) &&
        !written_read(reader, raw, &at, error))
        return false;
    string_builder_append(
        when, zone_format_rfc3339(reader->settings.zone, &reader->record, at, at % 1000 != 0));
    return true;
}
