/* SPDX-License-Identifier: MIT */
#include "intake/text_block.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/bare_address.h"
#include "intake/left_out.h"
#include "intake/list_number.h"
#include "intake/reader.h"
#include "intake/text_heading.h"
#include "intake/text_line.h"
#include "intake/text_mark.h"
#include "locale/unicode.h"
#include "release/body.h"
#include "release/release.h"

#include <stdint.h>
#include <string.h>

/* How many levels of lists within lists are kept. */
enum { LEVELS = 4 };

struct blocks {
    struct intake_reading *reading;
    const struct text_lines *lines;
    bool wants_gap;
};

static struct body_node *append(const struct blocks *blocks, struct body_node *parent,
                                enum body_kind kind, const char *words)
{
    struct body_node *node = body_append(blocks->reading->arena, parent, kind);
    node->level = kind == BODY_HEADING ? 2 : 0;
    bare_address_append(blocks->reading->arena, node, words, strlen(words));
    return node;
}

static const char *words_at(const struct text_lines *lines, size_t index)
{
    return index < lines->count && !lines->lines[index].is_rule ? lines->lines[index].text : "";
}

static const char *line_at(const struct blocks *blocks, size_t index)
{
    return words_at(blocks->lines, index);
}

/* ---- bullets ---- */

/* Whether the line begins with "o ", as which word processors write an empty bullet. */
static bool is_letter_o(const char *line)
{
    return text_line_begins(line, "o ") && line[2];
}

/* What follows the bullet, whose length is *size; with_o: "o " counts as one. */
static const char *behind_bullet(const char *line, bool with_o, size_t *size)
{
    if (with_o && is_letter_o(line)) {
        *size = 1;
        return line + 2;
    }
    return text_behind_bullet(line, size);
}

/* How many lines from there on are items; "o " counts only next to another item. */
static size_t bullets(const struct blocks *blocks, size_t index)
{
    size_t count = 0;
    size_t size;
    while (behind_bullet(line_at(blocks, index + count), true, &size))
        count++;
    return count == 1 && !behind_bullet(line_at(blocks, index), false, &size) ? 0 : count;
}

struct level {
    const char *bullet;
    size_t size;
    struct body_node *list;
};

/* The level of a bullet: that of the same bullet above, else one deeper than the last. */
static int level_of(const struct level *levels, int depth, const char *line, size_t size)
{
    for (int i = 0; i <= depth; i++)
        if (levels[i].size == size && memcmp(levels[i].bullet, line, size) == 0)
            return i;
    return depth + 1 < LEVELS ? depth + 1 : depth;
}

static void append_bullets(const struct blocks *blocks, size_t index, size_t count)
{
    struct arena *arena = blocks->reading->arena;
    struct level levels[LEVELS] = { { NULL, 0, NULL } };
    int depth = -1;
    for (size_t i = index; i < index + count; i++) {
        size_t size = 0;
        const char *line = line_at(blocks, i);
        const char *words = behind_bullet(line, true, &size);
        int level = level_of(levels, depth, line, size);
        if (level > depth) {
            struct body_node *parent = level ? levels[level - 1].list->last_child
                                             : blocks->reading->release->body;
            levels[level] = (struct level){ line, size, body_append(arena, parent, BODY_LIST) };
        }
        depth = level;
        left_out_as_mark(blocks->reading, line, size); /* "o" */
        (void)append(blocks, levels[level].list, BODY_ITEM, words);
    }
}

/* ---- numbers ---- */

/* Whether the numbers of these lines are days, ordinals and the like: "9. juni", "1. kvartal". */
static bool are_words(const struct blocks *blocks, size_t index, size_t count)
{
    struct arena *arena = blocks->reading->arena;
    struct list_number *items = arena_allocate_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        struct text_number number;
        const char *line = line_at(blocks, index + i);
        (void)text_number_read(line, &number);
        line += *line == '(';
        items[i] = (struct list_number){ .digits = line,
                                         .length = strspn(line, "0123456789"),
                                         .delimiter = number.mark,
                                         .words = number.words,
                                         .words_length = strlen(number.words) };
    }
    return list_number_is_words(arena, items, count, 0, blocks->reading->words);
}

