/* SPDX-License-Identifier: MIT */
/* Tables (ECMA-376 part 1, 17.4). */
#include "rich_text/docx_walk.h"

#include "rich_text/docx_element.h"
#include "xml/xml_reader.h"

#include <string.h>

static void end_cell(struct docx_walk *walk)
{
    docx_end_paragraph(walk);
    if (walk->table->has_cell)
        builder_end_cell(walk->file->builder);
    walk->table->has_cell = false;
}

static void end_row(struct docx_walk *walk)
{
    end_cell(walk);
    if (walk->table->has_row)
        builder_end_row(walk->file->builder);
    walk->table->has_row = false;
}

/* Whether a row or cell may begin here: not in a cell, and only where there is a table. */
static bool is_place(const struct docx_walk *walk)
{
    const struct docx_table *table = walk->table;
    return docx_is_shown(walk) && table && (!table->has_cell || table->is_implied);
}

void docx_table(struct docx_walk *walk, const struct xml_node *node)
{
    if (!docx_is_shown(walk)) {
        docx_walk_children(walk, node);
        return;
    }
    if (walk->in_paragraph && !walk->is_implied) {
        docx_walk_later(walk, node);
        return;
    }
    docx_end_paragraph(walk);
    docx_ensure_cell(walk);
    struct docx_table table = { .outer = walk->table };
    builder_begin_table(walk->file->builder);
    walk->table = &table;
    docx_walk_children(walk, node);
    end_row(walk);
    builder_end_table(walk->file->builder);
    walk->table = table.outer;
    walk->item = (struct builder_paragraph){ 0 };
}

/* Whether its row or cell was put in or taken out by a change that is tracked. */
static bool is_changed(const struct xml_node *properties, enum docx_element element)
{
    return docx_child(properties, element) != NULL;
}

static void leave_out(struct docx_walk *walk, const struct xml_node *node,
                      enum rich_text_finding_kind kind)
{
    docx_open_left_out(walk, kind);
    docx_walk_out(walk, node, kind);
    docx_end_left_out(walk);
}

void docx_row(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *properties = docx_child(node, W_TR_PR);
    if (is_changed(properties, W_DEL) && docx_is_shown(walk)) {
        leave_out(walk, node, RICH_TEXT_DELETED);
        return;
    }
    if (docx_is_on(properties, W_HIDDEN) && docx_is_shown(walk)) {
        leave_out(walk, node, RICH_TEXT_HIDDEN);
        return;
    }
    if (!is_place(walk)) {
        docx_walk_children(walk, node);
        return;
    }
    bool was_inserted = walk->is_inserted;
    walk->is_inserted = was_inserted || is_changed(properties, W_INS);
    end_row(walk);
    docx_begin_row(walk, docx_is_on(properties, W_TBL_HEADER));
    int before = docx_number(properties, W_GRID_BEFORE, 0);
    if (before > 0) {
        docx_begin_cell(walk, before);
        end_cell(walk);
    }
    docx_walk_children(walk, node);
    end_row(walk);
    if (walk->is_inserted && !was_inserted)
        docx_open_inserted(walk);
    docx_end_spans(walk);
    walk->is_inserted = was_inserted;
}

void docx_cell(struct docx_walk *walk, const struct xml_node *node)
{
    const struct xml_node *properties = docx_child(node, W_TC_PR);
    if (is_changed(properties, W_CELL_DEL) && docx_is_shown(walk)) {
        leave_out(walk, node, RICH_TEXT_DELETED);
        return;
    }
    if (!is_place(walk)) {
        docx_walk_children(walk, node);
        return;
    }
    bool was_inserted = walk->is_inserted;
    walk->is_inserted = was_inserted || is_changed(properties, W_CELL_INS);
    end_cell(walk);
    if (!walk->table->has_row)
        docx_begin_row(walk, false);
    docx_begin_cell(walk, docx_number(properties, W_GRID_SPAN, 1));
    docx_walk_children(walk, node);
    end_cell(walk);
    walk->is_inserted = was_inserted;
}
