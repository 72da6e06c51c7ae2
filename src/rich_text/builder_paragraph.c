/* SPDX-License-Identifier: MIT */
/* Paragraphs, and what they become: figures, captions, items, quotes, preformatted texts. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"

#include <string.h>

static void append_label(struct builder *builder)
{
    const char *label = builder_label(builder);
    if (!label || !*label)
        return;
    size_t length = strlen(label);
    builder_append_words(builder, label, length, 0);
    builder_count(builder, label, length);
    builder->context->label_length = length;
    builder->context->gap = true;
}

void builder_begin_paragraph(struct builder *builder, const struct builder_paragraph *paragraph)
{
    struct builder_context *context = builder->context;
    builder_end_paragraph(builder);
    if (builder->is_too_large)
        return;
    context->is_open = true;
    context->paragraph = *paragraph;
    context->piece_count = 0;
    context->words_length = 0;
    context->gap = false;
    context->label_length = 0;
    append_label(builder);
}

/* The picture alone, with the caption that waits for it. */
static void write_figure(struct builder *builder, struct body_node *parent,
                         const struct piece *piece)
{
    struct builder_context *context = builder->context;
    struct body_node *figure = context->caption;
    if (!figure || figure != parent->last_child) {
        figure = builder_block(builder, parent, BODY_FIGURE, 0, 0);
        builder_write_image(builder, figure, piece);
        return;
    }
    struct body_node words = { .kind = BODY_CAPTION };
    builder_move_children(builder, &words, figure);
    figure->kind = BODY_FIGURE;
    if (context->last_block && context->last_block->node == figure)
        context->last_block->marks = 0;
    if (context->last_block && context->last_block->node == figure)
        context->last_block->outline = 0;
    builder_write_image(builder, figure, piece);
    struct body_node *caption = builder_node(builder, figure, BODY_CAPTION);
    builder_move_children(builder, caption, &words);
    builder_set_caption(builder, figure, caption);
    context->caption = NULL;
}

/* The figure that the open paragraph is the caption of; NULL. */
static struct body_node *figure_before(const struct builder *builder,
                                       const struct body_node *parent)
{
    struct body_node *last = parent->last_child;
    if (!builder->context->paragraph.is_caption || !last || last->kind != BODY_FIGURE)
        return NULL;
    return last->last_child->kind == BODY_IMAGE ? last : NULL;
}

/* What anchors before here lead to. */
static void set_anchors(struct builder *builder, struct body_node *node)
{
    if (!builder->has_waiting_anchor)
        return;
    for (struct builder_anchor_place *place = builder->anchors; place && !place->node;
         place = place->next) {
        place->node = node;
        place->is_heading = builder->context->paragraph.outline > 0;
    }
    builder->has_waiting_anchor = false;
}

static void write_words(struct builder *builder, struct body_node *parent, size_t from, size_t to,
                        unsigned marks)
{
    struct builder_context *context = builder->context;
    const struct builder_paragraph *paragraph = &context->paragraph;
    struct body_node *figure = figure_before(builder, parent);
    if (figure) {
        struct body_node *caption = builder_node(builder, figure, BODY_CAPTION);
        builder_write_pieces(builder, caption, from, to);
        builder_set_caption(builder, figure, caption);
        return;
    }
    if (paragraph->is_caption)
        marks |= RICH_TEXT_CAPTION;
    struct body_node *node = builder_block(builder, parent, BODY_PARAGRAPH, marks,
                                           paragraph->outline);
    builder_write_pieces(builder, node, from, to);
    set_anchors(builder, node);
    if (paragraph->is_caption)
        context->caption = node;
}

static bool is_image(const struct piece *piece)
{
    return piece->kind == PIECE_IMAGE;
}

/* Pieces without two line breaks between them: pictures before and behind the words are figures. */
static void write_segment(struct builder *builder, size_t from, size_t to, unsigned marks)
{
    const struct piece *pieces = builder->context->pieces;
    size_t first = from; /* of what stands among words */
    while (first < to && pieces[first].kind != PIECE_TEXT)
        first++;
    size_t last = to;
    while (last > first && pieces[last - 1].kind != PIECE_TEXT)
        last--;
    struct body_node *parent = builder_place_paragraph(builder);
    for (size_t i = from; i < first; i++)
        if (is_image(&pieces[i]))
            write_figure(builder, parent, &pieces[i]);
    if (first < last)
        write_words(builder, parent, first, last, marks);
    for (size_t i = last; i < to && last > from; i++)
        if (i >= first && is_image(&pieces[i]))
            write_figure(builder, parent, &pieces[i]);
}

