/* SPDX-License-Identifier: MIT */
/* What stands behind the word for an embargo: until when, nothing, or something else. */
#include "base/arena.h"
#include "intake/embargo_attempt.h"

#include <string.h>

/* Limits: words between "embargo" and its date; how many of these still count as near; how much of
 * a line whose date may continue in the next line. */
enum { BETWEEN_MAXIMUM = 14, NEAR_MAXIMUM = 3, BROKEN_MAXIMUM = 160 };

/* ---- words ---- */

const struct language_word *embargo_take(struct embargo_attempt *attempt, int *index)
{
    return date_take_word(&attempt->reader, index, WORD_GROUP_EMBARGO);
}

bool embargo_is_named(const struct language_word *word, const char *name)
{
    return word && strcmp(word->name, name) == 0;
}

bool embargo_is_mark(const struct embargo_attempt *attempt, int index, const char *marks)
{
    const struct date_token *token = date_token_at(&attempt->reader, index);
    return token->kind == DATE_MARK && token->mark && strchr(marks, token->mark);
}

bool embargo_is_end(const struct embargo_attempt *attempt, int index)
{
    return index >= attempt->reader.count && attempt->reader.count < DATE_TOKENS_MAXIMUM;
}

/* Skips characters that carry no meaning here: quotation marks, asterisks, all that is no ASCII.
 * */
static void skip_noise(const struct embargo_attempt *attempt, int *index)
{
    while (
        embargo_is_mark(attempt, *index, "*_\"'`?!~#<>=+\\" EMBARGO_BOLD_BEGINS EMBARGO_BOLD_ENDS))
        ++*index;
}

/* The text that continues before a token. */
const char *embargo_text_before(const struct embargo_attempt *attempt, int index)
{
    return index == 0 ? attempt->text
                      : attempt->text + date_token_at(&attempt->reader, index - 1)->end;
}

static const char *date_language(const struct embargo_attempt *attempt)
{
    return attempt->reader.is_english ? "en" : attempt->finder->language;
}

/* Reads a date, a weekday or a time of day at a token. A mail program may have broken the line
 * within it: then it continues in the line below. */
bool embargo_read_date(struct embargo_attempt *attempt, int index, struct written_date *date)
{
    const struct embargo_finder *finder = attempt->finder;
    const char *text = embargo_text_before(attempt, index);
    struct written_date whole;
    written_date_read(finder->words, date_language(attempt), finder->arena, text, date);
    bool is_whole = date->has_day && date->has_time;
    size_t length = strlen(text);
    if (attempt->is_below || is_whole || !finder->following || length > BROKEN_MAXIMUM)
        return date->length > 0;
    const char *joined = arena_format(finder->arena, "%s %.*s", text, BROKEN_MAXIMUM,
                                      finder->following);
    written_date_read(finder->words, date_language(attempt), finder->arena, joined, &whole);
    if (whole.length > length) {
        *date = whole;
        attempt->is_over_line = true;
    }
    return date->length > 0;
}

static void set_date(struct embargo_attempt *attempt, int index, const struct written_date *date)
{
    const char *text = embargo_text_before(attempt, index);
    attempt->date = *date;
    attempt->end = text + strnlen(text, date->length);
}

/* ---- behind the word ---- */

bool embargo_tells_when(const struct written_date *date)
{
    return date->length > 0 && (date->has_day || date->weekday || date->has_time);
}

bool embargo_take_name(struct embargo_attempt *attempt, int *index, const char *name)
{
    const struct language_word *word = date_take_name(&attempt->reader, index, WORD_GROUP_EMBARGO,
                                                      name);
    if (word)
        date_note_language(&attempt->reader, word);
    return word != NULL;
}

/* "until" and "before" make a limit, whatever follows. */
static bool take_limit_word(struct embargo_attempt *attempt, int *index)
{
    return embargo_take_name(attempt, index, "until") ||
           embargo_take_name(attempt, index, "before");
}

static bool take_other_word(struct embargo_attempt *attempt, int *index)
{
    bool is_ending = embargo_take_name(attempt, index, "ending");
    return take_limit_word(attempt, index) || embargo_take_name(attempt, index, "from") ||
           is_ending;
}

/* "tomorrow", "until further notice" and "yet" make an embargo without a day, so a person has to
 * name it. Of the release itself ("published tomorrow") they are plain news. Also takes dates as
 * file names have them: "241226". */
static bool take_later(struct embargo_attempt *attempt, int index)
{
    enum { SHORT_DATE = 6, LONG_DATE = 8 };

    struct written_date date;
    bool is_number = date_is_number(&attempt->reader, index, SHORT_DATE, SHORT_DATE) ||
                     date_is_number(&attempt->reader, index, LONG_DATE, LONG_DATE);
    if (attempt->kind == EMBARGO_KIND_RELEASE ||
        !(is_number || embargo_take_name(attempt, &index, "later")))
        return false;
    index += is_number;
    attempt->has_limit = true;
    attempt->end = embargo_text_before(attempt, index);
    if (embargo_read_date(attempt, index, &date) && embargo_tells_when(&date))
        set_date(attempt, index, &date);
    return true;
}

