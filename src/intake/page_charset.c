/* SPDX-License-Identifier: MIT */
#include "intake/page_charset.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/unicode.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Where a page says what it is: Word writes long heads. */
enum { HEAD_MAXIMUM = 16384, NAME_MAXIMUM = 40 };

static const char *find(const char *bytes, const char *end, const char *words)
{
    size_t length = strlen(words);
    for (; (size_t)(end - bytes) >= length; bytes++)
        if (strncasecmp(bytes, words, length) == 0)
            return bytes;
    return NULL;
}

static const char *skip(const char *at, const char *end, const char *characters)
{
    while (at < end && *at && strchr(characters, *at))
        at++;
    return at;
}

/* The name behind "charset =" or "encoding =", quoted or not; NULL: there is none. */
static const char *name_behind(struct arena *arena, const char *at, const char *end,
                               const char *key)
{
    size_t length = 0;
    at = find(at, end, key);
    at = at ? skip(at + strlen(key), end, " \t\r\n") : end;
    if (at == end || *at != '=')
        return NULL;
    at = skip(at + 1, end, " \t\r\n\"'");
    while (at + length < end && length < NAME_MAXIMUM &&
           (isalnum((unsigned char)at[length]) || at[length] == '-' || at[length] == '_'))
        length++;
    return length ? arena_copy_bytes(arena, at, length) : NULL;
}

/* What the page says of itself. */
static const char *said(struct arena *arena, const char *bytes, size_t length)
{
    const char *end = bytes + (length < HEAD_MAXIMUM ? length : HEAD_MAXIMUM);
    const char *name = NULL;
    if (length > 5 && memcmp(bytes, "<?xml", 5) == 0) {
        const char *close = memchr(bytes, '>', (size_t)(end - bytes));
        name = close ? name_behind(arena, bytes, close, "encoding") : NULL;
    }
    while (!name && (bytes = find(bytes, end, "<meta"))) {
        const char *close = memchr(bytes, '>', (size_t)(end - bytes));
        if (!close)
            break;
        name = name_behind(arena, bytes, close, "charset");
        bytes = close;
    }
    return name;
}

static bool begins(const char *bytes, size_t length, const char *with, size_t size)
{
    return length >= size && memcmp(bytes, with, size) == 0;
}

/* UTF-16 by its mark, or since every second byte of a tag is none. */
static const char *utf16_of(const char *bytes, size_t length, size_t *mark)
{
    *mark = 2;
    if (begins(bytes, length, "\xFF\xFE", 2))
        return "utf-16le";
    if (begins(bytes, length, "\xFE\xFF", 2))
        return "utf-16be";
    *mark = 0;
    if (begins(bytes, length, "<\0", 2) && length >= 4 && !bytes[3])
        return "utf-16le";
    return begins(bytes, length, "\0<", 2) && length >= 4 && !bytes[2] ? "utf-16be" : NULL;
}

static void decode(struct arena *arena, struct string_builder *text, const char *bytes,
                   size_t length)
{
    size_t mark;
    const char *name = utf16_of(bytes, length, &mark);
    if (!name && utf8_is_valid(bytes, length)) {
        string_builder_append_bytes(text, bytes, length);
        return;
    }
    name = name ? name : said(arena, bytes, length);
    /* It is no UTF-8, and no page that can be read says so in UTF-16. */
    bool is_unicode = name && strncasecmp(name, "utf", 3) == 0;
    if (is_unicode && !utf16_of(bytes, length, &mark))
        name = NULL;
    if (!name || !unicode_append_charset(text, name, bytes + mark, length - mark))
        utf8_append_windows1252(text, bytes, length);
}

const char *page_charset_decode(struct arena *arena, const char *bytes, size_t length,
                                size_t *text_length)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    decode(arena, &text, bytes, length);
    const char *result = arena_copy_bytes(arena, text.length ? text.data : "", text.length);
    *text_length = text.length;
    string_builder_release(&text);
    return result;
}
