/* SPDX-License-Identifier: MIT */
/* Paragraphs: where one ends and goes on, and which of its lines a program has broken. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/hard_wrap.h"
#include "intake/reader.h"

#include <string.h>

static void remove_last(struct body_node *parent)
{
    struct body_node *before = NULL;
    for (struct body_node *child = parent->first_child; child != parent->last_child;
         child = child->next)
        before = child;
    if (before)
        before->next = NULL;
    else
        parent->first_child = NULL;
    parent->last_child = before;
}

/* A source line without white space and the marks of quotes around its words. */
static struct hard_wrap_line words_of_line(const struct markdown_source *source, int line)
{
    struct hard_wrap_line words;
    words.bytes = markdown_source_line(source, line, &words.length);
    while (words.length && strchr(" \t>", *words.bytes)) {
        words.bytes++;
        words.length--;
    }
    while (words.length && strchr(" \t", words.bytes[words.length - 1]))
        words.length--;
    return words;
}

/* Which lines of the source a program has broken. */
const bool *markdown_find_joined(struct arena *arena, const struct markdown_source *source)
{
    size_t count = source->line_count;
    struct hard_wrap_line *lines = arena_allocate_array(arena, count, sizeof *lines);
    bool *joined = arena_allocate_array(arena, count + 1, sizeof *joined);
    for (size_t i = 0; i < count; i++)
        lines[i] = words_of_line(source, (int)i + 1);
    hard_wrap_find(arena, lines, count, joined);
    return joined;
}

/* What stands between one line of a paragraph and the next. */
void markdown_append_line_end(struct markdown_builder *builder, int line)
{
    markdown_flush(builder);
    if (builder->current->last_child && builder->current->last_child->kind == BODY_BREAK)
        return; /* the line end behind <br> adds no second break */
    bool is_joined = line > 0 && (size_t)line < builder->source->line_count &&
                     builder->joined[line - 1];
    if (is_joined) {
        struct hard_wrap_line above = words_of_line(builder->source, line);
        struct hard_wrap_line below = words_of_line(builder->source, line + 1);
        if (!hard_wrap_is_hyphened(&above, &below))
            markdown_append_words(builder, " ", 1);
    } else if (!markdown_make(builder, BODY_BREAK)) {
        markdown_append_words(builder, " ", 1);
    }
}

/* Whether the paragraph right above continues in this one: what the parser took for a list's
 * marker was a word at the beginning of a line. */
static bool goes_on(const struct markdown_builder *builder, int line)
{
    return builder->number.length && builder->paragraph &&
           builder->paragraph->parent == builder->current && builder->paragraph_end + 1 == line &&
           builder->current->last_child == builder->paragraph;
}

/* Whether it stands in an item of a list without empty lines. Lists whose numbers are words are
 * passed over. */
static bool is_tight(cmark_node *paragraph)
{
    cmark_node *list = paragraph;
    do {
        list = cmark_node_parent(list);
        list = list ? cmark_node_parent(list) : NULL;
    } while (list && markdown_list_is_words(list));
    return list && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

bool markdown_enter_paragraph(struct markdown_builder *builder, cmark_node *node)
{
    int first = markdown_source_line_of(node);
    int last = cmark_node_get_end_line(node);
    struct body_node *paragraph = NULL;
    markdown_html_reset(builder);
    if (goes_on(builder, first)) {
        paragraph = builder->paragraph;
        if (!markdown_enter(builder, paragraph))
            return false;
        markdown_append_line_end(builder, first - 1);
    } else {
        bool in_item = is_tight(node) && builder->current->kind == BODY_ITEM;
        const struct body_node *above = builder->current->last_child;
        if (!in_item)
            paragraph = markdown_make(builder, BODY_PARAGRAPH);
        else if (above && !body_kind_is_block(above->kind))
            (void)markdown_make(builder, BODY_BREAK); /* a block between them was left out */
        if (!markdown_enter(builder, paragraph))
            return false;
    }
    builder->paragraph_end = last;
    string_builder_append_bytes(&builder->words, builder->number.data, builder->number.length);
    string_builder_clear(&builder->number);
    return true;
}

static void trim_breaks(struct body_node *node)
{
    while (node->last_child && node->last_child->kind == BODY_BREAK)
        remove_last(node);
}

/* Turns a paragraph that is only a picture into a figure, and removes an empty one. */
void markdown_leave_paragraph(struct markdown_builder *builder)
{
    struct body_node *node = builder->current;
    markdown_flush(builder);
    trim_breaks(node);
    markdown_leave(builder);
    if (node->kind != BODY_PARAGRAPH)
        return;
    const struct body_node *child = node->first_child;
    builder->paragraph = child ? node : NULL;
    if (!child) {
        remove_last(node->parent);
        return;
    }
    if (child->next || child->kind != BODY_IMAGE)
        return;
    node->kind = BODY_FIGURE;
    builder->paragraph = NULL;
    if (builder->image_title && *builder->image_title) {
        struct body_node *caption = body_append(builder->reading->arena, node, BODY_CAPTION);
        body_append_text(builder->reading->arena, caption, builder->image_title,
                         strlen(builder->image_title));
    }
    builder->image_title = NULL;
}
