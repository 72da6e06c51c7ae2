/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_numbering.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_style.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

enum { NOT_COUNTED = -1, LABEL_MAXIMUM = 200 };

struct level {
    const struct xml_node *node; /* w:lvl; NULL: there is none */
    const char *format;          /* w:numFmt */
    const char *text;            /* w:lvlText */
    const char *style;           /* w:pStyle; NULL */
    int start;
    int restart; /* behind which level (1 …) it begins anew; 0: never */
    bool is_decimal_everywhere;
};

/* w:abstractNum: what counts. */
struct scheme {
    int id;
    const struct xml_node *node;
    struct level levels[DOCX_LEVELS];
    int counts[DOCX_LEVELS]; /* NOT_COUNTED: none yet since it began anew */
};

/* w:num: what paragraphs name. */
struct list {
    int id;
    const struct xml_node *node;
    struct scheme *scheme;
    struct level levels[DOCX_LEVELS]; /* those of the scheme, but for what it says itself */
    int starts[DOCX_LEVELS];          /* w:startOverride; NOT_COUNTED: none, or used */
    bool is_resolved;
};

struct docx_numbering {
    struct arena *arena;
    const struct docx_styles *styles;
    struct scheme *schemes; /* by id */
    size_t scheme_count;
    struct list *lists; /* by id */
    size_t list_count;
};

/* ---- reading ---- */

/* Formats of Word's newer versions stand in an alternative, with an older one beside it. */
static const char *format_of(const struct xml_node *node)
{
    const char *format = docx_value(node, W_NUM_FMT);
    if (format && strcmp(format, "custom") != 0)
        return format;
    const struct xml_node *fallback = docx_child(docx_child(node, MC_ALTERNATE_CONTENT),
                                                 MC_FALLBACK);
    format = docx_value(fallback, W_NUM_FMT);
    return format ? format : "decimal";
}

static struct level read_level(const struct xml_node *node, int index)
{
    const char *text = docx_value(node, W_LVL_TEXT);
    struct level level = {
        .node = node,
        .format = format_of(node),
        .text = text ? text : "",
        .style = docx_value(node, W_P_STYLE),
        .start = docx_number(node, W_START, 0),
        .restart = docx_number(node, W_LVL_RESTART, index),
        .is_decimal_everywhere = docx_is_on(node, W_IS_LGL),
    };
    return level;
}

static int level_index(const struct xml_node *node)
{
    int index = docx_parse_number(docx_attribute(node, "ilvl"), -1);
    return index < DOCX_LEVELS ? index : -1;
}

static int by_scheme_id(const void *a, const void *b)
{
    int left = ((const struct scheme *)a)->id;
    int right = ((const struct scheme *)b)->id;
    return (left > right) - (left < right);
}

static int by_list_id(const void *a, const void *b)
{
    int left = ((const struct list *)a)->id;
    int right = ((const struct list *)b)->id;
    return (left > right) - (left < right);
}

static size_t count_children(const struct xml_node *root, enum docx_element element)
{
    size_t count = 0;
    for (const struct xml_node *node = root->first_child; node; node = node->next)
        count += docx_element(node) == element;
    return count;
}

static void read_schemes(struct docx_numbering *numbering, const struct xml_node *root)
{
    size_t count = count_children(root, W_ABSTRACT_NUM);
    numbering->schemes = arena_allocate_array(numbering->arena, count + 1,
                                              sizeof *numbering->schemes);
    for (const struct xml_node *node = root->first_child; node; node = node->next) {
        if (docx_element(node) != W_ABSTRACT_NUM)
            continue;
        struct scheme *scheme = &numbering->schemes[numbering->scheme_count++];
        scheme->id = docx_parse_number(docx_attribute(node, "abstractNumId"), -1);
        scheme->node = node;
        for (int i = 0; i < DOCX_LEVELS; i++)
            scheme->counts[i] = NOT_COUNTED;
        for (const struct xml_node *child = node->first_child; child; child = child->next)
            if (docx_element(child) == W_LVL && level_index(child) >= 0)
                scheme->levels[level_index(child)] = read_level(child, level_index(child));
    }
    qsort(numbering->schemes, numbering->scheme_count, sizeof *numbering->schemes, by_scheme_id);
}

