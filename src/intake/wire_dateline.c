/* SPDX-License-Identifier: MIT */
#include "intake/wire_text.h"

#include "base/arena.h"
#include "base/error.h"
#include "intake/encoding.h"
#include "intake/reader.h"
#include "locale/unicode.h"
#include "locale/zone.h"
#include "release/release.h"

#include <string.h>

struct kind {
    const char *word; /* case-folded */
    const char *type;
    const char *language; /* NULL: the word is Danish and English */
    bool is_shared;       /* other languages have the word too */
};

static const struct kind kinds[] = {
    { "pressemeddelelse", "press-release", "da", false },
    { "nyhed", "press-release", "da", false },
    { "press release", "press-release", "en", false },
    { "news release", "press-release", "en", false },
    { "presseinvitation", "invitation", "da", false },
    { "invitation", "invitation", NULL, true },
    { "press invitation", "invitation", "en", false },
    { "udtalelse", "statement", "da", false },
    { "statement", "statement", "en", false },
    { "press statement", "statement", "en", false },
    { "dokument", "document", "da", true },
    { "document", "document", "en", true },
};

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

/* "d.m.yyyy hh:mm[:ss] " at the start of *at; false where it has another form. */
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
            arena_copy_bytes(reading->arena, error.message, strcspn(error.message, ";")));
    else if (!(reading->fields & INTAKE_FIELD_PUBLISHED))
        reading->release->published_at = instant;
}

static bool is_danish_or_english(const char *tag)
{
    return tag && (strncmp(tag, "da", 2) == 0 || strncmp(tag, "en", 2) == 0) &&
           (tag[2] == '\0' || tag[2] == '-');
}

/* The page of a press service is in the language of its own words: "Press release" stands above an
 * English one. "Document" may be French, and tells only where the newsroom is Danish or English. */
static bool read_kind(struct intake_reading *reading, const char *word, int number)
{
    const char *folded = unicode_fold(reading->arena, word);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].word, folded) != 0)
            continue;
        bool tells = !kinds[i].is_shared || is_danish_or_english(reading->language);
        if (!(reading->fields & INTAKE_FIELD_TYPE))
            reading->release->type = kinds[i].type;
        if (!(reading->fields & INTAKE_FIELD_LANGUAGE) && tells)
            reading->release->language = kinds[i].language;
        return tells && !kinds[i].language;
    }
    if (!(reading->fields & INTAKE_FIELD_TYPE))
        intake_problem_add(reading->problems, INTAKE_REFUSED, number, INTAKE_MESSAGE_WIRE_KIND,
                           word, NULL);
    return false;
}

bool wire_dateline_read(struct intake_reading *reading, const char *line, int number,
                        struct wire_dateline *dateline)
{
    struct civil_time civil = { 0 };
    const char *at = line;
    const char *first_bar = strchr(line, '|');
    if (!first_bar || !strchr(first_bar + 1, '|') || !take_time(&at, &civil)) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, number,
                           INTAKE_MESSAGE_WIRE_NOT_A_RELEASE, NULL, NULL);
        return false;
    }
    const char *zone = part(reading->arena, &at);
    dateline->publisher = part(reading->arena, &at);
    const char *kind = part(reading->arena, &at);
    read_time(reading, &civil, zone, number);
    dateline->is_either_language = read_kind(reading, kind, number);
    return true;
}
