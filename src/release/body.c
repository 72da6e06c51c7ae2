/* SPDX-License-Identifier: MIT */
#include "release/body.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

struct body_node *body_new(struct arena *arena)
{
    struct body_node *node = arena_allocate(arena, sizeof *node);
    node->kind = BODY_DOCUMENT;
    return node;
}

struct body_node *body_append(struct arena *arena, struct body_node *parent, enum body_kind kind)
{
    struct body_node *node = arena_allocate(arena, sizeof *node);
    node->kind = kind;
    node->parent = parent;
    if (parent->last_child)
        parent->last_child->next = node;
    else
        parent->first_child = node;
    parent->last_child = node;
    return node;
}

/* Room doubles, so that a text that comes in many pieces costs no more than in one. */
static void buffer_append(struct arena *arena, struct body_node *node, const char *bytes,
                          size_t length)
{
    size_t needed = node->buffer_length + length + 1;
    if (needed > node->buffer_capacity) {
        size_t capacity = node->buffer_capacity ? 2 * node->buffer_capacity : 16;
        while (capacity < needed)
            capacity *= 2;
        /* The first piece often is the only one: it gets no more than it needs. */
        if (!node->buffer_capacity && needed > 16)
            capacity = needed;
        char *buffer = arena_allocate(arena, capacity);
        if (node->buffer_length)
            memcpy(buffer, node->buffer, node->buffer_length);
        node->buffer = buffer;
        node->buffer_capacity = capacity;
    }
    memcpy(node->buffer + node->buffer_length, bytes, length);
    node->buffer_length += length;
    node->buffer[node->buffer_length] = '\0';
    node->text = node->buffer;
}

void body_append_text(struct arena *arena, struct body_node *parent, const char *bytes,
                      size_t length)
{
    struct text characters;
    struct text clean;
    text_init(&characters, length + 1);
    text_init(&clean, length + 1);
    utf8_append_clean(&characters, bytes, length);
    invisible_append_others(&clean, characters.data, characters.length);
    text_release(&characters);
    if (clean.length) {
        struct body_node *node = parent->last_child;
        if (!node || node->kind != BODY_TEXT)
            node = body_append(arena, parent, BODY_TEXT);
        else if (node->text && node->text != node->buffer)
            buffer_append(arena, node, node->text, strlen(node->text));
        buffer_append(arena, node, clean.data, clean.length);
    }
    text_release(&clean);
}

int body_depth(const struct body_node *node)
{
    int depth = 0;
    while ((node = node->parent))
        depth++;
    return depth;
}

bool body_kind_is_block(enum body_kind kind)
{
    return kind >= BODY_PARAGRAPH && kind <= BODY_RULE;
}

bool body_may_contain(enum body_kind parent, enum body_kind child)
{
    bool is_part = child == BODY_ITEM || child == BODY_CAPTION || child == BODY_ROW ||
                   child == BODY_CELL || child == BODY_DOCUMENT || child >= BODY_KIND_COUNT;
    bool is_inline = child >= BODY_TEXT && child < BODY_KIND_COUNT;
    switch (parent) {
    case BODY_DOCUMENT:
    case BODY_QUOTE:
    case BODY_ITEM:
        return !is_part;
    case BODY_PARAGRAPH:
    case BODY_HEADING:
    case BODY_CAPTION:
    case BODY_CELL:
    case BODY_EMPHASIS:
    case BODY_STRONG:
        return is_inline;
    case BODY_LINK:
        return is_inline && child != BODY_LINK;
    case BODY_LIST:
        return child == BODY_ITEM;
    case BODY_PREFORMATTED:
    case BODY_CODE:
        return child == BODY_TEXT;
    case BODY_FIGURE:
        return child == BODY_IMAGE || child == BODY_CAPTION;
    case BODY_TABLE:
        return child == BODY_ROW;
    case BODY_ROW:
        return child == BODY_CELL;
    case BODY_RULE:
    case BODY_TEXT:
    case BODY_BREAK:
    case BODY_IMAGE:
    case BODY_KIND_COUNT:
        return false;
    }
    return false;
}

/* Appends words with one space between them; *gap says that white space came since the last one. */
static void append_folded(struct text *text, size_t start, bool *gap, const char *string)
{
    size_t length = strlen(string);
    size_t offset = 0;
    while (offset < length) {
        size_t here = offset;
        uint32_t c;
        if (!utf8_next(string, length, &offset, &c)) {
            offset = here + 1;
            continue;
        }
        if (utf8_is_space(c)) {
            *gap = true;
            continue;
        }
        if (*gap && text->length > start)
            text_append_character(text, ' ');
        *gap = false;
        text_append_bytes(text, string + here, offset - here);
    }
}

static void append_plain(struct text *text, bool *gap, const struct body_node *node)
{
    if (body_kind_is_block(node->kind) || node->kind == BODY_BREAK)
        *gap = true;
    if ((node->kind == BODY_TEXT || node->kind == BODY_CODE) && node->text)
        append_folded(text, 0, gap, node->text);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        append_plain(text, gap, child);
    if (body_kind_is_block(node->kind))
        *gap = true;
}

const char *body_plain_text(struct arena *arena, const struct body_node *node)
{
    if (!node)
        return "";
    struct text text;
    text_init(&text, 0);
    bool gap = false;
    append_plain(&text, &gap, node);
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    text_release(&text);
    return result;
}

static bool has_words(const struct body_node *node)
{
    if ((node->kind == BODY_TEXT || node->kind == BODY_CODE) && node->text &&
        node->text[strspn(node->text, " \t\r\n")])
        return true;
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (has_words(child))
            return true;
    return false;
}

const struct body_node *body_first_paragraph(const struct body_node *document)
{
    if (!document)
        return NULL;
    for (const struct body_node *node = document->first_child; node; node = node->next)
        if (node->kind == BODY_PARAGRAPH && has_words(node))
            return node;
    return NULL;
}

bool body_begins_with(const struct body_node *document, const struct body_node *block)
{
    const struct body_node *node = document->first_child;
    while (node && node != block && !has_words(node))
        node = node->next;
    return node == block;
}
