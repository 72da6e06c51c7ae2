/* SPDX-License-Identifier: MIT */
#include "dkim/dkim.h"

#include "base/arena.h"

#include <string.h>
#include <strings.h>

/* One sort of line end: a CR before each LF. */
static const char *with_line_ends(struct arena *arena, const char *bytes, size_t *length)
{
    size_t missing = 0;
    for (size_t i = 0; i < *length; i++)
        missing += bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r');
    char *copy = arena_allocate(arena, *length + missing + 1);
    size_t used = 0;
    for (size_t i = 0; i < *length; i++) {
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            copy[used++] = '\r';
        copy[used++] = bytes[i];
    }
    copy[used] = '\0';
    *length = used;
    return copy;
}

/* The end of a line: where its CR LF stands, or the end. */
static size_t line_end(const char *bytes, size_t length, size_t from)
{
    const char *end = memmem(bytes + from, length - from, "\r\n", 2);
    return end ? (size_t)(end - bytes) : length;
}

/* From one line's beginning to the end of the last that continues it. */
static size_t field_end(const char *bytes, size_t length, size_t from)
{
    size_t end = line_end(bytes, length, from);
    while (end + 2 < length && (bytes[end + 2] == ' ' || bytes[end + 2] == '\t'))
        end = line_end(bytes, length, end + 2);
    return end;
}

static size_t count_lines(const char *bytes, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++)
        count += bytes[i] == '\n';
    return count;
}

void dkim_header_read(struct arena *arena, const char *bytes, size_t length,
                      struct dkim_header *header)
{
    const char *copy = with_line_ends(arena, bytes, &length);
    const char *empty = length >= 2 && memcmp(copy, "\r\n", 2) == 0
                            ? copy
                            : memmem(copy, length, "\r\n\r\n", 4);
    size_t end = empty ? (size_t)(empty - copy) : length;
    *header = (struct dkim_header){ .body = "" };
    header->fields = arena_allocate_array(arena, count_lines(copy, end), sizeof *header->fields);
    for (size_t at = 0; at < end;) {
        size_t stop = field_end(copy, end, at);
        const char *colon = memchr(copy + at, ':', stop - at);
        size_t name_length = colon ? (size_t)(colon - copy) - at : 0;
        while (name_length && strchr(" \t", copy[at + name_length - 1]))
            name_length--;
        if (name_length)
            header->fields[header->count++] = (struct dkim_field){ copy + at, name_length,
                                                                   copy + at, stop - at };
        at = stop + 2;
    }
    if (!empty)
        return;
    header->body = empty == copy ? copy + 2 : empty + 4;
    header->body_length = length - (size_t)(header->body - copy);
}

const char *dkim_header_value(struct arena *arena, const struct dkim_header *header,
                              const char *name, size_t *from)
{
    size_t length = strlen(name);
    for (size_t i = *from; i < header->count; i++) {
        const struct dkim_field *field = &header->fields[i];
        if (field->name_length != length || strncasecmp(field->name, name, length) != 0)
            continue;
        *from = i + 1;
        const char *colon = memchr(field->bytes, ':', field->length);
        const char *value = colon + 1;
        size_t left = field->length - (size_t)(value - field->bytes);
        char *unfolded = arena_allocate(arena, left + 1);
        size_t used = 0;
        for (size_t k = 0; k < left; k++)
            if (value[k] != '\r' && value[k] != '\n' && (used || !strchr(" \t", value[k])))
                unfolded[used++] = (char)(value[k] ? value[k] : '?');
        while (used && strchr(" \t", unfolded[used - 1]))
            used--;
        unfolded[used] = '\0';
        return unfolded;
    }
    return NULL;
}
