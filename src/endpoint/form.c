/* SPDX-License-Identifier: MIT */
#include "endpoint/form.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static int hexadecimal(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

int form_octet(const char *digits)
{
    int high = hexadecimal(digits[0]);
    int low = high < 0 ? -1 : hexadecimal(digits[1]);
    return low < 0 ? -1 : high * 16 + low;
}

char *form_decode(struct arena *arena, const char *bytes, size_t length, bool is_form)
{
    char *decoded = arena_allocate(arena, length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        char character = bytes[i];
        if (character == '%') {
            int octet = length - i > 2 ? form_octet(bytes + i + 1) : -1;
            if (octet < 0)
                return NULL;
            character = (char)octet;
            i += 2;
        } else if (character == '+' && is_form) {
            character = ' ';
        }
        if (character == '\0')
            return NULL;
        decoded[count++] = character;
    }
    decoded[count] = '\0';
    return utf8_is_valid(decoded, count) ? decoded : NULL;
}

/* Adds one field; decoded already. False beyond FORM_FIELDS_MAXIMUM. */
static bool form_add(struct arena *arena, struct form *form, const char *name, const char *value)
{
    if (form->count == FORM_FIELDS_MAXIMUM)
        return false;
    struct form_field *field = arena_allocate(arena, sizeof *field);
    field->name = name;
    field->value = value;
    if (!form->end)
        form->end = &form->first;
    *form->end = field;
    form->end = &field->next;
    form->count++;
    return true;
}

bool form_parse_urlencoded(struct arena *arena, const char *bytes, size_t length, struct form *form)
{
    size_t start = 0;
    while (start < length) {
        const char *pair = bytes + start;
        const char *ampersand = memchr(pair, '&', length - start);
        size_t pair_length = ampersand ? (size_t)(ampersand - pair) : length - start;
        const char *equals = memchr(pair, '=', pair_length);
        size_t name_length = equals ? (size_t)(equals - pair) : pair_length;
        size_t value_start = equals ? name_length + 1 : pair_length;
        start += pair_length + 1;
        if (pair_length == 0)
            continue;
        const char *name = form_decode(arena, pair, name_length, true);
        const char *value = form_decode(arena, pair + value_start, pair_length - value_start, true);
        if (!name || !value || !form_add(arena, form, name, value))
            return false;
    }
    return true;
}

/* ---- multipart ---- */

struct part {
    const char *name; /* NULL: none */
    bool is_file;
};

/* The value that begins at `at`, quoted or a token. Inside quotes browsers write %22 for a quote,
 * others a backslash before it. */
static const char *parameter_value(struct arena *arena, const char *line, size_t at, size_t length)
{
    bool has_quotes = at < length && line[at] == '"';
    at += has_quotes;
    size_t end = at;
    while (end < length && (has_quotes ? line[end] != '"' : !strchr("; \t\r\n", line[end])))
        end += has_quotes && line[end] == '\\' && end + 1 < length ? 2 : 1;
    return arena_copy_bytes(arena, line + at, (end > length ? length : end) - at);
}

/* The value of a parameter of a header field's line; NULL: there is none. */
static const char *parameter(struct arena *arena, const char *line, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    bool is_quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '"')
            is_quoted = !is_quoted;
        if (is_quoted || line[i] != ';')
            continue;
        size_t at = i + 1;
        while (at < length && (line[at] == ' ' || line[at] == '\t'))
            at++;
        if (length - at <= name_length || strncasecmp(line + at, name, name_length) != 0 ||
            line[at + name_length] != '=')
            continue;
        return parameter_value(arena, line, at + name_length + 1, length);
    }
    return NULL;
}

