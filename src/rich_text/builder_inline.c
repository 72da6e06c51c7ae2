/* SPDX-License-Identifier: MIT */
/* What stands in a paragraph: pieces of one style each, until the paragraph ends. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <string.h>

static const char no_break_space[] = "\xC2\xA0";

enum { NO_BREAK_SPACE = 0xa0, NO_BREAK_SPACE_LENGTH = sizeof no_break_space - 1 };

/* ---- pieces ---- */

struct piece *builder_add_piece(struct builder *builder, enum piece_kind kind)
{
    struct builder_context *context = builder->context;
    if (builder->nodes + context->piece_count >= BODY_NODES_MAXIMUM)
        builder_fail(builder, "text");
    if (builder->is_too_large)
        return NULL;
    ARRAY_GROW_IN(builder->arena, context->pieces, context->piece_count, context->piece_capacity);
    struct piece *piece = &context->pieces[context->piece_count++];
    *piece = (struct piece){ .kind = kind, .link = context->link };
    return piece;
}

static struct piece *last_piece(const struct builder_context *context)
{
    return context->piece_count ? &context->pieces[context->piece_count - 1] : NULL;
}

static void append_bytes(struct builder *builder, const char *bytes, size_t length)
{
    struct builder_context *context = builder->context;
    size_t needed = context->words_length + length;
    if (needed > context->words_capacity) {
        size_t capacity = context->words_capacity ? context->words_capacity : 256;
        while (capacity < needed)
            capacity *= 2;
        char *words = arena_allocate(builder->arena, capacity);
        if (context->words_length)
            memcpy(words, context->words, context->words_length);
        context->words = words;
        context->words_capacity = capacity;
    }
    memcpy(context->words + context->words_length, bytes, length);
    context->words_length = needed;
}

/* Appends to the last piece where it is of that style, else makes another. */
static void append_text(struct builder *builder, const char *bytes, size_t length, unsigned style,
                        const struct builder_link *link)
{
    struct piece *piece = last_piece(builder->context);
    if (!piece || piece->kind != PIECE_TEXT || piece->style != style || piece->link != link) {
        piece = builder_add_piece(builder, PIECE_TEXT);
        if (!piece)
            return;
        piece->style = style;
        piece->link = link;
        piece->begin = builder->context->words_length;
    }
    append_bytes(builder, bytes, length);
    piece->length += length;
    piece->has_letters = piece->has_letters || builder_letters(bytes, length) > 0;
}

void builder_trim(struct builder_context *context)
{
    struct piece *piece = last_piece(context);
    while (piece && piece->kind == PIECE_TEXT) {
        const char *bytes = context->words + piece->begin;
        if (piece->length >= NO_BREAK_SPACE_LENGTH &&
            memcmp(bytes + piece->length - NO_BREAK_SPACE_LENGTH, no_break_space,
                   NO_BREAK_SPACE_LENGTH) == 0)
            piece->length -= NO_BREAK_SPACE_LENGTH;
        else if (piece->length && bytes[piece->length - 1] == ' ')
            piece->length--;
        else if (piece->length)
            return;
        context->words_length = piece->begin + piece->length;
        if (!piece->length)
            context->piece_count--;
        piece = last_piece(context);
    }
}

/* The white space before a word of that style, where there was some. */
static void append_gap(struct builder *builder, unsigned style)
{
    struct builder_context *context = builder->context;
    if (context->gap)
        builder_trim(context);
    const struct piece *piece = last_piece(context);
    if (context->gap && piece && piece->kind != PIECE_BREAK)
        append_text(builder, " ", 1, piece->style & style,
                    piece->link == context->link ? context->link : NULL);
    context->gap = false;
}

/* Whether a no-break space is as good as none here: at the beginning of a line, or beside another
 * space. */
static bool is_beside_space(const struct builder_context *context)
{
    return context->gap || !context->piece_count || last_piece(context)->kind == PIECE_BREAK;
}