static void read_lists(struct docx_numbering *numbering, const struct xml_node *root)
{
    size_t count = count_children(root, W_NUM);
    numbering->lists = arena_allocate_array(numbering->arena, count + 1, sizeof *numbering->lists);
    for (const struct xml_node *node = root->first_child; node; node = node->next) {
        if (docx_element(node) != W_NUM)
            continue;
        struct list *list = &numbering->lists[numbering->list_count++];
        list->id = docx_parse_number(docx_attribute(node, "numId"), -1);
        list->node = node;
    }
    qsort(numbering->lists, numbering->list_count, sizeof *numbering->lists, by_list_id);
}

struct docx_numbering *docx_numbering_read(struct arena *arena, const struct docx_styles *styles,
                                           const struct xml_node *root)
{
    struct docx_numbering *numbering = arena_allocate(arena, sizeof *numbering);
    numbering->arena = arena;
    numbering->styles = styles;
    if (!root)
        return numbering;
    read_schemes(numbering, root);
    read_lists(numbering, root);
    return numbering;
}

/* ---- which levels a list has ---- */

static struct list *find_list(const struct docx_numbering *numbering, int id)
{
    const struct list key = { .id = id };
    if (!numbering->list_count)
        return NULL;
    return bsearch(&key, numbering->lists, numbering->list_count, sizeof key, by_list_id);
}

static struct scheme *find_scheme(const struct docx_numbering *numbering, int id)
{
    const struct scheme key = { .id = id };
    if (!numbering->scheme_count)
        return NULL;
    return bsearch(&key, numbering->schemes, numbering->scheme_count, sizeof key, by_scheme_id);
}

/* One that only names a style of lists is that of the style (w:numStyleLink). */
static struct scheme *scheme_of(const struct docx_numbering *numbering, const struct list *list)
{
    enum { LINKS_MAXIMUM = 4 };
    struct scheme *scheme = NULL;
    for (int i = 0; list && i < LINKS_MAXIMUM; i++) {
        scheme = find_scheme(numbering, docx_number(list->node, W_ABSTRACT_NUM_ID, -1));
        const char *link = scheme ? docx_value(scheme->node, W_NUM_STYLE_LINK) : NULL;
        const struct docx_style *style = link ? docx_style_find(numbering->styles, link) : NULL;
        if (!style)
            return scheme;
        list = find_list(numbering, style->number_id);
    }
    return scheme;
}

static void take_override(struct list *list, const struct xml_node *node)
{
    int index = level_index(node);
    const struct xml_node *level = docx_child(node, W_LVL);
    if (index < 0)
        return;
    if (level) {
        list->levels[index] = read_level(level, index);
        list->starts[index] = list->levels[index].start;
    }
    list->starts[index] = docx_number(node, W_START_OVERRIDE, list->starts[index]);
}

static void resolve(const struct docx_numbering *numbering, struct list *list)
{
    list->is_resolved = true;
    list->scheme = scheme_of(numbering, list);
    if (!list->scheme)
        return;
    for (int i = 0; i < DOCX_LEVELS; i++) {
        list->levels[i] = list->scheme->levels[i];
        list->starts[i] = NOT_COUNTED;
    }
    for (const struct xml_node *node = list->node->first_child; node; node = node->next)
        if (docx_element(node) == W_LVL_OVERRIDE)
            take_override(list, node);
}

/* ---- counting ---- */

static void count_further(struct list *list, int level)
{
    struct scheme *scheme = list->scheme;
    for (int i = 0; i < level; i++)
        if (scheme->counts[i] == NOT_COUNTED)
            scheme->counts[i] = list->levels[i].start;
    if (list->starts[level] != NOT_COUNTED)
        scheme->counts[level] = list->starts[level];
    else if (scheme->counts[level] == NOT_COUNTED)
        scheme->counts[level] = list->levels[level].start;
    else
        scheme->counts[level]++;
    list->starts[level] = NOT_COUNTED;
    for (int i = level + 1; i < DOCX_LEVELS; i++)
        if (list->levels[i].restart > level)
            scheme->counts[i] = NOT_COUNTED;
}

/* ---- numbers in words ---- */

static void append_roman(struct string_builder *text, int number, bool is_upper)
{
    static const struct {
        int value;
        const char *lower;
        const char *upper;
    } parts[] = { { 1000, "m", "M" }, { 900, "cm", "CM" }, { 500, "d", "D" }, { 400, "cd", "CD" },
                  { 100, "c", "C" },  { 90, "xc", "XC" },  { 50, "l", "L" },  { 40, "xl", "XL" },
                  { 10, "x", "X" },   { 9, "ix", "IX" },   { 5, "v", "V" },   { 4, "iv", "IV" },
                  { 1, "i", "I" } };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (; number >= parts[i].value; number -= parts[i].value)
            string_builder_append(text, is_upper ? parts[i].upper : parts[i].lower);
}

