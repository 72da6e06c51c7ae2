/* SPDX-License-Identifier: MIT */
#include "intake/text_heading.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/contact_text.h"
#include "intake/reader.h"
#include "intake/text_mark.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "locale/written_date.h"
#include "release/release.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Limits: columns of a heading; columns of a block that must stand above or below it, and of a
 * sentence that may do instead; words of a heading, and of an English one that is not in title
 * case. */
enum {
    HEADING_COLUMNS = 80,
    BLOCK_COLUMNS = 100,
    SENTENCE_COLUMNS = 35,
    HEADING_WORDS = 12,
    PLAIN_WORDS = 4
};

/* ---- the line by itself ---- */

static uint32_t first_character(const char *text)
{
    size_t offset = 0;
    uint32_t c;
    return utf8_next(text, strlen(text), &offset, &c) ? c : 0;
}

/* Whether the line holds a date: "KØBENHAVN, 9. juni", "Monday, June 9"; "4. kvartal 2026" is
 * none. */
static bool holds_date(const struct intake_reading *reading, const char *line)
{
    struct written_date date;
    if (!line[strcspn(line, "0123456789")])
        return false;
    for (const char *at = line; *at; at++) {
        if (at != line && at[-1] != ' ' && at[-1] != '(')
            continue;
        written_date_read(reading->words, reading->language, reading->arena, at, &date);
        if (date.length && (date.has_day || date.has_time))
            return true;
    }
    return false;
}

/* Whether the line has amounts, a number at its beginning or end that is no year, or too many
 * digits for a heading. */
static bool holds_figures(const char *line)
{
    static const char *const marks[] = { "$", "€", "£", "%", "|", "\t", "@", "http", "www.", NULL };
    size_t length = strlen(line);
    size_t digits = 0;
    size_t last = length;
    for (const char *const *mark = marks; *mark; mark++)
        if (strstr(line, *mark))
            return true;
    for (const char *c = line; *c; c++)
        digits += isdigit((unsigned char)*c) != 0;
    while (last && isdigit((unsigned char)line[last - 1]))
        last--;
    return isdigit((unsigned char)*line) || 2 * digits > length ||
           (last < length && length - last != 4);
}

/* Whether the line has punctuation that no heading has: the end of a sentence, a colon, a label, a
 * quote, or what belongs to the line above. */
static bool has_marks_of_text(const char *line)
{
    static const char *const ends[] = { ".", ",",  ":", ";", "!", "-", "–", "—", "…",
                                        "”", "\"", "»", ")", "]", "/", "&", NULL };
    static const char *const starts[] = { "(", "[", "“", "”", "\"", "»", "«", "„",
                                          "'", "‘", "’", "#", "<",  "{", NULL };
    size_t length = strlen(line);
    for (const char *const *end = ends; *end; end++)
        if (strlen(*end) <= length && strcmp(line + length - strlen(*end), *end) == 0)
            return true;
    for (const char *const *start = starts; *start; start++)
        if (text_line_begins(line, *start))
            return true;
    return strstr(line, ": ") || strstr(line, "; ") || strstr(line, ". ") || strstr(line, " / ") ||
           strstr(line, "...");
}

/* Whether most words of four letters or more begin with a capital. */
static bool is_written_as_title(const char *line)
{
    size_t capitals = 0;
    size_t words = 0;
    for (const char *word = line; *word;) {
        size_t length = strcspn(word, " ");
        if (length >= 4) {
            words++;
            capitals += unicode_is_upper(first_character(word));
        }
        word += length;
        word += strspn(word, " ");
    }
    return 3 * capitals >= 2 * words;
}

static bool is_english(const struct intake_reading *reading)
{
    const char *language = intake_reading_language(reading);
    return language && strncmp(language, "en", 2) == 0 &&
           (language[2] == '\0' || language[2] == '-');
}

/* "Mads Overby, regionsrådsformand": up to four words that all begin with a capital, then a comma.
 */
static bool begins_with_name(const char *line)
{
    size_t length = strcspn(line, ",");
    size_t words = 0;
    if (!line[length])
        return false;
    for (const char *word = line; word < line + length;) {
        if (!unicode_is_upper(first_character(word)))
            return false;
        words++;
        word += strcspn(word, " ,");
        word += strspn(word, " ");
    }
    return words <= 4;
}

/* Whether it is a standard phrase that is no heading: "Kære redaktør", "Med venlig hilsen", "Læs
 * mere her", "Foto". */
