/* SPDX-License-Identifier: MIT */
/* Lists, and what only looks like one: see list_number.h. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/list_number.h"
#include "intake/reader.h"

#include <ctype.h>
#include <string.h>

/* The source from an item's marker to the end of its line. */
static const char *item_line(const struct markdown_builder *builder, cmark_node *item,
                             size_t *length)
{
    const char *line = markdown_source_line(builder->source, cmark_node_get_start_line(item),
                                            length);
    size_t column = (size_t)cmark_node_get_start_column(item);
    size_t start = column > 0 && column <= *length ? column - 1 : 0;
    *length -= start;
    return line + start;
}

/* False where the source line does not match the parser's position, so that the number is not
 * known. */
static bool read_number(const struct markdown_builder *builder, cmark_node *item,
                        struct list_number *number)
{
    size_t length;
    const char *line = item_line(builder, item, &length);
    size_t digits = 0;
    while (digits < length && isdigit((unsigned char)line[digits]))
        digits++;
    if (digits == 0 || digits > 9 || digits == length || !strchr(".)", line[digits]))
        return false;
    *number = (struct list_number){ line, digits, line[digits], line + digits + 1,
                                    length - digits - 1 };
    return true;
}

static size_t count_items(cmark_node *list)
{
    size_t count = 0;
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item))
        count++;
    return count;
}

/* Whether the numbers of the list are words. Not where an item is empty, because its number could
 * not stand on a line of its own. */
static bool are_numbers_words(struct markdown_builder *builder, cmark_node *list, int *first,
                              size_t *count)
{
    struct arena *arena = builder->reading->arena;
    *count = count_items(list);
    *first = cmark_node_get_list_start(list);
    struct list_number *numbers = arena_allocate_array(arena, *count, sizeof *numbers);
    size_t i = 0;
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item))
        if (!read_number(builder, item, &numbers[i++]))
            return false;
    int next = builder->list_place == builder->current ? builder->list_next : 0;
    return list_number_is_words(arena, numbers, *count, next, builder->reading->words);
}

/* "+ 45 12 34 56 78" is a telephone number, not an item. */
static bool are_plus_signs_words(const struct markdown_builder *builder, cmark_node *list)
{
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
        size_t length;
        const char *line = item_line(builder, item, &length);
        size_t at = 1;
        while (at < length && strchr(" \t(", line[at]))
            at++;
        if (*line != '+' || at >= length || !isdigit((unsigned char)line[at]))
            return false;
    }
    return true;
}

bool markdown_list_is_words(cmark_node *list)
{
    return cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_user_data(list) != NULL;
}

bool markdown_enter_list(struct markdown_builder *builder, cmark_node *list)
{
    bool is_ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int first = 1;
    size_t count = 0;
    if (is_ordered ? are_numbers_words(builder, list, &first, &count)
                   : are_plus_signs_words(builder, list)) {
        (void)cmark_node_set_user_data(list, builder);
        return markdown_enter(builder, NULL);
    }
    markdown_flush_number(builder);
    struct body_node *node = markdown_make(builder, BODY_LIST);
    if (node && is_ordered) {
        node->is_ordered = true;
        node->start_offset = first - 1;
        builder->list_next = first + (int)count;
        builder->list_place = builder->current;
    }
    return markdown_enter(builder, node);
}

/* Restores the state from before the list, because numbers continue the list at the same level,
 * not one inside it. */
void markdown_leave_list(struct markdown_builder *builder, cmark_node *list)
{
    const struct body_node *node = builder->current;
    bool is_ordered = !markdown_list_is_words(list) && node->kind == BODY_LIST && node->is_ordered;
    markdown_leave(builder);
    if (is_ordered) {
        builder->list_next = node->start_offset + 1 + (int)count_items(list);
        builder->list_place = builder->current;
    }
}

bool markdown_enter_item(struct markdown_builder *builder, cmark_node *item)
{
    if (!markdown_list_is_words(cmark_node_parent(item)))
        return markdown_enter(builder, markdown_make(builder, BODY_ITEM));
    size_t length;
    const char *line = item_line(builder, item, &length);
    size_t marker = 0;
    while (marker < length && isdigit((unsigned char)line[marker]))
        marker++;
    string_builder_append_bytes(&builder->number, line, marker + 1);
    string_builder_append_character(&builder->number, ' ');
    return markdown_enter(builder, NULL);
}

void markdown_flush_number(struct markdown_builder *builder)
{
    if (!builder->number.length)
        return;
    size_t length = builder->number.length - 1; /* without the space */
    struct body_node *paragraph = markdown_make(builder, BODY_PARAGRAPH);
    if (paragraph)
        body_append_text(builder->reading->arena, paragraph, builder->number.data, length);
    string_builder_clear(&builder->number);
}

void markdown_leave_item(struct markdown_builder *builder, cmark_node *item)
{
    if (markdown_list_is_words(cmark_node_parent(item)))
        markdown_flush_number(builder); /* the item was empty: its number becomes a paragraph */
    markdown_leave(builder);
}
