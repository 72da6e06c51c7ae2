/* SPDX-License-Identifier: MIT */
#include "intake/title.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/encoding.h"
#include "intake/reader.h"
#include "intake/text_mark.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "locale/written_date.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

/* Limits: bytes of a paragraph that can be a title; blocks that may stand above it. */
enum { PARAGRAPH_MAXIMUM = 160, BLOCKS_ABOVE = 3 };

/* ---- what stands above a title ---- */

/* Whether the line is nothing but a date. */
static bool is_date(const struct intake_reading *reading, const char *line)
{
    struct written_date date;
    written_date_read(reading->words, reading->language, reading->arena, line, &date);
    return date.has_day && !line[date.length + strspn(line + date.length, " .,:")];
}

static const struct language_word *embargo_word(const struct intake_reading *reading,
                                                const char *folded)
{
    return language_words_prefix(reading->words, WORD_GROUP_EMBARGO, reading->language, folded);
}

static bool is_named(const struct language_word *word, const char *name)
{
    return word && strcmp(word->name, name) == 0;
}

/* Whether the line is an embargo: "EMBARGO: …", "Klausuleret til …". */
static bool is_embargo(const struct intake_reading *reading, const char *line)
{
    const char *folded = unicode_fold(reading->arena, line);
    const struct language_word *word = embargo_word(reading, folded);
    if (!is_named(word, "embargo") && !is_named(word, "embargoed") && !is_named(word, "not_before"))
        return false;
    const char *rest = folded + strlen(word->folded);
    if (rest[strspn(rest, " :-!.")] == '\0' || *rest == ':')
        return true;
    word = embargo_word(reading, rest + strspn(rest, " "));
    return is_named(word, "until") || is_named(word, "before");
}

enum title_line title_line_of(const struct intake_reading *reading, const char *line,
                              const char **type)
{
    bool plain;
    const struct language_word *word = language_words_find(
        reading->words, WORD_GROUP_TYPE, reading->language, unicode_fold(reading->arena, line),
        false);
    *type = word ? word->name : NULL;
    if (word)
        return TITLE_LINE_TYPE;
    if (text_furniture_of(reading, line, &plain) != TEXT_FURNITURE_NONE)
        return TITLE_LINE_NOTICE;
    if (is_date(reading, line))
        return TITLE_LINE_DATE;
    return is_embargo(reading, line) ? TITLE_LINE_EMBARGO : TITLE_LINE_OTHER;
}

/* ---- Markdown ---- */

static void remove_node(struct body_node *parent, const struct body_node *node)
{
    struct body_node *before = NULL;
    for (struct body_node *child = parent->first_child; child != node; child = child->next)
        before = child;
    if (before)
        before->next = node->next;
    else
        parent->first_child = node->next;
    if (!node->next)
        parent->last_child = before;
}

/* The characters that are not marks of Markdown. */
static const char *without_marks(struct arena *arena, const char *bytes, size_t length)
{
    char *result = arena_copy_bytes(arena, bytes, length);
    char *end = result;
    for (const char *c = result; *c; c++)
        if (!strchr("*_`\\#", *c))
            *end++ = *c;
    *end = '\0';
    return encoding_one_line(arena, result, strlen(result));
}

/* Whether the source has a line "# Words", since the body tree has no headings of level 1. */
static bool is_first_level(struct arena *arena, const char *body, const char *words)
{
    words = without_marks(arena, words, strlen(words));
    for (const char *line = body; *line;) {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, "# ", 2) == 0 && strcmp(without_marks(arena, line, length), words) == 0)
            return true;
        line += length;
        line += *line == '\n';
    }
    return false;
}

/* Whether the block is one short line. */
static bool is_short(const struct body_node *node, const char *words)
{
    if (node->kind != BODY_PARAGRAPH || !*words || utf8_length(words) > PARAGRAPH_MAXIMUM)
        return false;
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (child->kind == BODY_BREAK || child->kind == BODY_IMAGE)
            return false;
    return true;
}

/* The block that is the title; NULL: there is none. */
static const struct body_node *find_in_body(const struct intake_reading *reading, const char *body,
                                            bool is_whole)
{
    const struct body_node *first = reading->release->body->first_child;
    const struct body_node *paragraph = NULL;
    bool other = false;
    int above = 0;
    for (const struct body_node *node = first; node && above < BLOCKS_ABOVE;
         node = node->next, above++) {
        const char *type;
        const char *words = body_plain_text(reading->arena, node);
        if (node->kind == BODY_HEADING &&
            (node == first || is_first_level(reading->arena, body, words)))
            return node;
        if (other || title_line_of(reading, words, &type) != TITLE_LINE_OTHER)
            continue;
        paragraph = is_short(node, words) ? node : NULL;
        other = true;
    }
    /* A paragraph alone is a text without a title. */
    return is_whole && paragraph && first->next ? paragraph : NULL;
}

void title_take_from_body(struct intake_reading *reading, const char *body, bool is_whole)
{
    struct release *release = reading->release;
    if (release->title || (reading->fields & INTAKE_FIELD_TITLE) || reading->fields_unread)
        return;
    const struct body_node *node = find_in_body(reading, body, is_whole);
    if (!node)
        return;
    release->title = body_plain_text(reading->arena, node);
    remove_node(release->body, node);
}
