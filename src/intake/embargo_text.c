/* SPDX-License-Identifier: MIT */
#include "intake/embargo_text.h"

#include "base/arena.h"
#include "intake/embargo_body.h"
#include "intake/embargo_phrase.h"
#include "intake/embargo_removal.h"
#include "intake/left_out.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <ctype.h>
#include <string.h>

/* How many lines at the beginning and at the end are searched. The first may be the title and a
 * press service's line with time and publisher. Among the last TAIL_LINES, the line above a
 * section's heading or a standard line for editors is searched too. */
enum { FIRST_LINES = 5, LAST_LINES = 4, TAIL_LINES = 40 };

/* Adds the phrases of a line. One that was found before, with its place in the file, is not added
 * again; only COMPARED_MAXIMUM are compared, else hostile texts would take quadratic time. */
static void add_phrases(struct intake_reading *reading, struct embargo_phrase *phrases, int line)
{
    enum { COMPARED_MAXIMUM = 200 };

    while (phrases) {
        struct embargo_phrase *phrase = phrases;
        struct embargo_phrase **place = &reading->embargo;
        int compared = 0;
        phrases = phrase->next;
        phrase->line = line;
        for (; *place && strcmp((*place)->quote, phrase->quote) != 0 && compared < COMPARED_MAXIMUM;
             compared++)
            place = &(*place)->next;
        if (*place && compared < COMPARED_MAXIMUM) {
            (*place)->is_left_out = (*place)->is_left_out || phrase->is_left_out;
            continue;
        }
        phrase->next = *place;
        *place = phrase;
    }
}

/* ---- lines as they stand in the file ---- */

struct raw_line {
    const char *text;
    size_t length;
    int number;
};

struct raw_lines {
    struct raw_line first[FIRST_LINES];
    struct raw_line tail[TAIL_LINES]; /* a ring: the last ones */
    size_t count;
};

/* Whether the line has words, not only punctuation. */
static bool has_words(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (isalnum((unsigned char)line[i]) || (unsigned char)line[i] >= 0x80)
            return true;
    return false;
}

static void collect(struct raw_lines *lines, const char *text, int number)
{
    for (; *text; number++) {
        size_t length = strcspn(text, "\n");
        if (has_words(text, length)) {
            struct raw_line line = { text, length, number };
            if (lines->count < FIRST_LINES)
                lines->first[lines->count] = line;
            lines->tail[lines->count % TAIL_LINES] = line;
            lines->count++;
        }
        text += length;
        text += *text == '\n';
    }
}

static const char *copy(const struct intake_reading *reading, const struct raw_line *line)
{
    return arena_copy_bytes(reading->arena, line->text, line->length);
}

static void find_in_raw(struct intake_reading *reading, const struct raw_line *line,
                        const struct raw_line *following)
{
    add_phrases(reading,
                embargo_find_in_line(reading, copy(reading, line),
                                     following ? copy(reading, following) : NULL, true),
                line->number);
}

static void find_in_file(struct intake_reading *reading)
{
    struct raw_lines lines = { .count = 0 };
    const char *text = reading->content ? reading->content : reading->text;
    collect(&lines, text, reading->content ? reading->content_line : 1);
    size_t firsts = lines.count < FIRST_LINES ? lines.count : FIRST_LINES;
    for (size_t i = 0; i < firsts; i++)
        find_in_raw(reading, &lines.first[i], i + 1 < firsts ? &lines.first[i + 1] : NULL);
    size_t begin = lines.count > TAIL_LINES ? lines.count - TAIL_LINES : 0;
    for (size_t i = begin < firsts ? firsts : begin; i < lines.count; i++) {
        const struct raw_line *line = &lines.tail[i % TAIL_LINES];
        const struct raw_line *next = i + 1 < lines.count ? &lines.tail[(i + 1) % TAIL_LINES]
                                                          : NULL;
        bool is_last = i + LAST_LINES >= lines.count ||
                       (next && next->length <= EMBARGO_SECTION_MAXIMUM &&
                        embargo_is_section(reading, copy(reading, next)));
        if (is_last)
            find_in_raw(reading, line, next);
    }
}

void embargo_text_find_comments(struct intake_reading *reading, const char *bytes, size_t length,
                                int first_line)
{
    const char *end = bytes + length;
    for (int number = first_line; bytes < end; number++) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *line_end = newline ? newline : end;
        const char *text = bytes;
        while (text < line_end && (*text == ' ' || *text == '\t'))
            text++;
        if (text < line_end && *text == '#')
            add_phrases(reading,
                        embargo_find_in_line(
                            reading,
                            arena_copy_bytes(reading->arena, text, (size_t)(line_end - text)), NULL,
                            true),
                        number);
        bytes = newline ? newline + 1 : end;
    }
}

/* Whether a word for an embargo begins there. */
static bool may_begin(const struct intake_reading *reading, const char *words)
{
    enum { WORD_BYTES = 100 };

    const char *begin = arena_copy_bytes(reading->arena, words, strnlen(words, WORD_BYTES));
    return language_words_prefix(reading->words, WORD_GROUP_EMBARGO,
                                 intake_reading_language(reading),
                                 unicode_fold(reading->arena, begin)) != NULL;
}

static void find_in_words(struct intake_reading *reading, const char *line)
{
    for (const char *at = line; *at; at++)
        if ((at == line || at[-1] == ' ') && may_begin(reading, at))
            add_phrases(reading, embargo_find_in_line(reading, at, NULL, true), 0);
}

void embargo_text_find_beside(struct intake_reading *reading, const char *lines)
{
    while (reading->words && *lines) {
        size_t length = strcspn(lines, "\n");
        find_in_words(reading, arena_copy_bytes(reading->arena, lines, length));
        lines += length;
        lines += *lines == '\n';
    }
}

/* ---- the text as it is shown ---- */

/* A field of one line; NULL where nothing of it is left. */
static const char *find_in_field(struct intake_reading *reading, const char *value)
{
    struct embargo_phrase *phrases = embargo_find_in_line(reading, value, NULL, false);
    struct embargo_phrase *line = embargo_find_removable(reading, phrases, EMBARGO_IN_LINE);
    struct embargo_phrase *bracket = embargo_find_removable(reading, phrases, EMBARGO_IN_BRACKET);
    if (line || bracket)
        (line ? line : bracket)->is_left_out = true;
    add_phrases(reading, phrases, 0);
    if (line)
        return NULL;
    return bracket ? embargo_cut_bracket(reading, value) : value;
}

/* Where the title is nothing but an embargo, the line below it is the title that was meant. */
static void find_in_title(struct intake_reading *reading)
{
    struct release *release = reading->release;
    const char *left = find_in_field(reading, release->title);
    bool is_moved = !left && !(reading->fields & INTAKE_FIELD_TITLE);
    if (is_moved)
        left = embargo_body_take_title(reading);
    if (!left || !*left)
        return;
    left_out_cut(reading, release->title, is_moved ? "" : left);
    release->title = left;
}

void embargo_text_find(struct intake_reading *reading)
{
    struct release *release = reading->release;
    size_t header = reading->content ? (size_t)(reading->content - reading->text) : 0;
    if (!reading->words || reading->fields_unread)
        return;
    embargo_text_find_comments(reading, reading->text, header, 1);
    find_in_file(reading);
    if (release->lead)
        release->lead = find_in_field(reading, release->lead);
    add_phrases(reading, embargo_body_find(reading), 0);
    if (release->title)
        find_in_title(reading);
}
