/* SPDX-License-Identifier: MIT */
#include "intake/hard_wrap.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* In columns. No program breaks lines before WIDTH_MINIMUM or behind WIDTH_MAXIMUM. A line that
 * was edited later may be as long as LINE_MAXIMUM. A line shorter than LINE_MINIMUM was not broken
 * by a program. */
enum { WIDTH_MINIMUM = 50, WIDTH_MAXIMUM = 100, LINE_MINIMUM = 30, LINE_MAXIMUM = 140 };

/* What a line looks like at its ends. */
struct shape {
    size_t columns;
    size_t first_word; /* in columns */
    bool is_small;     /* begins with a small letter */
    bool is_item;      /* begins as an item of a list or a quote does */
    bool is_dashed;    /* begins with a dash, which may stand within a sentence */
    bool is_closed;    /* ends with a mark that ends a sentence or introduces something */
    bool is_hyphened;  /* ends with a hyphen behind a letter */
};

struct block {
    const struct shape *shapes;
    size_t count;
    size_t width; /* of its longest line that may be a broken one */
};

static uint32_t character_at(const char *text, size_t length, size_t offset)
{
    uint32_t c = 0;
    return utf8_next(text, length, &offset, &c) ? c : 0;
}

static size_t columns_of(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

/* "1.", "12)", "a)", "(b)". */
static bool is_number(const char *text, size_t length)
{
    size_t i = text[0] == '(';
    size_t start = i;
    while (i < length && i < start + 3 && isdigit((unsigned char)text[i]))
        i++;
    if (i == start && i < length && isalpha((unsigned char)text[i]) && text[i + 1] == ')')
        i++;
    return i > start && i + 1 < length && strchr(").", text[i]) && text[i + 1] == ' ';
}

static bool is_bullet(const char *text, size_t length)
{
    static const char *const bullets[] = { "•", "·", "●", "▪", "◦", "‣", "■",
                                           "○", "*", "+", ">", "|", "#", NULL };
    for (const char *const *bullet = bullets; *bullet; bullet++)
        if (strlen(*bullet) <= length && memcmp(text, *bullet, strlen(*bullet)) == 0)
            return true;
    return false;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015);
}

/* Whether the line ends with a mark that ends a sentence or introduces something, quotes and
 * brackets around it aside. */
static bool is_closed(const char *text, size_t length)
{
    static const char *const wraps[] = { "”", "“", "’", "»", "«", "\"",
                                         "'", ")", "]", "*", "_", NULL };
    for (const char *const *wrap = wraps; *wrap;) {
        size_t size = strlen(*wrap);
        bool ends = size < length && memcmp(text + length - size, *wrap, size) == 0;
        length -= ends ? size : 0;
        wrap = ends ? wraps : wrap + 1;
    }
    return length && (strchr(".!?:;", text[length - 1]) ||
                      (length >= 3 && memcmp(text + length - 3, "…", 3) == 0));
}

static struct shape shape_of(const struct hard_wrap_line *line)
{
    struct shape shape = { 0 };
    const char *text = line->bytes;
    size_t length = line->length;
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    while (length && strchr(" \t", *text)) {
        text++;
        length--;
    }
    if (!length)
        return shape;
    size_t word = 0;
    while (word < length && text[word] != ' ' && text[word] != '\t')
        word++;
    uint32_t first = character_at(text, length, 0);
    shape.columns = columns_of(text, length);
    shape.first_word = columns_of(text, word);
    shape.is_small = unicode_is_lower(first);
    shape.is_dashed = is_dash(first);
    shape.is_item = is_number(text, length) || is_bullet(text, length);
    shape.is_closed = is_closed(text, length);
    shape.is_hyphened = length > 1 && text[length - 1] == '-' && text[length - 2] != ' ' &&
                        text[length - 2] != '-';
    if (shape.is_dashed && word < length)
        shape.is_small = unicode_is_lower(
            character_at(text, length, word + strspn(text + word, " ")));
    return shape;
}

/* Whether the next line's first word would have passed the width. */
static bool is_full(const struct shape *shape, size_t width)
{
    return shape->columns + 1 + shape[1].first_word > width;
}

