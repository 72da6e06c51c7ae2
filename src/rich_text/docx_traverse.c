/* SPDX-License-Identifier: MIT */
/* From element to element. */
#include "rich_text/docx_element.h"
#include "rich_text/docx_walk.h"
#include "xml/xml_reader.h"

void docx_walk_node(struct docx_walk *walk, const struct xml_node *node)
{
    docx_handler *handler = walk->handlers[docx_element(node)];
    if (handler)
        handler(walk, node);
    else if (node->first_child)
        docx_walk_children(walk, node);
}

void docx_walk_children(struct docx_walk *walk, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (!child->name)
            continue;
        walk->joined = NULL;
        docx_walk_node(walk, child);
        /* A paragraph may have taken those behind it. */
        if (walk->joined && walk->joined->parent == node)
            child = walk->joined;
    }
    walk->joined = NULL;
}

void docx_walk_out(struct docx_walk *walk, const struct xml_node *node,
                   enum rich_text_finding_kind kind)
{
    int outer = walk->out;
    if (walk->out == DOCX_SHOWN || walk->out == RICH_TEXT_STRUCK)
        walk->out = (int)kind;
    docx_walk_children(walk, node);
    walk->out = outer;
}