static void append_folded(struct builder *builder, const char *bytes, size_t length, unsigned style)
{
    struct builder_context *context = builder->context;
    size_t offset = 0;
    while (offset < length) {
        size_t word = offset;
        size_t end = offset;
        uint32_t c = 0;
        while (utf8_next(bytes, length, &offset, &c) && !utf8_is_space(c) &&
               !(c == NO_BREAK_SPACE && end == word && is_beside_space(context)))
            end = offset;
        if (end > word) {
            append_gap(builder, style);
            append_text(builder, bytes + word, end - word, style, context->link);
        }
        context->gap = context->gap || offset > end;
        if (offset == end && end < length)
            offset++; /* no UTF-8: cannot be, as it was cleaned */
    }
}

/* UTF-8 in form C, of characters that XML allows and somebody sees. */
static void clean(struct string_builder *to, const char *bytes, size_t length)
{
    struct string_builder characters;
    struct string_builder seen;
    string_builder_init(&characters, 0);
    string_builder_init(&seen, 0);
    utf8_append_clean(&characters, bytes, length);
    invisible_append_others(&seen, characters.data, characters.length);
    unicode_append_nfc(to, seen.data, seen.length);
    string_builder_release(&characters);
    string_builder_release(&seen);
}

static bool is_plain(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] >= 0x7f ||
            ((unsigned char)bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\t'))
            return false;
    return true;
}

void builder_append_words(struct builder *builder, const char *bytes, size_t length, unsigned style)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    if (!is_plain(bytes, length)) {
        clean(&text, bytes, length);
        bytes = text.data;
        length = text.length;
    }
    if (builder->context->paragraph.is_preformatted)
        append_text(builder, bytes, length, 0, NULL);
    else
        append_folded(builder, bytes, length, style);
    string_builder_release(&text);
}

/* ---- styles ---- */

enum { WORD_STYLES = BUILDER_BOLD | BUILDER_ITALIC };

/* Marks and white space take the style of the words around them: what is set in another is a slip
 * that nobody sees. before, behind: of the words there; 0 at an edge. */
static unsigned style_between(unsigned own, unsigned before, unsigned behind)
{
    unsigned style = (before & behind) | (own & (before | behind));
    return (style & WORD_STYLES) | (own & BUILDER_CODE);
}

/* What we put before the words is set as they are. */
static void settle_label(struct builder_context *context)
{
    if (context->label_length && context->piece_count > 1 &&
        context->pieces[0].length <= context->label_length + 1)
        context->pieces[0].style = context->pieces[1].style;
}

unsigned builder_settle_styles(struct builder *builder)
{
    struct builder_context *context = builder->context;
    unsigned common = ~0U;
    bool has_words = false;
    size_t behind = 0; /* index of the next piece with letters */
    const struct piece *before = NULL;
    settle_label(context);
    for (size_t i = 0; i < context->piece_count; i++) {
        struct piece *piece = &context->pieces[i];
        piece->bytes = context->words ? context->words + piece->begin : "";
        if (piece->kind == PIECE_TEXT && piece->has_letters) {
            common &= piece->style;
            has_words = true;
            before = piece;
            continue;
        }
        for (behind = behind > i ? behind : i + 1;
             behind < context->piece_count && !context->pieces[behind].has_letters;)
            behind++;
        if (piece->kind == PIECE_IMAGE)
            continue;
        const struct piece *next = behind < context->piece_count ? &context->pieces[behind] : NULL;
        piece->style = style_between(piece->style, before ? before->style : 0,
                                     next ? next->style : 0);
    }
    return has_words ? common : 0;
}

void builder_drop_style(struct builder *builder, unsigned style)
{
    for (size_t i = 0; i < builder->context->piece_count; i++)
        builder->context->pieces[i].style &= ~style;
}

/* ---- writing ---- */

struct writing {
    struct builder *builder;
    const struct piece *pieces;
};

/* How far the pieces from i on have the style, without an end within a link that begins behind i.
 */
static size_t style_end(const struct writing *writing, size_t i, size_t to, unsigned style,
                        bool is_in_link)
{
    const struct piece *pieces = writing->pieces;
    size_t end = i;
    while (end < to && pieces[end].kind != PIECE_IMAGE && pieces[end].style & style)
        end++;
    while (!is_in_link && end > i && end < to && pieces[end].link &&
           pieces[end].link == pieces[end - 1].link)
        end--;
    return end;
}