/* How many lines from there on count on by one. */
static size_t numbers(const struct blocks *blocks, size_t index)
{
    struct text_number first;
    struct text_number next;
    size_t count = 1;
    if (!text_number_read(line_at(blocks, index), &first))
        return 0;
    while (text_number_read(line_at(blocks, index + count), &next) && next.mark == first.mark &&
           next.is_letter == first.is_letter && next.value == first.value + (int)count)
        count++;
    return count > 1 ? count : 0;
}

static void append_numbers(const struct blocks *blocks, size_t index, size_t count)
{
    struct text_number number;
    struct body_node *body = blocks->reading->release->body;
    (void)text_number_read(line_at(blocks, index), &number);
    if (!number.is_letter && are_words(blocks, index, count)) {
        for (size_t i = index; i < index + count; i++)
            (void)append(blocks, body, BODY_PARAGRAPH, line_at(blocks, i));
        return;
    }
    struct body_node *list = body_append(blocks->reading->arena, body, BODY_LIST);
    list->is_ordered = !number.is_letter;
    list->start_offset = list->is_ordered ? number.value - 1 : 0;
    for (size_t i = index; i < index + count; i++) {
        const char *line = line_at(blocks, i);
        (void)text_number_read(line, &number);
        (void)append(blocks, list, BODY_ITEM, number.is_letter ? line : number.words);
    }
}

/* ---- dashes ---- */

static bool begins_small(const char *words)
{
    size_t offset = 0;
    uint32_t c;
    return utf8_next(words, strlen(words), &offset, &c) && unicode_is_lower(c);
}

/* How many lines with a dash follow each other, either all or none with an empty line between. */
static size_t dashes(const struct blocks *blocks, size_t index)
{
    const struct text_line *lines = &blocks->lines->lines[index];
    size_t count = 0;
    while (text_behind_dash(line_at(blocks, index + count)) &&
           (count < 2 || lines[count].after_gap == lines[1].after_gap))
        count++;
    return count;
}

bool text_dashes_are_list(const struct text_lines *lines, size_t index, size_t count)
{
    bool small = true;
    bool closed = false;
    const char *above = index ? words_at(lines, index - 1) : "";
    size_t length = strlen(above);
    for (size_t i = index; i < index + count; i++) {
        const char *words = text_behind_dash(words_at(lines, i));
        small = small && begins_small(words);
        closed = closed || text_line_is_closed(words);
    }
    return count > 1 && ((length && above[length - 1] == ':') || small || !closed);
}

static void append_dashes(const struct blocks *blocks, size_t index, size_t count)
{
    struct arena *arena = blocks->reading->arena;
    struct body_node *body = blocks->reading->release->body;
    bool list = text_dashes_are_list(blocks->lines, index, count);
    struct body_node *node = list ? body_append(arena, body, BODY_LIST) : NULL;
    for (size_t i = index; i < index + count; i++) {
        const char *words = text_behind_dash(line_at(blocks, i));
        if (list)
            (void)append(blocks, node, BODY_ITEM, words);
        else
            (void)append(blocks, body_append(arena, body, BODY_QUOTE), BODY_PARAGRAPH, words);
    }
}

/* ---- all of them ---- */

/* Appends a rule, but only between two blocks. */
static void append_rule(const struct blocks *blocks, size_t index)
{
    struct body_node *body = blocks->reading->release->body;
    if (body->last_child && body->last_child->kind != BODY_RULE && index + 1 < blocks->lines->count)
        (void)body_append(blocks->reading->arena, body, BODY_RULE);
}

static size_t append_block(const struct blocks *blocks, size_t index)
{
    struct body_node *body = blocks->reading->release->body;
    size_t count;
    if (blocks->lines->lines[index].is_rule) {
        append_rule(blocks, index);
        return 1;
    }
    if ((count = bullets(blocks, index))) {
        append_bullets(blocks, index, count);
        return count;
    }
    if ((count = numbers(blocks, index))) {
        append_numbers(blocks, index, count);
        return count;
    }
    if ((count = dashes(blocks, index))) {
        append_dashes(blocks, index, count);
        return count;
    }
    bool heading = text_heading_is(blocks->reading, blocks->lines, index, blocks->wants_gap);
    (void)append(blocks, body, heading ? BODY_HEADING : BODY_PARAGRAPH, line_at(blocks, index));
    return 1;
}

void text_blocks_append(struct intake_reading *reading, const struct text_lines *lines)
{
    struct blocks blocks = { reading, lines, text_heading_wants_gap(lines) };
    for (size_t index = 0; index < lines->count;)
        index += append_block(&blocks, index);
}
