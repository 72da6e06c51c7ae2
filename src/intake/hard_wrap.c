/* SPDX-License-Identifier: MIT */
#include "intake/hard_wrap.h"

#include "base/utf8.h"
#include "locale/unicode.h"

#include <stdint.h>
#include <string.h>

/* Mail programs and editors break at 60 to 100 columns; a narrower block is an address or a poem, a
 * wider line a paragraph of its own. */
enum { WIDTH_MINIMUM = 50, WIDTH_MAXIMUM = 100 };

static size_t columns(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return count;
}

static size_t first_word(const struct hard_wrap_line *line)
{
    const char *space = memchr(line->bytes, ' ', line->length);
    return columns(line->bytes, space ? (size_t)(space - line->bytes) : line->length);
}

/* The next line's first word would have passed the width. */
static bool is_full(const struct hard_wrap_line *line, const struct hard_wrap_line *next,
                    size_t width)
{
    return columns(line->bytes, line->length) + 1 + first_word(next) > width;
}

static bool ends_sentence(const struct hard_wrap_line *line)
{
    return line->length == 0 || strchr(".:!?;", line->bytes[line->length - 1]);
}

static bool begins_small(const struct hard_wrap_line *line)
{
    size_t offset = 0;
    uint32_t c;
    return utf8_next(line->bytes, line->length, &offset, &c) && unicode_is_lower(c);
}

size_t hard_wrap_width(const struct hard_wrap_line *lines, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        size_t wide = columns(lines[i].bytes, lines[i].length);
        if (!memchr(lines[i].bytes, ' ', lines[i].length))
            continue; /* a long address */
        if (wide > WIDTH_MAXIMUM)
            return 0;
        width = wide > width ? wide : width;
    }
    if (count < 2 || width < WIDTH_MINIMUM)
        return 0;
    size_t full = 0;
    bool goes_on = false;
    for (size_t i = 0; i + 1 < count; i++) {
        if (!is_full(&lines[i], &lines[i + 1], width))
            continue;
        full++;
        goes_on = goes_on || (!ends_sentence(&lines[i]) && begins_small(&lines[i + 1]));
    }
    return goes_on && 2 * full >= count - 1 ? width : 0;
}

bool hard_wrap_joins(const struct hard_wrap_line *line, const struct hard_wrap_line *next,
                     size_t width)
{
    return is_full(line, next, width) || (!ends_sentence(line) && begins_small(next));
}
