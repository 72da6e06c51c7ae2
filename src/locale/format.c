/* SPDX-License-Identifier: MIT */
#include "locale/context_parts.h"

#include "base/arena.h"
#include "locale/utf16.h"
#include "locale/zone.h"

#include <inttypes.h>
#include <string.h>
#include <unicode/udatpg.h>
#include <unicode/uformattedvalue.h>
#include <unicode/ustring.h>

enum { FORMATTED_MAXIMUM = 200 };

/* The pattern that a language uses for a choice of fields. */
static UDateFormat *open_skeleton(const char *locale, const char *skeleton, const UChar *zone)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide_skeleton[16];
    UChar pattern[64];
    UDateTimePatternGenerator *generator = udatpg_open(locale, &status);
    if (U_FAILURE(status))
        return NULL;
    (void)u_uastrcpy(wide_skeleton, skeleton);
    int32_t length = udatpg_getBestPattern(generator, wide_skeleton, -1, pattern, 64, &status);
    udatpg_close(generator);
    return udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone, -1, pattern, length, &status);
}

static UDateFormat *open_date(const char *locale, enum date_style style, const char *zone_name)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone[64];
    (void)u_uastrcpy(zone, zone_name);
    switch (style) {
    case DATE_LONG:
        return udat_open(UDAT_NONE, UDAT_LONG, locale, zone, -1, NULL, 0, &status);
    case DATE_LONG_TIME:
        return udat_open(UDAT_SHORT, UDAT_LONG, locale, zone, -1, NULL, 0, &status);
    case DATE_WEEKDAY:
        return udat_open(UDAT_NONE, UDAT_FULL, locale, zone, -1, NULL, 0, &status);
    case DATE_TIME:
        return udat_open(UDAT_SHORT, UDAT_NONE, locale, zone, -1, NULL, 0, &status);
    case DATE_MONTH:
        return open_skeleton(locale, "yMMMM", zone);
    case DATE_SHORT:
        return open_skeleton(locale, "yMMdd", zone);
    case DATE_STYLE_COUNT:
        break;
    }
    return NULL;
}

/* The one place where that date is known, or may be. */
static struct known_date *known_date_of(struct locale_formats *formats, enum date_style style,
                                        int64_t instant)
{
    /* Knuth's multiplicative hash: dates of one list are neighbours and would crowd together. */
    uint32_t key = (uint32_t)(instant / 1000) * UINT32_C(2654435761) + (uint32_t)style;
    return &formats->known[(key ^ key >> 16) % KNOWN_DATES];
}

const char *locale_date(struct locale_context *context, struct arena *arena, const char *language,
                        enum date_style style, int64_t instant)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar formatted[FORMATTED_MAXIMUM];
    struct locale_formats *formats = locale_formats_get(context, language);
    struct known_date *known = known_date_of(formats, style, instant);
    if (known->words[0] && known->instant == instant && known->style == style)
        return arena_copy(arena, known->words);
    if (!formats->dates[style])
        formats->dates[style] = open_date(formats->locale, style, zone_name(context->zone));
    int32_t length = 0;
    if (formats->dates[style])
        length = udat_format(formats->dates[style], (UDate)instant, formatted, FORMATTED_MAXIMUM,
                             NULL, &status);
    if (U_FAILURE(status) || length <= 0 || length > FORMATTED_MAXIMUM)
        return zone_format_rfc3339(context->zone, arena, instant, false);
    const char *words = utf16_to_utf8(arena, formatted, length);
    if (strlen(words) < sizeof known->words) {
        known->instant = instant;
        known->style = style;
        memcpy(known->words, words, strlen(words) + 1);
    }
    return words;
}

const char *locale_number(struct locale_context *context, struct arena *arena, const char *language,
                          int64_t number)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar formatted[FORMATTED_MAXIMUM];
    struct locale_formats *formats = locale_formats_get(context, language);
    if (!formats->number)
        formats->number = unum_open(UNUM_DECIMAL, NULL, 0, formats->locale, NULL, &status);
    int32_t length = 0;
    if (formats->number)
        length = unum_formatInt64(formats->number, number, formatted, FORMATTED_MAXIMUM, NULL,
                                  &status);
    if (U_FAILURE(status) || length <= 0 || length > FORMATTED_MAXIMUM)
        return arena_format(arena, "%" PRId64, number);
    return utf16_to_utf8(arena, formatted, length);
}

static const char *format_size(const UNumberFormatter *formatter, struct arena *arena, double size)
{
    UErrorCode status = U_ZERO_ERROR;
    const char *text = NULL;
    UFormattedNumber *result = unumf_openResult(&status);
    unumf_formatDouble(formatter, size, result, &status);
    int32_t length = 0;
    const UChar *units = ufmtval_getString(unumf_resultAsValue(result, &status), &length, &status);
    if (U_SUCCESS(status))
        text = utf16_to_utf8(arena, units, length);
    unumf_closeResult(result);
    return text;
}

const char *locale_size(struct locale_context *context, struct arena *arena, const char *language,
                        int64_t bytes)
{
    static const char *const skeletons[SIZE_UNIT_COUNT] = { "unit/byte unit-width-full-name .#",
                                                            "unit/kilobyte .#", "unit/megabyte .#",
                                                            "unit/gigabyte .#",
                                                            "unit/terabyte .#" };
    UErrorCode status = U_ZERO_ERROR;
    UChar skeleton[64];
    struct locale_formats *formats = locale_formats_get(context, language);
    double size = (double)bytes;
    int unit = 0;
    /* What would be shown as 1000 of a unit is 1 of the next. */
    while (size >= 999.5 && unit < SIZE_UNIT_COUNT - 1) {
        size /= 1000;
        unit++;
    }
    if (size >= 9.95)
        size = (double)(int64_t)(size + 0.5);
    if (!formats->sizes[unit]) {
        (void)u_uastrcpy(skeleton, skeletons[unit]);
        formats->sizes[unit] = unumf_openForSkeletonAndLocale(skeleton, -1, formats->locale,
                                                              &status);
    }
    const char *text = formats->sizes[unit] ? format_size(formats->sizes[unit], arena, size) : NULL;
    return text ? text : arena_format(arena, "%" PRId64 " B", bytes);
}
