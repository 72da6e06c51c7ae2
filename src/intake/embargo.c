/* SPDX-License-Identifier: MIT */
#include "intake/embargo.h"

#include "base/clock.h"
#include "intake/embargo_phrase.h"
#include "intake/problem.h"
#include "locale/language_words.h"
#include "locale/zone.h"
#include "release/release.h"
#include "release/release_store.h"

#include <stdlib.h>
#include <string.h>

/* An embargo that was over for longer than this when its file was first seen is taken for a
 * mistake. */
static const int64_t past_ms = DURATION_DAY;

enum { HOUR_TO_PASTE = 6 };

/* What all phrases of the text say together. */
struct verdict {
    const struct embargo_phrase
        *phrase;  /* the phrase to be quoted in messages; NULL: the text has none */
    bool is_full; /* the phrase names exactly one instant, result.at */
    bool is_torn; /* other phrases name another instant */
    struct written_instant result; /* of phrase */
};

/* ---- reading words ---- */

static bool is_first_seen(const struct embargo_input *input)
{
    return !input->row ||
           (input->row->ready_at == INSTANT_NONE && input->row->public_at == INSTANT_NONE);
}

/* Whether two days are the same, or adjacent, as they may be in another time zone. */
static bool is_near_day(const struct written_date *date, const struct civil_time *civil)
{
    int64_t days = civil_to_days(date->has_year ? date->year : civil->year, date->month, date->day);
    int64_t distance = days - civil_to_days(civil->year, civil->month, civil->day);
    return distance >= -1 && distance <= 1;
}

static bool is_same_day(const struct written_date *date, const struct civil_time *civil)
{
    bool is_swapped = date->is_swappable && date->month == civil->day && date->day == civil->month;
    return (!date->has_year || date->year == civil->year) &&
           (is_swapped || (date->day == civil->day && date->month == civil->month));
}

static bool is_same_hour(const struct written_date *date, const struct civil_time *civil)
{
    enum { HALF_DAY = 12 };

    return date->minute == civil->minute &&
           (date->hour == civil->hour ||
            (date->is_half_day && date->hour % HALF_DAY == civil->hour % HALF_DAY));
}

/* Whether a phrase agrees with an instant, as far as it names day and time of day. */
static bool is_compatible(const struct embargo_input *input, const struct written_date *date,
                          const struct written_instant *result, int64_t at)
{
    struct civil_time civil;
    zone_civil(input->zone, at, &civil);
    if (result->fault == WRITTEN_TWO_WAYS && date->has_time)
        return result->at == at || result->other_at == at;
    if (date->has_second || date->is_impossible)
        return false;
    if (date->zone != WRITTEN_ZONE_NONE)
        return !date->has_day || is_near_day(date, &civil);
    if (date->is_midnight || date->hour == 24)
        return false; /* in another zone the day may differ, so a person has to decide */
    return (!date->has_day || is_same_day(date, &civil)) &&
           (!date->weekday || date->weekday == civil.weekday) &&
           (!date->has_time || is_same_hour(date, &civil));
}

/* Resolves a date. A missing year is the one in which the file was first seen, so that it does not
 * change with a later run. */
static void resolve(const struct embargo_input *input, const struct written_date *date,
                    struct written_instant *result)
{
    int64_t seen_at = input->row && input->row->ready_at ? input->row->ready_at : input->now_at;
    written_date_resolve(date, input->zone, seen_at, result);
    if (result->fault != WRITTEN_FULL && seen_at != input->now_at)
        written_date_resolve(date, input->zone, input->now_at, result);
}

/* "For release 9 June 2026" is no embargo but a date line on that day, in the week after it, or
 * above a press service's line of that day. */
static bool is_date_line(const struct embargo_input *input, const struct embargo_phrase *phrase)
{
    enum { WEEK = 7 };

    const struct written_date *date = &phrase->date;
    struct civil_time day;
    int64_t published_at = input->release->published_at;
    bool is_published = published_at && published_at <= input->now_at;
    if (!phrase->is_release || !date->has_day || date->has_second || date->is_swappable ||
        (date->has_time && !is_published))
        return false;
    zone_civil(input->zone, is_published ? published_at : input->now_at, &day);
    int64_t days = civil_to_days(day.year, day.month, day.day) -
                   civil_to_days(date->has_year ? date->year : day.year, date->month, date->day);
    return days >= 0 && days <= WEEK;
}

/* Words that name no time at all: "EMBARGO". */
static bool is_bare(const struct embargo_phrase *phrase)
{
    return phrase->date.length == 0 && !phrase->has_limit;
}

static bool is_left_out(const struct embargo_input *input, const struct embargo_phrase *phrase)
{
    return input->words->is_none || is_date_line(input, phrase);
}

/* Whether another phrase agrees with the one that names the instant. */
static bool agrees(const struct embargo_input *input, const struct embargo_phrase *phrase,
                   int64_t at)
{
    struct written_instant result;
    if (is_bare(phrase) || is_left_out(input, phrase))
        return true;
    resolve(input, &phrase->date, &result);
    if (result.fault == WRITTEN_FULL)
        return result.at == at;
    return phrase->date.length > 0 && is_compatible(input, &phrase->date, &result, at);
}

