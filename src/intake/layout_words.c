/* SPDX-License-Identifier: MIT */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/encoding.h"
#include "intake/reader.h"

#include <string.h>

static void append(struct string_builder *words, const struct body_node *node, bool has_marks,
                   int depth)
{
    bool is_bold = has_marks && (node->kind == BODY_STRONG || node->kind == BODY_EMPHASIS);
    if (depth > BODY_DEPTH_MAXIMUM || node->kind == BODY_IMAGE)
        return;
    if (node->kind == BODY_BREAK)
        string_builder_append_character(words, '\n');
    if (is_bold)
        string_builder_append(words, "**");
    if (node->text)
        string_builder_append(words, node->text);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (!body_kind_is_block(child->kind))
            append(words, child, has_marks, depth + 1);
    if (is_bold)
        string_builder_append(words, "**");
}

void layout_append_words(struct string_builder *words, const struct body_node *node, bool has_marks)
{
    append(words, node, has_marks, 0);
}

/* ---- lines ---- */

struct giving {
    const struct layout *layout;
    bool has_marks;
    layout_line *take;
    void *payload;
};

static void give_lines(const struct giving *giving, const char *words)
{
    while (*words) {
        size_t length = strcspn(words, "\n");
        const char *line = encoding_one_line(giving->layout->reading->arena, words, length);
        if (*line)
            giving->take(giving->payload, line);
        words += length;
        words += *words == '\n';
    }
}

static void give_words(const struct giving *giving, const struct body_node *node)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    layout_append_words(&words, node, giving->has_marks);
    if (words.length)
        give_lines(giving, words.data);
    string_builder_release(&words);
}

/* The words of a cell are one line, whatever its breaks. */
static void append_cell(struct string_builder *row, const struct body_node *cell, bool has_marks)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    layout_append_words(&words, cell, has_marks);
    for (size_t i = 0; i < words.length; i++)
        if (words.data[i] == '\n')
            words.data[i] = ' ';
    if (words.length)
        string_builder_append_format(row, "%s%s", row->length ? ", " : "", words.data);
    string_builder_release(&words);
}

static void give(const struct giving *giving, const struct body_node *node, int depth)
{
    struct string_builder row;
    bool has_inlines = false;
    if (depth > BODY_DEPTH_MAXIMUM)
        return;
    if (node->kind == BODY_ROW) {
        string_builder_init(&row, 0);
        for (const struct body_node *cell = node->first_child; cell; cell = cell->next)
            append_cell(&row, cell, giving->has_marks);
        if (row.length)
            give_lines(giving, row.data);
        string_builder_release(&row);
        return;
    }
    for (const struct body_node *child = node->first_child; child; child = child->next)
        has_inlines = has_inlines || !body_kind_is_block(child->kind);
    if (has_inlines || node->text)
        give_words(giving, node);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (body_kind_is_block(child->kind))
            give(giving, child, depth + 1);
}

void layout_each_line(const struct layout *layout, const struct body_node *node, bool has_marks,
                      layout_line *take, void *payload)
{
    give(&(struct giving){ layout, has_marks, take, payload }, node, 0);
}

bool layout_has_words(const struct layout *layout, const struct body_node *node)
{
    return *body_plain_text(layout->reading->arena, node) != '\0';
}

bool layout_has_plain_lines(const struct layout *layout, const struct layout_block *block)
{
    size_t lines = 0;
    bool is_begun = false;
    if (block->node->kind != BODY_PARAGRAPH)
        return false;
    for (const struct body_node *child = block->node->first_child; child; child = child->next) {
        lines += child->kind == BODY_BREAK && is_begun;
        is_begun = child->kind != BODY_BREAK && (is_begun || layout_has_words(layout, child));
    }
    return lines + is_begun == block->count;
}
