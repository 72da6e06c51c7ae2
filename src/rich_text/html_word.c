/* SPDX-License-Identifier: MIT */
/* What Word writes into pages: lists as paragraphs with a bullet set by hand, styles as classes,
 * notes as links. */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LIST_NAMES_MAXIMUM = 500, MARKER_MAXIMUM = 20, LEVELS_MAXIMUM = 9 };

bool html_is_word_marker(struct arena *arena, const struct html_node *node)
{
    return strcmp(html_style(arena, node, "mso-list"), "ignore") == 0;
}

/* ---- lists ---- */

static const struct html_node *find_marker(struct arena *arena, const struct html_node *paragraph)
{
    const struct html_node *node = html_next(paragraph, paragraph);
    while (node && !html_is_word_marker(arena, node))
        node = html_next(node, paragraph);
    return node;
}

/* One string a name, since the builder tells lists apart by their addresses. */
static const char *list_name(struct html_page *page, const char *name)
{
    for (size_t i = 0; i < page->list_count; i++)
        if (strcmp(page->list_names[i], name) == 0)
            return page->list_names[i];
    if (page->list_count >= LIST_NAMES_MAXIMUM)
        return NULL;
    ARRAY_GROW_IN(page->arena, page->list_names, page->list_count, page->list_capacity);
    return page->list_names[page->list_count++] = name;
}

/* "l0 level1 lfo1": the level, and all else as the list's name. */
static int split_list(struct html_page *page, const char *value, const void **identity)
{
    const char *level = strstr(value, "level");
    const char *rest = level ? level + 5 + strspn(level + 5, "0123456789") : value;
    size_t before = level ? (size_t)(level - value) : 0;
    int number = level ? (int)strtol(level + 5, NULL, 10) : 1;
    *identity = list_name(page, arena_format(page->arena, "%.*s%s", (int)before, value, rest));
    return number < 1 ? 1 : number > LEVELS_MAXIMUM ? LEVELS_MAXIMUM : number;
}

/* The marker's words, without space at their ends; "" where there is none. */
static const char *marker_words(struct html_page *page, const struct html_node *marker)
{
    const char *words = marker ? html_words(page->arena, marker) : "";
    return builder_line(page->builder, words, strnlen(words, 100));
}

static const char *trim_spaces(struct arena *arena, const char *words)
{
    while (strncmp(words, "\xC2\xA0", 2) == 0 || *words == ' ')
        words += *words == ' ' ? 1 : 2;
    size_t length = strlen(words);
    while (length) {
        if (words[length - 1] == ' ')
            length--;
        else if (length >= 2 && memcmp(words + length - 2, "\xC2\xA0", 2) == 0)
            length -= 2;
        else
            break;
    }
    return arena_copy_bytes(arena, words, length);
}

/* The words of the paragraph up to one of its elements, a few. */
static const char *words_before(struct html_page *page, const struct html_node *paragraph,
                                const struct html_node *end)
{
    struct string_builder words;
    const struct html_node *node = paragraph;
    string_builder_init(&words, 0);
    while (node != end && words.length < MARKER_MAXIMUM) {
        if (node->kind == HTML_TEXT)
            string_builder_append(&words, node->text);
        if (node->first_child)
            node = node->first_child;
        else {
            while (!node->next)
                node = node->parent;
            node = node->next;
        }
    }
    const char *line = node == end && words.length
                           ? builder_line(page->builder, words.data, words.length)
                           : "";
    string_builder_release(&words);
    return trim_spaces(page->arena, line);
}

/* "1.", "1)", "(1)": 1; else 0. */
static int marker_number(const char *words)
{
    char *end;
    words += *words == '(';
    long number = isdigit((unsigned char)*words) ? strtol(words, &end, 10) : 0;
    if (number < 1 || number > BODY_LIST_START_MAXIMUM)
        return 0;
    return end[strspn(end, ".)")] || strlen(end) > 1 ? 0 : (int)number;
}

/* Whether it is a drawn bullet: no letter or digit, or the "o" and the section sign of Courier New
 * and Wingdings. */
static bool is_bullet(const char *words)
{
    return strcmp(words, "o") == 0 || strcmp(words, "§") == 0 ||
           builder_letters(words, strlen(words)) == 0 || strlen(words) > MARKER_MAXIMUM;
}

static void apply_list(struct html_page *page, const struct html_node *node, const char *value,
                       struct html_state *state, struct html_list *list, struct html_item *item)
{
    const char *words = trim_spaces(page->arena,
                                    marker_words(page, find_marker(page->arena, node)));
    int number = marker_number(words);
    if (state->outline || (!number && !is_bullet(words))) {
        state->label = *words && !is_bullet(words) ? words : NULL;
        if (state->outline)
            return;
    }
    list->level = split_list(page, value, &list->identity);
    *item = (struct html_item){ .is_ordered = number > 0, .number = number };
    state->list = list;
    state->item = item;
}

/* ---- lists of pages that were filtered ---- */

/* What stands between a marker and the words in a page without Word's own styles: no-break spaces
 * in a small letter. */
static bool is_spacer(struct arena *arena, const struct html_node *node)
{
    if (strncmp(html_style(arena, node, "font"), "7.0pt", 5) != 0)
        return false;
    const char *words = html_words(arena, node);
    return builder_letters(words, strlen(words)) == 0;
}

