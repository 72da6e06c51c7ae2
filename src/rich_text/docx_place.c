/* SPDX-License-Identifier: MIT */
/* Where in the text one is: cells and paragraphs that are open, and what waits for their end. */
#include "base/arena.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_walk.h"
#include "xml/xml_reader.h"

/* ---- cells ---- */

void docx_begin_row(struct docx_walk *walk, bool is_header)
{
    builder_begin_row(walk->file->builder, is_header);
    walk->table->has_row = true;
}

void docx_begin_cell(struct docx_walk *walk, int columns)
{
    builder_begin_cell(walk->file->builder, false, columns);
    walk->table->has_cell = true;
    walk->table->is_implied = false;
    walk->item = (struct builder_paragraph){ 0 };
}

void docx_ensure_cell(struct docx_walk *walk)
{
    if (!walk->table || walk->table->has_cell)
        return;
    if (!walk->table->has_row)
        docx_begin_row(walk, false);
    docx_begin_cell(walk, 1);
    walk->table->is_implied = true;
}

/* ---- paragraphs ---- */

void docx_end_link(struct docx_walk *walk)
{
    if (walk->open_link)
        builder_end_link(walk->file->builder);
    walk->open_link = NULL;
}

void docx_begin_paragraph(struct docx_walk *walk, const struct builder_paragraph *paragraph)
{
    docx_ensure_cell(walk);
    walk->in_paragraph = true;
    walk->has_words = false;
    walk->paragraph = *paragraph;
    builder_begin_paragraph(walk->file->builder, paragraph);
}

void docx_begin_implied(struct docx_walk *walk)
{
    static const struct builder_paragraph plain;
    docx_begin_paragraph(walk, &plain);
    walk->is_implied = true;
}

/* Text boxes, behind the paragraph that they hang on. */
static void walk_later(struct docx_walk *walk)
{
    struct docx_later *later = walk->later;
    walk->later = NULL;
    walk->later_end = &walk->later;
    for (; later; later = later->next) {
        bool was_inserted = walk->is_inserted;
        walk->is_inserted = later->is_inserted;
        docx_walk_later(walk, later->node);
        walk->is_inserted = was_inserted;
    }
}

void docx_end_paragraph(struct docx_walk *walk)
{
    if (!walk->in_paragraph)
        return;
    docx_end_link(walk);
    docx_end_spans(walk);
    builder_end_paragraph(walk->file->builder);
    if (walk->has_words && !walk->paragraph.continues_item)
        walk->item = walk->paragraph;
    walk->in_paragraph = walk->is_implied = false;
    walk_later(walk);
}

void docx_split_paragraph(struct docx_walk *walk)
{
    if (!walk->has_words)
        return;
    docx_end_link(walk);
    builder_end_paragraph(walk->file->builder);
    walk->paragraph.continues_item = walk->paragraph.list_level > 0;
    walk->paragraph.label = NULL;
    builder_begin_paragraph(walk->file->builder, &walk->paragraph);
}

/* ---- texts of their own ---- */

void docx_end_fields(struct docx_walk *walk)
{
    while (walk->field_count > walk->field_base) {
        const struct docx_field *field = &walk->fields[--walk->field_count];
        size_t length = walk->instructions.length - field->begin;
        if (!field->is_result && length) {
            docx_leave_out(walk, RICH_TEXT_FIELD_CODE, walk->instructions.data + field->begin,
                           length);
            docx_end_left_out(walk);
        }
        string_builder_truncate(&walk->instructions, field->begin);
    }
    walk->instruction_count = 0;
}

/* A text of its own: neither fields nor links nor the run around it reach into it. */
static void walk_apart(struct docx_walk *walk, const struct xml_node *node)
{
    size_t base = walk->field_base;
    size_t instructions = walk->instruction_count;
    const char *hyperlink = walk->hyperlink;
    unsigned look = walk->look;
    int out = walk->out;
    walk->out = DOCX_SHOWN;
    walk->field_base = walk->field_count;
    walk->instruction_count = 0;
    walk->hyperlink = NULL;
    walk->look = 0;
    if (docx_element(node) == W_P || docx_element(node) == W_TBL)
        docx_walk_node(walk, node);
    else
        docx_walk_children(walk, node);
    if (walk->is_implied)
        docx_end_paragraph(walk);
    docx_end_fields(walk);
    walk->field_base = base;
    walk->instruction_count = instructions;
    walk->hyperlink = hyperlink;
    walk->look = look;
    walk->out = out;
}

void docx_walk_later(struct docx_walk *walk, const struct xml_node *node)
{
    if (!docx_is_shown(walk)) {
        docx_leave_out(walk, walk->left_out.kind, " ", 1);
        docx_walk_children(walk, node);
        return;
    }
    if (!walk->in_paragraph || walk->is_implied) {
        docx_end_paragraph(walk);
        walk_apart(walk, node);
        return;
    }
    struct docx_later *later = arena_allocate(walk->file->arena, sizeof *later);
    later->node = node;
    later->is_inserted = walk->is_inserted;
    *walk->later_end = later;
    walk->later_end = &later->next;
}
