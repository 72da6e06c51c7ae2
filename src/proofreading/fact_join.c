/* SPDX-License-Identifier: MIT */
/* Ranges and lists: a month, an hour's mark, a power or a currency that is said once of several. */
#include "proofreading/fact.h"

#include "base/arena.h"
#include "proofreading/fact_words.h"
#include "proofreading/number.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS = 31, HOURS = 24, NOON = 12, YEAR_DIGITS = 4 };

enum joint { JOINT_NONE, JOINT_WORD, JOINT_COMMA, JOINT_DASH };

static size_t skip_spaces(const char *text, size_t length)
{
    size_t at = 0;
    for (;;) {
        if (at < length && text[at] == ' ')
            at++;
        else if (at + 1 < length && strncmp(text + at, "\xC2\xA0", 2) == 0)
            at += 2;
        else
            return at;
    }
}

/* What stands between two: a dash, a comma, or a word ("and", "til", "bis"). */
static enum joint joint_of(const struct fact_words *words, const char *text, size_t length)
{
    size_t at = length > 0 && *text == '.'; /* of "9.-11. juni" */
    at += skip_spaces(text + at, length - at);
    size_t left = length - at;
    size_t mark = left >= 3 && strncmp(text + at, "\xE2\x80", 2) == 0 ? 3
                  : left >= 1 && text[at] == '-'                      ? 1
                                                                      : 0;
    if (mark > 0)
        return mark + skip_spaces(text + at + mark, left - mark) == left ? JOINT_DASH : JOINT_NONE;
    if (left >= 1 && text[at] == ',')
        return 1 + skip_spaces(text + at + 1, left - 1) == left ? JOINT_COMMA : JOINT_NONE;
    size_t word = fact_word_find(words, WORD_GROUP_NUMERAL, "to", text + at, NULL);
    return word > 0 && word < left && word + skip_spaces(text + at + word, left - word) == left
               ? JOINT_WORD
               : JOINT_NONE;
}

/* The whole number that it is, up to most; -1: none. */
static int small_of(const struct fact *fact, int most)
{
    if (fact->kind != FACT_NUMBER || fact->shift != 0 || fact->decimals != 0 || fact->is_spelled ||
        !fact->digits || strlen(fact->digits) > 2)
        return -1;
    int value = atoi(fact->digits); /* NOLINT(cert-err34-c): digits, two at most */
    return value <= most ? value : -1;
}

static bool make_date(struct arena *arena, struct fact *fact, const struct fact *date)
{
    int day = small_of(fact, DAYS);
    if (day < 1)
        return false;
    fact->kind = FACT_DATE;
    fact->value = arena_format(arena, "%02d%02d", date->parts[1], day);
    fact->year = date->year;
    fact->parts[0] = day;
    fact->parts[1] = date->parts[1];
    fact->parts[2] = (int)date->year;
    fact->digits = NULL;
    fact->is_joined = true;
    return true;
}

/* "10 to 4 pm": which half of the day the first is in, only the sense says. */
static bool make_time(struct arena *arena, struct fact *fact)
{
    int hour = small_of(fact, HOURS);
    if (hour < 0)
        return false;
    fact->kind = FACT_TIME;
    fact->value = arena_format(arena, "%02d:00", hour);
    fact->other_value = hour < NOON ? arena_format(arena, "%02d:00", hour + NOON) : NULL;
    fact->parts[0] = hour;
    fact->parts[1] = hour % NOON ? hour % NOON : NOON;
    fact->digits = NULL;
    fact->is_joined = true;
    return true;
}

static bool is_number(const struct fact *fact)
{
    return fact->kind <= FACT_AMOUNT && fact->digits;
}

/* The first of "2-3 mio. kr." is as many of the same. */
static void share_power(struct arena *arena, struct fact *fact, const struct fact *with)
{
    if (is_number(fact) && is_number(with) && fact->shift == 0 && with->shift > 0)
        fact->other_value = number_value(arena, fact->digits, with->shift - fact->decimals);
}

/* Of two that stand beside each other. */
static void join(struct arena *arena, struct fact *left, struct fact *right, enum joint joint)
{
    bool is_tight = joint == JOINT_DASH;
    if (joint == JOINT_NONE)
        return;
    if (right->kind == FACT_DATE && left->kind == FACT_NUMBER)
        (void)make_date(arena, left, right);
    else if (left->kind == FACT_DATE && right->kind == FACT_NUMBER && is_tight)
        (void)make_date(arena, right, left);
    else if (right->kind == FACT_TIME && joint != JOINT_COMMA)
        (void)make_time(arena, left);
    else if (left->kind == FACT_TIME && joint != JOINT_COMMA)
        (void)make_time(arena, right);
    else if (joint != JOINT_COMMA)
        share_power(arena, left, right);
}

/* "June 9-11, 2026": the year stands behind the second day. */
static void share_year(struct fact *first, struct fact *second, const struct fact *year)
{
    if (first->kind != FACT_DATE || second->kind != FACT_DATE || first->year || second->year ||
        !second->is_joined || year->kind != FACT_NUMBER || year->decimals || year->shift ||
        strlen(year->digits) != YEAR_DIGITS)
        return;
    first->year = atoi(year->digits); /* NOLINT(cert-err34-c): four digits */
    second->year = first->year;
    first->parts[2] = second->parts[2] = (int)first->year;
}

void facts_join(const struct fact_words *words, struct fact *facts, size_t count, const char *text,
                size_t start)
{
    /* from the end: the month of "9., 10. og 11. juni" stands last */
    for (size_t i = count; i > 1; i--) {
        struct fact *left = &facts[i - 2];
        struct fact *right = &facts[i - 1];
        if (right->begin >= left->end)
            join(words->arena, left, right,
                 joint_of(words, text + left->end - start, right->begin - left->end));
    }
    for (size_t i = 2; i < count; i++)
        if (facts[i].begin >= facts[i - 1].end &&
            joint_of(words, text + facts[i - 1].end - start, facts[i].begin - facts[i - 1].end) ==
                JOINT_COMMA)
            share_year(&facts[i - 2], &facts[i - 1], &facts[i]);
}
