/* SPDX-License-Identifier: MIT */
#include "rich_text/odt_style.h"

#include "base/array.h"
#include "rich_text/odt_name.h"
#include "rich_text/rich_text.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

enum { BOLD_FROM = 600, SIZE_MAXIMUM = 10000, OUTLINE_MAXIMUM = 9 };

/* ---- gathering ---- */

static void take_style(struct arena *arena, const struct xml_node *node, struct odt_styles *styles)
{
    const char *family = xml_attribute_value(node, ODF_STYLE, "family");
    const char *name = xml_attribute_value(node, ODF_STYLE, "name");
    if (odt_is(node, ODF_TEXT, "outline-style")) {
        styles->outline = node;
        return;
    }
    if (odt_is(node, ODF_TEXT, "list-style"))
        family = "list";
    else if (odt_is(node, ODF_STYLE, "default-style"))
        name = "";
    else if (!odt_is(node, ODF_STYLE, "style"))
        return;
    if (!family || !name)
        return;
    ARRAY_GROW_IN(arena, styles->items, styles->count, styles->capacity);
    styles->items[styles->count++] = (struct odt_style){
        .family = family,
        .name = name,
        .element = node,
    };
}

static void take_styles(struct arena *arena, const struct xml_node *root, const char *part,
                        struct odt_styles *styles)
{
    const struct xml_node *list = root ? xml_child(root, ODF_OFFICE, part) : NULL;
    for (const struct xml_node *node = list ? list->first_child : NULL; node; node = node->next)
        if (node->name)
            take_style(arena, node, styles);
}

static int compare(const struct odt_style *a, const struct odt_style *b)
{
    int order = strcmp(a->family, b->family);
    return order ? order : strcmp(a->name, b->name);
}

/* Of two of one name the one that was met first comes first. */
static int by_name(const void *a, const void *b)
{
    const struct odt_style *first = a;
    const struct odt_style *second = b;
    int order = compare(first, second);
    if (order)
        return order;
    return (first->outline > second->outline) - (first->outline < second->outline);
}

static struct odt_style *find(const struct odt_styles *styles, const char *family, const char *name)
{
    const struct odt_style wanted = { .family = family, .name = name };
    size_t low = 0;
    size_t high = styles->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&styles->items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == styles->count || compare(&styles->items[low], &wanted) != 0)
        return NULL;
    return &styles->items[low];
}

/* ---- what one says ---- */

static void say(struct odt_style *style, unsigned trait, bool value)
{
    style->said |= trait;
    style->traits = value ? style->traits | trait : style->traits & ~trait;
}

/* In tenths of a point, or of a per cent; 0: it is no size. */
static int read_size(const char *value, bool *is_percent)
{
    static const struct {
        const char *unit;
        double points;
    } units[] = { { "pt", 1 }, { "in", 72 }, { "cm", 28.346 }, { "mm", 2.8346 }, { "px", 0.75 } };

    double number = 0;
    double part = 1;
    while (*value >= '0' && *value <= '9' && number < SIZE_MAXIMUM)
        number = number * 10 + (*value++ - '0');
    if (*value == '.')
        while (*++value >= '0' && *value <= '9') {
            part /= 10;
            number += part * (*value - '0');
        }
    *is_percent = strcmp(value, "%") == 0;
    double points = *is_percent ? 1 : 0;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(value, units[i].unit) == 0)
            points = units[i].points;
    return number < SIZE_MAXIMUM ? (int)(number * points * 10 + 0.5) : 0;
}

static void say_size(struct odt_style *style, const char *value)
{
    bool is_percent;
    int size = value ? read_size(value, &is_percent) : 0;
    if (!size)
        return;
    if (!is_percent) {
        style->size = size;
        style->percent = 0;
    } else if (style->size)
        style->size = (int)((long long)style->size * size / 1000);
    else
        style->percent = size / 10;
}

static bool is_bold(const char *weight)
{
    int number = 0;
    for (const char *at = weight; *at >= '0' && *at <= '9' && number < 1000; at++)
        number = number * 10 + (*at - '0');
    return strcmp(weight, "bold") == 0 || number >= BOLD_FROM;
}

static void say_text(struct odt_style *style, const struct xml_node *properties)
{
    const char *weight = xml_attribute_value(properties, ODF_FO, "font-weight");
    const char *slant = xml_attribute_value(properties, ODF_FO, "font-style");
    const char *line = xml_attribute_value(properties, ODF_STYLE, "text-line-through-style");
    const char *display = xml_attribute_value(properties, ODF_TEXT, "display");
    if (!line)
        line = xml_attribute_value(properties, ODF_STYLE, "text-line-through-type");
    if (!line)
        line = xml_attribute_value(properties, ODF_STYLE, "text-crossing-out");
    if (weight)
        say(style, ODT_BOLD, is_bold(weight));
    if (slant)
        say(style, ODT_ITALIC, strcmp(slant, "normal") != 0);
    if (line)
        say(style, ODT_STRUCK, strcmp(line, "none") != 0);
    if (display)
        say(style, ODT_HIDDEN, strcmp(display, "none") == 0);
    say_size(style, xml_attribute_value(properties, ODF_FO, "font-size"));
}

