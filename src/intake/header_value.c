/* SPDX-License-Identifier: MIT */
#include "intake/header_value.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* ---- white space ---- */

static bool is_edge(uint32_t c)
{
    return utf8_is_space(c) || c == 0xA0 || c == 0x202F || c == 0x200B || c == 0xFEFF;
}

size_t header_space_before(const char *bytes, size_t length)
{
    size_t offset = 0;
    size_t before = 0;
    uint32_t c;
    while (utf8_next(bytes, length, &offset, &c) && is_edge(c))
        before = offset;
    return before;
}

size_t header_space_behind(const char *bytes, size_t length)
{
    size_t end = length;
    while (end) {
        size_t start = utf8_last(bytes, end);
        size_t offset = start;
        uint32_t c;
        if (!utf8_next(bytes, end, &offset, &c) || !is_edge(c))
            break;
        end = start;
    }
    return length - end;
}

/* ---- quotes ---- */

static int digit_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c) : NULL;
    return digit ? (int)(digit - digits) : -1;
}

/* Reads count hexadecimal digits; false where there are fewer. */
static bool read_code(const char *digits, size_t length, size_t count, uint32_t *code)
{
    *code = 0;
    if (length < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int value = digit_value(digits[i]);
        if (value < 0)
            return false;
        *code = 16 * *code + (uint32_t)value;
    }
    return true;
}

/* The character behind a backslash, one letter for one. */
static bool simple_escape(char letter, uint32_t *code)
{
    static const struct {
        char letter;
        uint32_t code;
    } escapes[] = { { '"', '"' },   { '\\', '\\' }, { '/', '/' },  { 'n', '\n' }, { 't', '\t' },
                    { '\t', '\t' }, { ' ', ' ' },   { 'r', '\n' }, { 'v', ' ' },  { 'f', ' ' },
                    { 'N', ' ' },   { '_', 0xA0 },  { 'L', ' ' },  { 'P', ' ' },  { '0', 0 },
                    { 'a', 7 },     { 'b', 8 },     { 'e', 27 } };

    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        if (escapes[i].letter != letter)
            continue;
        *code = escapes[i].code;
        return true;
    }
    return false;
}

/* Joins the two surrogates with which JSON writes characters beyond U+FFFF. */
static size_t join_halves(const char *bytes, size_t length, uint32_t *code)
{
    uint32_t low;
    if (*code < 0xD800 || *code > 0xDBFF || length < 2 || bytes[0] != '\\' || bytes[1] != 'u' ||
        !read_code(bytes + 2, length - 2, 4, &low) || low < 0xDC00 || low > 0xDFFF)
        return 0;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return 6;
}

/* How many bytes behind the backslash the escape takes; 0: it is none. */
static size_t read_escape(const char *bytes, size_t length, uint32_t *code)
{
    static const char lengths[] = "xuU";
    static const size_t digits[] = { 2, 4, 8 };
    if (length == 0)
        return 0;
    if (simple_escape(bytes[0], code))
        return 1;
    const char *kind = strchr(lengths, bytes[0]);
    if (!kind || !read_code(bytes + 1, length - 1, digits[kind - lengths], code))
        return 0;
    size_t used = 1 + digits[kind - lengths];
    return used + join_halves(bytes + used, length - used, code);
}

/* The offset behind the quoted text that begins at bytes[at]; 0 where it does not end. */
static size_t quoted_end(const char *bytes, size_t length, size_t at)
{
    char quote = bytes[at++];
    while (at < length) {
        bool is_pair = at + 1 < length &&
                       (quote == '"' ? bytes[at] == '\\'
                                     : bytes[at] == quote && bytes[at + 1] == quote);
        if (!is_pair && bytes[at] == quote)
            return at + 1;
        at += is_pair ? 2 : 1;
    }
    return 0;
}

static enum header_quoting unescape(struct string_builder *plain, struct arena *arena,
                                    const char *bytes, size_t length, const char **wrong)
{
    for (size_t at = 0; at < length; at++) {
        uint32_t code;
        if (bytes[at] != '\\') {
            string_builder_append_character(plain, bytes[at]);
            continue;
        }
        size_t used = read_escape(bytes + at + 1, length - at - 1, &code);
        if (used == 0 || (code != '\t' && code != '\n' && !utf8_is_xml_character(code))) {
            size_t behind = at + 1 + used;
            if (!used && !utf8_next(bytes, length, &behind, &code))
                behind++;
            *wrong = arena_copy_bytes(arena, bytes + at, behind - at);
            return used ? HEADER_MISCODED : HEADER_MISQUOTED;
        }
        utf8_append(plain, code);
        at += used;
    }
    return HEADER_QUOTED;
}

