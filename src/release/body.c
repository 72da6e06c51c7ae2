/* SPDX-License-Identifier: MIT */
#include "release/body.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
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

static void append_clean(struct arena *arena, struct body_node *parent, const char *bytes,
                         size_t length)
{
    struct body_node *node = parent->last_child;
    if (!length)
        return;
    if (!node || node->kind != BODY_TEXT)
        node = body_append(arena, parent, BODY_TEXT);
    else if (node->text && node->text != node->buffer)
        buffer_append(arena, node, node->text, strlen(node->text));
    buffer_append(arena, node, bytes, length);
}

/* Whether nothing of it is left out, as of nearly all texts; false also where that depends on what
 * stands before a character. */
static bool is_clean(const char *bytes, size_t length)
{
    size_t offset = 0;
    uint32_t c;
    while (offset < length)
        if (bytes[offset] >= ' ' && bytes[offset] < 0x7f)
            offset++;
        else if (!utf8_next(bytes, length, &offset, &c) || !utf8_is_xml_character(c) ||
                 invisible_is_left_out(0, c))
            return false;
    return true;
}

void body_append_text(struct arena *arena, struct body_node *parent, const char *bytes,
                      size_t length)
{
    struct string_builder characters;
    struct string_builder clean;
    if (is_clean(bytes, length)) {
        append_clean(arena, parent, bytes, length);
        return;
    }
    string_builder_init(&characters, length + 1);
    string_builder_init(&clean, length + 1);
    utf8_append_clean(&characters, bytes, length);
    invisible_append_others(&clean, characters.data, characters.length);
    string_builder_release(&characters);
    append_clean(arena, parent, clean.data, clean.length);
    string_builder_release(&clean);
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

/* A word, or what one goes on with; *gap says that white space came since the last one. */
static void append_part(struct string_builder *text, bool *gap, const char *bytes, size_t length)
{
    if (!length)
        return;
    if (*gap && text->length)
        string_builder_append_character(text, ' ');
    *gap = false;
    string_builder_append_bytes(text, bytes, length);
}

/* Appends words with one space between them, without what is no UTF-8. */
static void append_folded(struct string_builder *text, bool *gap, const char *string)
{
    size_t length = strlen(string);
    size_t offset = 0;
    size_t part = 0; /* where what is not appended yet begins */
    while (offset < length) {
        size_t here = offset;
        uint32_t c;
        bool is_within = string[offset] == ' ' && offset > part; /* one space between words */
        if ((signed char)string[offset + is_within] > ' ') {     /* most of all text */
            offset++;
            continue;
        }
        bool is_character = utf8_next(string, length, &offset, &c);
        bool is_space = is_character && utf8_is_space(c);
        if (is_character && !is_space)
            continue;
        append_part(text, gap, string + part, here - part);
        *gap = *gap || is_space;
        offset = is_character ? offset : here + 1;
        part = offset;
    }
    append_part(text, gap, string + part, length - part);
}

static void append_plain(struct string_builder *text, bool *gap, const struct body_node *node)
{
    if (body_kind_is_block(node->kind) || node->kind == BODY_BREAK)
        *gap = true;
    if ((node->kind == BODY_TEXT || node->kind == BODY_CODE) && node->text)
        append_folded(text, gap, node->text);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        append_plain(text, gap, child);
    if (body_kind_is_block(node->kind))
        *gap = true;
}

const char *body_plain_text(struct arena *arena, const struct body_node *node)
{
    if (!node)
        return "";
    struct string_builder text;
    string_builder_init(&text, 0);
    bool gap = false;
    append_plain(&text, &gap, node);
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
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
