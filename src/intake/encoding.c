/* SPDX-License-Identifier: MIT */
#include "intake/encoding.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/code_page.h"
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
static bool append_utf16(struct string_builder *text, const unsigned char *bytes, size_t length,
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

/* Decodes text that is no UTF-8. Only Windows-1252 is read, because no other code page is common
 * enough to be sure of. */
static bool append_guessed(struct string_builder *text, const char *bytes, size_t length,
                           struct intake_problem_list *problems)
{
    static const enum intake_message_id messages[] = {
        [CODE_PAGE_WINDOWS_1252] = INTAKE_MESSAGE_WINDOWS_1252,
        [CODE_PAGE_MIXED] = INTAKE_MESSAGE_ENCODING_MIXED,
        [CODE_PAGE_MAC_ROMAN] = INTAKE_MESSAGE_ENCODING_MAC,
        [CODE_PAGE_DOS] = INTAKE_MESSAGE_ENCODING_DOS,
        [CODE_PAGE_UNKNOWN] = INTAKE_MESSAGE_ENCODING_UNKNOWN,
    };

    size_t evidence = 0;
    enum code_page page = code_page_guess(bytes, length, &evidence);
    if (page != CODE_PAGE_WINDOWS_1252) {
        intake_problem_add(problems, INTAKE_REFUSED, line_of(bytes, bytes + evidence),
                           messages[page], NULL, NULL);
        return false;
    }
    intake_problem_add(problems, INTAKE_ADVICE, 0, messages[page], NULL, NULL);
    utf8_append_windows1252(text, bytes, length);
    return true;
}

static bool append_as_utf8(struct string_builder *text, const char *bytes, size_t length,
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
        string_builder_append_bytes(text, bytes, length);
        return true;
    }
    return append_guessed(text, bytes, length, problems);
}

/* What becomes of a character that is not copied as it is: a line feed, or nothing; with advice
 * where somebody could miss it. */
enum replacement {
    REPLACE_NOT,
    REPLACE_LINE_FEED,
    REPLACE_NOTHING,
    REPLACE_CONTROL,
    REPLACE_DIRECTION
};

static enum replacement replacement_of(uint32_t before, uint32_t c)
{
    if (c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0x0B || c == 0x0C)
        return REPLACE_LINE_FEED;
    if ((c >= 0x7F && c < 0xA0) || !utf8_is_xml_character(c))
        return REPLACE_CONTROL;
    if (!invisible_is_left_out(before, c))
        return REPLACE_NOT;
    return invisible_is_direction(c) ? REPLACE_DIRECTION : REPLACE_NOTHING;
}

/* What was left out of a text. */
struct left_out {
    size_t controls;
    size_t directions;
};

/* The character at *offset, which moves behind it, and what becomes of it. */
static enum replacement next_replacement(const char *bytes, size_t length, size_t *offset,
                                         uint32_t *before)
{
    uint32_t c = (unsigned char)bytes[*offset];
    if (c == '\r') {
        ++*offset;
        *before = c;
        return *offset < length && bytes[*offset] == '\n' ? REPLACE_NOTHING : REPLACE_LINE_FEED;
    }
    if (!utf8_next(bytes, length, offset, &c)) {
        ++*offset;
        return REPLACE_CONTROL;
    }
    enum replacement replacement = replacement_of(*before, c);
    if (replacement == REPLACE_NOT || replacement == REPLACE_LINE_FEED)
        *before = replacement == REPLACE_NOT ? c : '\n';
    return replacement;
}

/* Line ends as line feeds, without characters that XML forbids and those that nobody sees. Copies
 * the runs between them whole. */
static struct left_out append_lines(struct string_builder *text, const char *bytes, size_t length)
{
    size_t offset = 0;
    size_t run = 0;      /* start of what is not copied yet */
    uint32_t before = 0; /* the character copied last */
    struct left_out left_out = { 0, 0 };
    while (offset < length) {
        size_t start = offset;
        unsigned char byte = (unsigned char)bytes[offset];
        if ((byte >= 0x20 && byte < 0x7F) || byte == '\n') {
            before = byte;
            offset++;
            continue;
        }
        enum replacement replacement = next_replacement(bytes, length, &offset, &before);
        if (replacement == REPLACE_NOT)
            continue;
        string_builder_append_bytes(text, bytes + run, start - run);
        run = offset;
        if (replacement == REPLACE_LINE_FEED)
            string_builder_append_character(text, '\n');
        left_out.controls += replacement == REPLACE_CONTROL;
        left_out.directions += replacement == REPLACE_DIRECTION;
    }
    string_builder_append_bytes(text, bytes + run, length - run);
    return left_out;
}

static void report_left_out(struct arena *arena, const struct left_out *left_out,
                            struct intake_problem_list *problems)
{
    if (left_out->controls)
        intake_problem_add(problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_CONTROL_CHARACTERS,
                           arena_format(arena, "%zu", left_out->controls), NULL);
    if (left_out->directions)
        intake_problem_add(problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_DIRECTION_CHARACTERS,
                           arena_format(arena, "%zu", left_out->directions), NULL);
}

bool encoding_may_need_form(const char *bytes, size_t length)
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
    struct string_builder utf8;
    struct string_builder lines;
    struct string_builder normal;
    string_builder_init(&utf8, 4 * length + 16);
    string_builder_init(&lines, 4 * length + 16);
    string_builder_init(&normal, 0);
    bool good = append_as_utf8(&utf8, bytes, length, problems);
    if (good) {
        struct left_out left_out = append_lines(&lines, utf8.data, utf8.length);
        report_left_out(arena, &left_out, problems);
        const struct string_builder *result = &lines;
        if (encoding_may_need_form(lines.data, lines.length)) {
            unicode_append_nfc(&normal, lines.data, lines.length);
            result = &normal;
        }
        *text = arena_copy_bytes(arena, result->data, result->length);
        *text_length = result->length;
    }
    string_builder_release(&utf8);
    string_builder_release(&lines);
    string_builder_release(&normal);
    return good;
}

const char *encoding_one_line(struct arena *arena, const char *bytes, size_t length)
{
    struct string_builder line;
    size_t offset = 0;
    bool gap = false;
    uint32_t before = 0;
    string_builder_init(&line, length + 1);
    while (offset < length) {
        size_t start = offset;
        uint32_t c;
        if (!utf8_next(bytes, length, &offset, &c)) {
            offset = start + 1;
            continue;
        }
        if (utf8_is_space(c)) {
            gap = line.length > 0;
            before = ' ';
            continue;
        }
        if (!utf8_is_xml_character(c) || (c >= 0x7F && c < 0xA0) ||
            invisible_is_left_out(before, c))
            continue;
        if (gap)
            string_builder_append_character(&line, ' ');
        gap = false;
        before = c;
        string_builder_append_bytes(&line, bytes + start, offset - start);
    }
    const char *result = arena_copy_bytes(arena, line.data, line.length);
    if (encoding_may_need_form(result, line.length))
        result = unicode_nfc(arena, result);
    string_builder_release(&line);
    return result;
}
