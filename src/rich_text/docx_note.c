/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/array.h"
#include "rich_text/docx_element.h"
#include "rich_text/docx_walk.h"
#include "xml/xml_reader.h"

#include <stdlib.h>
#include <string.h>

/* ---- parts ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct docx_note *)a)->id, ((const struct docx_note *)b)->id);
}

/* Separators are notes too, by their type. */
static bool is_note(const struct xml_node *node, enum docx_element element)
{
    const char *type = docx_element(node) == element ? docx_attribute(node, "type") : NULL;
    return docx_element(node) == element && docx_attribute(node, "id") &&
           (!type || strcmp(type, "normal") == 0);
}

static void load(struct docx_file *file, struct docx_notes *notes)
{
    const char *part = "";
    size_t count = 0;
    notes->is_loaded = true;
    const struct xml_node *root = docx_part_of(file, file->relationships, notes->kind, &part);
    if (!root)
        return;
    notes->relationships = docx_relationships_read(file, part);
    for (const struct xml_node *node = root->first_child; node; node = node->next)
        count += is_note(node, notes->element);
    notes->items = arena_allocate_array(file->arena, count + 1, sizeof *notes->items);
    for (const struct xml_node *node = root->first_child; node; node = node->next)
        if (is_note(node, notes->element))
            notes->items[notes->count++] = (struct docx_note){ .id = docx_attribute(node, "id"),
                                                               .node = node,
                                                               .notes = notes };
    qsort(notes->items, notes->count, sizeof *notes->items, by_id);
}

static struct docx_note *find(struct docx_file *file, struct docx_notes *notes, const char *id)
{
    const struct docx_note key = { .id = id };
    if (!notes->is_loaded)
        load(file, notes);
    if (!id || !notes->count)
        return NULL;
    return bsearch(&key, notes->items, notes->count, sizeof key, by_id);
}

/* ---- references ---- */

enum { NOTES_READ_MAXIMUM = 2000 };

/* Words of a note whose mark is out are out with it. A note within such a note is left alone. */
static void leave_out(struct docx_walk *walk, const struct docx_note *note)
{
    bool was_in_note = walk->in_note;
    if (was_in_note)
        return;
    walk->in_note = true;
    docx_leave_out(walk, walk->left_out.kind, " ", 1);
    docx_walk_children(walk, note->node);
    walk->in_note = was_in_note;
}

static void refer(struct docx_walk *walk, struct docx_notes *notes, const struct xml_node *node)
{
    struct docx_file *file = walk->file;
    struct docx_note *note = find(file, notes, docx_attribute(node, "id"));
    if (!note)
        return;
    if (walk->out != DOCX_SHOWN || walk->instruction_count) {
        leave_out(walk, note);
        return;
    }
    if (!note->is_waiting && file->waiting_count >= NOTES_READ_MAXIMUM) {
        file->text->fault = RICH_TEXT_FAULT_TOO_LARGE;
        file->text->detail = "notes";
        return;
    }
    docx_begin_shown(walk);
    walk->has_words = true;
    docx_end_left_out(walk);
    note->mark = arena_format(file->arena, "%s %s", notes->kind, note->id);
    builder_note_reference(file->builder, note->mark);
    if (note->is_waiting)
        return;
    note->is_waiting = true;
    ARRAY_GROW_IN(file->arena, file->waiting, file->waiting_count, file->waiting_capacity);
    file->waiting[file->waiting_count++] = note;
}

void docx_footnote_reference(struct docx_walk *walk, const struct xml_node *node)
{
    refer(walk, &walk->file->footnotes, node);
}

void docx_endnote_reference(struct docx_walk *walk, const struct xml_node *node)
{
    refer(walk, &walk->file->endnotes, node);
}
