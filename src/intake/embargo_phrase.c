/* SPDX-License-Identifier: MIT */
#include "intake/embargo_phrase.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "locale/date_token.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Words before an embargo, and words between it and its date, that are looked at; how much of it is
 * quoted. */
enum {
    BEFORE_MAXIMUM = 16,
    BETWEEN_MAXIMUM = 14,
    NEAR_MAXIMUM = 3,
    QUOTE_MAXIMUM = 160,
    BROKEN_MAXIMUM = 160
};

/* What a phrase may begin: the line, or what stands in it for itself. Behind a colon or a dash
 * ("Rusland: Embargo …") only a date tells. */
enum start { START_LINE, START_BOLD, START_BRACKET, START_SENTENCE, START_WEAK, START_WITHIN };

enum kind { KIND_NONE, KIND_EMBARGO, KIND_EMBARGOED, KIND_NOT_BEFORE, KIND_RELEASE };

struct finder {
    const struct language_words *words;
    const char *language;
    struct arena *arena;
    const char *line;
    const char *following;
    struct embargo_phrase *first;
    struct embargo_phrase **place;
};

/* One start being looked at. */
struct attempt {
    struct finder *finder;
    struct date_reader reader; /* of the text from the start on */
    const char *text;
    enum start start;
    enum kind kind;
    bool has_limit;    /* "until" */
    bool is_below;     /* of the line below another */
    bool is_over_line; /* the date goes on in the line below */
    struct written_date date;
    const char *end; /* behind all of it */
};

/* ---- where a phrase may begin ---- */

/* Cheap, and never wrong where it says no: most sentences begin with none of the words, nor with a
 * date. */
static bool may_begin(const struct finder *finder, const char *text)
{
    while (*text && !isalnum((unsigned char)*text) && (unsigned char)*text < 0x80)
        text++;
    return isdigit((unsigned char)*text) ||
           language_words_may_begin(finder->words, WORD_GROUP_EMBARGO, text);
}

/* ---- words ---- */

static const struct language_word *take(struct attempt *attempt, int *index)
{
    return date_take_word(&attempt->reader, index, WORD_GROUP_EMBARGO);
}

static bool is_named(const struct language_word *word, const char *name)
{
    return word && strcmp(word->name, name) == 0;
}

static enum kind kind_of(const struct language_word *word)
{
    static const char *const names[] = { [KIND_EMBARGO] = "embargo",
                                         [KIND_EMBARGOED] = "embargoed",
                                         [KIND_NOT_BEFORE] = "not_before",
                                         [KIND_RELEASE] = "release" };
    for (int kind = KIND_EMBARGO; kind <= KIND_RELEASE; kind++)
        if (is_named(word, names[kind]))
            return (enum kind)kind;
    return KIND_NONE;
}

static bool is_mark_of(const struct attempt *attempt, int index, const char *marks)
{
    const struct date_token *token = date_token_at(&attempt->reader, index);
    return token->kind == DATE_MARK && token->mark && strchr(marks, token->mark);
}

static bool is_end(const struct attempt *attempt, int index)
{
    return index >= attempt->reader.count && attempt->reader.count < DATE_TOKENS_MAXIMUM;
}

/* Quotation marks, asterisks, what is no ASCII: they say nothing. */
static void skip_noise(const struct attempt *attempt, int *index)
{
    while (is_mark_of(attempt, *index, "*_\"'`?!~#<>=+\\" EMBARGO_BOLD_BEGINS EMBARGO_BOLD_ENDS))
        ++*index;
}

static void skip_marks(const struct attempt *attempt, int *index)
{
    while (date_token_at(&attempt->reader, *index)->kind == DATE_MARK &&
           *index < attempt->reader.count)
        ++*index;
}

/* Where the text goes on before a token. */
static const char *text_before(const struct attempt *attempt, int index)
{
    return index == 0 ? attempt->text
                      : attempt->text + date_token_at(&attempt->reader, index - 1)->end;
}

static const char *date_language(const struct attempt *attempt)
{
    return attempt->reader.is_english ? "en" : attempt->finder->language;
}

/* A date, a weekday or a time of day at a token. A mail program may have broken it: then it goes on
 * in the line below. */
