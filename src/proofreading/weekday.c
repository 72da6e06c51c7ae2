/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/written_date.h"
#include "locale/zone.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"
#include "release/release.h"

#include <stdlib.h>
#include <string.h>

/* A day without a year is of that year in which it lies nearest to the publication; further off
 * than this it might be another one's. */
#define NEAR_MS (120 * INT64_C(86400000))

static bool day_of(const struct zone *zone, const struct written_date *date, int64_t year,
                   int64_t *at, int *weekday)
{
    struct error error;
    struct civil_time civil = { .year = year, .month = date->month, .day = date->day, .hour = 12 };
    if (!zone_instant(zone, &civil, at, &error))
        return false;
    zone_civil(zone, *at, &civil);
    *weekday = civil.weekday;
    return true;
}

/* Which weekday the date really is; 0: nobody can say for certain. */
static int real_weekday(const struct zone *zone, const struct written_date *date, int64_t about)
{
    struct civil_time civil;
    int64_t at;
    int weekday;
    if (date->has_year)
        return day_of(zone, date, date->year, &at, &weekday) ? weekday : 0;
    zone_civil(zone, about, &civil);
    for (int64_t year = civil.year - 1; year <= civil.year + 1; year++)
        if (day_of(zone, date, year, &at, &weekday) && llabs(at - about) <= NEAR_MS)
            return weekday;
    return 0;
}

/* A point behind the date ends the sentence. */
static const char *quoted(struct arena *arena, const char *text, size_t length)
{
    while (length > 0 && strchr(". ,", text[length - 1]))
        length--;
    return arena_copy_bytes(arena, text, length);
}

/* A weekday with the day and month that it is said of. */
static bool is_whole(const struct written_date *date)
{
    return date->weekday && date->has_day && !date->has_short_year && !date->is_swappable &&
           (!date->has_second || date->has_time);
}

static void check_date(struct findings *findings, const char *text, const struct written_date *date,
                       int64_t about)
{
    const struct zone *zone = locale_context_zone(findings->settings->locale);
    int weekday = real_weekday(zone, date, about);
    if (!weekday || weekday == date->weekday)
        return;
    struct proofreading_finding *finding = findings_add(
        findings, PROOFREADING_WEEKDAY, quoted(findings->arena, text, date->length));
    if (finding)
        finding->weekday = weekday;
}

/* Of a text that holds more, the first are looked at: a date takes long to read. */
enum { WEEKDAYS_MAXIMUM = 500 };

static void check_block(struct findings *findings, const char *text, const char *language,
                        int64_t about, size_t *left)
{
    const struct language_words *words = findings->settings->words;
    while (*text && *left > 0) {
        struct written_date date = { 0 };
        size_t length = prose_word(text);
        if (length > 0 && language_words_may_begin(words, WORD_GROUP_WEEKDAY, text)) {
            written_date_read(words, language, findings->arena, text, &date);
            (*left)--;
        }
        if (is_whole(&date)) {
            check_date(findings, text, &date, about);
            length = date.length > length ? date.length : length;
        }
        text += length ? length : prose_step(text);
    }
}

void weekdays_check(struct findings *findings, const struct prose *prose,
                    const struct release *release, int64_t now_at)
{
    int64_t about = release->published_at > 0 ? release->published_at : now_at;
    if (!findings->settings->words || !findings->settings->locale || about <= 0)
        return;
    size_t left = WEEKDAYS_MAXIMUM;
    for (size_t i = 0; i < prose->count; i++)
        check_block(findings, prose->blocks[i].text, release->language, about, &left);
}
