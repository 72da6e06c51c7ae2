/* SPDX-License-Identifier: MIT */
/* Paragraphs: what they are by their properties and styles, and which of them are one. */
#include "rich_text/docx_walk.h"

#include "rich_text/docx_element.h"
#include "rich_text/docx_field.h"
#include "rich_text/docx_numbering.h"
#include "xml/xml_reader.h"

#include <string.h>

/* ---- what it is ---- */

/* A number that Word counts by itself ("Figure 3") is a caption's. */
static bool has_sequence(const struct xml_node *paragraph)
{
    for (const struct xml_node *node = paragraph->first_child; node; node = node->next) {
        const char *instruction = NULL;
        enum docx_element element = docx_element(node);
        if (element == W_FLD_SIMPLE)
            instruction = docx_attribute(node, "instr");
        const struct xml_node *code = element == W_R ? docx_child(node, W_INSTR_TEXT) : NULL;
        if (code && code->first_child)
            instruction = code->first_child->text;
        if (instruction && docx_field_is(instruction, "SEQ"))
            return true;
    }
    return false;
}

static void take_role(struct builder_paragraph *paragraph, enum docx_role role)
{
    paragraph->marks |= role == DOCX_ROLE_TITLE ? RICH_TEXT_TITLE : 0;
    paragraph->marks |= role == DOCX_ROLE_SUBTITLE ? RICH_TEXT_SUBTITLE : 0;
    paragraph->is_caption = paragraph->is_caption || role == DOCX_ROLE_CAPTION;
    paragraph->is_quote = role == DOCX_ROLE_QUOTE;
    paragraph->is_preformatted = role == DOCX_ROLE_PREFORMATTED;
}

static bool is_heading(const struct builder_paragraph *paragraph)
{
    return paragraph->outline > 0 || paragraph->marks & (RICH_TEXT_TITLE | RICH_TEXT_SUBTITLE);
}

/* A paragraph that is not seen is not counted. */
static bool next_number(struct docx_walk *walk, const struct xml_node *properties,
                        struct docx_number *number)
{
    const struct docx_style *style = walk->style;
    const struct xml_node *own = docx_child(properties, W_NUM_PR);
    int id = docx_number(own, W_NUM_ID, -1);
    int level = docx_number(own, W_ILVL, id >= 0 ? 0 : -1);
    if (id < 0) {
        id = style->number_id;
        level = level >= 0 ? level : style->number_level;
    }
    if (id <= 0 || docx_is_on(docx_child(properties, W_R_PR), W_VANISH))
        return false;
    return docx_numbering_next(walk->file->numbering, id, level, style, number);
}

static void take_number(struct docx_walk *walk, struct builder_paragraph *paragraph,
                        const struct xml_node *properties)
{
    struct docx_number number;
    if (!next_number(walk, properties, &number)) {
        if (walk->style->role == DOCX_ROLE_ITEM_CONTINUED && walk->item.list_level) {
            *paragraph = walk->item;
            paragraph->continues_item = true;
            paragraph->label = NULL;
        }
        return;
    }
    if (is_heading(paragraph)) {
        paragraph->label = number.label;
        return;
    }
    if (!number.is_item && !number.label)
        return;
    paragraph->list_level = number.level;
    paragraph->list = number.list;
    paragraph->is_ordered = number.is_ordered;
    paragraph->number = number.number;
    paragraph->label = number.is_item ? NULL : number.label;
}

static void describe(struct docx_walk *walk, const struct xml_node *node,
                     struct builder_paragraph *paragraph)
{
    const struct xml_node *properties = docx_child(node, W_P_PR);
    walk->style = docx_paragraph_style(walk->file->styles, docx_value(properties, W_P_STYLE));
    *paragraph = (struct builder_paragraph){ .outline = walk->style->outline };
    int level = docx_number(properties, W_OUTLINE_LVL, -1);
    if (level >= 0 && !(walk->style->role == DOCX_ROLE_TITLE))
        paragraph->outline = level < DOCX_LEVELS ? level + 1 : 0;
    paragraph->is_caption = has_sequence(node);
    take_role(paragraph, walk->style->role);
    take_number(walk, paragraph, properties);
}

/* ---- which are one ---- */

static const struct xml_node *mark_of(const struct xml_node *paragraph)
{
    return docx_child(docx_child(paragraph, W_P_PR), W_R_PR);
}

