/* SPDX-License-Identifier: MIT */
#include "mime/mime.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *mime_field(const struct mime_field *fields, const char *name)
{
    for (const struct mime_field *field = fields; field; field = field->next)
        if (strcasecmp(field->name, name) == 0)
            return field->value;
    return NULL;
}

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
