/* SPDX-License-Identifier: MIT */
#include "locale/mail_quote.h"

#include "base/arena.h"
#include "locale/language_words.h"
#include "locale/mail_phrases.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <string.h>

/* ---- words ---- */

/* Octets of one white space, or of a bracket around a link; 0: none. */
static size_t gap_length(const char *at)
{
    if (strncmp(at, "\xC2\xA0", 2) == 0)
        return 2;
    return isspace((unsigned char)*at) || *at == '<' || *at == '>';
}

/* What some write where others write nothing: bullets and dashes. */
static bool is_mark(const char *word)
{
    return !*word || strcmp(word, "•") == 0 || strcmp(word, "·") == 0 || strcmp(word, "–") == 0 ||
           strcmp(word, "—") == 0;
}

static bool is_link(const char *word)
{
    return strncmp(word, "http://", 7) == 0 || strncmp(word, "https://", 8) == 0 ||
           strncmp(word, "mailto:", 7) == 0;
}

static const char *word_take(struct arena *arena, const char **at)
{
    const char *start = *at;
    while (**at && !gap_length(*at))
        (*at)++;
    const char *end = *at;
    while (start < end && ispunct((unsigned char)*start))
        start++;
    while (end > start && ispunct((unsigned char)end[-1]))
        end--;
    return arena_copy_bytes(arena, start, (size_t)(end - start));
}

struct mail_words mail_words_of(struct arena *arena, const char *text)
{
    struct mail_words words = { .count = 0 };
    const char *at = unicode_fold(arena, text);
    size_t room = strlen(at) / 2 + 1;
    bool begins_line = true;
    words.items = arena_allocate_array(arena, room, sizeof *words.items);
    while (*at) {
        size_t gap = gap_length(at);
        if (gap) {
            begins_line = begins_line || *at == '\n';
            at += gap;
            continue;
        }
        const char *word = word_take(arena, &at);
        if (is_mark(word) || is_link(word))
            continue;
        words.items[words.count++] = (struct mail_word){ word, begins_line };
        begins_line = false;
    }
    return words;
}

/* A word of the list that is at least so long stands for all that begin with it: "afmeldt". */
enum { STEM_OCTETS = 6 };

bool mail_says_no(struct arena *arena, const struct language_words *words, const char *line)
{
    size_t count = 0;
    const struct language_word *list = language_words_list(words, WORD_GROUP_REPLY, &count);
    const struct mail_words found = mail_words_of(arena, line);
    for (size_t i = 0; i < found.count; i++)
        for (size_t k = 0; k < count; k++) {
            if (list[k].folded[0] != found.items[i].text[0])
                continue;
            size_t length = strlen(list[k].folded);
            if (strcmp(list[k].name, "refuse") == 0 &&
                (length < STEM_OCTETS ? strcmp(found.items[i].text, list[k].folded)
                                      : strncmp(found.items[i].text, list[k].folded, length)) == 0)
                return true;
        }
    return false;
}

/* ---- lines ---- */

enum { ATTRIBUTION_LINES = 4 };

static char *trim(char *line)
{
    while (isspace((unsigned char)*line) || strncmp(line, "\xC2\xA0", 2) == 0)
        line += isspace((unsigned char)*line) ? 1 : 2;
    size_t length = strlen(line);
    while (length && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    return line;
}

struct mail_lines mail_lines_split(struct arena *arena, const struct language_words *words,
                                   const struct mail_phrases *phrases, const char *text)
{
    struct mail_lines result = { .count = 1, .words = words, .phrases = phrases };
    for (const char *c = text; *c; c++)
        result.count += *c == '\n';
    result.lines = arena_allocate_array(arena, result.count, sizeof *result.lines);
    char *rest = arena_copy(arena, text);
    for (size_t i = 0; i < result.count; i++) {
        char *line = strsep(&rest, "\n");
        result.lines[i] = trim(line);
    }
    return result;
}

static bool has_digit(const char *line)
{
    return line[strcspn(line, "0123456789")] != '\0';
}

static bool begins_with_one(const struct mail_lines *lines, enum phrase_meaning meaning,
                            const char *text)
{
    return mail_phrases_begin(lines->phrases, meaning, NULL, text) != NULL;
}

bool mail_line_is_made_of(struct arena *arena, const struct mail_lines *lines, const char *line,
                          enum phrase_meaning meaning)
{
    const struct mail_words found = mail_words_of(arena, line);
    for (size_t i = 0; i < found.count; i++)
        if (!has_digit(found.items[i].text) &&
            !mail_phrases_have(lines->phrases, meaning, found.items[i].text))
            return false;
    return true;
}

bool mail_line_is_field(const struct mail_lines *lines, enum phrase_meaning meaning,
                        const char *line)
{
    const struct phrase *name = NULL;
    line += strspn(line, "*");
    while ((name = mail_phrases_begin(lines->phrases, meaning, name, line)) != NULL) {
        const char *behind = line + name->length;
        behind += strspn(behind, "* ");
        if (strncmp(behind, "\xC2\xA0", 2) == 0)
            behind += 2;
        if (*behind == ':')
            return true;
    }
    return false;
}

size_t mail_header_length(const struct mail_lines *lines, size_t at)
{
    size_t length = 0;
    if (!mail_line_is_field(lines, QUOTATION_FROM, lines->lines[at]))
        return 0;
    for (size_t i = at + 1; i < lines->count && i <= at + ATTRIBUTION_LINES; i++)
        if (mail_line_is_field(lines, QUOTATION_FIELD, lines->lines[i]))
            length = i + 1 - at;
    return length;
}

bool mail_line_is_separator(const struct mail_lines *lines, const char *line)
{
    enum { DASHES_LEAST = 5, RULE_LEAST = 20 };

    size_t rule = strspn(line, "_");
    size_t dashes = strspn(line, "-");
    if (dashes >= DASHES_LEAST)
        return begins_with_one(lines, QUOTATION_DASHED, line + dashes + strspn(line + dashes, " "));
    return begins_with_one(lines, QUOTATION_PLAIN, line) ||
           (rule >= RULE_LEAST && line[rule] == '\0');
}

/* Where a program begins "Den 9. juni 2026 kl. 10.12 skrev …": a line of a person's own above it is
 * no part of it. */
static bool begins_attribution(const struct mail_lines *lines, const char *line)
{
    return has_digit(line) &&
           (begins_with_one(lines, QUOTATION_START, line) || isdigit((unsigned char)*line));
}

size_t mail_attribution_length(struct arena *arena, const struct mail_lines *lines, size_t at)
{
    const char *joined = "";
    for (size_t i = at; i < lines->count && i < at + ATTRIBUTION_LINES; i++) {
        const char *line = lines->lines[i];
        size_t length = strlen(line);
        if (!length || *line == '>')
            return 0;
        if (i > at &&
            (!begins_attribution(lines, lines->lines[at]) || begins_attribution(lines, line)))
            return 0;
        joined = *joined ? arena_format(arena, "%s %s", joined, line) : line;
        if (line[length - 1] != ':')
            continue;
        if (mail_phrases_hold(lines->phrases, QUOTATION_VERB, joined) &&
            (has_digit(joined) || strchr(joined, '@')))
            return mail_says_no(arena, lines->words, joined) ? 0 : i - at + 1;
    }
    return 0;
}

bool mail_line_is_signature(const char *line)
{
    return strcmp(line, "--") == 0;
}

bool mail_line_is_advertisement(struct arena *arena, const struct mail_lines *lines,
                                const char *line)
{
    return begins_with_one(lines, DEVICE_START, line) &&
           mail_line_is_made_of(arena, lines, line, DEVICE_WORD);
}
