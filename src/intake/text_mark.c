/* SPDX-License-Identifier: MIT */
#include "intake/text_mark.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/reader.h"
#include "intake/text_line.h"
#include "locale/language_words.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { FURNITURE_MAXIMUM = 80 };

const char *text_behind_dash(const char *line)
{
    static const char *const dashes[] = { "- ", "– ", "— ", NULL };
    for (const char *const *dash = dashes; *dash; dash++)
        if (text_line_begins(line, *dash))
            return line + strlen(*dash);
    return NULL;
}

const char *text_behind_bullet(const char *line, size_t *size)
{
    static const char *const bullets[] = { "•", "●", "▪", "◦", "‣", "·", "■", "□", "○",
                                           "➢", "►", "▶", "✓", "✔", "⁃", "*", "+", NULL };
    for (const char *const *bullet = bullets; *bullet; bullet++) {
        *size = strlen(*bullet);
        if (!text_line_begins(line, *bullet))
            continue;
        const char *words = line + *size;
        /* Word processors put a no-break space, or nothing, behind a real bullet. */
        if (text_line_begins(words, "\xC2\xA0"))
            words += 2;
        else if (*words != ' ' && *size == 1)
            continue;
        words += strspn(words, " ");
        return *words ? words : NULL;
    }
    return NULL;
}

bool text_number_read(const char *line, struct text_number *number)
{
    bool opened = *line == '(';
    const char *at = line + opened;
    size_t digits = strspn(at, "0123456789");
    *number = (struct text_number){ 0 };
    if (digits > 3 || (digits > 1 && *at == '0'))
        return false;
    for (size_t i = 0; i < digits; i++)
        number->value = 10 * number->value + (at[i] - '0');
    at += digits;
    if (!digits && *at >= 'a' && *at <= 'z') {
        number->is_letter = true;
        number->value = *at - 'a' + 1;
        at++;
    }
    number->mark = *at;
    if (!(*at == ')' || (*at == '.' && digits && !opened)) || at[1] != ' ')
        return false;
    number->words = at + 2;
    return *number->words != '\0';
}

/* ---- furniture ---- */

static bool is_decoration(uint32_t c)
{
    return (c < 0x80 && (ispunct((int)c) || c == ' ')) || c == 0xA0 || (c >= 0x2010 && c <= 0x2015);
}

/* The words without the punctuation around them, case-folded; *is_decorated: there is some at both
 * ends. */
static const char *core_of(struct arena *arena, const char *line, bool *is_decorated)
{
    size_t length = strlen(line);
    size_t start = 0;
    size_t end = 0;
    size_t offset = 0;
    bool seen = false;
    uint32_t c;
    while (offset < length) {
        size_t at = offset;
        if (!utf8_next(line, length, &offset, &c))
            break;
        if (is_decoration(c))
            continue;
        start = seen ? start : at;
        end = offset;
        seen = true;
    }
    *is_decorated = start > 0 && (end < length || strchr("/*#-\xE2", *line));
    return unicode_fold(arena, arena_copy_bytes(arena, line + start, end - start));
}

static size_t count_of(const char *line, char mark)
{
    size_t count = 0;
    for (; *line; line++)
        count += *line == mark;
    return count;
}

/* A line of marks alone. */
static enum text_furniture marks_of(const char *line)
{
    if (line[strspn(line, "# -")] == '\0' && count_of(line, '#') >= 2)
        return TEXT_FURNITURE_END;
    if (line[strspn(line, "* ")] == '\0' && count_of(line, '*') >= 3)
        return TEXT_FURNITURE_END;
    const char *at = line;
    while (*at && (strchr("-_=~* ", *at) || text_line_begins(at, "–") || text_line_begins(at, "—")))
        at += strchr("-_=~* ", *at) ? 1 : strlen("–");
    return !*at && strlen(line) >= 3 ? TEXT_FURNITURE_RULE : TEXT_FURNITURE_NONE;
}

static bool is_in_capitals(const char *line)
{
    size_t length = strlen(line);
    size_t offset = 0;
    uint32_t c;
    while (utf8_next(line, length, &offset, &c))
        if (unicode_is_lower(c))
            return false;
    return true;
}

enum text_furniture text_furniture_of(const struct intake_reading *reading, const char *line,
                                      bool *is_plain)
{
    bool is_decorated;
    *is_plain = false;
    if (strlen(line) > FURNITURE_MAXIMUM)
        return TEXT_FURNITURE_NONE;
    const char *core = core_of(reading->arena, line, &is_decorated);
    if (!*core)
        return marks_of(line);
    if (is_decorated && (strcmp(core, "30") == 0 || strcmp(core, "0") == 0))
        return TEXT_FURNITURE_END;
    const struct language_word *word = language_words_find(reading->words, WORD_GROUP_FURNITURE,
                                                           NULL, core, false);
    if (!word)
        return TEXT_FURNITURE_NONE;
    *is_plain = !is_decorated && !is_in_capitals(line);
    if (strcmp(word->name, "notice") == 0 || strcmp(word->name, "skip") == 0)
        return TEXT_FURNITURE_NOTICE;
    if (strcmp(word->name, "end") == 0)
        return TEXT_FURNITURE_END;
    return strcmp(word->name, "continued") == 0 && is_decorated ? TEXT_FURNITURE_MORE
                                                                : TEXT_FURNITURE_NONE;
}

const char *text_furniture_begins(const struct intake_reading *reading, const char *line)
{
    const struct language_word *word = language_words_prefix(
        reading->words, WORD_GROUP_FURNITURE, NULL, unicode_fold(reading->arena, line));
    return word ? word->name : "";
}