/* "36.0pt", ".5in", "1.27cm": the level of a list that stands so far in. */
static int level_of_margin(const char *margin)
{
    char *unit;
    double width = strtod(margin, &unit);
    double levels = strncmp(unit, "in", 2) == 0   ? width * 2
                    : strncmp(unit, "cm", 2) == 0 ? width / 1.27
                                                  : width / 36;
    return levels >= 1.5 && levels < LEVELS_MAXIMUM ? (int)(levels + 0.5) : 1;
}

/* A paragraph of a list as it looks, where nothing else says that it is one. */
static bool apply_filtered(struct html_page *page, const struct html_node *node,
                           struct html_state *state, struct html_list *list, struct html_item *item)
{
    const struct html_node *spacer = html_next(node, node);
    while (spacer && !is_spacer(page->arena, spacer))
        spacer = html_next(spacer, node);
    const char *words = spacer ? words_before(page, node, spacer) : "";
    int number = marker_number(words);
    if (!*words || (!number && !is_bullet(words)))
        return false;
    page->marker_end = spacer;
    list->identity = page;
    list->level = level_of_margin(html_style(page->arena, node, "margin-left"));
    *item = (struct html_item){ .is_ordered = number > 0, .number = number };
    state->list = list;
    state->item = item;
    return true;
}

/* ---- styles ---- */

/* "MsoHeading2", "Heading2": 2; else 0. */
static int heading_of_class(const struct html_node *node)
{
    static const char *const names[] = { "MsoHeading", "Heading" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (int level = 1; level <= LEVELS_MAXIMUM; level++) {
            char name[32];
            (void)snprintf(name, sizeof name, "%s%d", names[i], level);
            if (html_has_class(node, name))
                return level;
        }
    return 0;
}

static int outline_of(struct html_page *page, const struct html_node *node)
{
    long level = strtol(html_style(page->arena, node, "mso-outline-level"), NULL, 10);
    if (level >= 1 && level <= LEVELS_MAXIMUM)
        return (int)level;
    return heading_of_class(node);
}

static void apply_classes(const struct html_node *node, struct html_state *state)
{
    if (html_has_class(node, "MsoTitle") || html_class_begins(node, "MsoTitleCxSp"))
        state->marks |= RICH_TEXT_TITLE;
    if (html_has_class(node, "MsoSubtitle") || html_class_begins(node, "MsoSubtitleCxSp"))
        state->marks |= RICH_TEXT_SUBTITLE;
    if (html_class_begins(node, "MsoQuote") || html_class_begins(node, "MsoIntenseQuote"))
        state->is_quote = true;
    if (html_has_class(node, "MsoCaption") || html_has_class(node, "wp-caption-text"))
        state->is_caption = true;
}

void html_apply_word(struct html_page *page, const struct html_node *node, struct html_state *state,
                     struct html_list *list, struct html_item *item)
{
    if (!node->attributes)
        return;
    if (html_attribute_value(node, "class"))
        apply_classes(node, state);
    if (!state->outline)
        state->outline = outline_of(page, node);
    const char *value = html_style(page->arena, node, "mso-list");
    bool is_item = *value && strcmp(value, "none") != 0 && strcmp(value, "skip") != 0 &&
                   strcmp(value, "ignore") != 0;
    bool is_by_class = html_class_begins(node, "MsoList");
    if (is_item)
        apply_list(page, node, value, state, list, item);
    else if (is_by_class && !apply_filtered(page, node, state, list, item))
        page->strips_bullet = true;
}

/* ---- notes ---- */

/* Word's "_ftn1" and "_edn1", LibreOffice's "sdfootnote1sym" and "sdendnote1sym": what the names
 * of notes begin with, and what stands behind the number of what leads back from one. */
static const struct {
    const char *name;
    const char *id; /* of the element that holds the note */
    const char *back;
    bool is_back_before; /* the number: "_ftnref1" */
} notes[] = {
    { "_ftn", "ftn", "ref", true },
    { "_edn", "edn", "ref", true },
    { "sdfootnote", "sdfootnote", "anc", false },
    { "sdendnote", "sdendnote", "anc", false },
};

/* Behind digits; NULL where there are none. */
static const char *behind_digits(const char *text)
{
    size_t length = strspn(text, "0123456789");
    return length ? text + length : NULL;
}

const char *html_note_reference(struct arena *arena, const struct html_node *link, bool *is_back)
{
    const char *address = html_attribute_value(link, "href");
    address = address ? strchr(address, '#') : NULL;
    for (size_t i = 0; address && i < sizeof notes / sizeof notes[0]; i++) {
        size_t length = strlen(notes[i].name);
        const char *number = address + 1 + length;
        if (strncmp(address + 1, notes[i].name, length) != 0)
            continue;
        *is_back = notes[i].is_back_before && strncmp(number, notes[i].back, 3) == 0;
        number += *is_back ? 3 : 0;
        const char *behind = behind_digits(number);
        if (!behind)
            continue;
        *is_back = *is_back || strcmp(behind, notes[i].back) == 0;
        return arena_format(arena, "%s%.*s", notes[i].id, (int)(behind - number), number);
    }
    return NULL;
}

const char *html_note(const struct html_node *node)
{
    const char *id = html_is(node, "div") ? html_attribute_value(node, "id") : NULL;
    for (size_t i = 0; id && i < sizeof notes / sizeof notes[0]; i++) {
        size_t length = strlen(notes[i].id);
        const char *behind = strncmp(id, notes[i].id, length) == 0 ? behind_digits(id + length)
                                                                   : NULL;
        if (behind && !*behind)
            return id;
    }
    return NULL;
}