static bool has_deleted_mark(const struct xml_node *paragraph)
{
    const struct xml_node *mark = mark_of(paragraph);
    return docx_child(mark, W_DEL) || docx_child(mark, W_MOVE_FROM);
}

/* The first letter of the paragraph below, set large in a frame of its own. */
static bool is_drop_cap(const struct xml_node *paragraph)
{
    const struct xml_node *frame = docx_child(docx_child(paragraph, W_P_PR), W_FRAME_PR);
    const char *kind = frame ? docx_attribute(frame, "dropCap") : NULL;
    return kind && strcmp(kind, "none") != 0;
}

/* The paragraph that goes on where this one's mark is gone: marks of ranges may stand between. */
static const struct xml_node *following(const struct xml_node *paragraph)
{
    const struct xml_node *node = paragraph->next;
    while (node && docx_element(node) != W_P && !node->first_child)
        node = node->next;
    return node && docx_element(node) == W_P ? node : NULL;
}

static const struct xml_node *last_joined(const struct xml_node *paragraph)
{
    const struct xml_node *next = paragraph;
    while (next && (has_deleted_mark(paragraph) || is_drop_cap(paragraph))) {
        next = following(paragraph);
        paragraph = next ? next : paragraph;
    }
    return paragraph;
}

static bool has_words(struct docx_walk *walk, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        enum docx_element element = docx_element(child);
        if (!walk->file->scans || --walk->file->scans == 0 || element == A_BLIP)
            return true;
        if (element == W_T && child->first_child)
            return true;
        if (element != W_DEL && element != W_MOVE_FROM && element != W_P_PR &&
            has_words(walk, child))
            return true;
    }
    return false;
}

/* Whose properties the joined paragraph has: those of the mark that is left; where nothing is left
 * of its own words, those of the first with words. */
static const struct xml_node *described(struct docx_walk *walk, const struct xml_node *first,
                                        const struct xml_node *last)
{
    if (first == last || has_words(walk, last))
        return last;
    for (const struct xml_node *node = first; node != last; node = node->next)
        if (docx_element(node) == W_P && !is_drop_cap(node) && has_words(walk, node))
            return node;
    return last;
}

/* ---- reading ---- */

/* One of the paragraphs that are one. */
static void read_joined(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *mark = mark_of(node);
    docx_walk_children(walk, node);
    if (docx_child(mark, W_INS))
        docx_open_inserted(walk);
    if (docx_child(mark, W_DEL))
        docx_open_left_out(walk, RICH_TEXT_DELETED);
    if (docx_child(mark, W_MOVE_FROM)) {
        walk->file->has_moved_from = true;
        docx_open_left_out(walk, RICH_TEXT_MOVED);
    }
    docx_leave_out(walk, walk->left_out.kind, " ", 1);
}

static void read_shown(struct docx_walk *walk, const struct xml_node *node)
{
    struct builder_paragraph paragraph;
    const struct xml_node *last = last_joined(node);
    const struct docx_style *outer = walk->style;
    describe(walk, described(walk, node, last), &paragraph);
    docx_begin_paragraph(walk, &paragraph);
    for (const struct xml_node *each = node; each; each = each == last ? NULL : each->next)
        if (docx_element(each) != W_P)
            docx_walk_node(walk, each);
        else
            read_joined(walk, each);
    docx_end_paragraph(walk);
    walk->style = outer;
    walk->joined = last;
}

void docx_paragraph(struct docx_walk *walk, const struct xml_node *node)
{
    if (!docx_is_shown(walk)) {
        const struct docx_style *outer = walk->style;
        walk->style = docx_paragraph_style(walk->file->styles,
                                           docx_value(docx_child(node, W_P_PR), W_P_STYLE));
        docx_walk_children(walk, node);
        docx_leave_out(walk, walk->left_out.kind, " ", 1);
        /* Each line of a header is told by itself: it may be one that holds the text back. */
        if (walk->out == RICH_TEXT_PAGE_HEADER)
            docx_end_left_out(walk);
        walk->style = outer;
        return;
    }
    if (walk->in_paragraph && !walk->is_implied) {
        docx_walk_later(walk, node);
        walk->joined = last_joined(node);
        return;
    }
    docx_end_paragraph(walk);
    read_shown(walk, node);
}
