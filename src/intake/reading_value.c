/* SPDX-License-Identifier: MIT */
#include "intake/reading_value.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "confined/packet.h"
#include "intake/encoding.h"
#include "intake/reader.h"
#include "locale/unicode.h"

#include <stdint.h>
#include <string.h>

/* ---- strings ---- */

/* Stands for any character that skip_letters() passes: all of them are alike next to a joiner. */
enum { LETTER = 'x' };

void reading_refuse(struct packet *packet)
{
    packet->is_bad = true;
}

/* Whether a character is kept behind another one; in a line spaces are single and stand between
 * words. */
static bool stays(uint32_t before, uint32_t c, bool is_line)
{
    if (!utf8_is_xml_character(c) || invisible_is_left_out(before, c))
        return false;
    if (is_line && c == ' ')
        return before != 0 && before != ' ';
    return !is_line || (c >= 0xA0 && !utf8_is_space(c));
}

/* The offset behind a run of ASCII letters and letters from U+00C0 to U+02FF. None of these is
 * ever removed or normalized, and they are most of every text. */
static size_t skip_letters(const char *string, size_t offset)
{
    const unsigned char *c = (const unsigned char *)string + offset;
    for (;;) {
        while ((unsigned)*c - '!' < 0x7f - '!')
            c++;
        if (*c < 0xC3 || *c > 0xCB || (c[1] & 0xC0) != 0x80)
            return (size_t)(c - (const unsigned char *)string);
        c += 2;
    }
}

/* Whether the string needs no change, which is true of nearly all. */
static bool is_clean(const char *string, bool is_line)
{
    size_t length = strlen(string);
    size_t offset = 0;
    uint32_t before = 0;
    bool is_plain = true;
    for (;;) {
        size_t start = offset;
        offset = skip_letters(string, offset);
        if (offset > start)
            before = LETTER;
        if (offset == length)
            break;
        uint32_t c = (unsigned char)string[offset];
        if (c == ' ' && (!is_line || (before != 0 && before != ' ')))
            offset++;
        else if (!utf8_next(string, length, &offset, &c) || !stays(before, c, is_line))
            return false;
        is_plain = is_plain && c <= ' ';
        before = c;
    }
    return !(is_line && before == ' ') && (is_plain || !encoding_may_need_form(string, length));
}

static const char *mend_lines(struct arena *arena, const char *string)
{
    struct string_builder characters;
    struct string_builder clean;
    size_t length = strlen(string);
    string_builder_init(&characters, length + 1);
    string_builder_init(&clean, length + 1);
    utf8_append_clean(&characters, string, length);
    invisible_append_others(&clean, characters.data, characters.length);
    const char *mended = arena_copy_bytes(arena, clean.data, clean.length);
    if (encoding_may_need_form(mended, clean.length))
        mended = unicode_nfc(arena, mended);
    string_builder_release(&characters);
    string_builder_release(&clean);
    return mended;
}

const char *reading_take_line(struct packet *packet, struct arena *arena)
{
    const char *line = packet_string(packet, arena);
    return !line || is_clean(line, true) ? line : encoding_one_line(arena, line, strlen(line));
}

const char *reading_take_lines(struct packet *packet, struct arena *arena)
{
    const char *lines = packet_string(packet, arena);
    return !lines || is_clean(lines, false) ? lines : mend_lines(arena, lines);
}

/* ---- places ---- */

int reading_take_line_number(struct packet *packet, const struct intake_source *source)
{
    size_t most = source->length > source->sidecar_length ? source->length : source->sidecar_length;
    return (int)packet_integer_within(packet, 0,
                                      (int64_t)(most < INT32_MAX ? most : INT32_MAX - 1) + 1);
}

void reading_put_file(struct string_builder *packet, const struct intake_source *source,
                      const char *file)
{
    packet_put_bool(packet, file == source->sidecar_name);
}

const char *reading_take_file(struct packet *packet, const struct intake_source *source)
{
    bool is_sidecar = packet_bool(packet);
    if (is_sidecar && !source->sidecar_name)
        reading_refuse(packet);
    return is_sidecar && source->sidecar_name ? source->sidecar_name : source->name;
}