/* Whether the line's end may have been made by a program at all. */
static bool may_join(const struct shape *shape, size_t width)
{
    const struct shape *next = shape + 1;
    if (shape->columns > LINE_MAXIMUM || shape->columns < LINE_MINIMUM || next->is_item)
        return false;
    if (next->is_dashed)
        return !shape->is_dashed && !shape->is_closed && next->is_small && is_full(shape, width);
    return 2 * shape->columns >= width || (next->is_small && !shape->is_closed);
}

static bool joins(const struct shape *shape, size_t width)
{
    if (!may_join(shape, width))
        return false;
    if (is_full(shape, width))
        return true;
    return !shape->is_closed && (shape[1].is_small || 4 * shape->columns >= 3 * width);
}

/* Counts the line ends within the block that stand in the middle of a sentence, and all that
 * could. */
static void weigh(const struct block *block, size_t *within, size_t *candidates)
{
    *within = 0;
    *candidates = 0;
    for (size_t i = 0; i + 1 < block->count; i++) {
        const struct shape *shape = &block->shapes[i];
        if (!may_join(shape, block->width))
            continue;
        (*candidates)++;
        *within += shape[1].is_small && !shape->is_closed;
    }
}

static size_t width_of(const struct shape *shapes, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        if (shapes[i].columns <= WIDTH_MAXIMUM && shapes[i].columns > width &&
            shapes[i].columns >
                shapes[i].first_word) /* a single long word such as an address says nothing */
            width = shapes[i].columns;
    return width;
}

static size_t block_length(const struct shape *shapes, size_t count)
{
    size_t length = 0;
    while (length < count && shapes[length].columns)
        length++;
    return length;
}

/* One block's own width, 0 where it shows none. */
static size_t own_width(const struct shape *shapes, size_t count)
{
    size_t within;
    size_t candidates;
    struct block block = { shapes, count, width_of(shapes, count) };
    if (block.width < WIDTH_MINIMUM)
        return 0;
    weigh(&block, &within, &candidates);
    return within > 0 && 4 * within >= candidates ? block.width : 0;
}

/* The width that the blocks have in common, used for blocks too short to show one. */
static size_t width_of_all(const struct shape *shapes, size_t count)
{
    size_t width = 0;
    size_t all_within = 0;
    size_t all_candidates = 0;
    for (size_t i = 0; i < count; i++) {
        size_t within;
        size_t candidates;
        size_t length = block_length(&shapes[i], count - i);
        struct block block = { &shapes[i], length, width_of(&shapes[i], length) };
        size_t own = own_width(&shapes[i], length);
        weigh(&block, &within, &candidates);
        width = own > width ? own : width;
        all_within += own ? within : 0;
        all_candidates += block.width >= WIDTH_MINIMUM ? candidates : 0;
        i += length;
    }
    return all_within >= 2 && 3 * all_within >= all_candidates ? width : 0;
}

void hard_wrap_find(struct arena *arena, const struct hard_wrap_line *lines, size_t count,
                    bool *joined)
{
    struct shape *shapes = arena_allocate_array(arena, count + 1, sizeof *shapes);
    for (size_t i = 0; i < count; i++)
        shapes[i] = shape_of(&lines[i]);
    size_t everywhere = width_of_all(shapes, count);
    for (size_t i = 0; i < count; i++) {
        size_t block = block_length(&shapes[i], count - i);
        size_t own = own_width(&shapes[i], block);
        size_t width = own ? own : everywhere;
        joined[i] = false;
        for (size_t j = 0; j + 1 < block; j++)
            joined[i + j] = width && joins(&shapes[i + j], width);
        if (block)
            joined[i + block - 1] = false;
        i += block;
        if (i < count)
            joined[i] = false;
    }
}

bool hard_wrap_is_hyphened(const struct hard_wrap_line *line, const struct hard_wrap_line *next)
{
    enum { CONNECTING = 5 }; /* "og", "and", "bzw.", "eller": they only connect */

    struct shape shapes[] = { shape_of(line), shape_of(next) };
    return shapes[0].is_hyphened && shapes[1].is_small && shapes[1].first_word > CONNECTING;
}