/* Whether anything is to be written of the pieces. */
static bool has_content(const struct piece *pieces, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (pieces[i].kind != PIECE_BREAK)
            return true;
    return false;
}

static void write_segments(struct builder *builder, unsigned marks)
{
    struct builder_context *context = builder->context;
    const struct piece *pieces = context->pieces;
    size_t count = context->piece_count;
    for (size_t from = 0; from < count;) {
        size_t to = from;
        while (to < count && !(pieces[to].kind == PIECE_BREAK && to + 1 < count &&
                               pieces[to + 1].kind == PIECE_BREAK))
            to++;
        if (has_content(pieces, from, to)) {
            write_segment(builder, from, to, marks);
            context->paragraph.continues_item = context->paragraph.list_level > 0;
        }
        from = to;
        while (from < count && pieces[from].kind == PIECE_BREAK)
            from++;
    }
}

/* Lines of one style that follow each other are one text. */
static void write_preformatted(struct builder *builder)
{
    struct builder_context *context = builder->context;
    const struct piece *pieces = context->pieces;
    struct body_node *node = NULL;
    struct body_node *parent = NULL;
    for (size_t i = 0; i < context->piece_count; i++) {
        const struct piece *piece = &pieces[i];
        parent = parent ? parent : builder_place_paragraph(builder);
        if (piece->kind == PIECE_IMAGE) {
            write_figure(builder, parent, piece);
            node = NULL;
            continue;
        }
        if (!node && parent->last_child && parent->last_child->kind == BODY_PREFORMATTED) {
            node = parent->last_child;
            body_append_text(builder->arena, node, "\n", 1);
        } else if (!node)
            node = builder_block(builder, parent, BODY_PREFORMATTED, 0, 0);
        body_append_text(builder->arena, node, piece->bytes, piece->length);
    }
}

/* The line ends at the end of a preformatted text go; whether any of it is left. */
static bool trim_preformatted(struct builder_context *context)
{
    while (context->piece_count) {
        struct piece *piece = &context->pieces[context->piece_count - 1];
        if (piece->kind != PIECE_TEXT)
            return true;
        while (piece->length && strchr(" \t\r\n", context->words[piece->begin + piece->length - 1]))
            piece->length--;
        if (piece->length)
            return true;
        context->piece_count--;
    }
    return false;
}

static void join_lines(struct builder_context *context)
{
    for (size_t i = 0; i < context->piece_count; i++)
        if (context->pieces[i].kind == PIECE_BREAK) {
            context->pieces[i].kind = PIECE_TEXT;
            context->pieces[i].bytes = " ";
            context->pieces[i].length = 1;
        }
}

static void write_paragraph(struct builder *builder)
{
    struct builder_context *context = builder->context;
    const struct builder_paragraph *paragraph = &context->paragraph;
    bool is_heading = paragraph->outline > 0 ||
                      (paragraph->marks & (RICH_TEXT_TITLE | RICH_TEXT_SUBTITLE));
    unsigned common = builder_settle_styles(builder);
    unsigned marks = paragraph->marks;
    marks |= common & BUILDER_BOLD ? RICH_TEXT_BOLD : 0;
    marks |= common & BUILDER_LARGE ? RICH_TEXT_LARGE : 0;
    if (is_heading)
        builder_drop_style(builder, common & BUILDER_BOLD);
    if (is_heading || paragraph->is_caption)
        builder_drop_style(builder, common & BUILDER_ITALIC);
    if (is_heading)
        join_lines(context);
    write_segments(builder, marks);
}

void builder_end_paragraph(struct builder *builder)
{
    struct builder_context *context = builder->context;
    if (!context->is_open)
        return;
    context->is_open = false;
    if (builder->is_too_large)
        return;
    if (context->paragraph.is_preformatted) {
        if (trim_preformatted(context)) {
            (void)builder_settle_styles(builder);
            write_preformatted(builder);
        }
        return;
    }
    builder_trim(context);
    while (context->piece_count && context->pieces[context->piece_count - 1].kind == PIECE_BREAK) {
        context->piece_count--;
        builder_trim(context);
    }
    if (context->piece_count)
        write_paragraph(builder);
}

void builder_rule(struct builder *builder)
{
    builder_end_paragraph(builder);
    if (builder->is_too_large)
        return;
    struct body_node *parent = builder_place(builder, false);
    if (!parent->last_child || parent->last_child->kind != BODY_RULE)
        (void)builder_block(builder, parent, BODY_RULE, 0, 0);
}