/* Finds the phrase that says most, then checks that all others agree with it. */
static void read_words(const struct embargo_input *input, struct verdict *verdict)
{
    *verdict = (struct verdict){ .phrase = NULL };
    for (const struct embargo_phrase *phrase = input->words->phrases; phrase;
         phrase = phrase->next) {
        struct written_instant result;
        if (is_left_out(input, phrase))
            continue;
        resolve(input, &phrase->date, &result);
        bool is_full = result.fault == WRITTEN_FULL;
        bool says_more = !verdict->phrase || (is_full && !verdict->is_full) ||
                         (!verdict->is_full && is_bare(verdict->phrase) && !is_bare(phrase));
        if (says_more)
            *verdict = (struct verdict){ .phrase = phrase, .is_full = is_full, .result = result };
    }
    for (const struct embargo_phrase *phrase = input->words->phrases; phrase && verdict->is_full;
         phrase = phrase->next)
        verdict->is_torn = verdict->is_torn || !agrees(input, phrase, verdict->result.at);
}

void embargo_fill(const struct embargo_input *input)
{
    struct verdict verdict;
    read_words(input, &verdict);
    if (verdict.is_full && !verdict.is_torn && !input->words->has_field)
        input->release->embargo_at = verdict.result.at;
}

/* ---- lines to paste ---- */

static struct intake_value pasted_instant(const struct embargo_input *input, int64_t at)
{
    struct civil_time civil;
    zone_civil(input->zone, at, &civil);
    return intake_value_written_time(&civil);
}

/* Proposes an instant for the press officer to correct: what the phrase says; where no year or
 * weekday is said, the next such day; else tomorrow at six. */
static struct intake_value guessed(const struct embargo_input *input,
                                   const struct written_date *date)
{
    enum { WEEK = 7 };

    struct civil_time civil;
    zone_civil(input->zone, input->now_at + DURATION_DAY, &civil);
    if (date->weekday && !date->has_day) {
        int days = (date->weekday - civil.weekday + WEEK) % WEEK;
        civil_from_days(civil_to_days(civil.year, civil.month, civil.day) + days, &civil.year,
                        &civil.month, &civil.day);
    }
    civil.hour = date->has_time && date->hour < 24 ? date->hour : HOUR_TO_PASTE;
    civil.minute = date->has_time && date->minute < 60 ? date->minute : 0;
    if (date->has_day && date->month >= 1 && date->month <= 12) {
        bool is_over = date->month < civil.month ||
                       (date->month == civil.month && date->day < civil.day);
        int64_t year = date->has_year ? date->year : civil.year + is_over;
        if (civil_is_valid(year, date->month, date->day)) {
            civil.year = year;
            civil.month = date->month;
            civil.day = date->day;
        }
    }
    return intake_value_written_time(&civil);
}

/* ---- what is refused and reported ---- */

static void refuse(const struct embargo_input *input, const struct embargo_phrase *phrase,
                   enum intake_message_id id, struct intake_value line, struct intake_value other)
{
    const struct intake_message message = { id,
                                            { intake_value_given(phrase->quote), line, other } };
    intake_problem_add_message(input->problems, INTAKE_REFUSED, phrase->line, &message);
}

static void refuse_words(const struct embargo_input *input, const struct verdict *verdict)
{
    static const enum intake_message_id messages[] = {
        [WRITTEN_FULL] = INTAKE_MESSAGE_EMBARGO_NO_DAY,
        [WRITTEN_NO_DAY] = INTAKE_MESSAGE_EMBARGO_NO_DAY,
        [WRITTEN_IMPOSSIBLE] = INTAKE_MESSAGE_EMBARGO_IMPOSSIBLE,
        [WRITTEN_NO_YEAR] = INTAKE_MESSAGE_EMBARGO_NO_YEAR,
        [WRITTEN_WEEKDAY] = INTAKE_MESSAGE_EMBARGO_WEEKDAY,
        [WRITTEN_TWO_WAYS] = INTAKE_MESSAGE_EMBARGO_TWO_WAYS,
        [WRITTEN_OTHER_ZONE] = INTAKE_MESSAGE_EMBARGO_OTHER_ZONE,
        [WRITTEN_NO_TIME] = INTAKE_MESSAGE_EMBARGO_NO_TIME,
    };
    const struct written_instant *result = &verdict->result;
    struct intake_value line = guessed(input, &verdict->phrase->date);
    struct intake_value other = intake_value_given(NULL);
    enum written_fault fault = result->fault;
    if (fault == WRITTEN_WEEKDAY) {
        other = intake_value_weekday(result->weekday);
    } else if (fault == WRITTEN_TWO_WAYS && !verdict->phrase->date.has_time) {
        fault = WRITTEN_NO_TIME;
    } else if (fault == WRITTEN_TWO_WAYS) {
        line = pasted_instant(input, result->at);
        other = pasted_instant(input, result->other_at);
    }
    refuse(input, verdict->phrase, messages[fault], line, other);
}

