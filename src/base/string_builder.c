/* SPDX-License-Identifier: MIT */
#include "base/string_builder.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char empty[1] = "";

void string_builder_init(struct string_builder *text, size_t maximum_bytes)
{
    *text = (struct string_builder){ .data = empty,
                                     .maximum = maximum_bytes ? maximum_bytes
                                                              : STRING_BUILDER_MAXIMUM_DEFAULT };
}

void string_builder_release(struct string_builder *text)
{
    size_t maximum = text->maximum;
    if (text->capacity)
        free(text->data);
    string_builder_init(text, maximum);
}

void string_builder_clear(struct string_builder *text)
{
    string_builder_truncate(text, 0);
    text->overflowed = false;
}

void string_builder_truncate(struct string_builder *text, size_t length)
{
    if (length >= text->length)
        return;
    text->length = length;
    text->data[length] = '\0';
}

bool string_builder_overflowed(const struct string_builder *text)
{
    return text->overflowed;
}

static bool text_reserve(struct string_builder *text, size_t more)
{
    if (text->overflowed || more > text->maximum || text->length > text->maximum - more) {
        text->overflowed = true;
        return false;
    }
    size_t needed = text->length + more + 1;
    if (needed <= text->capacity)
        return true;
    size_t capacity = text->capacity ? text->capacity : 128;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(text->capacity ? text->data : NULL, capacity);
    if (!data)
        memory_failed(capacity);
    text->data = data;
    text->capacity = capacity;
    return true;
}

char *string_builder_append_room(struct string_builder *text, size_t length)
{
    if (!text_reserve(text, length))
        return NULL;
    char *room = text->data + text->length;
    text->length += length;
    text->data[text->length] = '\0';
    return room;
}

void string_builder_append_bytes(struct string_builder *text, const void *bytes, size_t length)
{
    if (!length || !text_reserve(text, length))
        return;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void string_builder_append(struct string_builder *text, const char *string)
{
    string_builder_append_bytes(text, string, strlen(string));
}

void string_builder_append_character(struct string_builder *text, char character)
{
    bool has_room = text->length + 1 < text->capacity && text->length < text->maximum;
    if (has_room && !text->overflowed) { /* nearly always, and it is done letter by letter */
        text->data[text->length++] = character;
        text->data[text->length] = '\0';
    } else {
        string_builder_append_bytes(text, &character, 1);
    }
}

void string_builder_append_number(struct string_builder *text, int64_t number)
{
    char digits[24];
    char *first = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *--first = '-';
    string_builder_append_bytes(text, first, (size_t)(digits + sizeof digits - first));
}

void string_builder_append_format(struct string_builder *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length <= 0 || !text_reserve(text, (size_t)length))
        return;
    va_start(arguments, format);
    (void)vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}
