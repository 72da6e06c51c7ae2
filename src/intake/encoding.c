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

/* What becomes of a character that is not copied as it is: a line feed, or nothing. */
enum replacement { REPLACE_NOT, REPLACE_LINE_FEED, REPLACE_NOTHING };

static enum replacement replacement_of(uint32_t c)
{
    if (c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0x0B || c == 0x0C)
        return REPLACE_LINE_FEED;
    bool is_control = (c >= 0x7F && c < 0xA0) || c == 0xFEFF || !utf8_is_xml_character(c);
    return is_control ? REPLACE_NOTHING : REPLACE_NOT;
}

/* Line ends as line feeds, without characters that XML forbids; how many were left out. Copies the
 * runs between them whole. */
static size_t append_lines(struct text *text, const char *bytes, size_t length)
{
    size_t offset = 0;
    size_t run = 0; /* start of what is not copied yet */
    size_t left_out = 0;
    while (offset < length) {
        size_t start = offset;
        uint32_t c = (unsigned char)bytes[offset];
        if ((c >= 0x20 && c < 0x7F) || c == '\n') {
            offset++;
            continue;
        }
        enum replacement replacement = REPLACE_NOTHING;
        bool is_line_end = false;
        if (c == '\r') {
            offset++;
            is_line_end = true;
            replacement = offset < length && bytes[offset] == '\n' ? REPLACE_NOTHING
                                                                   : REPLACE_LINE_FEED;
        } else if (utf8_next(bytes, length, &offset, &c)) {
            replacement = replacement_of(c);
        } else {
            offset = start + 1;
        }
        if (replacement == REPLACE_NOT)
            continue;
        text_append_bytes(text, bytes + run, start - run);
        run = offset;
        if (replacement == REPLACE_LINE_FEED)
            text_append_character(text, '\n');
        else
            left_out += !is_line_end;
    }
    text_append_bytes(text, bytes + run, length - run);
    return left_out;
}

/* Whether the text can be in another form than C at all: it holds a character outside Latin and the
 * common punctuation. Spares most texts the way through UTF-16. */
static bool may_need_form(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0xCC)
            continue;
        bool is_punctuation = c == 0xE2 && i + 2 < length && (unsigned char)bytes[i + 1] == 0x80 &&
                              (unsigned char)bytes[i + 2] >= 0x90;
        if (!is_punctuation)
            return true;
        i += 2;
    }
    return false;
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
        const struct text *result = &lines;
        if (may_need_form(lines.data, lines.length)) {
            unicode_append_nfc(&normal, lines.data, lines.length);
            result = &normal;
        }
        *text = arena_copy_bytes(arena, result->data, result->length);
        *text_length = result->length;
    }
    text_release(&utf8);
    text_release(&lines);
    text_release(&normal);
    return good;
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
        if (utf8_is_space(c)) {
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
    const char *result = arena_copy_bytes(arena, line.data, line.length);
    if (may_need_form(result, line.length))
        result = unicode_nfc(arena, result);
    text_release(&line);
    return result;
}
