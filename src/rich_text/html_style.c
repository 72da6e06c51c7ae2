/* SPDX-License-Identifier: MIT */
/* How words are set: by the names of elements and their style attributes. */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SIZES_MAXIMUM = 32, SIZE_MAXIMUM = 10000 };

/* ---- attributes ---- */

static const char space[] = " \t\r\n\f";

const char *html_style(struct arena *arena, const struct html_node *node, const char *property)
{
    const char *style = html_attribute_value(node, "style");
    size_t length = strlen(property);
    for (; style && *style; style += strcspn(style, ";"), style += *style == ';') {
        style += strspn(style, space);
        if (strncasecmp(style, property, length) != 0)
            continue;
        const char *value = style + length + strspn(style + length, space);
        if (*value != ':')
            continue;
        value += 1 + strspn(value + 1, space);
        size_t size = strcspn(value, ";!");
        while (size && strchr(space, value[size - 1]))
            size--;
        char *copy = arena_copy_bytes(arena, value, size < 100 ? size : 100);
        for (char *c = copy; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        return copy;
    }
    return "";
}

static bool class_is(const struct html_node *node, const char *name, bool only_begins)
{
    const char *rest = html_attribute_value(node, "class");
    size_t wanted = strlen(name);
    while (rest && *rest) {
        rest += strspn(rest, space);
        size_t length = strcspn(rest, space);
        if ((length == wanted || (only_begins && length > wanted)) &&
            strncasecmp(rest, name, wanted) == 0)
            return true;
        rest += length;
    }
    return false;
}

bool html_has_class(const struct html_node *node, const char *name)
{
    return class_is(node, name, false);
}

bool html_class_begins(const struct html_node *node, const char *beginning)
{
    return class_is(node, beginning, true);
}

/* ---- sizes ---- */

static int named_size(const char *value)
{
    static const struct {
        const char *name;
        int size;
    } names[] = {
        { "xx-small", 68 }, { "x-small", 75 },  { "small", 98 },     { "medium", 120 },
        { "large", 135 },   { "x-large", 180 }, { "xx-large", 240 }, { "xxx-large", 360 }
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(value, names[i].name) == 0)
            return names[i].size;
    return 0;
}

static int size_of(const char *value, int outer)
{
    char *unit;
    double number = strtod(value, &unit);
    if (unit == value)
        return named_size(value) ? named_size(value) : outer;
    if (!(number > 0 && number < SIZE_MAXIMUM))
        return outer;
    double tenths = strncmp(unit, "pt", 2) == 0    ? number * 10
                    : strncmp(unit, "px", 2) == 0  ? number * 7.5
                    : strncmp(unit, "rem", 3) == 0 ? number * HTML_SIZE_NORMAL
                    : strncmp(unit, "em", 2) == 0  ? number * outer
                    : *unit == '%'                 ? number * outer / 100
                                                   : outer;
    return tenths >= 1 && tenths < SIZE_MAXIMUM ? (int)tenths : outer;
}

/* <font size=5>, from 1 to 7, 3 being usual. */
static int font_size(const char *value, int outer)
{
    static const int sizes[] = { 75, 98, 120, 135, 180, 240, 360 };
    long number = strtol(value, NULL, 10);
    if (*value == '+' || *value == '-')
        number += 3;
    return number >= 1 && number <= 7 ? sizes[number - 1] : outer;
}

static int inner_size(struct arena *arena, const struct html_node *node, int outer)
{
    const char *font = html_is(node, "font") ? html_attribute_value(node, "size") : NULL;
    if (font)
        outer = font_size(font, outer);
    if (html_is(node, "big"))
        outer = outer * 6 / 5;
    if (html_is(node, "small"))
        outer = outer * 5 / 6;
    return size_of(html_style(arena, node, "font-size"), outer);
}

struct tally {
    int size;
    size_t bytes;
};

static void tally_below(struct html_page *page, const struct html_node *node, int size,
                        struct tally *tallies)
{
    if (node->kind == HTML_TEXT) {
        int i = 0;
        while (i < SIZES_MAXIMUM - 1 && tallies[i].size && tallies[i].size != size)
            i++;
        tallies[i].size = size;
        tallies[i].bytes += strlen(node->text);
        return;
    }
    if (node->kind != HTML_ELEMENT || (node->traits & (HTML_HIDDEN | HTML_UNSEEN)))
        return;
    size = inner_size(page->arena, node, size);
    for (const struct html_node *child = node->first_child; child; child = child->next)
        tally_below(page, child, size, tallies);
}

void html_find_common_size(struct html_page *page)
{
    struct tally tallies[SIZES_MAXIMUM] = { { 0, 0 } };
    const struct tally *most = tallies;
    tally_below(page, page->content, HTML_SIZE_NORMAL, tallies);
    for (int i = 0; i < SIZES_MAXIMUM; i++)
        if (tallies[i].bytes > most->bytes)
            most = &tallies[i];
    page->common_size = most->size ? most->size : HTML_SIZE_NORMAL;
}

/* ---- what elements mean ---- */

static unsigned style_of_element(const struct html_node *node)
{
    static const struct {
        const char *names;
        unsigned style;
    } elements[] = { { "b strong", BUILDER_BOLD },
                     { "i em cite dfn var", BUILDER_ITALIC },
                     { "code kbd samp tt", BUILDER_CODE } };

    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (html_is_any(node, elements[i].names))
            return elements[i].style;
    return 0;
}

static void apply_weight(struct html_page *page, const struct html_node *node,
                         struct html_state *state)
{
    const char *weight = html_style(page->arena, node, "font-weight");
    const char *slope = html_style(page->arena, node, "font-style");
    if (*weight) {
        bool is_bold = strncmp(weight, "bold", 4) == 0 || strtol(weight, NULL, 10) >= 600;
        state->style = is_bold ? state->style | BUILDER_BOLD
                               : state->style & ~(unsigned)BUILDER_BOLD;
    }
    if (*slope)
        state->style = strcmp(slope, "normal") == 0 ? state->style & ~(unsigned)BUILDER_ITALIC
                                                    : state->style | BUILDER_ITALIC;
}

void html_apply_style(struct html_page *page, const struct html_node *node,
                      struct html_state *state)
{
    state->style |= style_of_element(node);
    state->is_raised = state->is_raised || html_is(node, "sup");
    state->is_lowered = state->is_lowered || html_is(node, "sub");
    if (!node->attributes && !html_is(node, "big") && !html_is(node, "small"))
        return;
    state->size = inner_size(page->arena, node, state->size);
    apply_weight(page, node, state);
}
