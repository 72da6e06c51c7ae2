/* SPDX-License-Identifier: MIT */
#include "rich_text/odt_list.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "rich_text/builder.h"
#include "rich_text/odt_name.h"
#include "xml/xml_reader.h"

#include <string.h>

enum {
    LISTS_LOOKED_AT = 200, /* for the one that another goes on with */
    LEVELS_LOOKED_AT = 64,
    ROMAN_MAXIMUM = 3999
};

/* ---- how a level is numbered ---- */

/* The element for that level, of a list style or of the outline. */
static const struct xml_node *level_style(const struct xml_node *style, int level)
{
    const struct xml_node *node = style ? style->first_child : NULL;
    for (int i = 0; node && i < LEVELS_LOOKED_AT; i++, node = node->next)
        if (node->name && odt_number(node, ODF_TEXT, "level", 0) == level)
            return node;
    return NULL;
}

/* "": it has no number. */
static const char *format_of(const struct xml_node *level)
{
    const char *format = level ? xml_attribute_value(level, ODF_STYLE, "num-format") : NULL;
    return format ? format : "";
}

static void append_letters(struct string_builder *text, int number, char first)
{
    char letters[8];
    size_t count = 0;
    for (; number > 0 && count < sizeof letters; number = (number - 1) / 26)
        letters[count++] = (char)(first + (number - 1) % 26);
    while (count > 0)
        string_builder_append_character(text, letters[--count]);
}

