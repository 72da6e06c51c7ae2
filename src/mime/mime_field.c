/* SPDX-License-Identifier: MIT */
#include "mime/mime_part.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *mime_field(const struct mime_field *fields, const char *name)
{
    for (const struct mime_field *field = fields; field; field = field->next)
        if (strcasecmp(field->name, name) == 0)
            return field->value;
    return NULL;
}

/* ---- lines ---- */

struct line {
    const char *start;
    size_t length; /* without its end */
};

/* The line at *offset; moves behind its end. False at the end of the bytes. */
static bool line_next(const char *bytes, size_t length, size_t *offset, struct line *line)
{
    if (*offset >= length)
        return false;
    const char *start = bytes + *offset;
    const char *end = memchr(start, '\n', length - *offset);
    size_t taken = end ? (size_t)(end - start) + 1 : length - *offset;
    *offset += taken;
    line->start = start;
    line->length = end ? taken - 1 : taken;
    if (line->length && start[line->length - 1] == '\r')
        line->length--;
    return true;
}

/* Length of the name before a colon; 0: the line is no field (RFC 5322 section 2.2; white space
 * before the colon is obsolete and still seen). */
static size_t name_length(const struct line *line)
{
    size_t length = 0;
    while (length < line->length && line->start[length] > ' ' && line->start[length] < 127 &&
           line->start[length] != ':')
        length++;
    size_t colon = length;
    while (colon < line->length && (line->start[colon] == ' ' || line->start[colon] == '\t'))
        colon++;
    return colon < line->length && line->start[colon] == ':' ? length : 0;
}

static void append_folded(struct text *value, const char *bytes, size_t length)
{
    while (length && isspace((unsigned char)*bytes)) {
        bytes++;
        length--;
    }
    while (length && isspace((unsigned char)bytes[length - 1]))
        length--;
    size_t room = MIME_FIELD_MAXIMUM > value->length ? MIME_FIELD_MAXIMUM - value->length : 0;
    if (length > room)
        length = room;
    if (length && value->length)
        text_append_character(value, ' ');
    if (utf8_is_valid(bytes, length))
        utf8_append_clean(value, bytes, length);
    else
        utf8_append_windows1252(value, bytes, length);
}

/* A tab inside a value is white space like any other; nothing else below a space is left. */
static const char *value_keep(struct arena *arena, struct text *value)
{
    for (size_t i = 0; i < value->length; i++)
        if ((unsigned char)value->data[i] < ' ')
            value->data[i] = ' ';
    return arena_copy(arena, value->data);
}

struct header_scan {
    struct arena *arena;
    const struct mime_field *first;
    const struct mime_field **end;
    struct mime_field *field; /* whose lines are being read; NULL: one beyond the maximum */
    bool is_begun;
    unsigned count;
    struct text value;
};

static void header_finish(struct header_scan *scan)
{
    if (scan->field)
        scan->field->value = value_keep(scan->arena, &scan->value);
    scan->field = NULL;
    text_clear(&scan->value);
}

static void header_begin(struct header_scan *scan, const struct line *line, size_t name)
{
    scan->is_begun = true;
    if (scan->count++ >= MIME_FIELDS_MAXIMUM)
        return;
    size_t behind = name + 1 +
                    (size_t)((const char *)memchr(line->start + name, ':', line->length - name) -
                             (line->start + name));
    scan->field = arena_allocate(scan->arena, sizeof *scan->field);
    scan->field->name = arena_copy_bytes(scan->arena, line->start, name);
    append_folded(&scan->value, line->start + behind, line->length - behind);
    *scan->end = scan->field;
    scan->end = &scan->field->next;
}

const struct mime_field *mime_header_read(struct arena *arena, const char *bytes, size_t length,
                                          size_t *body_offset)
{
    struct header_scan scan = { .arena = arena, .end = &scan.first };
    struct line line;
    size_t offset = 0;
    text_init(&scan.value, (size_t)4 * MIME_FIELD_MAXIMUM);
    *body_offset = length;
    for (size_t start = 0; line_next(bytes, length, &offset, &line); start = offset) {
        bool goes_on = line.length && (line.start[0] == ' ' || line.start[0] == '\t');
        size_t name = goes_on ? 0 : name_length(&line);
        if (!goes_on)
            header_finish(&scan);
        if (goes_on && scan.is_begun) {
            if (scan.field)
                append_folded(&scan.value, line.start, line.length);
        } else if (name) {
            header_begin(&scan, &line, name);
        } else if (start > 0 || line.length == 0) {
            /* The empty line, or a body that begins without one. A first line that is no field is
             * the mark of an mbox. */
            *body_offset = line.length == 0 ? offset : start;
            break;
        }
    }
    header_finish(&scan);
    text_release(&scan.value);
    return scan.first;
}