/* “…”, ”…”, „…“, »…«, «…»: the first and the last of them, and none between. */
static bool strip_typographic(const char *value, size_t length, size_t *start, size_t *end)
{
    static const char *const marks[] = { "“", "”", "„", "»", "«", "‘", "’", NULL };
    size_t found = 0;
    *start = 0;
    *end = length;
    for (const char *const *mark = marks; *mark; mark++) {
        size_t size = strlen(*mark);
        for (size_t at = 0; at + size <= length; at++) {
            if (memcmp(value + at, *mark, size) != 0)
                continue;
            found++;
            if (at == 0)
                *start = size;
            if (at + size == length)
                *end = at;
        }
    }
    return found == 2 && *start > 0 && *end < length && *start <= *end;
}

enum header_quoting header_unquote(struct arena *arena, const char *value, size_t length,
                                   bool is_typographic, const char **text)
{
    struct string_builder plain;
    size_t start;
    size_t end;
    if (is_typographic && strip_typographic(value, length, &start, &end)) {
        *text = arena_copy_bytes(arena, value + start, end - start);
        return HEADER_QUOTED;
    }
    if (length < 2 || (value[0] != '"' && value[0] != '\'') ||
        quoted_end(value, length, 0) != length)
        return HEADER_PLAIN;
    enum header_quoting quoting = HEADER_QUOTED;
    string_builder_init(&plain, length + 8);
    if (value[0] == '"') {
        quoting = unescape(&plain, arena, value + 1, length - 2, text);
    } else {
        for (size_t at = 1; at < length - 1; at++) {
            string_builder_append_character(&plain, value[at]);
            at += value[at] == '\''; /* two of them stand for one */
        }
    }
    if (quoting == HEADER_QUOTED)
        *text = arena_copy_bytes(arena, plain.data, plain.length);
    string_builder_release(&plain);
    return quoting;
}

/* ---- marks ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

size_t header_before_comment(const char *value, size_t length)
{
    for (size_t at = 0; at < length; at++)
        if (value[at] == '#' && (at == 0 || header_space_behind(value, at) > 0))
            return at;
    return length;
}

bool header_is_block(const char *value, size_t length)
{
    if (length == 0 || length > 2 || (value[0] != '>' && value[0] != '|'))
        return false;
    return length == 1 || value[1] == '-' || value[1] == '+';
}

/* ---- brackets ---- */

/* Whether the line up to at holds nothing. */
static bool is_line_begin(const char *bytes, size_t at)
{
    while (at && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t'))
        at--;
    return at == 0 || bytes[at - 1] == '\n';
}

/* The end of a comment or of a text in quotes that begins at at; at itself where none begins
 * there. */
static size_t passed(const char *bytes, size_t length, size_t at, bool may_quote, bool *comment)
{
    if (bytes[at] == '#' && at && is_blank(bytes[at - 1])) {
        *comment = *comment || !is_line_begin(bytes, at);
        const char *end = memchr(bytes + at, '\n', length - at);
        return end ? (size_t)(end - bytes) : length;
    }
    if (!may_quote || (bytes[at] != '"' && bytes[at] != '\''))
        return at;
    size_t end = quoted_end(bytes, length, at);
    return end ? end : length;
}

size_t header_flow_length(const char *bytes, size_t length, bool *comment)
{
    size_t depth = 0;
    bool may_quote = true; /* a quote opens a quoted text only at the beginning of a part */
    *comment = false;
    for (size_t at = 0; at < length;) {
        char c = bytes[at];
        size_t end = passed(bytes, length, at, may_quote, comment);
        if (end == at) {
            if (c == '[' || c == '{')
                depth++;
            else if ((c == ']' || c == '}') && --depth == 0)
                return at + 1;
            end = at + 1;
        }
        if (!is_blank(c) && c != '#')
            may_quote = strchr("[{,:", c) != NULL;
        at = end;
    }
    return 0;
}
