/* SPDX-License-Identifier: MIT */
#include "list/when.h"

#include "base/clock.h"
#include "base/error.h"
#include "locale/written_date.h"
#include "locale/zone.h"

#include <string.h>

#define ADVICE "write it as 2026-06-07T12:00:00+02:00"

/* Why a date cannot be taken as it stands. */
static bool fault_tell(const struct list_reader *reader, const struct written_instant *result,
                       struct error *error)
{
    struct arena arena = { 0 };
    const struct zone *zone = reader->settings.zone;
    bool is_told = true;
    if (result->fault == WRITTEN_TWO_WAYS)
        (void)error_set(error, ERROR_INPUT, "reads two ways; write %s or %s",
                        zone_format_rfc3339(zone, &arena, result->at, false),
                        zone_format_rfc3339(zone, &arena, result->other_at, false));
    else if (result->fault == WRITTEN_IMPOSSIBLE)
        (void)error_set(error, ERROR_INPUT, "does not exist in %s; " ADVICE, zone_name(zone));
    else if (result->fault == WRITTEN_NO_YEAR)
        (void)error_set(error, ERROR_INPUT, "has no year of four digits; " ADVICE);
    else if (result->fault == WRITTEN_OTHER_ZONE)
        (void)error_set(error, ERROR_INPUT, "is in a time zone that is not read; " ADVICE);
    else
        is_told = false;
    arena_release(&arena);
    return is_told;
}

/* As spreadsheets of other countries write it: 21-06-2023 12:00, 21.6.2023 kl. 12. */
static bool written_read(const struct list_reader *reader, const char *raw, int64_t *at,
                         struct error *error)
{
    struct arena arena = { 0 };
    struct written_date date = { 0 };
    struct written_instant result = { .fault = WRITTEN_NO_DAY };
    const char *language = reader->settings.language;
    written_date_read(NULL, language ? language : "en", &arena, raw, &date);
    if (date.length == strlen(raw))
        written_date_resolve(&date, reader->settings.zone, 0, &result);
    arena_release(&arena);
    *at = result.at;
    return result.fault == WRITTEN_FULL || result.fault == WRITTEN_NO_TIME ||
           (!fault_tell(reader, &result, error) &&
            error_set(error, ERROR_INPUT, "is no time; " ADVICE));
}

bool when_read(struct list_reader *reader, const char *raw, struct text *when, struct error *error)
{
    struct error ignored;
    int64_t at = 0;
    if (instant_parse_rfc3339(raw, &at)) {
        text_append(when, raw);
        return true;
    }
    if (!zone_parse(reader->settings.zone, raw, &at, &ignored) &&
        !written_read(reader, raw, &at, error))
        return false;
    text_append(when,
                zone_format_rfc3339(reader->settings.zone, &reader->record, at, at % 1000 != 0));
    return true;
}
