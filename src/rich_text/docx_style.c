/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_style.h"

#include "base/arena.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_style_name.h"
#include "rich_text/docx_symbol.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

enum style_state { STYLE_UNREAD, STYLE_BEING_READ, STYLE_READ };

struct entry {
    struct docx_style style;
    const struct xml_node *node;
    bool is_paragraph;
    bool is_character;
    enum style_state state;
};

struct docx_styles {
    struct entry *entries; /* by id */
    size_t count;
    struct docx_style fallback; /* of paragraphs, where no style is the default one */
    const struct docx_style *paragraph;
    struct docx_run_look defaults; /* w:docDefaults */
};

/* ---- what an element says ---- */

static enum docx_font font_of(const struct xml_node *fonts)
{
    const char *name = docx_attribute(fonts, "ascii");
    return docx_font_named(name ? name : docx_attribute(fonts, "hAnsi"));
}

static void say(struct docx_run_look *look, unsigned what, const struct xml_node *element)
{
    look->said |= what;
    look->on = docx_says_on(element) ? look->on | what : look->on & ~what;
}

/* Over what look says already. */
static void take_properties(struct docx_run_look *look, const struct xml_node *properties)
{
    const struct xml_node *node = properties ? properties->first_child : NULL;
    for (; node; node = node->next) {
        int size;
        switch (docx_element(node)) {
        case W_B:
            say(look, DOCX_BOLD, node);
            break;
        case W_I:
            say(look, DOCX_ITALIC, node);
            break;
        case W_STRIKE:
            say(look, DOCX_STRIKE, node);
            break;
        case W_DSTRIKE:
            say(look, DOCX_DOUBLE_STRIKE, node);
            break;
        case W_VANISH:
            say(look, DOCX_VANISH, node);
            break;
        case W_SZ:
            size = docx_parse_number(docx_attribute(node, "val"), 0);
            look->size = size > 0 ? size : look->size;
            break;
        case W_R_FONTS:
            look->font = font_of(node) ? font_of(node) : look->font;
            break;
        default:
            break;
        }
    }
}

/* ---- styles ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->style.id, ((const struct entry *)b)->style.id);
}

static struct entry *find(const struct docx_styles *styles, const char *id)
{
    const struct entry key = { .style.id = id };
    if (!id || !styles->count)
        return NULL;
    return bsearch(&key, styles->entries, styles->count, sizeof key, by_id);
}

static bool is_of_type(const struct xml_node *node, const char *type)
{
    const char *value = docx_attribute(node, "type");
    return value && strcmp(value, type) == 0;
}

/* What it says of paragraphs: outline, numbers. */
static void take_paragraph(struct docx_style *style, const struct xml_node *properties)
{
    const struct xml_node *numbers = docx_child(properties, W_NUM_PR);
    int level = docx_number(properties, W_OUTLINE_LVL, -1);
    if (level >= 0)
        style->outline = level < 9 ? level + 1 : 0;
    int number_id = docx_number(numbers, W_NUM_ID, -1);
    if (number_id >= 0) {
        style->number_id = number_id;
        style->number_style = style;
    }
    style->number_level = docx_number(numbers, W_ILVL, number_id >= 0 ? -1 : style->number_level);
}

static void take_role(struct docx_style *style, const struct xml_node *node)
{
    int level;
    enum docx_role role = docx_style_role(docx_value(node, W_NAME), &level);
    if (!role)
        role = docx_style_role(style->id, &level);
    if (!role)
        return;
    style->role = role;
    style->outline = role == DOCX_ROLE_HEADING ? level : 0;
}

/* Over that of the style it is based on, as far as one goes: a circle ends where it closes. */
static void read_style(struct docx_styles *styles, struct entry *entry)
{
    if (entry->state != STYLE_UNREAD)
        return;
    entry->state = STYLE_BEING_READ;
    const char *id = entry->style.id;
    struct entry *base = find(styles, docx_value(entry->node, W_BASED_ON));
    if (base && base->state == STYLE_READ)
        entry->style = base->style;
    entry->style.id = id;
    if (entry->is_paragraph)
        take_role(&entry->style, entry->node);
    take_paragraph(&entry->style, docx_child(entry->node, W_P_PR));
    take_properties(&entry->style.run, docx_child(entry->node, W_R_PR));
    entry->state = STYLE_READ;
}

/* Bases first, without recursion: a chain may be as long as the file has styles. */
static void read_chain(struct docx_styles *styles, struct entry *entry, struct entry **chain)
{
    size_t length = 0;
    for (; entry && entry->state == STYLE_UNREAD && length < styles->count;
         entry = find(styles, docx_value(entry->node, W_BASED_ON))) {
        bool is_circle = length > 0 && chain[0] == entry;
        if (is_circle)
            break;
        chain[length++] = entry;
    }
    while (length)
        read_style(styles, chain[--length]);
}

static void take_entries(struct arena *arena, struct docx_styles *styles,
                         const struct xml_node *root)
{
    size_t count = 0;
    for (const struct xml_node *node = root->first_child; node; node = node->next)
        count += docx_element(node) == W_STYLE;
    styles->entries = arena_allocate_array(arena, count + 1, sizeof *styles->entries);
    for (const struct xml_node *node = root->first_child; node; node = node->next) {
        const char *id = docx_element(node) == W_STYLE ? docx_attribute(node, "styleId") : NULL;
        if (!id)
            continue;
        styles->entries[styles->count++] = (struct entry){
            .style = { .id = id, .number_id = -1, .number_level = -1 },
            .node = node,
            .is_paragraph = is_of_type(node, "paragraph") || !docx_attribute(node, "type"),
            .is_character = is_of_type(node, "character"),
        };
    }
    qsort(styles->entries, styles->count, sizeof *styles->entries, by_id);
}

