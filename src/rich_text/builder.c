/* SPDX-License-Identifier: MIT */
/* Blocks: paragraphs and what they become, quotes, rules, the whole. */
#include "rich_text/builder.h"

#include "base/arena.h"
#include "rich_text/builder_parts.h"

#include <string.h>

/* ---- nodes ---- */

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

/* ---- paragraphs ---- */

static void append_label(struct builder *builder)
{
    const char *label = builder_label(builder);
    if (!label || !*label)
        return;
    size_t length = strlen(label);
    builder_text(builder, label, length, 0);
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

/* ---- the whole ---- */

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
