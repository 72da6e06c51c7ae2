/* SPDX-License-Identifier: MIT */
/* The whole: its end, and what can only be known there. */
#include "rich_text/builder.h"

#include "base/arena.h"
#include "rich_text/builder_parts.h"

#include <string.h>

struct builder *builder_new(struct arena *arena, struct rich_text *text)
{
    struct builder *builder = arena_allocate(arena, sizeof *builder);
    builder->arena = arena;
    builder->text = text;
    builder->context = builder->top = builder_context_new(builder);
    return builder;
}

static void end_all(struct builder *builder)
{
    struct builder_context *context = builder->context;
    builder->skipped_tables = 0;
    for (;;) {
        builder_end_paragraph(builder);
        while (context->table)
            builder_end_table(builder);
        if (context == builder->top)
            return;
        /* A reader that ends within a cell or a note has a cut file, and says so; here nothing may
         * hang. */
        if (context->outer->table && context->outer->table->has_cell)
            builder_end_cell(builder);
        else
            builder_end_note(builder);
        context = builder->context;
    }
}

/* Links to headings lead there: a heading that one leads to gets a number. */
static void resolve_anchors(struct builder *builder)
{
    int number = 0;
    for (struct builder_anchor_link *link = builder->anchor_links; link; link = link->next) {
        struct builder_anchor_place *place = builder->anchors;
        while (place && strcmp(place->name, link->name) != 0)
            place = place->next;
        /* One in a table has become lines of it. */
        if (!place || !place->node || !place->is_heading ||
            place->node->parent != builder->text->body)
            continue;
        if (!place->node->target)
            place->node->target = arena_format(builder->arena, "#%d", ++number);
        link->link->target = place->node->target;
    }
}

static void append_child(struct body_node *parent, struct body_node *child)
{
    child->parent = parent;
    child->next = NULL;
    if (parent->last_child)
        parent->last_child->next = child;
    else
        parent->first_child = child;
    parent->last_child = child;
}

/* An item of one paragraph, with lists behind it or without, holds its words straight. */
static bool is_tight(const struct body_node *item)
{
    const struct body_node *first = item->first_child;
    if (item->kind != BODY_ITEM || !first || first->kind != BODY_PARAGRAPH)
        return false;
    for (const struct body_node *child = first->next; child; child = child->next)
        if (child->kind != BODY_LIST)
            return false;
    return true;
}

/* Takes links that lead nowhere out of the tree, and paragraphs out of tight items: no deeper than
 * the tree, which has a bound. */
static void tidy(struct body_node *node)
{
    struct body_node *next;
    struct body_node *child = node->first_child;
    bool tight = is_tight(node);
    for (struct body_node *each = child; each; each = each->next)
        tidy(each);
    node->first_child = node->last_child = NULL;
    for (; child; child = next) {
        next = child->next;
        bool is_dead = child->kind == BODY_LINK && !child->target;
        if (!is_dead && !(tight && child->kind == BODY_PARAGRAPH)) {
            append_child(node, child);
            continue;
        }
        struct body_node *behind;
        for (struct body_node *inner = child->first_child; inner; inner = behind) {
            behind = inner->next;
            append_child(node, inner);
        }
    }
}

bool builder_finish(struct builder *builder)
{
    struct rich_text *text = builder->text;
    end_all(builder);
    if (!builder->is_too_large)
        builder_write_notes(builder);
    if (builder->is_too_large) {
        text->detail = builder->too_large;
        return false;
    }
    text->blocks = builder->top->blocks;
    text->body = builder->top->root;
    resolve_anchors(builder);
    tidy(text->body);
    builder_name_pictures(builder);
    return true;
}