static bool leads_elsewhere(const struct intake_reading *reading, const char *line)
{
    static const char *const names[] = { "greeting", "closing", "pointer", NULL };
    const char *furniture = text_furniture_begins(reading, line);
    for (const char *const *name = names; *name; name++)
        if (strcmp(furniture, *name) == 0)
            return true;
    return language_words_prefix(reading->words, WORD_GROUP_CREDIT, NULL,
                                 unicode_fold(reading->arena, line));
}

/* Whether the line is an item, a quote or a standard line for editors. */
static bool begins_otherwise(const struct intake_reading *reading, const char *text)
{
    struct text_number number;
    size_t size;
    bool plain;
    return text_behind_dash(text) || text_behind_bullet(text, &size) ||
           text_number_read(text, &number) || text_furniture_of(reading, text, &plain);
}

static bool may_be_heading(const struct intake_reading *reading, const struct text_line *line)
{
    const char *text = line->text;
    size_t words = text_line_words(text);
    if (line->is_rule || line->is_joined || line->columns > HEADING_COLUMNS ||
        words > HEADING_WORDS)
        return false;
    if (!unicode_is_upper(first_character(text)) || has_marks_of_text(text) ||
        holds_figures(text) || begins_with_name(text) || begins_otherwise(reading, text))
        return false;
    if (is_english(reading) && words > PLAIN_WORDS && !is_written_as_title(text))
        return false;
    return !leads_elsewhere(reading, text) && !holds_date(reading, text) &&
           !contact_text_has_number(reading, text);
}

/* ---- what stands around it ---- */

static bool is_block(const struct text_line *line)
{
    return line->columns >= BLOCK_COLUMNS || line->is_joined ||
           (line->columns >= SENTENCE_COLUMNS && text_line_is_closed(line->text) &&
            text_line_words(line->text) >= 5);
}

static bool is_item(const struct text_line *line)
{
    struct text_number number;
    size_t size;
    return text_behind_bullet(line->text, &size) || text_number_read(line->text, &number);
}

static bool ends_block(const struct text_line *line)
{
    return line->is_rule || (is_block(line) && text_line_is_closed(line->text)) || is_item(line);
}

static bool is_quote_mark(const char *at)
{
    static const char *const marks[] = { "\"", "“", "”", "„", "»", "«", NULL };
    for (const char *const *mark = marks; *mark; mark++)
        if (text_line_begins(at, *mark))
            return true;
    return false;
}

/* Whether the line names who said the quote above, between two quotes. */
static bool is_between_quotes(const struct text_line *line)
{
    const char *above = line[-1].text;
    return is_quote_mark(above + utf8_last(above, strlen(above))) && is_quote_mark(line[1].text);
}

static bool is_clock(const char *line)
{
    size_t digits = strspn(line, "0123456789");
    return (digits == 1 || digits == 2) && (line[digits] == '.' || line[digits] == ':') &&
           isdigit((unsigned char)line[digits + 1]) && isdigit((unsigned char)line[digits + 2]);
}

/* Whether the lines from index on are the times of a programme. */
static bool is_programme(const struct text_lines *lines, size_t index)
{
    const struct text_line *line = &lines->lines[index];
    return is_clock(line->text) && index + 1 < lines->count && is_clock(line[1].text);
}

/* Whether text begins below the heading: a block, a list or the times of a programme, not what
 * continues the line. */
static bool begins_block(const struct text_lines *lines, size_t index)
{
    const struct text_line *line = &lines->lines[index];
    uint32_t first = first_character(line->text);
    if (unicode_is_lower(first) || strchr(",;:.)", *line->text))
        return false;
    if (is_item(line))
        return true;
    return is_block(line) || is_programme(lines, index);
}

bool text_heading_wants_gap(const struct text_lines *lines)
{
    size_t gaps = 0;
    for (size_t i = 0; i < lines->count; i++)
        gaps += lines->lines[i].after_gap;
    return 2 * gaps > lines->count;
}

bool text_heading_is(const struct intake_reading *reading, const struct text_lines *lines,
                     size_t index, bool wants_gap)
{
    const struct text_line *line = &lines->lines[index];
    if (index == 0 || index + 1 >= lines->count || line->columns > HEADING_COLUMNS ||
        (wants_gap && !line->after_gap))
        return false;
    /* A line above a programme with a label gives its place or day. */
    bool below_label = is_programme(lines, index + 1) && strstr(line[-1].text, ": ");
    if (!(ends_block(line - 1) || below_label) || !begins_block(lines, index + 1))
        return false;
    return !is_between_quotes(line) && may_be_heading(reading, line);
}
