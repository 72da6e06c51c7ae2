/* SPDX-License-Identifier: MIT */
#include "inbound/bounce_words.h"

#include "base/arena.h"
#include "mime/mime.h"

#include <string.h>

/* Whether the line goes on with the field above it. */
static bool goes_on(const char *line, const char *end)
{
    return line < end && (*line == ' ' || *line == '\t') && line + 1 < end && line[1] != '\n' &&
           line[1] != '\r';
}

static bool is_empty(const char *line, const char *stop)
{
    return line == stop || (*line == '\r' && stop - line == 1);
}

/* The length of a field's name where the line is one; 0: it is none. */
static size_t name_length(const char *line, const char *stop)
{
    size_t length = 0;
    while (line + length < stop && line[length] > ' ' && line[length] != ':')
        length++;
    return line + length < stop && line[length] == ':' ? length : 0;
}

/* Of lines with one space between them. */
static const char *value_of(struct arena *arena, const char *start, const char *stop)
{
    size_t length = (size_t)(stop - start);
    if (length > MIME_FIELD_MAXIMUM)
        length = MIME_FIELD_MAXIMUM;
    char *value = arena_allocate(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_space = strchr(" \t\r\n>", start[i]) && (used == 0 || value[used - 1] == ' ');
        if (!is_space)
            value[used++] = (char)(strchr("\t\r\n", start[i]) ? ' ' : start[i]);
    }
    while (used && value[used - 1] == ' ')
        used--;
    value[used] = '\0';
    return value;
}

const struct mime_field *words_header_below(struct arena *arena, const char *at)
{
    const struct mime_field *first = NULL;
    const struct mime_field **next = &first;
    const char *end = at + strnlen(at, NOTICE_TEXT_MAXIMUM);
    for (unsigned left = MIME_FIELDS_MAXIMUM; at < end && left;) {
        const char *stop = words_line_end(at, end);
        at += strspn(at, ">");
        size_t name = at < stop ? name_length(at, stop) : 0;
        if (is_empty(at, stop) && first && first->next)
            break;
        while (name && stop < end && goes_on(stop + 1, end))
            stop = words_line_end(stop + 1, end);
        if (name) {
            struct mime_field *field = arena_allocate(arena, sizeof *field);
            field->name = arena_copy_bytes(arena, at, name);
            field->value = value_of(arena, at + name + 1, stop);
            *next = field;
            next = &field->next;
            left--;
        }
        at = stop < end ? stop + 1 : end;
    }
    return first;
}
