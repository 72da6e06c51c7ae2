/* SPDX-License-Identifier: MIT */
#include "locale/written_date.h"

#include "locale/date_token.h"

#include <string.h>

enum { YEAR_LEAST = 1900, YEAR_MOST = 2199, MONTHS = 12, DAYS_MAXIMUM = 31 };

/* A date that is being read: its parts, before they are known to belong to it. */
struct day {
    int64_t year;
    int month;
    int day;
    bool has_year;
    bool has_short_year;
    bool is_swappable;
};

static void skip_mark(const struct date_reader *reader, int *index, char mark)
{
    if (date_is_tight_mark(reader, *index, mark))
        ++*index;
}

/* Which of the group's names the word stands for, from 1 on; 0: none. */
static int number_of(enum word_group group, const struct language_word *word)
{
    const char *const *names = word_group_names(group);
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], word->name) == 0)
            return i + 1;
    return 0;
}

static bool take_month(struct date_reader *reader, int *index, int *month)
{
    const struct language_word *word = date_take_word(reader, index, WORD_GROUP_MONTH);
    if (!word)
        return false;
    date_note_language(reader, word);
    *month = number_of(WORD_GROUP_MONTH, word);
    skip_mark(reader, index, '.');
    return *month > 0;
}

/* Whether a number is an hour: minutes, or a word such as "Uhr", follow. */
static bool is_hour(struct date_reader *reader, int index)
{
    int behind = index + 1;
    if ((date_is_tight_mark(reader, behind, ':') || date_is_tight_mark(reader, behind, '.')) &&
        date_is_tight_number(reader, behind + 1, 2, 2))
        return true;
    return date_take_name(reader, &behind, WORD_GROUP_CLOCK, "oclock") ||
           date_take_name(reader, &behind, WORD_GROUP_CLOCK, "hours") ||
           date_take_name(reader, &behind, WORD_GROUP_CLOCK, "am") ||
           date_take_name(reader, &behind, WORD_GROUP_CLOCK, "pm") ||
           date_take_name(reader, &behind, WORD_GROUP_CLOCK, "noon") ||
           date_take_name(reader, &behind, WORD_GROUP_CLOCK, "midnight");
}

static bool is_year(struct date_reader *reader, int index)
{
    int value = date_token_at(reader, index)->value;
    return date_is_number(reader, index, 4, 4) && value >= YEAR_LEAST && value <= YEAR_MOST &&
           !is_hour(reader, index);
}

static bool is_short_year(struct date_reader *reader, int index)
{
    return date_is_number(reader, index, 2, 2) && !is_hour(reader, index);
}

/* "2026", with what may stand before it: ", 2026", "-2026", "'26". */
static void take_year(struct date_reader *reader, int *index, struct day *day)
{
    int at = *index;
    if (date_is_mark(reader, at, ',') || date_is_tight_mark(reader, at, '-') ||
        date_is_tight_mark(reader, at, '/') || date_is_tight_mark(reader, at, '.'))
        at++;
    if (is_year(reader, at)) {
        day->year = date_token_at(reader, at)->value;
        day->has_year = true;
    } else if (is_short_year(reader, at) && !date_is_mark(reader, *index, ',')) {
        day->has_short_year = true;
    } else {
        return;
    }
    *index = at + 1;
}

/* "9.", "9th", "9:e". */
static void skip_ordinal(struct date_reader *reader, int *index)
{
    int at = *index + date_is_tight_mark(reader, *index, ':');
    if (date_is_tight_mark(reader, *index, '.'))
        ++*index;
    else if (date_token_at(reader, at)->kind == DATE_WORD &&
             !date_token_at(reader, at)->is_spaced &&
             date_take_name(reader, &at, WORD_GROUP_CLOCK, "ordinal"))
        *index = at;
}

static bool take_number(struct date_reader *reader, int *index, int *value)
{
    if (!date_is_number(reader, *index, 1, 2))
        return false;
    *value = date_token_at(reader, *index)->value;
    ++*index;
    return true;
}

/* 2026-06-09, 2026/6/9. */
static bool take_year_first(struct date_reader *reader, int *index, struct day *day)
{
    int at = *index;
    const struct date_token *mark = date_token_at(reader, at + 1);
    bool is_parted = mark->kind == DATE_MARK && !mark->is_spaced &&
                     (mark->mark == '-' || mark->mark == '/' || mark->mark == '.');
    if (!date_is_number(reader, at, 4, 4) || !is_parted ||
        !date_is_tight_number(reader, at + 2, 1, 2) ||
        !date_is_tight_mark(reader, at + 3, mark->mark) ||
        !date_is_tight_number(reader, at + 4, 1, 2))
        return false;
    day->year = date_token_at(reader, at)->value;
    day->has_year = true;
    day->month = date_token_at(reader, at + 2)->value;
    day->day = date_token_at(reader, at + 4)->value;
    *index = at + 5;
    /* The T of ISO 8601. */
    const struct date_token *next = date_token_at(reader, *index);
    if (next->kind == DATE_WORD && !next->is_spaced && reader->folded[next->folded] == 't' &&
        date_is_tight_number(reader, *index + 1, 2, 4)) {
        ++*index;
        reader->is_iso = true;
    }
    return true;
}

