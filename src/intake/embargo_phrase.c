/* SPDX-License-Identifier: MIT */
#include "intake/embargo_phrase.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/embargo_attempt.h"
#include "locale/date_token.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Limits: words before "embargo" that are considered; bytes of a phrase that are quoted. */
enum { BEFORE_MAXIMUM = 16, QUOTE_MAXIMUM = 160 };

/* ---- where a phrase may begin ---- */

/* A cheap first test, since most sentences begin with none of the words and no date: false means
 * that no phrase begins here. */
static bool may_begin(const struct embargo_finder *finder, const char *text)
{
    while (*text && !isalnum((unsigned char)*text) && (unsigned char)*text < 0x80)
        text++;
    return isdigit((unsigned char)*text) ||
           language_words_may_begin(finder->words, WORD_GROUP_EMBARGO, text);
}

/* ---- before the word ---- */

static enum embargo_kind kind_of(const struct language_word *word)
{
    static const char *const names[] = { [EMBARGO_KIND_EMBARGO] = "embargo",
                                         [EMBARGO_KIND_EMBARGOED] = "embargoed",
                                         [EMBARGO_KIND_NOT_BEFORE] = "not_before",
                                         [EMBARGO_KIND_RELEASE] = "release" };
    for (int kind = EMBARGO_KIND_EMBARGO; kind <= EMBARGO_KIND_RELEASE; kind++)
        if (embargo_is_named(word, names[kind]))
            return (enum embargo_kind)kind;
    return EMBARGO_KIND_NONE;
}

static void skip_marks(const struct embargo_attempt *attempt, int *index)
{
    while (date_token_at(&attempt->reader, *index)->kind == DATE_MARK &&
           *index < attempt->reader.count)
        ++*index;
}

/* Skips a date before the word ("Until 6 a.m. on 9 June this release is embargoed"), then reads
 * tokens of the text again. */
static bool skip_date(struct embargo_attempt *attempt, int *index)
{
    struct written_date date;
    const char *text = embargo_text_before(attempt, *index);
    if (!embargo_read_date(attempt, *index, &date))
        return false;
    size_t end = (size_t)(text - attempt->text) + date.length;
    while (*index < attempt->reader.count && date_token_at(&attempt->reader, *index)->end <= end)
        ++*index;
    return true;
}

/* ---- all of it ---- */

/* Skips one thing that may stand before the word: word, whose end is *behind, or a date. */
static bool pass_over(struct embargo_attempt *attempt, const struct language_word *word, int behind,
                      int *index)
{
    bool leads_to_date = embargo_is_named(word, "until") || embargo_is_named(word, "before");
    bool is_before = attempt->kind == EMBARGO_KIND_RELEASE ||
                     embargo_is_named(word, "this_release") || embargo_is_named(word, "emphasis");
    if (leads_to_date || is_before)
        *index = behind;
    else if (word)
        return false;
    return is_before || skip_date(attempt, index);
}

/* "EMBARGO EMBARGO": whether the word stands there again; *index is at it then. */
static bool repeats_word(struct embargo_attempt *attempt, int *index)
{
    int first = *index;
    skip_marks(attempt, &first);
    int behind = first;
    bool repeats = attempt->kind != EMBARGO_KIND_RELEASE &&
                   kind_of(embargo_take(attempt, &behind)) == attempt->kind;
    if (repeats)
        *index = first;
    return repeats;
}

/* Reads words for the release itself, emphasis and dates, then the word for an embargo and what
 * says until when. "Release" may be either. */
static bool take_phrase(struct embargo_attempt *attempt)
{
    int index = 0;
    for (int count = 0; count < BEFORE_MAXIMUM; count++) {
        skip_marks(attempt, &index);
        int behind = index;
        const struct language_word *word = embargo_take(attempt, &behind);
        attempt->kind = kind_of(word);
        if (attempt->kind != EMBARGO_KIND_NONE) {
            date_note_language(&attempt->reader, word);
            if (embargo_take_end(attempt, behind))
                return true;
            if (repeats_word(attempt, &behind)) {
                index = behind;
                continue;
            }
            if (attempt->kind != EMBARGO_KIND_RELEASE)
                return false;
        }
        if (!pass_over(attempt, word, behind, &index))
            return false;
    }
    return false;
}

/* ---- what was found ---- */

/* Whether nothing but words for the release itself is left of the line, sentence or bracket. */
static bool stands_alone(const struct embargo_attempt *attempt)
{
    struct embargo_attempt rest = *attempt;
    int index = 0;
    if (attempt->start >= EMBARGO_START_SENTENCE || attempt->is_over_line)
        return false;
    rest.reader = (struct date_reader){ .words = attempt->finder->words,
                                        .language = attempt->finder->language };
    rest.text = attempt->end;
    date_reader_init(&rest.reader, attempt->finder->arena, rest.text);
    for (int count = 0; count < BEFORE_MAXIMUM; count++) {
        while (date_token_at(&rest.reader, index)->kind == DATE_MARK && index < rest.reader.count) {
            if (attempt->start == EMBARGO_START_BRACKET && embargo_is_mark(&rest, index, ")]}"))
                return true;
            if (attempt->start == EMBARGO_START_BOLD &&
                embargo_is_mark(&rest, index, EMBARGO_BOLD_ENDS))
                return true;
            index++;
        }
        if (embargo_is_end(&rest, index))
            return attempt->start == EMBARGO_START_LINE;
        const struct language_word *word = embargo_take(&rest, &index);
        if (!embargo_is_named(word, "this_release") && !embargo_is_named(word, "emphasis"))
            return false;
    }
    return false;
}

