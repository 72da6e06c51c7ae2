/* SPDX-License-Identifier: MIT */
/* Times of day and time zones of written dates. */
#include "locale/date_token.h"
#include "locale/written_date.h"
#include "locale/zone.h"

#include <stdio.h>
#include <string.h>

enum { NOON = 12, ZONE_TEXT_SIZE = 24, FOREIGN_LOOKAHEAD = 6, ABBREVIATION_LENGTH = 4 };

/* ---- zones ---- */

/* "+02:00", "+2", "-0500" behind a time or behind UTC and GMT, as one word. False where none is
 * there. */
static bool take_offset(const struct date_reader *reader, int *index, char *text, size_t size)
{
    int at = *index;
    char sign = date_is_mark(reader, at, '+') ? '+' : '-';
    size_t used = strlen(text);
    if (!date_is_mark(reader, at, sign) || !date_is_tight_number(reader, at + 1, 1, 4) ||
        date_is_number(reader, at + 1, 3, 3))
        return false;
    /* "9-11" and "10:00-12:00" are ranges: behind a time, a minus begins an offset only in the form
     * that programs write. */
    bool is_long = date_is_number(reader, at + 1, 4, 4) ||
                   (date_is_number(reader, at + 1, 2, 2) &&
                    date_is_tight_mark(reader, at + 2, ':') &&
                    date_is_tight_number(reader, at + 3, 2, 2));
    if (sign == '-' && used == 0 && !reader->is_iso)
        return false;
    int value = date_token_at(reader, at + 1)->value;
    int digits = date_token_at(reader, at + 1)->digits;
    (void)snprintf(text + used, size - used, "%c%0*d", sign, digits, value);
    at += 2;
    if (is_long && digits == 2) {
        used = strlen(text);
        (void)snprintf(text + used, size - used, ":%02d", date_token_at(reader, at + 1)->value);
        at += 2;
    }
    *index = at;
    return true;
}

struct zone_words {
    enum written_zone kind;
    int offset_minutes;
    int summer_offset_minutes;
    const char *place;
};

/* Abbreviations of places' winter and summer time. Which of the two is written says nothing: people
 * write CET all year round. */
static bool take_regional(const char *text, int *index, struct zone_words *zone)
{
    static const struct {
        const char *winter;
        const char *summer;
        int offset_minutes;
        int summer_offset_minutes;
    } regions[] = {
        { "cet", "cest", 60, 120 },   { "mez", "mesz", 60, 120 },   { "wet", "west", 0, 60 },
        { "bst", "bst", 0, 60 },      { "eet", "eest", 120, 180 },  { "msk", "msk", 180, 180 },
        { "est", "edt", -300, -240 }, { "cst", "cdt", -360, -300 }, { "mst", "mdt", -420, -360 },
        { "pst", "pdt", -480, -420 },
    };

    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (strcmp(text, regions[i].winter) != 0 && strcmp(text, regions[i].summer) != 0)
            continue;
        zone->kind = WRITTEN_ZONE_ABBREVIATION;
        zone->offset_minutes = regions[i].offset_minutes;
        zone->summer_offset_minutes = regions[i].summer_offset_minutes;
        ++*index;
        return true;
    }
    return false;
}

/* UTC, GMT, Z, CET, UTC+2, +02:00. */
static bool take_abbreviation(const struct date_reader *reader, int *index, struct zone_words *zone)
{
    char text[ZONE_TEXT_SIZE] = "";
    int at = *index;
    zone->kind = WRITTEN_ZONE_OFFSET;
    if (date_token_at(reader, at)->kind == DATE_WORD) {
        size_t start = reader->tokens[at].folded;
        size_t length = strcspn(reader->folded + start, " .,;:()/+-!?'\"");
        if (length == 0 || length >= 6)
            return false;
        memcpy(text, reader->folded + start, length);
        text[length] = '\0';
        at++;
        bool is_universal = strcmp(text, "utc") == 0 || strcmp(text, "gmt") == 0 ||
                            strcmp(text, "z") == 0;
        if (!is_universal)
            return take_regional(text, index, zone);
        if (*text != 'z' && !date_token_at(reader, at)->is_spaced)
            (void)take_offset(reader, &at, text, sizeof text);
    } else if (!take_offset(reader, &at, text, sizeof text)) {
        return false;
    }
    if (!zone_abbreviation_offset(text, &zone->offset_minutes))
        return false;
    *index = at;
    return true;
}

