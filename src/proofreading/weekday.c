/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/written_date.h"
#include "locale/zone.h"
#include "proofreading/fact_words.h"
#include "proofreading/finding.h"
#include "proofreading/prose.h"
#include "release/release.h"

#include <ctype.h>
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
enum { WEEKDAYS_MAXIMUM = 500, ABBREVIATION_BYTES = 3 };

struct weekday_reader {
    struct findings *findings;
    struct fact_words words;
    int64_t about;
    size_t left;        /* dates that may still be read */
    const char *before; /* where the weekday before ends; NULL: none in this block */
};

/* A short form is any word ("man", "sun", "so") unless it has a point or a capital; behind a day's
 * whole name a point ends the sentence. */
static bool is_weekday(const char *text, size_t length)
{
    bool has_point = text[length] == '.';
    if (length > ABBREVIATION_BYTES)
        return !has_point || length <= ABBREVIATION_BYTES + 1 || (unsigned char)text[1] >= 0x80;
    return has_point || isupper((unsigned char)*text);
}

/* "Monday to Friday, 9 to 13 June": the day is said of both. */
static bool is_range(const struct weekday_reader *reader, const char *text)
{
    const char *before = reader->before;
    size_t length = before ? (size_t)(text - before) : 0;

    enum { GAP_BYTES = 8 };

    return before && length <= GAP_BYTES && !memchr(before, '.', length) &&
           strcspn(before, "0123456789") >= length;
}

/* "every Monday from 9 June": the day is where it begins, and need be no Monday. */
static bool is_beginning(const struct weekday_reader *reader, const char *text, size_t length)
{
    while (text[length] && strchr(" ,", text[length]))
        length++;
    return fact_word_find(&reader->words, WORD_GROUP_EMBARGO, "from", text + length, NULL) > 0;
}

/* What stands there with its weekday; how many bytes it takes. */
static size_t check_word(struct weekday_reader *reader, const char *text, size_t length)
{
    struct arena *arena = reader->findings->arena;
    struct written_date date = { 0 };
    bool is_name = fact_word_find(&reader->words, WORD_GROUP_WEEKDAY, NULL, text, NULL) > 0;
    if (is_name && is_weekday(text, length) && !is_range(reader, text) &&
        !is_beginning(reader, text, length)) {
        written_date_read(reader->words.words, reader->words.language, arena, text, &date);
        reader->left--;
    }
    if (is_name)
        reader->before = text + length;
    if (!is_whole(&date))
        return length;
    check_date(reader->findings, text, &date, reader->about);
    return date.length > length ? date.length : length;
}

static void check_block(struct weekday_reader *reader, const char *text)
{
    reader->before = NULL;
    while (*text && reader->left > 0) {
        size_t length = prose_word(text);
        if (length > 0)
            length = check_word(reader, text, length);
        text += length ? length : prose_step(text);
    }
}

void weekdays_check(struct findings *findings, const struct prose *prose,
                    const struct release *release, int64_t now_at)
{
    int64_t about = release->published_at > 0 ? release->published_at : now_at;
    if (!findings->settings->words || !release->language || !findings->settings->locale ||
        about <= 0)
        return;
    struct weekday_reader reader = { .findings = findings,
                                     .words = { findings->settings->words, release->language,
                                                findings->arena },
                                     .about = about,
                                     .left = WEEKDAYS_MAXIMUM };
    for (size_t i = 0; i < prose->count; i++)
        check_block(&reader, prose->blocks[i].text);
}
