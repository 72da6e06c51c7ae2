/* SPDX-License-Identifier: MIT */
/* Tracked changes, as if all were accepted (ECMA-376 part 1, 17.13.5), and comments. */
#include "rich_text/docx_walk.h"

#include "base/array.h"
#include "rich_text/docx_element.h"
#include "xml/xml_reader.h"

void docx_insertion(struct docx_walk *walk, const struct xml_node *node)
{
    bool was_inserted = walk->is_inserted;
    walk->is_inserted = true;
    if (node->first_child && walk->out == DOCX_SHOWN)
        docx_open_inserted(walk);
    docx_walk_children(walk, node);
    walk->is_inserted = was_inserted;
}

/* One without words (of a picture, a mark) is told too. */
static void leave_out(struct docx_walk *walk, const struct xml_node *node,
                      enum rich_text_finding_kind kind)
{
    if (node->first_child && docx_is_shown(walk))
        docx_open_left_out(walk, kind);
    docx_walk_out(walk, node, kind);
}

void docx_deletion(struct docx_walk *walk, const struct xml_node *node)
{
    leave_out(walk, node, RICH_TEXT_DELETED);
}

void docx_move_from(struct docx_walk *walk, const struct xml_node *node)
{
    walk->file->has_moved_from = true;
    leave_out(walk, node, RICH_TEXT_MOVED);
}

/* Told where it came from. */
void docx_move_to(struct docx_walk *walk, const struct xml_node *node)
{
    walk->file->has_moved_to = true;
    docx_walk_children(walk, node);
}

void docx_comment_reference(struct docx_walk *walk, const struct xml_node *node)
{
    struct docx_file *file = walk->file;
    const char *id = docx_attribute(node, "id");
    if (!id)
        return;
    ARRAY_GROW_IN(file->arena, file->comments, file->comment_count, file->comment_capacity);
    file->comments[file->comment_count++] = id;
}
