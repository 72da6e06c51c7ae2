/* SPDX-License-Identifier: MIT */
#include "picture/field_text.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/unicode.h"

/* What white space there was since the last letter: written before the next one only, so that none
 * is left at either end. */
struct gap {
    bool has_space;
    int lines; /* line ends; an empty line stays one */
};

static void gap_add(struct gap *gap, uint32_t code_point, bool keep_lines)
{
    bool ends_line = code_point == '\n' || code_point == 0x2028 || code_point == 0x2029;
    gap->has_space = true;
    if (keep_lines && ends_line && gap->lines < 2)
        gap->lines++;
}

static void gap_write(struct gap *gap, struct string_builder *text)
{
    if (gap->lines)
        string_builder_append(text, gap->lines == 2 ? "\n\n" : "\n");
    else if (gap->has_space)
        string_builder_append_character(text, ' ');
    *gap = (struct gap){ 0 };
}

static bool is_blank(uint32_t code_point)
{
    return utf8_is_space(code_point) || code_point < 0x20 || code_point == 0xA0 ||
           (code_point >= 0x7F && code_point < 0xA0);
}

/* Carriage returns alone, as old programs write them, are line ends. */
static uint32_t line_end(struct span bytes, size_t next, uint32_t code_point)
{
    return code_point == '\r' && span_byte(bytes, next) != '\n' ? '\n' : code_point;
}

static void append_visible(struct string_builder *text, const char *string, size_t length,
                           bool keep_lines)
{
    struct span bytes = { .bytes = (const uint8_t *)string, .length = length };
    struct gap gap = { 0 };
    uint32_t before = 0;
    uint32_t code_point;
    for (size_t at = 0; at < length;) {
        if (!utf8_next(string, length, &at, &code_point)) {
            at++;
            continue;
        }
        code_point = line_end(bytes, at, code_point);
        if (is_blank(code_point)) {
            gap_add(&gap, code_point, keep_lines);
        } else if (utf8_is_xml_character(code_point) &&
                   !invisible_is_left_out(before, code_point)) {
            if (text->length)
                gap_write(&gap, text);
            gap = (struct gap){ 0 };
            utf8_append(text, code_point);
            before = code_point;
        }
    }
}

/* The end of the last whole character within maximum bytes. */
static size_t cut_length(const struct string_builder *text, size_t maximum)
{
    size_t length = text->length > maximum ? utf8_fit(text->data, maximum) : text->length;
    while (length && (text->data[length - 1] == ' ' || text->data[length - 1] == '\n'))
        length--;
    return length;
}

const char *field_text(struct arena *arena, struct span bytes, size_t maximum, bool keep_lines)
{
    struct string_builder decoded;
    struct string_builder visible;
    struct string_builder composed;
    const char *string = (const char *)bytes.bytes;
    size_t length = bytes.length < maximum * 8 ? bytes.length : maximum * 8;
    if (length == 0)
        return NULL;
    bool is_utf8 = utf8_is_valid(string, bytes.length);
    string_builder_init(&decoded, maximum * 32);
    string_builder_init(&visible, maximum * 32);
    string_builder_init(&composed, maximum * 128);
    if (!is_utf8)
        utf8_append_windows1252(&decoded, string, length);
    append_visible(&visible, is_utf8 ? string : decoded.data, is_utf8 ? length : decoded.length,
                   keep_lines);
    unicode_append_nfc(&composed, visible.data, visible.length);
    size_t kept = cut_length(&composed, maximum);
    const char *field = kept ? arena_copy_bytes(arena, composed.data, kept) : NULL;
    string_builder_release(&composed);
    string_builder_release(&visible);
    string_builder_release(&decoded);
    return field;
}

const char *field_join(struct arena *arena, const char *list, const char *further)
{
    if (!list || !further)
        return list ? list : further;
    if (strlen(list) + strlen(further) + 2 > FIELD_LINE_MAXIMUM)
        return list;
    return arena_format(arena, "%s, %s", list, further);
}