static void append_roman(struct string_builder *text, int number, bool is_upper)
{
    static const struct {
        int value;
        const char *upper, *lower;
    } signs[] = {
        { 1000, "M", "m" }, { 900, "CM", "cm" }, { 500, "D", "d" }, { 400, "CD", "cd" },
        { 100, "C", "c" },  { 90, "XC", "xc" },  { 50, "L", "l" },  { 40, "XL", "xl" },
        { 10, "X", "x" },   { 9, "IX", "ix" },   { 5, "V", "v" },   { 4, "IV", "iv" },
        { 1, "I", "i" },
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        for (; number >= signs[i].value; number -= signs[i].value)
            string_builder_append(text, is_upper ? signs[i].upper : signs[i].lower);
}

static void append_number(struct string_builder *text, int number, const char *format)
{
    bool is_letter = (*format == 'a' || *format == 'A') && number > 0;
    bool is_roman = (*format == 'i' || *format == 'I') && number > 0 && number <= ROMAN_MAXIMUM;
    if (is_letter)
        append_letters(text, number, *format);
    else if (is_roman)
        append_roman(text, number, *format == 'I');
    else
        string_builder_append_number(text, number);
}

/* "2.1)": what stands before the words, with the numbers of levels above where it shows them. */
static const char *label_of(struct arena *arena, const struct xml_node *style,
                            const struct odt_numbering *numbering, int level)
{
    struct string_builder text;
    const struct xml_node *own = level_style(style, level);
    const char *prefix = xml_attribute_value(own, ODF_STYLE, "num-prefix");
    const char *suffix = xml_attribute_value(own, ODF_STYLE, "num-suffix");
    int shown = odt_number(own, ODF_TEXT, "display-levels", 1);
    bool has_one = false;
    string_builder_init(&text, 0);
    string_builder_append(&text, prefix ? prefix : "");
    for (int i = level > shown ? level - shown + 1 : 1; i <= level; i++) {
        const char *format = format_of(level_style(style, i));
        if (!*format)
            continue;
        if (has_one)
            string_builder_append_character(&text, '.');
        has_one = true;
        append_number(&text, numbering->has_number[i] ? numbering->numbers[i] : 1, format);
    }
    string_builder_append(&text, suffix ? suffix : "");
    const char *label = arena_copy(arena, text.data ? text.data : "");
    string_builder_release(&text);
    return label;
}

/* Whether the label says no more than the number of a list of ours. */
static bool is_plain(const struct xml_node *level)
{
    const char *prefix = xml_attribute_value(level, ODF_STYLE, "num-prefix");
    const char *suffix = xml_attribute_value(level, ODF_STYLE, "num-suffix");
    return strcmp(format_of(level), "1") == 0 && (!prefix || !*prefix) &&
           odt_number(level, ODF_TEXT, "display-levels", 1) <= 1 &&
           (!suffix || strspn(suffix, ".): ") == strlen(suffix));
}

/* Counts on; start: a number that is asked for; -1: none. */
static void count_on(struct odt_numbering *numbering, const struct xml_node *level, int at,
                     int start)
{
    if (start >= 0)
        numbering->numbers[at] = start;
    else if (numbering->has_number[at])
        numbering->numbers[at]++;
    else
        numbering->numbers[at] = level ? odt_number(level, ODF_TEXT, "start-value", 1) : 1;
    numbering->has_number[at] = true;
    for (int i = at + 1; i <= ODT_LEVELS; i++)
        numbering->has_number[i] = false;
}

/* ---- lists ---- */

/* The list that this one goes on with; NULL: it begins anew. */
static struct odt_numbering *continued(const struct odt_lists *lists, const struct xml_node *node,
                                       const char *style)
{
    const char *id = xml_attribute_value(node, ODF_TEXT, "continue-list");
    struct odt_numbering *numbering = lists->last;
    if (!id)
        id = xml_attribute_value(node, ODF_TEXT, "list-id");
    if (!id && !odt_has_value(node, ODF_TEXT, "continue-numbering", "true"))
        return NULL;
    for (int i = 0; numbering && i < LISTS_LOOKED_AT; i++, numbering = numbering->before)
        if (strcmp(id ? numbering->id : numbering->style, id ? id : style) == 0)
            return numbering;
    return NULL;
}

static struct odt_numbering *new_numbering(struct arena *arena, struct odt_lists *lists,
                                           const struct odt_numbering *from, const char *id,
                                           const char *style)
{
    struct odt_numbering *numbering = arena_allocate(arena, sizeof *numbering);
    if (from)
        *numbering = *from;
    numbering->id = id ? id : "";
    numbering->style = style;
    numbering->before = lists->last;
    lists->last = numbering;
    return numbering;
}

void odt_list_begin(struct arena *arena, struct odt_lists *lists, const struct odt_styles *styles,
                    const struct xml_node *node, struct odt_list *outer, struct odt_list *list)
{
    const char *name = xml_attribute_value(node, ODF_TEXT, "style-name");
    const struct odt_style *style = name ? odt_style_find(styles, "list", name) : NULL;
    *list = (struct odt_list){ .outer = outer, .level = outer ? outer->level + 1 : 1, .start = -1 };
    if (list->level > ODT_LEVELS)
        list->level = ODT_LEVELS;
    list->style = style ? style->element : outer ? outer->style : NULL;
    if (outer) {
        list->numbering = outer->numbering;
        if (!odt_has_value(node, ODF_TEXT, "continue-numbering", "true") &&
            list->level > outer->level)
            list->numbering->has_number[list->level] = false;
        return;
    }
    struct odt_numbering *from = continued(lists, node, name ? name : "");
    const char *id = xml_attribute_value(node, ODF_XML, "id");
    if (!id)
        id = xml_attribute_value(node, ODF_TEXT, "list-id");
    list->numbering = new_numbering(arena, lists, from, id, name ? name : "");
}

void odt_list_item(struct odt_list *list, const struct xml_node *node)
{
    list->has_begun = false;
    list->is_header = odt_is(node, ODF_TEXT, "list-header");
    list->start = odt_number(node, ODF_TEXT, "start-value", -1);
}

static void begin_item(struct arena *arena, struct odt_list *list, const struct xml_node *style,
                       struct builder_paragraph *paragraph)
{
    const struct xml_node *level = level_style(style, list->level);
    bool is_number = level && (odt_is(level, ODF_TEXT, "list-level-style-number") ||
                               odt_is(level, ODF_TEXT, "outline-level-style"));
    list->has_begun = true;
    list->is_ordered = false;
    /* Lists of one style that follow each other are one, unless their numbers say otherwise. */
    paragraph->list = style ? (const void *)style : (const void *)list->numbering;
    if (!is_number)
        return;
    count_on(list->numbering, level, list->level, list->start);
    if (!*format_of(level))
        paragraph->list_level = 0;
    else if (is_plain(level)) {
        list->is_ordered = paragraph->is_ordered = true;
        paragraph->number = list->numbering->numbers[list->level];
    } else
        paragraph->label = label_of(arena, style, list->numbering, list->level);
}

void odt_list_paragraph(struct arena *arena, const struct odt_styles *styles,
                        const struct odt_style *style, struct odt_list *list,
                        struct builder_paragraph *paragraph)
{
    const struct xml_node *list_style = list->style;
    if (!list_style && style && style->list_style && *style->list_style) {
        const struct odt_style *named = odt_style_find(styles, "list", style->list_style);
        list_style = named ? named->element : NULL;
    }
    if (list->is_header && !list->has_begun)
        return;
    paragraph->list_level = list->level;
    if (!list->has_begun) {
        begin_item(arena, list, list_style, paragraph);
        return;
    }
    paragraph->continues_item = true;
    paragraph->is_ordered = list->is_ordered;
}

/* ---- headings ---- */

const char *odt_heading_label(struct arena *arena, const struct odt_styles *styles,
                              struct odt_lists *lists, const struct xml_node *heading, int level)
{
    const struct xml_node *own = level_style(styles->outline, level);
    if (!own || level > ODT_LEVELS || !*format_of(own) ||
        odt_has_value(heading, ODF_TEXT, "is-list-header", "true"))
        return NULL;
    bool restarts = odt_has_value(heading, ODF_TEXT, "restart-numbering", "true");
    int start = odt_number(heading, ODF_TEXT, "start-value", restarts ? 1 : -1);
    count_on(&lists->headings, own, level, start);
    return label_of(arena, styles->outline, &lists->headings, level);
}