/* "9. juni 2026", "9th of June, 2026", "9-Jun-2026". */
static bool take_day_first(struct date_reader *reader, int *index, struct day *day)
{
    int at = *index;
    if (!take_number(reader, &at, &day->day))
        return false;
    skip_ordinal(reader, &at);
    (void)date_take_name(reader, &at, WORD_GROUP_CLOCK, "on");
    skip_mark(reader, &at, '-');
    if (!take_month(reader, &at, &day->month))
        return false;
    take_year(reader, &at, day);
    *index = at;
    return true;
}

/* "June 9, 2026": nobody but the English writes so. */
static bool take_month_first(struct date_reader *reader, int *index, struct day *day)
{
    int at = *index;
    if (!take_month(reader, &at, &day->month) || is_hour(reader, at) ||
        !take_number(reader, &at, &day->day))
        return false;
    skip_ordinal(reader, &at);
    take_year(reader, &at, day);
    reader->is_english = true;
    *index = at;
    return true;
}

/* What parts day and month in numbers; '\0': nothing that does. */
static char separator(const struct date_reader *reader, int index)
{
    static const char marks[] = "./-";
    for (const char *mark = marks; *mark; mark++)
        if (date_is_tight_mark(reader, index, *mark) &&
            (date_is_tight_number(reader, index + 1, 1, 2) ||
             (*mark == '.' && date_is_number(reader, index + 1, 1, 2))))
            return *mark;
    return '\0';
}

/* Whether 9.6 is a day without a year, and no time of day. Behind a day it is one. */
static bool is_day_alone(struct date_reader *reader, int index, char mark, bool is_expected)
{
    int at = index;
    if (mark == '/')
        return true;
    if (mark == '-' || reader->date->has_day)
        return false;
    if (date_is_tight_mark(reader, at, '.'))
        return true;
    if (date_is_mark(reader, at, ','))
        at++;
    return is_expected || date_take_name(reader, &at, WORD_GROUP_CLOCK, "at") != NULL;
}

/* "9.6.2026", "9/6-2026", "9/6 2026", "9. 6. 2026", "9.6.", "9/6". */
static bool take_numbers(struct date_reader *reader, int *index, bool is_expected, struct day *day)
{
    int at = *index;
    if (!take_number(reader, &at, &day->day))
        return false;
    char mark = separator(reader, at);
    at++;
    if (mark == '\0' || !take_number(reader, &at, &day->month))
        return false;
    int year = at;
    take_year(reader, &year, day);
    if (!day->has_year && !day->has_short_year) {
        if (!is_day_alone(reader, at, mark, is_expected) || day->month < 1 || day->day < 1 ||
            day->month > DAYS_MAXIMUM)
            return false;
        skip_mark(reader, &at, '.');
    }
    *index = day->has_year || day->has_short_year ? year : at;
    day->is_swappable = true;
    return true;
}

/* Reads a day whole or not at all: the parts of one that was only begun are taken back. */
static bool take_day(struct date_reader *reader, int *index, bool is_expected, struct day *day)
{
    static bool (*const forms[])(struct date_reader *, int *, struct day *) = { take_year_first,
                                                                                take_day_first,
                                                                                take_month_first };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        *day = (struct day){ 0 };
        if (forms[i](reader, index, day))
            return true;
    }
    *day = (struct day){ 0 };
    return take_numbers(reader, index, is_expected, day);
}

static bool take_date(struct date_reader *reader, int *index, bool is_expected)
{
    struct written_date *date = reader->date;
    struct day day;
    if (!take_day(reader, index, is_expected, &day))
        return false;
    if (date->has_day && (date->day != day.day || date->month != day.month ||
                          (date->has_year && day.has_year && date->year != day.year)))
        date->has_second = true;
    date->has_day = true;
    date->day = day.day;
    date->month = day.month;
    if (day.has_year)
        date->year = day.year;
    date->has_year = date->has_year || day.has_year;
    date->has_short_year = date->has_short_year || day.has_short_year;
    date->is_swappable = day.is_swappable;
    if (date_is_mark(reader, *index, '-') && date_is_number(reader, *index + 1, 1, 2) &&
        !date_token_at(reader, *index)->is_spaced)
        date->has_second = true;
    return true;
}