/* Whether it is the style that the office programs have under that name, in whatever language they
 * speak: that one is written in each file alike, "_20_" being a space. */
static bool is_named(const struct odt_style *style, const char *name)
{
    const char *at = style->name;
    const char *shown = xml_attribute_value(style->element, ODF_STYLE, "display-name");
    if (shown && strcmp(shown, name) == 0)
        return true;
    while (*at && *name) {
        bool is_space = strncmp(at, "_20_", 4) == 0;
        if ((is_space ? ' ' : *at) != *name)
            return false;
        at += is_space ? 4 : 1;
        name++;
    }
    return !*at && !*name;
}

static void say_name(struct odt_style *style)
{
    if (is_named(style, "Title"))
        style->marks = RICH_TEXT_TITLE;
    if (is_named(style, "Subtitle"))
        style->marks = RICH_TEXT_SUBTITLE;
    if (is_named(style, "Quotations") || is_named(style, "Quote") ||
        is_named(style, "Intense Quote"))
        style->is_quote = true;
    if (is_named(style, "Preformatted Text"))
        style->is_preformatted = true;
    if (is_named(style, "Caption") || is_named(style, "caption"))
        style->is_caption = true;
    if (is_named(style, "Source Text") || is_named(style, "Teletype"))
        say(style, ODT_CODE, true);
}

static void say_paragraph(struct odt_style *style)
{
    const char *outline = xml_attribute_value(style->element, ODF_STYLE, "default-outline-level");
    const char *list = xml_attribute_value(style->element, ODF_STYLE, "list-style-name");
    if (outline) {
        int level = odt_number(style->element, ODF_STYLE, "default-outline-level", 0);
        style->outline = level > OUTLINE_MAXIMUM ? OUTLINE_MAXIMUM : level;
    }
    if (list)
        style->list_style = list;
    say_name(style);
}

/* ---- with its parents ---- */

static void inherit(struct odt_style *style, const struct odt_style *parent)
{
    const char *family = style->family;
    const char *name = style->name;
    const struct xml_node *element = style->element;
    *style = *parent;
    style->family = family;
    style->name = name;
    style->element = element;
    style->is_settled = false;
    style->is_settling = true;
}

/* A style without a parent stands on its family's default; of a circle none is a parent. */
static void settle(const struct odt_styles *styles, struct odt_style *style, int depth)
{
    const char *name = xml_attribute_value(style->element, ODF_STYLE, "parent-style-name");
    struct odt_style *parent = NULL;
    style->outline = 0;
    style->is_settling = true;
    if (*style->name && depth < 100)
        parent = find(styles, style->family, name ? name : "");
    if (parent && !parent->is_settled && !parent->is_settling)
        settle(styles, parent, depth + 1);
    if (parent && parent->is_settled)
        inherit(style, parent);
    const struct xml_node *properties = xml_child(style->element, ODF_STYLE, "text-properties");
    if (properties)
        say_text(style, properties);
    say_paragraph(style);
    style->is_settling = false;
    style->is_settled = true;
}

void odt_styles_read(struct arena *arena, const struct xml_node *content,
                     const struct xml_node *styles, struct odt_styles *result)
{
    *result = (struct odt_styles){ .items = NULL };
    take_styles(arena, content, "automatic-styles", result);
    take_styles(arena, content, "styles", result);
    take_styles(arena, styles, "styles", result);
    for (size_t i = 0; i < result->count; i++)
        result->items[i].outline = (int)i;
    if (result->count)
        qsort(result->items, result->count, sizeof *result->items, by_name);
    for (size_t i = 0; i < result->count; i++)
        if (!result->items[i].is_settled)
            settle(result, &result->items[i], 0);
}

const struct odt_style *odt_style_find(const struct odt_styles *styles, const char *family,
                                       const char *name)
{
    return find(styles, family, name ? name : "");
}

void odt_look_apply(struct odt_look *look, const struct odt_style *style)
{
    if (!style)
        return;
    look->traits = (look->traits & ~style->said) | style->traits;
    if (style->size)
        look->size = style->size;
    else if (style->percent && look->size)
        look->size = (int)((long long)look->size * style->percent / 100);
}
