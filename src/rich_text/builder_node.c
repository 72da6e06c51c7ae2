/* SPDX-License-Identifier: MIT */
/* Nodes and the places that blocks stand in. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"

#include <string.h>

void builder_fail(struct builder *builder, const char *what)
{
    if (!builder->is_too_large)
        builder->too_large = what;
    builder->is_too_large = true;
}

struct body_node *builder_node(struct builder *builder, struct body_node *parent,
                               enum body_kind kind)
{
    if (++builder->nodes > BODY_NODES_MAXIMUM)
        builder_fail(builder, "text");
    return body_append(builder->arena, parent, kind);
}

static void add_record(struct builder *builder, struct body_node *node, unsigned marks, int outline)
{
    struct builder_context *context = builder->context;
    struct rich_text_block *block = arena_allocate(builder->arena, sizeof *block);
    block->node = node;
    block->marks = marks;
    block->outline = outline;
    if (context->last_block)
        context->last_block->next = block;
    else
        context->blocks = block;
    context->last_block = block;
}

struct body_node *builder_block(struct builder *builder, struct body_node *parent,
                                enum body_kind kind, unsigned marks, int outline)
{
    struct body_node *node = builder_node(builder, parent, kind);
    if (parent == builder->context->root)
        add_record(builder, node, marks, outline);
    builder->context->caption = NULL;
    return node;
}

struct builder_context *builder_context_new(struct builder *builder)
{
    struct builder_context *context = arena_allocate(builder->arena, sizeof *context);
    context->root = body_new(builder->arena);
    return context;
}

struct body_node *builder_place(struct builder *builder, bool is_quote)
{
    struct builder_context *context = builder->context;
    context->list_count = 0;
    if (!is_quote)
        context->quote = NULL;
    else if (!context->quote)
        context->quote = builder_block(builder, context->root, BODY_QUOTE, 0, 0);
    return context->quote ? context->quote : context->root;
}

void builder_move_children(struct builder *builder, struct body_node *to, struct body_node *from)
{
    struct body_node *next;
    for (struct body_node *child = from->first_child; child; child = next) {
        next = child->next;
        if (child->kind == BODY_TEXT && to->last_child && to->last_child->kind == BODY_TEXT) {
            body_append_text(builder->arena, to, child->text, strlen(child->text));
            continue;
        }
        child->next = NULL;
        child->parent = to;
        if (to->last_child)
            to->last_child->next = child;
        else
            to->first_child = child;
        to->last_child = child;
    }
    from->first_child = from->last_child = NULL;
}

void builder_take_blocks(struct builder *builder, struct builder_context *from)
{
    struct body_node *parent = builder_place(builder, false);
    for (struct rich_text_block *block = from->blocks; block; block = block->next)
        add_record(builder, block->node, block->marks, block->outline);
    builder_move_children(builder, parent, from->root);
    builder->context->caption = from->caption;
}