static bool read_date(struct attempt *attempt, int index, struct written_date *date)
{
    const struct finder *finder = attempt->finder;
    const char *text = text_before(attempt, index);
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

static void set_date(struct attempt *attempt, int index, const struct written_date *date)
{
    const char *text = text_before(attempt, index);
    attempt->date = *date;
    attempt->end = text + strnlen(text, date->length);
}

/* ---- words ---- */

/* Passes over a date: "Until 6 a.m. on 9 June this release is embargoed". Its tokens are those of
 * the text again. */
static bool skip_date(struct attempt *attempt, int *index)
{
    struct written_date date;
    const char *text = text_before(attempt, *index);
    if (!read_date(attempt, *index, &date))
        return false;
    size_t end = (size_t)(text - attempt->text) + date.length;
    while (*index < attempt->reader.count && date_token_at(&attempt->reader, *index)->end <= end)
        ++*index;
    return true;
}

/* ---- behind the word ---- */

static bool tells_when(const struct written_date *date)
{
    return date->length > 0 && (date->has_day || date->weekday || date->has_time);
}

static bool take_name(struct attempt *attempt, int *index, const char *name)
{
    const struct language_word *word = date_take_name(&attempt->reader, index, WORD_GROUP_EMBARGO,
                                                      name);
    if (word)
        date_note_language(&attempt->reader, word);
    return word != NULL;
}

/* "until", "before": whatever follows, it is meant as a limit. */
static bool take_limit_word(struct attempt *attempt, int *index)
{
    return take_name(attempt, index, "until") || take_name(attempt, index, "before");
}

static bool take_other_word(struct attempt *attempt, int *index)
{
    bool is_ending = take_name(attempt, index, "ending");
    return take_limit_word(attempt, index) || take_name(attempt, index, "from") || is_ending;
}

/* "until", "before", "from" or nothing, and a date. */
static bool take_limit(struct attempt *attempt, int index)
{
    struct written_date date;
    int behind = index;
    bool is_limit = take_limit_word(attempt, &behind);
    if (is_limit || take_other_word(attempt, &behind)) {
        while (is_mark_of(attempt, behind, ":."))
            behind++;
        skip_noise(attempt, &behind);
    }
    if (read_date(attempt, behind, &date) && tells_when(&date)) {
        set_date(attempt, behind, &date);
        attempt->has_limit = true;
        return true;
    }
    if (!is_limit)
        return false;
    attempt->has_limit = true;
    attempt->end = text_before(attempt, behind);
    return attempt->kind != KIND_RELEASE;
}

/* "none", "lifted", and nothing else. */
static bool says_none(struct attempt *attempt, int index)
{
    skip_noise(attempt, &index);
    if (!take_name(attempt, &index, "none"))
        return false;
    skip_noise(attempt, &index);
    return is_end(attempt, index) || is_mark_of(attempt, index, ".)]");
}

/* Nothing more in its line, sentence or bracket; the date may stand in the line below. */
static bool take_nothing(struct attempt *attempt, int index)
{
    const struct finder *finder = attempt->finder;
    bool is_full_stop = is_mark_of(attempt, index, ".") &&
                        (is_end(attempt, index + 1) ||
                         date_token_at(&attempt->reader, index + 1)->is_spaced);
    if (is_end(attempt, index) && finder->following) {
        struct attempt below = { .finder = attempt->finder,
                                 .text = finder->following,
                                 .kind = attempt->kind,
                                 .is_below = true,
                                 .reader = { .words = finder->words,
                                             .language = date_language(attempt) } };
        int first = 0;
        date_reader_init(&below.reader, finder->arena, below.text);
        skip_noise(&below, &first);
        if (take_limit(&below, first) && tells_when(&below.date)) {
            attempt->date = below.date;
            attempt->has_limit = true;
            attempt->is_over_line = true;
            return true;
        }
    }
    return attempt->kind != KIND_RELEASE &&
           (is_end(attempt, index) || is_full_stop || is_mark_of(attempt, index, ")]}"));
}

/* Behind a colon, a dash, a bar, a comma or a bracket. */
static bool take_behind_mark(struct attempt *attempt, int index)
{
    bool is_dash = date_is_mark(&attempt->reader, index, '-');
    bool is_spaced = date_token_at(&attempt->reader, index)->is_spaced &&
                     (is_end(attempt, index + 1) ||
                      date_token_at(&attempt->reader, index + 1)->is_spaced);
    bool is_enough = is_mark_of(attempt, index, ":|") || (is_dash && is_spaced);
    if (!is_mark_of(attempt, index, ":-|,(["))
        return false;
    int behind = index + 1;
    while (is_mark_of(attempt, behind, ":-|(["))
        behind++;
    skip_noise(attempt, &behind);
    if (says_none(attempt, behind))
        return false;
    if (take_limit(attempt, behind))
        return true;
    if (is_end(attempt, behind))
        return take_nothing(attempt, behind);
    return is_enough && attempt->kind != KIND_RELEASE;
}

/* Whether a date further on in the sentence is the embargo's. Of an embargo, which may be a
 * country's, only one with a time of day, or one that is near, counts; behind a label ("Embargo
 * (ET): …") any. */
static bool may_be_limit(enum kind kind, const struct written_date *date, bool leads, bool is_near,
                         bool is_label)
{
    if (is_label)
        return tells_when(date);
    if (!date->has_day)
        return false;
    if (kind == KIND_EMBARGO)
        return is_near || (leads && date->has_time);
    return date->has_time || (leads && kind != KIND_RELEASE);
}

/* "Embargoed for publication in all media until 9 June". A time zone that is named before the date
 * makes it one that is not read. */
static bool take_further_on(struct attempt *attempt, int index)
{
    struct written_date date;
    bool has_zone = false;
    bool is_label = attempt->kind != KIND_RELEASE && is_mark_of(attempt, index, ",([");
    for (int at = index; at < index + BETWEEN_MAXIMUM && !is_end(attempt, at); at++) {
        if (is_mark_of(attempt, at, is_label ? ".!?;" : ".!?:;)]"))
            return false;
        int behind = at;
        if (date_take_name(&attempt->reader, &behind, WORD_GROUP_CLOCK, "zone_word") ||
            (is_label && date_token_at(&attempt->reader, at)->is_upper))
            has_zone = true;
        behind = at;
        bool leads = take_limit_word(attempt, &behind) || take_other_word(attempt, &behind);
        int place = leads ? behind : at;
        if (!read_date(attempt, place, &date) ||
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

static bool take_end(struct attempt *attempt, int index)
{
    attempt->has_limit = false;
    attempt->end = text_before(attempt, index);
    skip_noise(attempt, &index);
    if (says_none(attempt, index))
        return false;
    return take_limit(attempt, index) || take_behind_mark(attempt, index) ||
           take_nothing(attempt, index) || take_further_on(attempt, index);
}

/* ---- all of it ---- */

/* Passes over one thing that may stand before: word, which *behind is behind, or a date. */
static bool pass_over(struct attempt *attempt, const struct language_word *word, int behind,
                      int *index)
{
    bool leads_to_date = is_named(word, "until") || is_named(word, "before");
    bool is_before = attempt->kind == KIND_RELEASE || is_named(word, "this_release") ||
                     is_named(word, "emphasis");
    if (leads_to_date || is_before)
        *index = behind;
    else if (word)
        return false;
    return is_before || skip_date(attempt, index);
}

/* Words for the release itself, emphasis and dates, then the word for an embargo and what says
 * when. "Release" may be either. */
static bool take_phrase(struct attempt *attempt)
{
    int index = 0;
    for (int count = 0; count < BEFORE_MAXIMUM; count++) {
        skip_marks(attempt, &index);
        int behind = index;
        const struct language_word *word = take(attempt, &behind);
        attempt->kind = kind_of(word);
        if (attempt->kind != KIND_NONE) {
            date_note_language(&attempt->reader, word);
            if (take_end(attempt, behind))
                return true;
            if (attempt->kind != KIND_RELEASE)
                return false;
        }
        if (!pass_over(attempt, word, behind, &index))
            return false;
    }
    return false;
}

/* ---- what was found ---- */

/* Whether only words for the release itself are left of what it began. */
static bool stands_alone(const struct attempt *attempt)
{
    struct attempt rest = *attempt;
    int index = 0;
    if (attempt->start >= START_SENTENCE || attempt->is_over_line)
        return false;
    rest.reader = (struct date_reader){ .words = attempt->finder->words,
                                        .language = attempt->finder->language };
    rest.text = attempt->end;
    date_reader_init(&rest.reader, attempt->finder->arena, rest.text);
    for (int count = 0; count < BEFORE_MAXIMUM; count++) {
        while (date_token_at(&rest.reader, index)->kind == DATE_MARK && index < rest.reader.count) {
            if (attempt->start == START_BRACKET && is_mark_of(&rest, index, ")]}"))
                return true;
            if (attempt->start == START_BOLD && is_mark_of(&rest, index, EMBARGO_BOLD_ENDS))
                return true;
            index++;
        }
        if (is_end(&rest, index))
            return attempt->start == START_LINE;
        const struct language_word *word = take(&rest, &index);
        if (!is_named(word, "this_release") && !is_named(word, "emphasis"))
            return false;
    }
    return false;
}

static enum embargo_container container_of(const struct attempt *attempt)
{
    static const enum embargo_container containers[] = {
        [START_LINE] = EMBARGO_IN_LINE,       [START_BOLD] = EMBARGO_IN_BOLD,
        [START_BRACKET] = EMBARGO_IN_BRACKET, [START_SENTENCE] = EMBARGO_IN_TEXT,
        [START_WEAK] = EMBARGO_IN_TEXT,       [START_WITHIN] = EMBARGO_IN_TEXT
    };

    return stands_alone(attempt) ? containers[attempt->start] : EMBARGO_IN_TEXT;
}

/* The first letter or digit: what stands before is no part of a quotation. */
static const char *skip_to_words(const char *text)
{
    size_t length = strlen(text);
    size_t offset = 0;
    size_t start = 0;
    uint32_t c;
    while (utf8_next(text, length, &offset, &c) && !unicode_is_alphanumeric(c))
        start = offset;
    return text + start;
}

/* From the first word to the end, without markup and double spaces. */
static const char *quote_of(const struct attempt *attempt)
{
    const char *start = skip_to_words(attempt->text);
    size_t length = attempt->end > start ? (size_t)(attempt->end - start) : 0;
    bool is_cut = length > QUOTE_MAXIMUM;
    if (is_cut)
        for (length = QUOTE_MAXIMUM; length > 0 && ((unsigned char)start[length] & 0xC0) == 0x80;)
            length--;
    char *quote = arena_allocate(attempt->finder->arena, length + sizeof "…");
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_markup = strchr("*_|<>#\\" EMBARGO_BOLD_BEGINS EMBARGO_BOLD_ENDS, start[i]) != NULL;
        bool is_double = start[i] == ' ' && (used == 0 || quote[used - 1] == ' ');
        if (!is_markup && !is_double)
            quote[used++] = start[i];
    }
    used -= used > 0 && quote[used - 1] == ' ';
    memcpy(quote + used, is_cut ? "…" : "", is_cut ? sizeof "…" : 1);
    return quote;
}

/* Whether what was found tells enough for where it stands. Within a sentence ("Material in this
 * release is embargoed until 8 a.m. on 9 June") an embargo is the subject of others, but for that.
 */
static bool is_enough(const struct attempt *attempt)
{
    switch (attempt->start) {
    case START_WEAK:
        return tells_when(&attempt->date) || attempt->kind == KIND_EMBARGOED;
    case START_WITHIN:
        return attempt->has_limit && attempt->date.has_time;
    case START_LINE:
    case START_BOLD:
    case START_BRACKET:
    case START_SENTENCE:
        break;
    }
    return true;
}

static void try_start(struct finder *finder, const char *text, enum start start)
{
    struct attempt attempt = { .finder = finder,
                               .text = text,
                               .start = start,
                               .reader = { .words = finder->words, .language = finder->language } };
    int index = 0;
    if (start >= START_SENTENCE && !may_begin(finder, text))
        return;
    date_reader_init(&attempt.reader, finder->arena, text);
    if (start == START_WITHIN && !take_name(&attempt, &index, "anywhere"))
        return;
    if (!take_phrase(&attempt) || !is_enough(&attempt))
        return;
    struct embargo_phrase *phrase = arena_allocate(finder->arena, sizeof *phrase);
    *phrase = (struct embargo_phrase){ .quote = quote_of(&attempt),
                                       .alone_in = container_of(&attempt),
                                       .has_limit = attempt.has_limit,
                                       .is_release = attempt.kind == KIND_RELEASE,
                                       .date = attempt.date };
    *finder->place = phrase;
    finder->place = &phrase->next;
}

/* ---- all of a line ---- */

/* How long a mark is behind which a thought of its own begins, and which kind of start that is; 0:
 * none stands there. */
static size_t start_mark(const char *text, enum start *start)
{
    static const struct {
        const char *mark;
        enum start start;
    } marks[] = {
        { EMBARGO_BOLD_BEGINS, START_BOLD },
        { "(", START_BRACKET },
        { "[", START_BRACKET },
        { "{", START_BRACKET },
        { ". ", START_SENTENCE },
        { "! ", START_SENTENCE },
        { "? ", START_SENTENCE },
        { ": ", START_WEAK },
        { "; ", START_WEAK },
        { " - ", START_WEAK },
        { " \xE2\x80\x93 ", START_WEAK },
        { " \xE2\x80\x94 ", START_WEAK },
        { "|", START_WEAK },
        { " / ", START_WEAK },
        { "//", START_WEAK },
        { "\xE2\x80\xA2", START_WEAK },
        { "\xC2\xB7", START_WEAK },
        { "***", START_WEAK },
        { "\n", START_WEAK },
    };

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t length = strlen(marks[i].mark);
        if (strncmp(text, marks[i].mark, length) != 0)
            continue;
        *start = marks[i].start;
        return length;
    }
    return 0;
}

struct embargo_phrase *embargo_phrase_find(const struct language_words *words, const char *language,
                                           struct arena *arena, const char *line,
                                           const char *following)
{
    struct finder finder = {
        .words = words, .language = language, .arena = arena, .line = line, .following = following
    };
    finder.place = &finder.first;
    if (!language_words_may_hold(words, WORD_GROUP_EMBARGO, line))
        return NULL;
    try_start(&finder, line, START_LINE);
    for (const char *at = line; *at;) {
        enum start start = START_WITHIN;
        size_t length = start_mark(at, &start);
        bool is_word = *at == ' ' && !length;
        at += length ? length : 1;
        if (length || is_word)
            try_start(&finder, at, start);
    }
    return finder.first;
}
