/* SPDX-License-Identifier: MIT */
#include "intake/encoding.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "intake/problem.h"
#include "locale/unicode.h"

#include <stdint.h>
#include <string.h>

static int line_of(const char *bytes, const char *at)
{
    int line = 1;
    for (; bytes < at; bytes++)
        line += *bytes == '\n';
    return line;
}

/* One unit of UTF-16 at bytes. */
static uint32_t unit_at(const unsigned char *bytes, bool big_endian)
{
    return big_endian ? (uint32_t)bytes[0] << 8 | bytes[1] : (uint32_t)bytes[1] << 8 | bytes[0];
}

/* UTF-16 behind its mark (RFC 2781); false for an unpaired surrogate, an odd length or a NUL. */
static bool append_utf16(struct text *text, const unsigned char *bytes, size_t length,
                         bool big_endian)
{
    if (length % 2)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        uint32_t c = unit_at(bytes + i, big_endian);
        if (c >= 0xD800 && c <= 0xDBFF && i + 2 < length) {
            uint32_t low = unit_at(bytes + i + 2, big_endian);
            if (low < 0xDC00 || low > 0xDFFF)
                return false;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        }
        if (c == 0 || (c >= 0xD800 && c <= 0xDFFF))
            return false;
        utf8_append(text, c);
    }
    return true;
}

static bool append_as_utf8(struct text *text, const char *bytes, size_t length,
                           struct intake_problem_list *problems)
{
    bool big_endian = length >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0;
    if (big_endian || (length >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0)) {
        bool good = append_utf16(text, (const unsigned char *)bytes + 2, length - 2, big_endian);
        intake_problem_add(problems, good ? INTAKE_ADVICE : INTAKE_REFUSED, 0,
                           good ? INTAKE_MESSAGE_UTF_16 : INTAKE_MESSAGE_UTF_16_BROKEN, NULL, NULL);
        return good;
    }
    const char *nul = length ? memchr(bytes, '\0', length) : NULL;
    if (nul) {
        intake_problem_add(problems, INTAKE_REFUSED, line_of(bytes, nul), INTAKE_MESSAGE_NOT_TEXT,
                           NULL, NULL);
        return false;
    }
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (utf8_is_valid(bytes, length)) {
        text_append_bytes(text, bytes, length);
        return true;
    }
    intake_problem_add(problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_WINDOWS_1252, NULL, NULL);
    utf8_append_windows1252(text, bytes, length);
    return true;
}

/* Line ends as line feeds, without characters that XML forbids; how many were left out. */
static size_t append_lines(struct text *text, const char *bytes, size_t length)
{
    size_t offset = 0;
    size_t left_out = 0;
    uint32_t c;
    while (offset < length) {
        size_t start = offset;
        if (!utf8_next(bytes, length, &offset, &c)) {
            offset = start + 1;
            left_out++;
        } else if (c == '\r') {
            if (offset >= length || bytes[offset] != '\n')
                text_append_character(text, '\n');
        } else if (c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0x0B || c == 0x0C) {
            text_append_character(text, '\n');
        } else if (!utf8_is_xml_character(c) || (c >= 0x7F && c < 0xA0) || c == 0xFEFF) {
            left_out++;
        } else {
            text_append_bytes(text, bytes + start, offset - start);
        }
    }
    return left_out;
}

bool encoding_decode(struct arena *arena, const char *bytes, size_t length,
                     struct intake_problem_list *problems, const char **text, size_t *text_length)
{
    struct text utf8;
    struct text lines;
    struct text normal;
    text_init(&utf8, 4 * length + 16);
    text_init(&lines, 4 * length + 16);
    text_init(&normal, 0);
    bool good = append_as_utf8(&utf8, bytes, length, problems);
    if (good) {
        size_t left_out = append_lines(&lines, utf8.data, utf8.length);
        if (left_out)
            intake_problem_add(problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_CONTROL_CHARACTERS,
                               arena_format(arena, "%zu", left_out), NULL);
        unicode_append_nfc(&normal, lines.data, lines.length);
        *text = arena_copy_bytes(arena, normal.data, normal.length);
        *text_length = normal.length;
    }
    text_release(&utf8);
    text_release(&lines);
    text_release(&normal);
    return good;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

const char *encoding_one_line(struct arena *arena, const char *bytes, size_t length)
{
    struct text line;
    size_t offset = 0;
    bool gap = false;
    text_init(&line, length + 1);
    while (offset < length) {
        size_t start = offset;
        uint32_t c;
        if (!utf8_next(bytes, length, &offset, &c)) {
            offset = start + 1;
            continue;
        }
        if (is_space(c)) {
            gap = line.length > 0;
            continue;
        }
        if (!utf8_is_xml_character(c) || (c >= 0x7F && c < 0xA0))
            continue;
        if (gap)
            text_append_character(&line, ' ');
        gap = false;
        text_append_bytes(&line, bytes + start, offset - start);
    }
    const char *result = unicode_nfc(arena, arena_copy_bytes(arena, line.data, line.length));
    text_release(&line);
    return result;
}
