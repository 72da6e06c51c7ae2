/* SPDX-License-Identifier: MIT */
#include "intake/embargo_removal.h"

#include "base/arena.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <ctype.h>
#include <string.h>

struct embargo_phrase *embargo_find_in_line(struct intake_reading *reading, const char *line,
                                            const char *following, bool is_raw)
{
    const char *clean = embargo_line_clean(reading->words, reading->arena, line, is_raw);
    return embargo_phrase_find(reading->words, intake_reading_language(reading), reading->arena,
                               clean, following);
}

bool embargo_is_section(const struct intake_reading *reading, const char *line)
{
    while (*line && !isalnum((unsigned char)*line) && (unsigned char)*line < 0x80)
        line++;
    if (!*line || strnlen(line, EMBARGO_SECTION_MAXIMUM + 1) > EMBARGO_SECTION_MAXIMUM)
        return false;
    const char *folded = unicode_fold(reading->arena, line);
    return language_words_prefix(reading->words, WORD_GROUP_SECTION, NULL, folded) ||
           language_words_prefix(reading->words, WORD_GROUP_FURNITURE, NULL, folded);
}

bool embargo_may_go(const struct intake_reading *reading, const struct embargo_phrase *phrase)
{
    return phrase->alone_in != EMBARGO_IN_TEXT && phrase->date.has_day && phrase->date.has_time &&
           !reading->embargo_is_none;
}

struct embargo_phrase *embargo_find_removable(const struct intake_reading *reading,
                                              struct embargo_phrase *phrases,
                                              enum embargo_container container)
{
    for (; phrases; phrases = phrases->next)
        if (phrases->alone_in == container && embargo_may_go(reading, phrases))
            return phrases;
    return NULL;
}

/* Where a bracket ends that is short enough for an embargo; NULL: it does not. "(embargo til 9.
 * juni kl. 6 (dansk tid))" ends at its last mark. */
static const char *bracket_end(const char *open, char wanted)
{
    enum { BRACKET_MAXIMUM = 300 };

    size_t length = strnlen(open, BRACKET_MAXIMUM);
    const char *close = memchr(open, wanted, length);
    if (!close || !memchr(open + 1, *open, (size_t)(close - open - 1)))
        return close;
    const char *last = memchr(close + 1, wanted, length - (size_t)(close + 1 - open));
    return last ? last : close;
}

/* The text without the bracket that holds nothing but an embargo. */
const char *embargo_cut_bracket(struct intake_reading *reading, const char *text)
{
    static const char opening[] = "([{";
    static const char closing[] = ")]}";

    enum { TRIES_MAXIMUM = 200 };

    int tries = 0;
    for (const char *open = strpbrk(text, opening); open && tries < TRIES_MAXIMUM;
         open = strpbrk(open + 1, opening)) {
        const char *close = bracket_end(open, closing[strchr(opening, *open) - opening]);
        if (!close)
            continue;
        tries++;
        const char *inner = arena_copy_bytes(reading->arena, open, (size_t)(close - open) + 1);
        struct embargo_phrase *phrases = embargo_find_in_line(reading, inner, NULL, false);
        if (!embargo_find_removable(reading, phrases, EMBARGO_IN_BRACKET) &&
            !embargo_find_removable(reading, phrases, EMBARGO_IN_LINE))
            continue;
        size_t before = (size_t)(open - text);
        while (before > 0 && text[before - 1] == ' ' && (close[1] == '\0' || close[1] == ' '))
            before--;
        return arena_format(reading->arena, "%.*s%s", (int)before, text, close + 1);
    }
    return text;
}
