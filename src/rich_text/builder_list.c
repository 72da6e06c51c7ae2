/* SPDX-License-Identifier: MIT */
/* Which list, and which item of it, a paragraph stands in. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"

#include <string.h>

static bool is_heading(const struct builder_paragraph *paragraph)
{
    return paragraph->outline > 0 || (paragraph->marks & (RICH_TEXT_TITLE | RICH_TEXT_SUBTITLE));
}

static bool is_countable(int number)
{
    return number >= 1 && number <= BODY_LIST_START_MAXIMUM;
}

const char *builder_label(struct builder *builder)
{
    const struct builder_paragraph *paragraph = &builder->context->paragraph;
    if (paragraph->label && *paragraph->label)
        return paragraph->label;
    bool is_words = is_heading(paragraph) || !is_countable(paragraph->number);
    if (paragraph->list_level > 0 && paragraph->is_ordered && !paragraph->continues_item &&
        is_words)
        return arena_format(builder->arena, "%d.", paragraph->number);
    return NULL;
}

/* Whether the paragraph begins an item. */
static bool is_item(const struct builder_paragraph *paragraph)
{
    if (paragraph->list_level <= 0 || paragraph->continues_item || is_heading(paragraph))
        return false;
    if (paragraph->label && *paragraph->label)
        return false;
    return !paragraph->is_ordered || is_countable(paragraph->number);
}

static struct list_state *innermost(struct builder_context *context)
{
    return context->list_count ? &context->lists[context->list_count - 1] : NULL;
}

/* Ends the lists that are deeper. */
static void end_lists_below(struct builder_context *context, int level)
{
    while (context->list_count && innermost(context)->level > level)
        context->list_count--;
}

/* A paragraph in the item that is open, quoted there where it is a quote of its own. */
static struct body_node *place_in_item(struct builder *builder, const struct list_state *list,
                                       bool is_quote)
{
    struct body_node *last = list->item->last_child;
    if (!is_quote || list->is_quoted)
        return list->item;
    if (last && last->kind == BODY_QUOTE)
        return last;
    return builder_node(builder, list->item, BODY_QUOTE);
}

static bool goes_on(const struct list_state *list, const struct builder_paragraph *paragraph)
{
    if (!list || list->identity != paragraph->list || list->is_ordered != paragraph->is_ordered)
        return false;
    return !paragraph->is_ordered || list->next_number == paragraph->number;
}

/* A new list below parent, or in the item that is open. */
static struct list_state *begin_list(struct builder *builder, struct body_node *parent,
                                     const struct builder_paragraph *paragraph)
{
    struct builder_context *context = builder->context;
    struct body_node *node = builder_block(builder, parent, BODY_LIST, 0, 0);
    node->is_ordered = paragraph->is_ordered;
    node->start_offset = paragraph->is_ordered ? paragraph->number - 1 : 0;
    struct list_state *list = &context->lists[context->list_count++];
    *list = (struct list_state){
        .level = paragraph->list_level,
        .identity = paragraph->list,
        .is_ordered = paragraph->is_ordered,
        .is_quoted = context->quote != NULL,
        .next_number = paragraph->number,
        .list = node,
    };
    return list;
}

static struct body_node *place_item(struct builder *builder)
{
    struct builder_context *context = builder->context;
    const struct builder_paragraph *paragraph = &context->paragraph;
    struct body_node *top = context->quote ? context->quote : context->root;
    if (paragraph->is_quote != (context->quote != NULL))
        top = builder_place(builder, paragraph->is_quote);
    end_lists_below(context, paragraph->list_level);
    struct list_state *list = innermost(context);
    bool is_same_level = list && (list->level == paragraph->list_level ||
                                  context->list_count == LIST_LEVELS_MAXIMUM);
    if (!is_same_level || !goes_on(list, paragraph)) {
        if (is_same_level)
            context->list_count--;
        list = innermost(context);
        list = begin_list(builder, list ? list->item : top, paragraph);
    }
    list->item = builder_node(builder, list->list, BODY_ITEM);
    list->next_number++;
    context->caption = NULL;
    return list->item;
}

struct body_node *builder_place_paragraph(struct builder *builder)
{
    struct builder_context *context = builder->context;
    const struct builder_paragraph *paragraph = &context->paragraph;
    if (is_item(paragraph))
        return place_item(builder);
    bool is_in_item = paragraph->list_level > 0 && !is_heading(paragraph);
    if (is_in_item)
        /* Words in place of a number stand where the list above does. */
        end_lists_below(context, paragraph->continues_item ? paragraph->list_level
                                                           : paragraph->list_level - 1);
    struct list_state *list = innermost(context);
    if (is_in_item && list)
        return place_in_item(builder, list, paragraph->is_quote);
    return builder_place(builder, paragraph->is_quote);
}