static bool find_zone(struct date_reader *reader, int *index, struct zone_words *zone)
{
    int at = *index;
    bool is_bracketed = date_is_mark(reader, at, '(');
    *zone = (struct zone_words){ .kind = WRITTEN_ZONE_PLACE };
    at += is_bracketed;
    const struct language_word *place = date_take_word(reader, &at, WORD_GROUP_ZONE);
    if (place)
        zone->place = place->name;
    else if (!take_abbreviation(reader, &at, zone))
        return false;
    if (is_bracketed && !date_is_mark(reader, at, ')'))
        return false;
    *index = at + is_bracketed;
    return true;
}

bool date_take_zone(struct date_reader *reader, int *index)
{
    struct written_date *date = reader->date;
    struct zone_words zone;
    if (!find_zone(reader, index, &zone))
        return false;
    bool is_same = date->zone == zone.kind && date->offset_minutes == zone.offset_minutes &&
                   (!zone.place || strcmp(zone.place, date->zone_place) == 0);
    if (date->zone != WRITTEN_ZONE_NONE && !is_same)
        date->has_second = true;
    date->zone = zone.kind;
    date->offset_minutes = zone.offset_minutes;
    date->summer_offset_minutes = zone.summer_offset_minutes;
    date->zone_place = zone.place;
    return true;
}

/* "New York time", "Eastern Time", "lokal tid", "Ortszeit" within the next words. */
static bool has_time_word(struct date_reader *reader, int index)
{
    for (int i = index; i < index + FOREIGN_LOOKAHEAD; i++) {
        int at = i;
        if (date_token_at(reader, i)->kind == DATE_MARK && !date_is_mark(reader, i, '-'))
            return false;
        if (date_take_name(reader, &at, WORD_GROUP_CLOCK, "zone_word"))
            return true;
    }
    return false;
}

/* "ET" behind a comma; behind another mark only where nothing follows it: it may begin a headline
 * in capitals. */
static bool is_abbreviation(const struct date_reader *reader, int index, bool may_go_on)
{
    enum { LETTERS_MAXIMUM = 5 };

    const struct date_token *word = date_token_at(reader, index);
    size_t length = strcspn(reader->folded + word->folded, " .,;:()/+-!?");
    return word->is_upper && length <= LETTERS_MAXIMUM &&
           (may_go_on || date_token_at(reader, index + 1)->kind != DATE_WORD);
}

bool date_has_foreign_zone(struct date_reader *reader)
{
    int at = reader->next;
    const struct date_token *token = date_token_at(reader, at);
    if (date_is_tight_mark(reader, at, '/') || date_is_mark(reader, at, '+'))
        return true;
    if (token->kind != DATE_MARK)
        return token->kind == DATE_WORD;
    bool is_bracket = token->mark == '(' || token->mark == '[';
    while (date_token_at(reader, at)->kind == DATE_MARK && date_token_at(reader, at)->mark &&
           at < reader->next + FOREIGN_LOOKAHEAD)
        at++;
    if (date_token_at(reader, at)->kind != DATE_WORD)
        return false;
    return is_bracket || is_abbreviation(reader, at, token->mark == ',') ||
           has_time_word(reader, at);
}

/* ---- times of day ---- */

struct time_of_day {
    int hour;
    int minute;
    int second;
    bool has_minute;
    bool is_plain; /* cannot be an hour before or after noon: "06:00", "0600", "18" */
    bool is_midnight;
    bool is_impossible;
};