/* Header fields up to the empty line; *length becomes what they take. */
static bool read_part_head(struct arena *arena, const char *bytes, size_t *length,
                           struct part *part)
{
    static const char disposition[] = "Content-Disposition:";
    size_t at = 0;
    for (;;) {
        const char *end = memmem(bytes + at, *length - at, "\r\n", 2);
        if (!end)
            return false;
        const char *line = bytes + at;
        size_t line_length = (size_t)(end - line);
        at += line_length + 2;
        if (line_length == 0)
            break;
        if (line_length > sizeof disposition &&
            strncasecmp(line, disposition, sizeof disposition - 1) == 0) {
            part->name = parameter(arena, line, line_length, "name");
            part->is_file = parameter(arena, line, line_length, "filename") ||
                            parameter(arena, line, line_length, "filename*");
        }
    }
    *length = at;
    return part->name && !memchr(part->name, '\r', strlen(part->name));
}

static bool read_part(struct arena *arena, const char *bytes, size_t length, struct form *form)
{
    struct part part = { 0 };
    size_t head = length;
    if (!read_part_head(arena, bytes, &head, &part))
        return false;
    if (part.is_file)
        return true;
    if (memchr(bytes + head, '\0', length - head) || !utf8_is_valid(bytes + head, length - head) ||
        !utf8_is_valid(part.name, strlen(part.name)))
        return false;
    return form_add(arena, form, part.name, arena_copy_bytes(arena, bytes + head, length - head));
}

/* Behind the first delimiter: it may be the body's first line, without a line end before it. NULL:
 * there is none. */
static const char *behind_first(const char *bytes, size_t length, const char *delimiter,
                                size_t delimiter_length)
{
    if (length >= delimiter_length - 2 && memcmp(bytes, delimiter + 2, delimiter_length - 2) == 0)
        return bytes + delimiter_length - 2;
    const char *found = memmem(bytes, length, delimiter, delimiter_length);
    return found ? found + delimiter_length : NULL;
}

/* multipart/form-data (RFC 7578); parts with a file name are left out. False where it is not closed
 * by its boundary, or a part has no name. */
static bool form_parse_multipart(struct arena *arena, const char *bytes, size_t length,
                                 const char *boundary, struct form *form)
{
    size_t boundary_length = strlen(boundary);
    if (boundary_length == 0 || boundary_length > FORM_BOUNDARY_MAXIMUM)
        return false;
    const char *delimiter = arena_format(arena, "\r\n--%s", boundary);
    size_t delimiter_length = boundary_length + 4;
    const char *end = bytes + length;
    const char *at = behind_first(bytes, length, delimiter, delimiter_length);
    while (at && end - at >= 2) {
        if (at[0] == '-' && at[1] == '-')
            return true;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        if (end - at < 2 || at[0] != '\r' || at[1] != '\n')
            return false;
        at += 2;
        /* An empty part's delimiter may begin with the line end just read. */
        const char *next = memmem(at, (size_t)(end - at), delimiter, delimiter_length);
        if (!next || !read_part(arena, at, (size_t)(next - at), form))
            return false;
        at = next + delimiter_length;
    }
    return false;
}

static bool type_is(const char *content_type, const char *type)
{
    size_t length = strlen(type);
    return strncasecmp(content_type, type, length) == 0 &&
           (content_type[length] == '\0' || strchr("; \t", content_type[length]));
}

bool form_parse_body(struct arena *arena, const char *content_type, const char *bytes,
                     size_t length, struct form *form)
{
    if (length == 0)
        return true;
    if (!content_type || length > FORM_BODY_MAXIMUM)
        return false;
    if (type_is(content_type, "application/x-www-form-urlencoded"))
        return form_parse_urlencoded(arena, bytes, length, form);
    if (!type_is(content_type, "multipart/form-data"))
        return false;
    const char *boundary = parameter(arena, content_type, strlen(content_type), "boundary");
    return boundary && form_parse_multipart(arena, bytes, length, boundary, form);
}

const char *form_value(const struct form *form, const char *name)
{
    for (const struct form_field *field = form->first; field; field = field->next)
        if (strcmp(field->name, name) == 0)
            return field->value;
    return NULL;
}
