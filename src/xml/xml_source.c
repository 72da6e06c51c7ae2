/* SPDX-License-Identifier: MIT */
#include "xml/xml_source.h"

#include "base/string_builder.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* ---- encoding ---- */

static uint32_t unit_at(const unsigned char *bytes, bool is_little)
{
    return is_little ? (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8
                     : (uint32_t)bytes[0] << 8 | (uint32_t)bytes[1];
}

/* False where a surrogate stands alone, or half a unit is left. */
static bool append_utf16(struct string_builder *room, const char *bytes, size_t length,
                         bool is_little)
{
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned char *end = at + length;
    while (end - at >= 2) {
        uint32_t unit = unit_at(at, is_little);
        at += 2;
        if (unit >= 0xD800 && unit < 0xDC00 && end - at >= 2) {
            uint32_t low = unit_at(at, is_little);
            if (low < 0xDC00 || low > 0xDFFF)
                return false;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        if (unit >= 0xD800 && unit <= 0xDFFF)
            return false;
        utf8_append(room, unit);
    }
    return at == end;
}

/* UTF-16 with a byte order mark, or without one and beginning with "<". */
static bool is_utf16(const char **bytes, size_t *length, bool *is_little)
{
    if (*length < 4)
        return false;
    const char *first = *bytes;
    bool has_mark = memcmp(first, "\xFF\xFE", 2) == 0 || memcmp(first, "\xFE\xFF", 2) == 0;
    *is_little = has_mark ? first[0] == '\xFF' : first[0] == '<';
    if (has_mark) {
        *bytes += 2;
        *length -= 2;
    }
    return has_mark || (first[0] == '<' && !first[1]) || (!first[0] && first[1] == '<');
}

enum { DECLARATION_MAXIMUM = 400 };

/* How long the XML declaration at the beginning is; 0: there is none. */
static size_t declaration_length(const char *bytes, size_t length)
{
    if (length < 6 || memcmp(bytes, "<?xml", 5) != 0 || !strchr(" \t\r\n", bytes[5]))
        return 0;
    size_t most = length < DECLARATION_MAXIMUM ? length : DECLARATION_MAXIMUM;
    const char *end = memmem(bytes, most, "?>", 2);
    return end ? (size_t)(end - bytes) + 2 : 0;
}

/* The encoding that the declaration names; "": none. */
static void declared_encoding(const char *declaration, size_t length, char *name, size_t size)
{
    const char *end = declaration + length;
    const char *at = memmem(declaration, length, "encoding", 8);
    name[0] = '\0';
    while (at && at < end && *at != '"' && *at != '\'')
        at++;
    if (!at || at == end)
        return;
    const char *behind = memchr(at + 1, *at, (size_t)(end - at - 1));
    size_t count = behind ? (size_t)(behind - at - 1) : 0;
    if (count >= size)
        count = size - 1;
    memcpy(name, at + 1, count);
    name[count] = '\0';
}

static bool is_named(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcasecmp(name, *names) == 0)
            return true;
    return false;
}

bool xml_source_decode(const char **bytes, size_t *length, struct string_builder *room)
{
    static const char *const unicode[] = { "",         "UTF-8",  "UTF8",     "US-ASCII", "ASCII",
                                           "UTF-16LE", "UTF-16", "UTF-16BE", NULL };
    static const char *const western[] = { "ISO-8859-1",   "ISO8859-1", "LATIN1",
                                           "WINDOWS-1252", "CP1252",    NULL };
    char name[24];
    bool is_little;
    if (is_utf16(bytes, length, &is_little)) {
        if (!append_utf16(room, *bytes, *length, is_little) || string_builder_overflowed(room))
            return false;
        *bytes = room->data;
        *length = room->length;
    } else if (*length >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0) {
        *bytes += 3;
        *length -= 3;
    }
    size_t declaration = declaration_length(*bytes, *length);
    declared_encoding(*bytes, declaration, name, sizeof name);
    *bytes += declaration;
    *length -= declaration;
    if (is_named(name, unicode))
        return true;
    if (!is_named(name, western) || room->length)
        return false;
    utf8_append_windows1252(room, *bytes, *length);
    *bytes = room->data;
    *length = room->length;
    return !string_builder_overflowed(room);
}

/* ---- tags ---- */

/* Behind what ends with mark; the end where it does not. */
static const char *behind(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));
    return found ? found + strlen(mark) : end;
}

/* Behind the start tag at at; *count: values in it. */
static const char *tag_end(const char *at, const char *end, size_t *count)
{
    *count = 0;
    while (at < end && *at != '>') {
        if (*at == '"' || *at == '\'') {
            const char *closing = memchr(at + 1, *at, (size_t)(end - at - 1));
            (*count)++;
            at = closing ? closing : end - 1;
        }
        at++;
    }
    return at;
}

size_t xml_source_attributes(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *at = bytes;
    size_t most = 0;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        size_t left = (size_t)(end - at);
        if (left >= 4 && memcmp(at, "<!--", 4) == 0) {
            at = behind(at + 4, end, "-->");
        } else if (left >= 9 && memcmp(at, "<![CDATA[", 9) == 0) {
            at = behind(at + 9, end, "]]>");
        } else if (left >= 2 && at[1] == '?') {
            at = behind(at + 2, end, "?>");
        } else {
            size_t count;
            at = tag_end(at + 1, end, &count);
            most = count > most ? count : most;
        }
    }
    return most;
}
