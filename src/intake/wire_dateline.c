/* SPDX-License-Identifier: MIT */
#include "intake/wire_text.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "intake/encoding.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "locale/written_date.h"
#include "locale/zone.h"
#include "release/release.h"

#include <string.h>

/* Takes a number of at most digits digits and the character behind it. */
static bool take_number(const char **at, size_t digits, const char *behind, int *number)
{
    size_t count = strspn(*at, "0123456789");
    if (count == 0 || count > digits)
        return false;
    *number = 0;
    for (size_t i = 0; i < count; i++)
        *number = 10 * *number + ((*at)[i] - '0');
    *at += count;
    if (!**at || !strchr(behind, **at))
        return false;
    (*at)++;
    return true;
}

/* Reads "d.m.yyyy hh:mm[:ss] " at *at; false where it has another form. */
static bool take_time(const char **at, struct civil_time *civil)
{
    int year = 0;
    if (!take_number(at, 2, ".", &civil->day) || !take_number(at, 2, ".", &civil->month) ||
        !take_number(at, 4, " ", &year))
        return false;
    civil->year = year;
    *at += strspn(*at, " ");
    if (!take_number(at, 2, ":.", &civil->hour) || !take_number(at, 2, ":. ", &civil->minute))
        return false;
    if ((*at)[-1] != ' ' && !take_number(at, 2, " ", &civil->second))
        return false;
    *at += strspn(*at, " ");
    return true;
}

static const char *part(struct arena *arena, const char **at)
{
    size_t length = strcspn(*at, "|");
    const char *result = encoding_one_line(arena, *at, length);
    *at += length;
    if (**at)
        (*at)++;
    return result;
}

static void read_time(struct intake_reading *reading, const struct civil_time *civil,
                      const char *zone, int number)
{
    struct error error;
    int64_t instant = 0;
    int offset_minutes = 0;
    bool good;
    if (!*zone) {
        good = zone_instant(reading->zone, civil, &instant, &error);
    } else if (zone_abbreviation_offset(zone, &offset_minutes)) {
        good = zone_instant_at_offset(civil, offset_minutes, &instant, &error);
    } else {
        intake_problem_add(reading->problems, INTAKE_REFUSED, number, INTAKE_MESSAGE_WIRE_ZONE,
                           zone, NULL);
        return;
    }
    if (!good)
        intake_problem_add(
            reading->problems, INTAKE_REFUSED, number, INTAKE_MESSAGE_WIRE_TIME, NULL,
            arena_format(reading->arena, "%04lld-%02d-%02d %02d:%02d", (long long)civil->year,
                         civil->month, civil->day, civil->hour, civil->minute));
    else if (!(reading->fields & INTAKE_FIELD_PUBLISHED))
        reading->release->published_at = instant_written(instant);
}

/* ---- kind and language ---- */

/* "da" and "da-DK" are one language here. */
static bool is_language(const char *tag, const char *language)
{
    size_t length = strcspn(tag, "-");
    return language && strncmp(tag, language, length) == 0 &&
           (language[length] == '\0' || language[length] == '-');
}

static bool has_word(const struct intake_reading *reading, enum word_group group,
                     const char *language, const char *folded)
{
    size_t count;
    const struct language_word *words = language_words_list(reading->words, group, &count);
    for (size_t i = 0; i < count; i++)
        if (is_language(words[i].language, language) && strcmp(words[i].folded, folded) == 0)
            return true;
    return false;
}

/* The only language that has the word in a group and, where kind is not NULL, that kind of
 * release; NULL: several or none. */
static const char *only_language(const struct intake_reading *reading, enum word_group group,
                                 const char *folded, const char *kind)
{
    const char *only = NULL;
    size_t count;
    const struct language_word *words = language_words_list(reading->words, group, &count);
    for (size_t i = 0; i < count; i++) {
        const char *language = words[i].language;
        if (strcmp(words[i].folded, folded) != 0 ||
            (kind && !has_word(reading, WORD_GROUP_TYPE, language, kind)))
            continue;
        if (only && strcmp(only, language) != 0)
            return NULL;
        only = language;
    }
    return only;
}

/* Whether the word is also one of languages that we have no list of: in a newsroom of such a
 * language it tells nothing. */
static bool is_international(const struct intake_reading *reading, const char *type)
{
    size_t count;
    const struct language_word *words = language_words_list(reading->words, WORD_GROUP_TYPE,
                                                            &count);
    for (size_t i = 0; i < count; i++)
        if (is_language(words[i].language, reading->language))
            return false;
    return strcmp(type, "invitation") == 0 || strcmp(type, "document") == 0;
}

/* The page of a press service is in the language of its own words: "Press release" stands above an
 * English one. A word that two languages share tells none: *shared. */
static void read_kind(struct intake_reading *reading, const char *word, int number,
                      const char **shared)
{
    const char *folded = unicode_fold(reading->arena, word);
    const struct language_word *found = language_words_find(reading->words, WORD_GROUP_TYPE,
                                                            reading->language, folded, false);
    if (!found) {
        if (!(reading->fields & INTAKE_FIELD_TYPE))
            intake_problem_add(reading->problems, INTAKE_REFUSED, number, INTAKE_MESSAGE_WIRE_KIND,
                               word, NULL);
        return;
    }
    if (!(reading->fields & INTAKE_FIELD_TYPE))
        reading->release->type = arena_copy(reading->arena, found->name);
    if ((reading->fields & INTAKE_FIELD_LANGUAGE) || is_international(reading, found->name))
        return;
    const char *only = only_language(reading, WORD_GROUP_TYPE, folded, NULL);
    if (only)
        reading->release->language = arena_copy(reading->arena, only);
    else if (has_word(reading, WORD_GROUP_TYPE, reading->language, folded))
        *shared = folded;
}

void wire_language_read(struct intake_reading *reading, const char *kind, const char *section)
{
    const char *only = only_language(reading, WORD_GROUP_SECTION, section, kind);
    if (only)
        reading->release->language = arena_copy(reading->arena, only);
}

/* ---- the line ---- */

bool wire_dateline_is(const char *line)
{
    const char *bar = strchr(line, '|');
    return bar && strchr(bar + 1, '|') && strcspn(line, "0123456789") < (size_t)(bar - line);
}

/* Reads the time, in the page's own form or as people write dates. */
static bool read_when(struct intake_reading *reading, const char *line, const char **at, int number)
{
    struct civil_time civil = { 0 };
    struct written_date date;
    struct written_instant instant;
    *at = line;
    if (take_time(at, &civil)) {
        read_time(reading, &civil, part(reading->arena, at), number);
        return true;
    }
    *at = line;
    const char *when = part(reading->arena, at);
    written_date_read(reading->words, reading->language, reading->arena, when, &date);
    if (date.length != strlen(when))
        return false;
    written_date_resolve(&date, reading->zone, 0, &instant);
    if (instant.fault != WRITTEN_FULL)
        return false;
    if (!(reading->fields & INTAKE_FIELD_PUBLISHED))
        reading->release->published_at = instant_written(instant.at);
    return true;
}

bool wire_dateline_read(struct intake_reading *reading, const char *line, int number,
                        struct wire_dateline *dateline)
{
    const char *at;
    *dateline = (struct wire_dateline){ .publisher = "" };
    if (!read_when(reading, line, &at, number)) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, number,
                           INTAKE_MESSAGE_WIRE_NOT_A_RELEASE, NULL, NULL);
        return false;
    }
    dateline->publisher = part(reading->arena, &at);
    read_kind(reading, part(reading->arena, &at), number, &dateline->kind);
    return true;
}
