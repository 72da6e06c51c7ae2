/* SPDX-License-Identifier: MIT */
/* Runs and what stands in them. */
#include "rich_text/docx_walk.h"

#include "base/utf8.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_symbol.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

static unsigned style_of(const struct docx_walk *walk, const struct docx_run_look *look)
{
    unsigned style = 0;
    style |= look->on & DOCX_BOLD ? BUILDER_BOLD : 0;
    style |= look->on & DOCX_ITALIC ? BUILDER_ITALIC : 0;
    style |= walk->file->usual_size && look->size > walk->file->usual_size ? BUILDER_LARGE : 0;
    return style;
}

/* In formulas the run itself says that it is deleted. */
static int out_of(const struct docx_walk *walk, const struct docx_run_look *look,
                  const struct xml_node *properties)
{
    if (walk->out != DOCX_SHOWN)
        return walk->out;
    if (docx_child(properties, W_DEL) || docx_child(properties, W_MOVE_FROM))
        return RICH_TEXT_DELETED;
    if (look->on & DOCX_VANISH)
        return RICH_TEXT_HIDDEN;
    return look->on & (DOCX_STRIKE | DOCX_DOUBLE_STRIKE) ? RICH_TEXT_STRUCK : DOCX_SHOWN;
}

void docx_run(struct docx_walk *walk, const struct xml_node *node)
{
    unsigned outer_look = walk->look;
    enum docx_font outer_font = walk->font;
    int outer_out = walk->out;
    const struct xml_node *properties = docx_child(node, W_R_PR);
    struct docx_run_look look = docx_run_look(walk->file->styles, walk->style, properties);
    walk->look = style_of(walk, &look);
    walk->font = look.font;
    walk->out = out_of(walk, &look, properties);
    docx_walk_children(walk, node);
    walk->look = outer_look;
    walk->font = outer_font;
    walk->out = outer_out;
}

/* Of the text of a drawing. */
void docx_drawing_run(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *properties = docx_child(node, A_R_PR);
    const char *strike = properties ? docx_attribute(properties, "strike") : NULL;
    if (strike && strcmp(strike, "noStrike") != 0)
        docx_walk_out(walk, node, RICH_TEXT_STRUCK);
    else
        docx_walk_children(walk, node);
}

/* ---- text ---- */

static bool is_private(uint32_t c)
{
    return c >= 0xf020 && c <= 0xf0ff;
}

/* Text in a font of symbols has its characters above U+F000. */
static void symbols(struct docx_walk *walk, const char *bytes, size_t length)
{
    struct string_builder text;
    size_t offset = 0;
    uint32_t c;
    string_builder_init(&text, 0);
    while (utf8_next(bytes, length, &offset, &c)) {
        c = is_private(c) ? docx_symbol(walk->font, c) : c;
        if (c)
            utf8_append(&text, c);
    }
    docx_words(walk, text.data, text.length);
    string_builder_release(&text);
}

void docx_text(struct docx_walk *walk, const struct xml_node *node)
{
    bool is_symbols = walk->font == DOCX_FONT_SYMBOL || walk->font == DOCX_FONT_WINGDINGS;
    for (const struct xml_node *child = node->first_child; child; child = child->next)
        if (child->name)
            docx_walk_node(walk, child);
        else if (is_symbols)
            symbols(walk, child->text, child->text_length);
        else
            docx_words(walk, child->text, child->text_length);
}

/* Deleted wherever it stands. */
void docx_deleted_text(struct docx_walk *walk, const struct xml_node *node)
{
    int outer = walk->out;
    if (docx_is_shown(walk))
        walk->out = RICH_TEXT_DELETED;
    docx_text(walk, node);
    walk->out = outer;
}

/* ---- single characters ---- */

static void character(struct docx_walk *walk, uint32_t c)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    utf8_append(&text, c);
    docx_words(walk, text.data, text.length);
    string_builder_release(&text);
}

void docx_symbol_run(struct docx_walk *walk, const struct xml_node *node)
{
    enum docx_font font = docx_font_named(docx_attribute(node, "font"));
    const char *code = docx_attribute(node, "char");
    unsigned long c = code ? strtoul(code, NULL, 16) : 0;
    if (c > 0x10ffff)
        return;
    if (font == DOCX_FONT_SYMBOL || font == DOCX_FONT_WINGDINGS || is_private((uint32_t)c))
        c = docx_symbol(font, (uint32_t)c);
    if (c && utf8_is_xml_character((uint32_t)c))
        character(walk, (uint32_t)c);
}

void docx_no_break_hyphen(struct docx_walk *walk, const struct xml_node *node)
{
    enum { NO_BREAK_HYPHEN = 0x2011 };

    (void)node;
    character(walk, NO_BREAK_HYPHEN);
}

void docx_line_break(struct docx_walk *walk, const struct xml_node *node)
{
    const char *type = docx_attribute(node, "type");
    bool is_page = type && (strcmp(type, "page") == 0 || strcmp(type, "column") == 0);
    if (is_page && docx_is_shown(walk) && walk->in_paragraph)
        docx_split_paragraph(walk);
    else
        docx_break(walk);
}

void docx_carriage_return(struct docx_walk *walk, const struct xml_node *node)
{
    (void)node;
    docx_break(walk);
}

void docx_tabulator(struct docx_walk *walk, const struct xml_node *node)
{
    (void)node;
    docx_tab(walk);
}

/* How characters are read stands above them: behind them in a line. */
void docx_ruby(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *base = docx_child(node, W_RUBY_BASE);
    if (base)
        docx_walk_node(walk, base);
    for (const struct xml_node *child = node->first_child; child; child = child->next)
        if (child->name && child != base)
            docx_walk_node(walk, child);
}

void docx_ruby_text(struct docx_walk *walk, const struct xml_node *node)
{
    docx_words(walk, " (", 2);
    docx_walk_children(walk, node);
    docx_words(walk, ")", 1);
}