/* Compares the phrases with the instant of a field, of the release itself or of its original. */
static void compare(const struct embargo_input *input, const struct verdict *verdict, int64_t at)
{
    const struct embargo_phrase *phrase = verdict->phrase;
    bool agrees = verdict->is_full ? verdict->result.at == at
                                   : phrase->date.length == 0 ||
                                         is_compatible(input, &phrase->date, &verdict->result, at);
    if (verdict->is_torn)
        refuse(input, phrase, INTAKE_MESSAGE_EMBARGO_TORN, pasted_instant(input, at),
               intake_value_given(NULL));
    else if (!agrees)
        refuse(input, phrase, INTAKE_MESSAGE_EMBARGO_DISAGREES, pasted_instant(input, at),
               verdict->is_full ? pasted_instant(input, verdict->result.at)
                                : guessed(input, &phrase->date));
}

/* Decides about phrases without a field that confirms them. */
static void judge_words(const struct embargo_input *input, const struct verdict *verdict)
{
    const struct embargo_phrase *phrase = verdict->phrase;
    bool is_over = verdict->is_full && verdict->result.at <= input->now_at;
    if (verdict->is_torn)
        refuse(input, phrase, INTAKE_MESSAGE_EMBARGO_TORN,
               pasted_instant(input, verdict->result.at), intake_value_given(NULL));
    else if (!verdict->is_full)
        refuse_words(input, verdict);
    else if (!is_over && !(input->row && input->row->public_at))
        intake_problem_add_message(
            input->problems, INTAKE_NOTICE, phrase->line,
            &(struct intake_message){ INTAKE_MESSAGE_EMBARGO_UNTIL,
                                      { intake_value_given(phrase->quote),
                                        intake_value_time(input->zone, verdict->result.at) } });
}

/* Proposes the same day in the next year in which it lies ahead. */
static struct intake_value next_year(const struct embargo_input *input, int64_t at)
{
    struct civil_time civil;
    struct civil_time now;
    zone_civil(input->zone, at, &civil);
    zone_civil(input->zone, input->now_at, &now);
    bool is_over = civil.month < now.month || (civil.month == now.month && civil.day < now.day);
    civil.year = now.year + is_over;
    while (!civil_is_valid(civil.year, civil.month, civil.day))
        civil.year++; /* 29 February */
    return intake_value_written_time(&civil);
}

/* Refuses an embargo that ended more than a day ago in a file that is first seen, or in an edit of
 * a release that waits: most likely its year is wrong, and publishing at once could not be undone.
 * Who has a file wait for a time means the same by `published`. */
static void judge_past(const struct embargo_input *input)
{
    const struct release *release = input->release;
    const struct release_row *row = input->row;
    bool is_published = release->embargo_at == INSTANT_NONE && input->is_scheduled &&
                        !input->original;
    int64_t at = is_published ? release->published_at : release->embargo_at;
    int64_t before_at = !row ? INSTANT_NONE : is_published ? row->published_at : row->embargo_at;
    bool is_public = row && row->public_at;
    bool is_new = is_first_seen(input) || before_at != at;
    if (at == INSTANT_NONE || input->now_at == INSTANT_NONE || is_public || !is_new ||
        at >= input->now_at - past_ms)
        return;
    intake_problem_add_message(
        input->problems, INTAKE_REFUSED, 0,
        &(struct intake_message){ is_published ? INTAKE_MESSAGE_PUBLISHED_PAST
                                               : INTAKE_MESSAGE_EMBARGO_PAST,
                                  { next_year(input, at), intake_value_time(input->zone, at) } });
}

static void judge(const struct embargo_input *input)
{
    const struct release *release = input->release;
    struct verdict verdict;
    bool is_withdrawn = (input->row && input->row->status == RELEASE_WITHDRAWN) ||
                        (input->original && input->original->status == RELEASE_WITHDRAWN);
    /* A version without an embargo of its own becomes public with its original, so only its
     * original's counts. */
    if (release->status != RELEASE_READY || is_withdrawn)
        return;
    read_words(input, &verdict);
    int64_t inherited_at = input->original ? input->original->embargo_at : INSTANT_NONE;
    int64_t field_at = input->words->has_field ? release->embargo_at : inherited_at;
    if (verdict.phrase && field_at)
        compare(input, &verdict, field_at);
    else if (verdict.phrase)
        judge_words(input, &verdict);
    judge_past(input);
}

void embargo_judge(const struct embargo_input *input)
{
    embargo_fill(input);
    judge(input);
    for (const struct embargo_phrase *phrase = input->words->phrases; phrase; phrase = phrase->next)
        if (phrase->is_left_out)
            intake_problem_add(input->problems, INTAKE_NOTICE, phrase->line,
                               INTAKE_MESSAGE_EMBARGO_LEFT_OUT, phrase->quote, NULL);
}