/* ":30", ".30", and seconds behind it. */
static void take_minutes(struct date_reader *reader, int *index, struct time_of_day *time)
{
    char mark = date_is_tight_mark(reader, *index, ':')   ? ':'
                : date_is_tight_mark(reader, *index, '.') ? '.'
                                                          : '\0';
    if (mark == '\0' || !date_is_tight_number(reader, *index + 1, 2, 2))
        return;
    time->minute = date_token_at(reader, *index + 1)->value;
    time->has_minute = true;
    *index += 2;
    if (!date_is_tight_mark(reader, *index, mark) ||
        !date_is_tight_number(reader, *index + 1, 2, 2))
        return;
    time->second = date_token_at(reader, *index + 1)->value;
    *index += 2;
    if ((date_is_tight_mark(reader, *index, '.') || date_is_tight_mark(reader, *index, ',')) &&
        date_is_tight_number(reader, *index + 1, 1, 9))
        *index += 2; /* a fraction */
}

/* "Uhr", "o'clock", "h", and minutes behind: "6 Uhr 30", "06h00". */
static bool take_clock_word(struct date_reader *reader, int *index, struct time_of_day *time)
{
    if (time->has_minute && date_take_name(reader, index, WORD_GROUP_CLOCK, "hours"))
        return true;
    const struct language_word *word = date_take_name(reader, index, WORD_GROUP_CLOCK, "oclock");
    if (!word)
        return false;
    time->is_plain = time->is_plain || strncmp(word->language, "en", 2) != 0;
    if (!time->has_minute && date_is_number(reader, *index, 2, 2) &&
        date_token_at(reader, *index)->value < 60 && !date_is_tight_mark(reader, *index + 1, '.') &&
        !date_is_tight_mark(reader, *index + 1, ':')) {
        time->minute = date_token_at(reader, *index)->value;
        time->has_minute = true;
        ++*index;
    }
    return true;
}

/* Whether "am" is the German preposition: "12.00 am Dienstag", "12.00 am 9. Juni". */
static bool is_preposition(struct date_reader *reader, int index)
{
    int behind = index;
    const struct language_word *on = date_take_name(reader, &behind, WORD_GROUP_CLOCK, "on");
    if (!on)
        return false;
    if (reader->language && strncmp(reader->language, on->language, 2) == 0)
        return true;
    if (date_token_at(reader, behind)->kind == DATE_NUMBER)
        return date_is_tight_mark(reader, behind + 1, '.');
    const struct language_word *day = date_take_word(reader, &behind, WORD_GROUP_WEEKDAY);
    return day && strcmp(day->language, on->language) == 0;
}

/* The hour by what was said behind it. Of twelve, only the abbreviations have a settled meaning. */
static void halve(struct time_of_day *time, bool is_am, bool is_abbreviation)
{
    if (time->hour == NOON && !is_abbreviation)
        time->is_impossible = true;
    else if (time->hour == NOON)
        time->hour = is_am ? 0 : NOON;
    else if (!is_am)
        time->hour += NOON;
}

/* "a.m.", "p.m.", "om aftenen", and "mittags" behind 12. */
static bool take_half(struct date_reader *reader, int *index, struct time_of_day *time)
{
    int at = *index;
    if (time->hour > NOON || is_preposition(reader, at))
        return false;
    bool is_noon = time->hour == NOON && date_take_name(reader, &at, WORD_GROUP_CLOCK, "noon");
    const struct language_word *am = date_take_name(reader, &at, WORD_GROUP_CLOCK, "am");
    const struct language_word *half = am ? am
                                          : date_take_name(reader, &at, WORD_GROUP_CLOCK, "pm");
    if (!is_noon && !half)
        return false;
    if (date_is_tight_mark(reader, at, '.') && date_is_tight_mark(reader, at - 2, '.'))
        at++; /* the last point of "a.m." */
    if (half)
        halve(time, am != NULL, strlen(half->folded) <= ABBREVIATION_LENGTH);
    time->is_plain = true;
    *index = at;
    return true;
}