static bool take_weekday(struct date_reader *reader, int *index)
{
    struct written_date *date = reader->date;
    const struct language_word *word = date_take_word(reader, index, WORD_GROUP_WEEKDAY);
    if (!word)
        return false;
    int weekday = number_of(WORD_GROUP_WEEKDAY, word);
    if (date->weekday && date->weekday != weekday)
        date->has_second = true;
    date->weekday = weekday;
    date_note_language(reader, word);
    skip_mark(reader, index, '.');
    return true;
}

/* "by 1 December", "ab 9. Juni": words that say a time may say a day too. */
static bool is_day_with_month(struct date_reader *reader, int index)
{
    struct day day = { 0 };
    return take_day_first(reader, &index, &day);
}

/* A time behind a word such as "kl.". */
static bool take_said_time(struct date_reader *reader, int *index)
{
    int at = *index;
    const struct language_word *word = date_take_name(reader, &at, WORD_GROUP_CLOCK, "at");
    if (!word)
        return false;
    skip_mark(reader, &at, '.');
    skip_mark(reader, &at, ':');
    if (is_day_with_month(reader, at) || !date_take_time(reader, &at, true))
        return false;
    date_note_language(reader, word);
    /* "kl. 6" is an hour of 24, whatever the language around it. */
    reader->may_be_half_day = reader->may_be_half_day && strncmp(word->language, "en", 2) == 0;
    *index = at;
    return true;
}

/* A weekday or a day, perhaps behind "den", "on", "d.". */
static bool take_said_day(struct date_reader *reader, int *index)
{
    int at = *index;
    bool is_said = false;
    const struct language_word *word;
    while ((word = date_take_name(reader, &at, WORD_GROUP_CLOCK, "on")) != NULL) {
        date_note_language(reader, word);
        skip_mark(reader, &at, '.');
        is_said = true;
    }
    bool is_expected = is_said || (reader->date->weekday && !reader->date->has_day);
    if (!take_weekday(reader, &at) && !take_date(reader, &at, is_expected))
        return false;
    *index = at;
    return true;
}

/* What may stand between two parts: a comma, brackets, a bar, a dash with space around it. */
static void skip_between(const struct date_reader *reader, int *index)
{
    for (;; ++*index) {
        const struct date_token *token = date_token_at(reader, *index);
        bool is_dash = token->mark == '-' && token->is_spaced &&
                       date_token_at(reader, *index + 1)->is_spaced;
        bool is_between = token->kind == DATE_MARK && token->mark && strchr(",()|", token->mark);
        if (!is_between && !is_dash)
            return;
    }
}

/* One part, behind what may stand between two. */
static bool take_part(struct date_reader *reader)
{
    int at = reader->next;
    bool has_time = reader->date->has_time;
    bool is_taken = has_time && date_take_zone(reader, &at);
    if (!is_taken && reader->next > 0)
        skip_between(reader, &at);
    if (!is_taken && !take_said_time(reader, &at) && !take_said_day(reader, &at) &&
        !date_take_time(reader, &at, false) && !(has_time && date_take_zone(reader, &at)))
        return false;
    reader->next = at;
    return true;
}

/* A weekday's abbreviation alone is any word ("so", "man"). */
static bool is_short_weekday(const struct written_date *date)
{
    return date->weekday && !date->has_day && !date->has_time && date->length < 6;
}

/* What the order of two numbers means, once the language of all parts is known. */
static void resolve_number_order(struct date_reader *reader)
{
    struct written_date *date = reader->date;
    bool may_be_month = date->day >= 1 && date->day <= MONTHS;
    if (!date->is_swappable || !reader->is_english) {
        date->is_swappable = false;
    } else if (date->month > MONTHS && may_be_month) { /* 06/13/2026 */
        int day = date->month;
        date->month = date->day;
        date->day = day;
        date->is_swappable = false;
    } else {
        date->is_swappable = may_be_month && date->month <= MONTHS && date->day != date->month;
    }
}

void written_date_read(const struct language_words *words, const char *language,
                       struct arena *arena, const char *text, struct written_date *date)
{
    struct date_reader reader = { .words = words, .language = language, .date = date };
    *date = (struct written_date){ 0 };
    date_reader_init(&reader, arena, text);
    while (take_part(&reader))
        ;
    if (reader.next == 0)
        return;
    if (date->has_time) /* "16 Uhr veröffentlicht werden" */
        (void)date_take_name(&reader, &reader.next, WORD_GROUP_CLOCK, "verb");
    date->length = date_token_at(&reader, reader.next - 1)->end;
    if (is_short_weekday(date)) {
        *date = (struct written_date){ 0 };
        return;
    }
    resolve_number_order(&reader);
    date->is_half_day = date->has_time && reader.is_english && reader.may_be_half_day;
    if (date->has_time && date_has_foreign_zone(&reader))
        date->zone = WRITTEN_ZONE_UNKNOWN;
}