const struct mime_field *mime_block_next(struct arena *arena, const char **bytes, size_t *length)
{
    while (*length) {
        size_t taken = 0;
        const struct mime_field *fields = mime_header_read(arena, *bytes, *length, &taken);
        if (taken == 0)
            taken = 1;
        *bytes += taken;
        *length -= taken;
        if (fields)
            return fields;
    }
    return NULL;
}

/* ---- what values hold ---- */

/* Behind the token that begins at value: a quoted string or plain characters. */
static const char *token_end(const char *value)
{
    if (*value != '"') {
        return value + strcspn(value, ";=\" \t()");
    }
    for (value++; *value && *value != '"'; value++)
        if (*value == '\\' && value[1])
            value++;
    return *value ? value + 1 : value;
}

static const char *token_copy(struct arena *arena, const char *start, const char *end)
{
    char *copy = arena_allocate(arena, (size_t)(end - start) + 1);
    size_t length = 0;
    bool is_quoted = *start == '"';
    for (const char *c = start; c < end; c++) {
        if (is_quoted && *c == '"')
            continue;
        if (is_quoted && *c == '\\' && c + 1 < end)
            c++;
        copy[length++] = *c;
    }
    return copy;
}

const char *mime_content_type(struct arena *arena, const char *value)
{
    size_t length = value ? strcspn(value, "; \t(") : 0;
    char *type = value ? arena_copy_bytes(arena, value, length) : NULL;
    if (!type || !strchr(type, '/'))
        return "text/plain";
    for (char *c = type; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return type;
}

const char *mime_parameter(struct arena *arena, const char *value, const char *name)
{
    size_t name_size = strlen(name);
    const char *at = value ? value + strcspn(value, ";") : "";
    while (*at) {
        at += strspn(at, "; \t()");
        const char *end = token_end(at);
        bool is_it = (size_t)(end - at) == name_size && strncasecmp(at, name, name_size) == 0;
        at = end + strspn(end, " \t");
        if (*at == '=') {
            at += 1 + strspn(at + 1, " \t");
            end = token_end(at);
            if (is_it)
                return token_copy(arena, at, end);
            at = end;
        } else if (*at && *at != ';' && end == at) {
            at++;
        }
    }
    return NULL;
}

/* ---- addresses ---- */

struct address_scan {
    struct arena *arena;
    size_t maximum;
    size_t count;
    struct mime_address *first;
    struct mime_address *last;
    const char *pending; /* the last word with an @ that stood outside angle brackets */
    size_t pending_length;
};

static void scan_add(struct address_scan *scan, const char *start, size_t length)
{
    if (!length || !memchr(start, '@', length) || scan->count >= scan->maximum)
        return;
    struct mime_address *address = arena_allocate(scan->arena, sizeof *address);
    address->address = arena_copy_bytes(scan->arena, start, length);
    if (scan->last)
        scan->last->next = address;
    else
        scan->first = address;
    scan->last = address;
    scan->count++;
}

static const char *skip_comment(const char *at)
{
    unsigned depth = 0;
    for (; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
    }
    return at;
}

/* "<a@b>", with the route of RFC 821 left out. */
static const char *scan_angle(struct address_scan *scan, const char *at)
{
    const char *end = at + 1 + strcspn(at + 1, ">");
    const char *start = at + 1 + strspn(at + 1, " \t");
    const char *colon = *start == '@' ? memchr(start, ':', (size_t)(end - start)) : NULL;
    if (colon)
        start = colon + 1;
    const char *stop = end;
    while (stop > start && isspace((unsigned char)stop[-1]))
        stop--;
    scan_add(scan, start, (size_t)(stop - start));
    scan->pending_length = 0;
    return *end ? end + 1 : end;
}

static const char *scan_word(struct address_scan *scan, const char *at)
{
    const char *end = at;
    while (*end && !strchr(" \t,;:<>()", *end))
        end = *end == '"' ? token_end(end) : end + 1;
    if (end == at)
        return at + 1;
    if (memchr(at, '@', (size_t)(end - at)) && *at != '"') {
        scan->pending = at;
        scan->pending_length = (size_t)(end - at);
    }
    return end;
}

struct mime_address *mime_addresses(struct arena *arena, const char *value, size_t maximum)
{
    struct address_scan scan = { .arena = arena, .maximum = maximum };
    const char *at = value;
    while (*at) {
        if (*at == '(') {
            at = skip_comment(at);
        } else if (*at == '<') {
            at = scan_angle(&scan, at);
        } else if (*at == ',' || *at == ';') {
            scan_add(&scan, scan.pending, scan.pending_length);
            scan.pending_length = 0;
            at++;
        } else {
            at = scan_word(&scan, at);
        }
    }
    scan_add(&scan, scan.pending, scan.pending_length);
    return scan.first;
}