/* "until", "before", "from" or nothing, and a date. */
static bool take_limit(struct embargo_attempt *attempt, int index)
{
    struct written_date date;
    int behind = index;
    if (take_later(attempt, index))
        return true;
    bool is_limit = take_limit_word(attempt, &behind);
    if (is_limit || take_other_word(attempt, &behind)) {
        while (embargo_is_mark(attempt, behind, ":."))
            behind++;
        skip_noise(attempt, &behind);
    }
    if (embargo_read_date(attempt, behind, &date) && embargo_tells_when(&date)) {
        set_date(attempt, behind, &date);
        attempt->has_limit = true;
        return true;
    }
    if (!is_limit)
        return false;
    attempt->has_limit = true;
    attempt->end = embargo_text_before(attempt, behind);
    return attempt->kind != EMBARGO_KIND_RELEASE;
}

/* "none", "lifted", and nothing else. */
static bool says_none(struct embargo_attempt *attempt, int index)
{
    skip_noise(attempt, &index);
    if (!embargo_take_name(attempt, &index, "none"))
        return false;
    skip_noise(attempt, &index);
    return embargo_is_end(attempt, index) || embargo_is_mark(attempt, index, ".)]");
}

/* Accepts "embargo" with nothing behind it in its line, sentence or bracket; its date may stand in
 * the line below. */
static bool take_nothing(struct embargo_attempt *attempt, int index)
{
    const struct embargo_finder *finder = attempt->finder;
    bool is_full_stop = embargo_is_mark(attempt, index, ".") &&
                        (embargo_is_end(attempt, index + 1) ||
                         date_token_at(&attempt->reader, index + 1)->is_spaced);
    if (embargo_is_end(attempt, index) && finder->following) {
        struct embargo_attempt below = { .finder = attempt->finder,
                                         .text = finder->following,
                                         .kind = attempt->kind,
                                         .is_below = true,
                                         .reader = { .words = finder->words,
                                                     .language = date_language(attempt) } };
        int first = 0;
        date_reader_init(&below.reader, finder->arena, below.text);
        skip_noise(&below, &first);
        if (take_limit(&below, first) && embargo_tells_when(&below.date)) {
            attempt->date = below.date;
            attempt->has_limit = true;
            attempt->is_over_line = true;
            return true;
        }
    }
    return attempt->kind != EMBARGO_KIND_RELEASE &&
           (embargo_is_end(attempt, index) || is_full_stop ||
            embargo_is_mark(attempt, index, ")]}"));
}

/* Behind a colon, a dash, a bar, a comma or a bracket. */
static bool take_behind_mark(struct embargo_attempt *attempt, int index)
{
    bool is_dash = date_is_mark(&attempt->reader, index, '-');
    bool is_spaced = date_token_at(&attempt->reader, index)->is_spaced &&
                     (embargo_is_end(attempt, index + 1) ||
                      date_token_at(&attempt->reader, index + 1)->is_spaced);
    bool is_enough = embargo_is_mark(attempt, index, ":|") || (is_dash && is_spaced);
    if (!embargo_is_mark(attempt, index, ":-|,(["))
        return false;
    int behind = index + 1;
    while (embargo_is_mark(attempt, behind, ":-|(["))
        behind++;
    skip_noise(attempt, &behind);
    if (says_none(attempt, behind))
        return false;
    if (take_limit(attempt, behind))
        return true;
    if (embargo_is_end(attempt, behind))
        return take_nothing(attempt, behind);
    return is_enough && attempt->kind != EMBARGO_KIND_RELEASE;
}

/* Whether a date later in the sentence belongs to the embargo. Since "embargo" may also be a
 * country's, a date counts only with a time of day or close by; behind a label ("Embargo (ET): …")
 * any date does. */
static bool may_be_limit(enum embargo_kind kind, const struct written_date *date, bool leads,
                         bool is_near, bool is_label)
{
    if (is_label)
        return embargo_tells_when(date);
    if (!date->has_day)
        return false;
    if (kind == EMBARGO_KIND_EMBARGO)
        return is_near || (leads && date->has_time);
    return date->has_time || (leads && kind != EMBARGO_KIND_RELEASE);
}

/* Reads "Embargoed for publication in all media until 9 June". A time zone before the date makes
 * it one that cannot be read. */
static bool take_further_on(struct embargo_attempt *attempt, int index)
{
    struct written_date date;
    bool has_zone = false;
    bool is_label = attempt->kind != EMBARGO_KIND_RELEASE && embargo_is_mark(attempt, index, ",([");
    for (int at = index; at < index + BETWEEN_MAXIMUM && !embargo_is_end(attempt, at); at++) {
        if (embargo_is_mark(attempt, at, is_label ? ".!?;" : ".!?:;)]"))
            return false;
        int behind = at;
        if (date_take_name(&attempt->reader, &behind, WORD_GROUP_CLOCK, "zone_word") ||
            (is_label && date_token_at(&attempt->reader, at)->is_upper))
            has_zone = true;
        behind = at;
        bool leads = take_limit_word(attempt, &behind) || take_other_word(attempt, &behind);
        int place = leads ? behind : at;
        if (!embargo_read_date(attempt, place, &date) ||
            !may_be_limit(attempt->kind, &date, leads, at <= index + NEAR_MAXIMUM, is_label))
            continue;
        if (has_zone && date.has_time)
            date.zone = WRITTEN_ZONE_UNKNOWN;
        set_date(attempt, place, &date);
        attempt->has_limit = true;
        return true;
    }
    return false;
}

bool embargo_take_end(struct embargo_attempt *attempt, int index)
{
    attempt->has_limit = false;
    attempt->end = embargo_text_before(attempt, index);
    skip_noise(attempt, &index);
    if (says_none(attempt, index))
        return false;
    return take_limit(attempt, index) || take_behind_mark(attempt, index) ||
           take_nothing(attempt, index) || take_further_on(attempt, index);
}
