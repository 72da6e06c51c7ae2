/* SPDX-License-Identifier: MIT */
#include "dkim/canonical.h"

#include "base/arena.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>

/* ---- the body ---- */

struct body_hash {
    crypto_hash_sha256_state state;
    int64_t left; /* of what may be hashed; -1: all */
};

static void add(struct body_hash *hash, const char *bytes, size_t length)
{
    if (hash->left >= 0 && (int64_t)length > hash->left)
        length = (size_t)hash->left;
    crypto_hash_sha256_update(&hash->state, (const unsigned char *)bytes, length);
    if (hash->left >= 0)
        hash->left -= (int64_t)length;
}

/* One line without its end: white space at its end goes, runs of it become one space. */
static void add_relaxed(struct body_hash *hash, const char *line, size_t length)
{
    while (length && strchr(" \t", line[length - 1]))
        length--;
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && line[end] != ' ' && line[end] != '\t')
            end++;
        add(hash, line + at, end - at);
        at = end;
        while (at < length && (line[at] == ' ' || line[at] == '\t'))
            at++;
        if (at > end)
            add(hash, " ", 1);
    }
}

static bool is_blank(const char *line, size_t length, bool is_relaxed)
{
    while (is_relaxed && length && strchr(" \t", line[length - 1]))
        length--;
    return length == 0;
}

bool canonical_body(const char *body, size_t length, bool is_relaxed, int64_t limit,
                    unsigned char bytes[DKIM_HASH_SIZE])
{
    struct body_hash hash = { .left = limit };
    size_t blanks = 0; /* empty lines at the end do not count */
    bool has_lines = false;
    (void)crypto_hash_sha256_init(&hash.state);
    for (size_t at = 0; at < length;) {
        const char *stop = memmem(body + at, length - at, "\r\n", 2);
        size_t end = stop ? (size_t)(stop - body) : length;
        if (is_blank(body + at, end - at, is_relaxed)) {
            blanks++;
        } else {
            for (; blanks; blanks--)
                add(&hash, "\r\n", 2);
            if (is_relaxed)
                add_relaxed(&hash, body + at, end - at);
            else
                add(&hash, body + at, end - at);
            add(&hash, "\r\n", 2);
            has_lines = true;
        }
        at = end + 2;
    }
    if (!has_lines && !is_relaxed) /* an empty body is one line end */
        add(&hash, "\r\n", 2);
    (void)crypto_hash_sha256_final(&hash.state, bytes);
    return hash.left <= 0;
}

/* ---- the header ---- */

static bool is_folding(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void append_relaxed(struct string_builder *text, const char *bytes, size_t length)
{
    const char *colon = memchr(bytes, ':', length);
    size_t name_length = colon ? (size_t)(colon - bytes) : length;
    size_t at = name_length + 1;
    while (name_length && is_folding(bytes[name_length - 1]))
        name_length--;
    for (size_t i = 0; i < name_length; i++)
        string_builder_append_character(text, (char)tolower((unsigned char)bytes[i]));
    string_builder_append_character(text, ':');
    size_t begin = text->length;
    bool has_space = false;
    for (; at < length; at++) {
        if (is_folding(bytes[at])) {
            has_space = true;
            continue;
        }
        if (has_space && text->length > begin)
            string_builder_append_character(text, ' ');
        has_space = false;
        string_builder_append_character(text, bytes[at]);
    }
}

static void append_field(struct string_builder *text, const char *bytes, size_t length,
                         bool is_relaxed)
{
    if (is_relaxed)
        append_relaxed(text, bytes, length);
    else
        string_builder_append_bytes(text, bytes, length);
}

/* The field without the value of its tag b. */
static const char *without_signature(struct arena *arena, const struct dkim_field *field,
                                     size_t *length)
{
    char *copy = arena_allocate(arena, field->length + 1);
    const char *colon = memchr(field->bytes, ':', field->length);
    size_t used = (size_t)(colon - field->bytes) + 1;
    memcpy(copy, field->bytes, used);
    for (size_t at = used; at < field->length;) {
        const char *tag = field->bytes + at;
        const char *semicolon = memchr(tag, ';', field->length - at);
        size_t tag_length = semicolon ? (size_t)(semicolon - tag) : field->length - at;
        const char *equals = memchr(tag, '=', tag_length);
        size_t kept = tag_length;
        size_t name = 0;
        while (name < tag_length && is_folding(tag[name]))
            name++;
        if (equals && tag[name] == 'b') {
            size_t behind = name + 1;
            while (behind < tag_length && is_folding(tag[behind]))
                behind++;
            if (tag + behind == equals)
                kept = behind + 1;
        }
        memcpy(copy + used, tag, kept);
        used += kept;
        if (semicolon)
            copy[used++] = ';';
        at += tag_length + 1;
    }
    *length = used;
    return copy;
}

/* The next field of that name above `below`, from the bottom up; SIZE_MAX: none. */
static size_t find_above(const struct dkim_header *header, const char *name, size_t length,
                         const bool *is_taken)
{
    for (size_t i = header->count; i-- > 0;)
        if (!is_taken[i] && header->fields[i].name_length == length &&
            strncasecmp(header->fields[i].name, name, length) == 0)
            return i;
    return SIZE_MAX;
}

void canonical_header(struct arena *arena, const struct dkim_header *header, const char *list,
                      size_t own, bool is_relaxed, unsigned char hash[DKIM_HASH_SIZE])
{
    struct string_builder text;
    size_t own_length = 0;
    bool *is_taken = arena_allocate_array(arena, header->count, sizeof *is_taken);
    string_builder_init(&text, 2 * (size_t)DKIM_HEADER_MAXIMUM);
    memset(is_taken, 0, header->count * sizeof *is_taken);
    for (const char *at = list; *at; at += *at == ':') {
        size_t length = strcspn(at, ":");
        size_t found = find_above(header, at, length, is_taken);
        if (found != SIZE_MAX && found != own) {
            is_taken[found] = true;
            append_field(&text, header->fields[found].bytes, header->fields[found].length,
                         is_relaxed);
            string_builder_append(&text, "\r\n");
        }
        at += length;
    }
    const char *bytes = without_signature(arena, &header->fields[own], &own_length);
    append_field(&text, bytes, own_length, is_relaxed);
    (void)crypto_hash_sha256(hash, (const unsigned char *)text.data, text.length);
    string_builder_release(&text);
}