/* "noon", "midnight", also behind a 12. */
static bool take_named(struct date_reader *reader, int *index, struct time_of_day *time)
{
    int at = *index;
    if (date_is_number(reader, at, 2, 2) && date_token_at(reader, at)->value == NOON)
        at++;
    if (date_take_name(reader, &at, WORD_GROUP_CLOCK, "noon")) {
        time->hour = NOON;
    } else if (date_take_name(reader, &at, WORD_GROUP_CLOCK, "midnight")) {
        time->hour = 0;
        time->is_midnight = true;
    } else {
        return false;
    }
    time->is_plain = true;
    *index = at;
    return true;
}

/* "0600", also "0600 hours" and "0600Z". */
static bool take_four_digits(struct date_reader *reader, int *index, bool is_at,
                             struct time_of_day *time)
{
    int value = date_token_at(reader, *index)->value;
    int after = *index + 1;
    bool is_zero_led = value < 1000;
    if (!date_is_number(reader, *index, 4, 4))
        return false;
    time->hour = value / 100;
    time->minute = value % 100;
    time->has_minute = true;
    time->is_plain = true;
    int word = after;
    bool is_said = take_clock_word(reader, &word, time);
    struct zone_words zone;
    int behind = after;
    if (!is_at && !is_zero_led && !is_said && !find_zone(reader, &behind, &zone))
        return false;
    *index = is_said ? word : after;
    return true;
}

static bool take_digits(struct date_reader *reader, int *index, bool is_at,
                        struct time_of_day *time)
{
    int at = *index;
    if (!date_is_number(reader, at, 1, 2))
        return false;
    int digits = date_token_at(reader, at)->digits;
    time->hour = date_token_at(reader, at)->value;
    at++;
    take_minutes(reader, &at, time);
    time->is_plain = time->hour == 0 || time->hour > NOON || (digits == 2 && time->has_minute);
    bool is_said = take_clock_word(reader, &at, time);
    bool is_half = take_half(reader, &at, time);
    if (!is_at && !time->has_minute && !is_said && !is_half)
        return false;
    *index = at;
    return true;
}

/* What follows makes a range or a choice of it: "9-11", "6/7". */
static bool goes_on(const struct date_reader *reader, int index)
{
    return (date_is_mark(reader, index, '-') || date_is_mark(reader, index, '/')) &&
           date_is_number(reader, index + 1, 1, 4);
}

static void set(struct date_reader *reader, const struct time_of_day *time)
{
    struct written_date *date = reader->date;
    bool is_same = date->hour == time->hour && date->minute == time->minute &&
                   date->second == time->second;
    if (date->has_time && !is_same)
        date->has_second = true;
    date->has_time = true;
    date->hour = time->hour;
    date->minute = time->minute;
    date->second = time->second;
    date->is_midnight = date->is_midnight || time->is_midnight;
    reader->may_be_half_day = !time->is_plain;
    bool is_end = time->hour == 24 && time->minute == 0 && time->second == 0;
    if (time->is_impossible || (time->hour > 23 && !is_end) || time->minute > 59 ||
        time->second > 60)
        date->is_impossible = true;
}

bool date_take_time(struct date_reader *reader, int *index, bool is_at)
{
    struct time_of_day time = { 0 };
    int at = *index;
    if (!take_named(reader, &at, &time)) {
        time = (struct time_of_day){ 0 };
        if (!take_four_digits(reader, &at, is_at, &time)) {
            time = (struct time_of_day){ 0 };
            if (!take_digits(reader, &at, is_at, &time))
                return false;
        }
    }
    struct zone_words zone;
    int behind = at;
    if (goes_on(reader, at) && !find_zone(reader, &behind, &zone))
        reader->date->has_second = true;
    (void)date_take_name(reader, &at, WORD_GROUP_CLOCK, "exact");
    set(reader, &time);
    *index = at;
    return true;
}
