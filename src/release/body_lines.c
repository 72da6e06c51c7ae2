/* SPDX-License-Identifier: MIT */
#include "release/body_lines.h"

#include "base/utf8.h"

#include <string.h>

enum {
    LINE_BYTES_MAXIMUM = 990, /* RFC 5322 section 2.1.1 allows 998 */
    WIDTH_MINIMUM = 20        /* left for words, however deep a list lies */
};

void body_lines_init(struct body_lines *lines, struct string_builder *text, size_t width)
{
    *lines = (struct body_lines){ .text = text, .width = width, .start = text->length };
    string_builder_init(&lines->prefix, 0);
    string_builder_init(&lines->first, 0);
}

void body_lines_release(struct body_lines *lines)
{
    string_builder_release(&lines->prefix);
    string_builder_release(&lines->first);
}

void body_lines_append_prefix(struct body_lines *lines)
{
    const struct string_builder *prefix = lines->has_first ? &lines->first : &lines->prefix;
    string_builder_append_bytes(lines->text, prefix->data, prefix->length);
    lines->has_first = false;
}

size_t body_lines_push(struct body_lines *lines, const char *first, const char *others)
{
    size_t length = lines->prefix.length;
    if (!lines->has_first) {
        string_builder_clear(&lines->first);
        string_builder_append_bytes(&lines->first, lines->prefix.data, length);
    }
    string_builder_append(&lines->first, first);
    string_builder_append(&lines->prefix, others);
    lines->has_first = true;
    return length;
}

void body_lines_pop(struct body_lines *lines, size_t length)
{
    string_builder_truncate(&lines->prefix, length);
    lines->has_first = false;
}

void body_lines_end(struct body_lines *lines)
{
    struct string_builder *text = lines->text;
    while (text->length > lines->start && text->data[text->length - 1] == ' ')
        string_builder_truncate(text, text->length - 1);
    string_builder_append_character(text, '\n');
}

void body_lines_begin_block(struct body_lines *lines)
{
    if (lines->has_block && !lines->is_tight) {
        string_builder_append_bytes(lines->text, lines->prefix.data, lines->prefix.length);
        body_lines_end(lines);
    }
    lines->has_block = true;
    lines->is_tight = false;
}

size_t body_lines_width(const struct body_lines *lines)
{
    size_t prefix = lines->prefix.length;
    return prefix + WIDTH_MINIMUM < lines->width ? lines->width - prefix : WIDTH_MINIMUM;
}

void body_lines_write(struct body_lines *lines, const char *bytes, size_t length)
{
    size_t prefix = lines->prefix.length;
    size_t room = prefix < LINE_BYTES_MAXIMUM / 2 ? LINE_BYTES_MAXIMUM - prefix : WIDTH_MINIMUM;
    do {
        size_t count = length <= room ? length : utf8_fit(bytes, room);
        body_lines_append_prefix(lines);
        string_builder_append_bytes(lines->text, bytes, count);
        body_lines_end(lines);
        bytes += count;
        length -= count;
    } while (length);
}

static size_t count_characters(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return count;
}

size_t body_lines_wrap(struct body_lines *lines, const char *bytes, size_t length)
{
    size_t width = body_lines_width(lines);
    size_t widest = 0;
    size_t start = 0; /* of the line */
    size_t columns = 0;
    size_t end = 0; /* behind the last word that fits */
    while (end < length) {
        size_t word = end + (end > start); /* skip the one space */
        const char *space = memchr(bytes + word, ' ', length - word);
        size_t next = space ? (size_t)(space - bytes) : length;
        size_t wider = columns + count_characters(bytes + end, next - end);
        bool fits = wider <= width && next - start <= LINE_BYTES_MAXIMUM / 2;
        if (end > start && !fits) {
            body_lines_write(lines, bytes + start, end - start);
            while (word < length && bytes[word] == ' ')
                word++;
            start = end = word;
            columns = 0;
            continue;
        }
        columns = wider;
        widest = columns > widest ? columns : widest;
        end = next;
    }
    if (start < length)
        body_lines_write(lines, bytes + start, length - start);
    return widest;
}

void body_lines_repeat(struct body_lines *lines, char character, size_t count)
{
    body_lines_append_prefix(lines);
    for (size_t i = 0; i < count; i++)
        string_builder_append_character(lines->text, character);
    body_lines_end(lines);
}