static size_t link_end(const struct writing *writing, size_t i, size_t to)
{
    size_t end = i;
    while (end < to && writing->pieces[end].link == writing->pieces[i].link)
        end++;
    return end;
}

static size_t write_code(struct writing *writing, struct body_node *parent, size_t i, size_t to)
{
    const struct piece *pieces = writing->pieces;
    struct string_builder text;
    struct body_node *node = builder_node(writing->builder, parent, BODY_CODE);
    string_builder_init(&text, 0);
    const struct piece *first = &pieces[i];
    for (; i < to && pieces[i].kind == PIECE_TEXT && pieces[i].style == first->style &&
           pieces[i].link == first->link;
         i++)
        string_builder_append_bytes(&text, pieces[i].bytes, pieces[i].length);
    node->text = arena_copy_bytes(writing->builder->arena, text.data, text.length);
    string_builder_release(&text);
    return i;
}

static size_t write_piece(struct writing *writing, struct body_node *parent, size_t i, size_t to)
{
    const struct piece *piece = &writing->pieces[i];
    if (piece->kind == PIECE_BREAK)
        (void)builder_node(writing->builder, parent, BODY_BREAK);
    else if (piece->kind == PIECE_IMAGE)
        builder_write_image(writing->builder, parent, piece);
    else if (piece->style & BUILDER_CODE)
        return write_code(writing, parent, i, to);
    else {
        writing->builder->nodes++;
        body_append_text(writing->builder->arena, parent, piece->bytes, piece->length);
    }
    return i + 1;
}

static struct body_node *write_link(struct writing *writing, struct body_node *parent,
                                    const struct builder_link *link)
{
    struct builder *builder = writing->builder;
    struct body_node *node = builder_node(builder, parent, BODY_LINK);
    node->target = link->target;
    if (link->anchor && builder->anchor_link_count < ANCHORS_MAXIMUM) {
        builder->anchor_link_count++;
        struct builder_anchor_link *place = arena_allocate(builder->arena, sizeof *place);
        place->link = node;
        place->name = link->anchor;
        place->next = builder->anchor_links;
        builder->anchor_links = place;
    }
    return node;
}

/* Whether the pieces have anything that could be clicked. */
static bool is_shown(const struct writing *writing, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (writing->pieces[i].kind != PIECE_BREAK)
            return true;
    return false;
}

/* open: the styles that parent stands in already. The longest run goes outside. */
static void write_range(struct writing *writing, struct body_node *parent, size_t from, size_t to,
                        unsigned open, bool is_in_link)
{
    static const struct {
        unsigned style;
        enum body_kind kind;
    } styles[] = { { BUILDER_BOLD, BODY_STRONG }, { BUILDER_ITALIC, BODY_EMPHASIS } };

    for (size_t i = from; i < to;) {
        const struct piece *piece = &writing->pieces[i];
        size_t end = !is_in_link && piece->link ? link_end(writing, i, to) : i;
        int best = -1;
        if (!is_shown(writing, i, end))
            end = i;
        for (int s = 0; s < 2; s++) {
            if (open & styles[s].style)
                continue;
            size_t run = style_end(writing, i, to, styles[s].style, is_in_link);
            if (run > end) {
                end = run;
                best = s;
            }
        }
        if (end == i) {
            i = write_piece(writing, parent, i, to);
            continue;
        }
        if (best >= 0)
            write_range(writing, builder_node(writing->builder, parent, styles[best].kind), i, end,
                        open | styles[best].style, is_in_link);
        else
            write_range(writing, write_link(writing, parent, piece->link), i, end, open, true);
        i = end;
    }
}

void builder_write_pieces(struct builder *builder, struct body_node *parent, size_t from, size_t to)
{
    struct writing writing = { .builder = builder, .pieces = builder->context->pieces };
    write_range(&writing, parent, from, to, 0, false);
}