static enum embargo_container container_of(const struct embargo_attempt *attempt)
{
    static const enum embargo_container containers[] = {
        [EMBARGO_START_LINE] = EMBARGO_IN_LINE,       [EMBARGO_START_BOLD] = EMBARGO_IN_BOLD,
        [EMBARGO_START_BRACKET] = EMBARGO_IN_BRACKET, [EMBARGO_START_SENTENCE] = EMBARGO_IN_TEXT,
        [EMBARGO_START_WEAK] = EMBARGO_IN_TEXT,       [EMBARGO_START_WITHIN] = EMBARGO_IN_TEXT
    };

    return stands_alone(attempt) ? containers[attempt->start] : EMBARGO_IN_TEXT;
}

/* The first letter or digit: punctuation before it is not quoted. */
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
static const char *quote_of(const struct embargo_attempt *attempt)
{
    const char *start = skip_to_words(attempt->text);
    size_t length = attempt->end > start ? (size_t)(attempt->end - start) : 0;
    bool is_cut = length > QUOTE_MAXIMUM;
    if (is_cut)
        length = utf8_fit(start, QUOTE_MAXIMUM);
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

/* Whether the phrase says enough for where it stands. Within a sentence an embargo is usually a
 * subject that the release is about, unless it says when ("Material in this release is embargoed
 * until 8 a.m. on 9 June"). */
static bool is_enough(const struct embargo_attempt *attempt)
{
    switch (attempt->start) {
    case EMBARGO_START_WEAK:
        return embargo_tells_when(&attempt->date) || attempt->kind == EMBARGO_KIND_EMBARGOED;
    case EMBARGO_START_WITHIN:
        return attempt->has_limit && attempt->date.has_time;
    case EMBARGO_START_LINE:
    case EMBARGO_START_BOLD:
    case EMBARGO_START_BRACKET:
    case EMBARGO_START_SENTENCE:
        break;
    }
    return true;
}

static void try_start(struct embargo_finder *finder, const char *text, enum embargo_start start)
{
    struct embargo_attempt attempt = { .finder = finder,
                                       .text = text,
                                       .start = start,
                                       .reader = { .words = finder->words,
                                                   .language = finder->language } };
    int index = 0;
    if (start >= EMBARGO_START_SENTENCE && !may_begin(finder, text))
        return;
    date_reader_init(&attempt.reader, finder->arena, text);
    if (start == EMBARGO_START_WITHIN && !embargo_take_name(&attempt, &index, "anywhere"))
        return;
    if (!take_phrase(&attempt) || !is_enough(&attempt))
        return;
    struct embargo_phrase *phrase = arena_allocate(finder->arena, sizeof *phrase);
    *phrase = (struct embargo_phrase){ .quote = quote_of(&attempt),
                                       .alone_in = container_of(&attempt),
                                       .has_limit = attempt.has_limit,
                                       .is_release = attempt.kind == EMBARGO_KIND_RELEASE,
                                       .date = attempt.date };
    *finder->place = phrase;
    finder->place = &phrase->next;
}

/* ---- all of a line ---- */

/* Length of punctuation behind which a new statement begins, and which kind of start that is; 0:
 * there is none. */
static size_t start_mark(const char *text, enum embargo_start *start)
{
    static const struct {
        const char *mark;
        enum embargo_start start;
    } marks[] = {
        { EMBARGO_BOLD_BEGINS, EMBARGO_START_BOLD },
        { "(", EMBARGO_START_BRACKET },
        { "[", EMBARGO_START_BRACKET },
        { "{", EMBARGO_START_BRACKET },
        { ". ", EMBARGO_START_SENTENCE },
        { "! ", EMBARGO_START_SENTENCE },
        { "? ", EMBARGO_START_SENTENCE },
        { ": ", EMBARGO_START_WEAK },
        { "; ", EMBARGO_START_WEAK },
        { " - ", EMBARGO_START_WEAK },
        { " \xE2\x80\x93 ", EMBARGO_START_WEAK },
        { " \xE2\x80\x94 ", EMBARGO_START_WEAK },
        { "|", EMBARGO_START_WEAK },
        { " / ", EMBARGO_START_WEAK },
        { "//", EMBARGO_START_WEAK },
        { "\xE2\x80\xA2", EMBARGO_START_WEAK },
        { "\xC2\xB7", EMBARGO_START_WEAK },
        { "***", EMBARGO_START_WEAK },
        { "\n", EMBARGO_START_WEAK },
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
    struct embargo_finder finder = {
        .words = words, .language = language, .arena = arena, .line = line, .following = following
    };
    finder.place = &finder.first;
    if (!language_words_may_hold(words, WORD_GROUP_EMBARGO, line))
        return NULL;
    try_start(&finder, line, EMBARGO_START_LINE);
    for (const char *at = line; *at;) {
        enum embargo_start start = EMBARGO_START_WITHIN;
        size_t length = start_mark(at, &start);
        bool is_word = *at == ' ' && !length;
        at += length ? length : 1;
        if (length || is_word)
            try_start(&finder, at, start);
    }
    return finder.first;
}