/* a … z, aa, bb: as Word goes on. */
static void append_letters(struct string_builder *text, int number, bool is_upper)
{
    char letter = (char)((is_upper ? 'A' : 'a') + (number - 1) % 26);
    for (int i = 0; i <= (number - 1) / 26; i++)
        string_builder_append_character(text, letter);
}

static void append_number(struct string_builder *text, const char *format, int number)
{
    enum { WORDS_UP_TO = 780 }; /* above that Word too writes figures */

    bool is_small = number >= 1 && number <= WORDS_UP_TO;
    if (strcmp(format, "none") == 0 || strcmp(format, "bullet") == 0)
        return;
    if (is_small && (strcmp(format, "lowerLetter") == 0 || strcmp(format, "upperLetter") == 0))
        append_letters(text, number, *format == 'u');
    else if (is_small && (strcmp(format, "lowerRoman") == 0 || strcmp(format, "upperRoman") == 0))
        append_roman(text, number, *format == 'u');
    else if (strcmp(format, "decimalZero") == 0 && number >= 0 && number < 10)
        string_builder_append_format(text, "0%d", number);
    else
        string_builder_append_number(text, number);
}

/* "%1.%2" of the levels' numbers. */
static const char *label_of(struct arena *arena, const struct list *list, int level)
{
    struct string_builder text;
    const char *from = list->levels[level].text;
    string_builder_init(&text, LABEL_MAXIMUM);
    for (; *from; from++) {
        int index = *from == '%' && from[1] >= '1' && from[1] <= '9' ? from[1] - '1' : -1;
        if (index < 0) {
            string_builder_append_character(&text, *from);
            continue;
        }
        from++;
        bool is_decimal = list->levels[level].is_decimal_everywhere || !list->levels[index].format;
        int number = list->scheme->counts[index];
        append_number(&text, is_decimal ? "decimal" : list->levels[index].format,
                      number == NOT_COUNTED ? list->levels[index].start : number);
    }
    const char *label = text.length ? arena_copy_bytes(arena, text.data, text.length) : NULL;
    string_builder_release(&text);
    return label;
}

/* Whether the level's own number in figures stands there, with nothing but marks: "%1.", "(%1)".
 * Then it is a list's. */
static bool is_plain_number(const struct level *level, int index)
{
    const char *text = level->text;
    bool has_number = false;
    if (strcmp(level->format, "decimal") != 0 && strcmp(level->format, "decimalZero") != 0)
        return false;
    for (; *text; text++)
        if (*text == '%' && !has_number && text[1] == '1' + index) {
            has_number = true;
            text++;
        } else if (!strchr(".():- \t", *text)) {
            return false;
        }
    return has_number;
}

static int level_of_style(const struct list *list, const struct docx_style *style)
{
    for (int i = 0; style && i < DOCX_LEVELS; i++)
        if (list->levels[i].style && strcmp(list->levels[i].style, style->id) == 0)
            return i;
    return -1;
}

static int level_by_style(const struct list *list, const struct docx_style *style)
{
    int level = level_of_style(list, style);
    if (level < 0 && style)
        level = level_of_style(list, style->number_style);
    return level < 0 ? 0 : level;
}

bool docx_numbering_next(struct docx_numbering *numbering, int number_id, int level,
                         const struct docx_style *style, struct docx_number *number)
{
    struct list *list = number_id > 0 ? find_list(numbering, number_id) : NULL;
    if (list && !list->is_resolved)
        resolve(numbering, list);
    if (!list || !list->scheme)
        return false;
    if (level < 0 || level >= DOCX_LEVELS)
        level = level_by_style(list, style);
    if (!list->levels[level].node)
        return false;
    count_further(list, level);
    const struct level *own = &list->levels[level];
    *number = (struct docx_number){ .level = level + 1,
                                    .number = list->scheme->counts[level],
                                    .list = list };
    bool is_bullet = strcmp(own->format, "bullet") == 0;
    number->is_ordered = is_plain_number(own, level);
    number->is_item = is_bullet || number->is_ordered;
    if (!is_bullet)
        number->label = label_of(numbering->arena, list, level);
    return true;
}