static bool is_default(const struct entry *entry)
{
    const char *value = docx_attribute(entry->node, "default");
    return entry->is_paragraph && value && strcmp(value, "0") != 0 && strcmp(value, "false") != 0 &&
           strcmp(value, "off") != 0;
}

const struct docx_styles *docx_styles_read(struct arena *arena, const struct xml_node *root)
{
    struct docx_styles *styles = arena_allocate(arena, sizeof *styles);
    styles->fallback = (struct docx_style){ .id = "", .number_id = -1, .number_level = -1 };
    styles->paragraph = &styles->fallback;
    if (!root)
        return styles;
    const struct xml_node *defaults = docx_child(docx_child(root, W_DOC_DEFAULTS), W_R_PR_DEFAULT);
    take_properties(&styles->defaults, docx_child(defaults, W_R_PR));
    take_entries(arena, styles, root);
    struct entry **chain = arena_allocate_array(arena, styles->count + 1, sizeof *chain);
    for (size_t i = 0; i < styles->count; i++)
        read_chain(styles, &styles->entries[i], chain);
    for (size_t i = 0; i < styles->count; i++)
        if (is_default(&styles->entries[i]))
            styles->paragraph = &styles->entries[i].style;
    return styles;
}

/* ---- asking ---- */

const struct docx_style *docx_style_find(const struct docx_styles *styles, const char *id)
{
    const struct entry *entry = find(styles, id);
    return entry ? &entry->style : NULL;
}

const struct docx_style *docx_paragraph_style(const struct docx_styles *styles, const char *id)
{
    const struct entry *entry = find(styles, id);
    return entry && entry->is_paragraph ? &entry->style : styles->paragraph;
}

static const struct docx_style *character_style(const struct docx_styles *styles, const char *id)
{
    const struct entry *entry = find(styles, id);
    return entry && entry->is_character ? &entry->style : NULL;
}

/* What is on by default stays on; else each level of styles that says "on" turns it over, and what
 * the run itself says counts before all (ECMA-376 part 1, 17.7.3). */
static unsigned toggles(const struct docx_styles *styles, const struct docx_run_look *paragraph,
                        const struct docx_run_look *character, const struct docx_run_look *own)
{
    unsigned on = styles->defaults.on | ((paragraph->on ^ character->on) & ~styles->defaults.on);
    return (on & ~own->said) | own->on;
}

static bool is_struck_twice(const struct docx_styles *styles, const struct docx_run_look *paragraph,
                            const struct docx_run_look *character, const struct docx_run_look *own)
{
    const struct docx_run_look *levels[] = { own, character, paragraph, &styles->defaults };
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (levels[i]->said & DOCX_DOUBLE_STRIKE)
            return levels[i]->on & DOCX_DOUBLE_STRIKE;
    return false;
}

static int first_size(int own, int character, int paragraph, int otherwise)
{
    if (own || character)
        return own ? own : character;
    return paragraph ? paragraph : otherwise;
}

struct docx_run_look docx_run_look(const struct docx_styles *styles,
                                   const struct docx_style *paragraph,
                                   const struct xml_node *properties)
{
    static const struct docx_run_look none;
    struct docx_run_look own = none;
    const struct docx_style *style = properties ? character_style(styles,
                                                                  docx_value(properties, W_R_STYLE))
                                                : NULL;
    const struct docx_run_look *character = style ? &style->run : &none;
    const struct docx_run_look *below = &paragraph->run;
    take_properties(&own, properties);
    struct docx_run_look look = {
        .on = toggles(styles, below, character, &own) & DOCX_TOGGLES,
        .size = first_size(own.size, character->size, below->size, styles->defaults.size),
        .font = own.font          ? own.font
                : character->font ? character->font
                                  : below->font,
    };
    if (is_struck_twice(styles, below, character, &own))
        look.on |= DOCX_DOUBLE_STRIKE;
    look.said = look.on;
    return look;
}

/* ---- the usual size ---- */

enum { SIZES = 400 }; /* half-points; larger ones are nobody's usual size */

struct census {
    const struct docx_styles *styles;
    const struct docx_style *paragraph;
    size_t letters[SIZES];
};

static void count_run(struct census *census, const struct xml_node *run)
{
    size_t letters = 0;
    for (const struct xml_node *child = run->first_child; child; child = child->next)
        if (docx_element(child) == W_T && child->first_child)
            letters += child->first_child->text_length;
    if (!letters)
        return;
    struct docx_run_look look = docx_run_look(census->styles, census->paragraph,
                                              docx_child(run, W_R_PR));
    if (look.size > 0 && look.size < SIZES)
        census->letters[look.size] += letters;
}

static void count_below(struct census *census, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        enum docx_element element = docx_element(child);
        if (element == W_R) {
            count_run(census, child);
            continue;
        }
        if (element == W_P)
            census->paragraph = docx_paragraph_style(
                census->styles, docx_value(docx_child(child, W_P_PR), W_P_STYLE));
        if (child->name && element != W_P_PR)
            count_below(census, child);
    }
}

int docx_usual_size(const struct docx_styles *styles, const struct xml_node *body)
{
    struct census census = { .styles = styles, .paragraph = styles->paragraph };
    int usual = 0;
    count_below(&census, body);
    for (int size = 1; size < SIZES; size++)
        if (census.letters[size] > census.letters[usual])
            usual = size;
    return usual;
}
