/* SPDX-License-Identifier: MIT */
#include "mail/quoted_printable.h"

#include "mail/composition.h"

#include "base/string_builder.h"

#include <stdbool.h>
#include <string.h>

enum { LINE_MAXIMUM = 76 }; /* RFC 2045 section 6.7 rule 5, the "=" of a soft break included */

struct quoted_printable_writer {
    struct string_builder *out;
    size_t column;
};

static void write_soft_break(struct quoted_printable_writer *writer)
{
    string_builder_append(writer->out, "=\r\n");
    writer->column = 0;
}

static void write_line_end(struct quoted_printable_writer *writer)
{
    string_builder_append(writer->out, "\r\n");
    writer->column = 0;
}

/* length encoded bytes that must not be parted. */
static void write_unit(struct quoted_printable_writer *writer, const char *bytes, size_t length)
{
    if (writer->column + length > LINE_MAXIMUM - 1)
        write_soft_break(writer);
    string_builder_append_bytes(writer->out, bytes, length);
    writer->column += length;
}

static size_t encode(const char *bytes, size_t count, char encoded[12])
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        encoded[3 * i] = '=';
        encoded[3 * i + 1] = hex[byte >> 4];
        encoded[3 * i + 2] = hex[byte & 15];
    }
    return 3 * count;
}

/* Length of the character at input; bytes that are no UTF-8 count one each. */
static size_t character_length(const char *input)
{
    unsigned char first = (unsigned char)*input;
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    for (size_t i = 1; i < wanted; i++)
        if (((unsigned char)input[i] & 0xC0) != 0x80)
            return 1;
    return wanted;
}

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r' || byte == '\0';
}

/* Whether the character stands as it is. White space before a line end does not survive transport;
 * a dot or "From " at the start of a line is altered on the way. A soft break can be due before any
 * character, so the start of a line is where the writer's column says. */
static bool is_literal(const struct quoted_printable_writer *writer, const char *input)
{
    unsigned char byte = (unsigned char)*input;
    bool is_line_start = writer->column == 0 || writer->column + 1 > LINE_MAXIMUM - 1;
    if (byte == ' ' || byte == '\t')
        return !is_line_end(input[1]);
    if (byte < 0x21 || byte > 0x7E || byte == '=')
        return false;
    return !is_line_start || (byte != '.' && strncmp(input, "From ", 5) != 0);
}

static void write_character(struct quoted_printable_writer *writer, const char *input,
                            size_t length)
{
    char encoded[12];
    if (length == 1 && is_literal(writer, input))
        write_unit(writer, input, 1);
    else
        write_unit(writer, encoded, encode(input, length, encoded));
}

static enum mail_slot slot_at(const struct mail_slots *slots, const char *input)
{
    if (!slots || *input != slots->names[0][0])
        return MAIL_SLOT_NONE;
    for (int slot = 0; slot < MAIL_SLOT_COUNT; slot++)
        if (strncmp(input, slots->names[slot], strlen(slots->names[slot])) == 0)
            return (enum mail_slot)slot;
    return MAIL_SLOT_NONE;
}

static void write_slot(struct quoted_printable_writer *writer, const char *name, const char *value,
                       bool at_line_end)
{
    if (writer->column)
        write_soft_break(writer);
    string_builder_append(writer->out, value ? value : name);
    if (!at_line_end)
        write_soft_break(writer);
    /* At a line's end none is due, however long the value is, because a hard one follows. */
}

void quoted_printable_append(struct string_builder *out, const char *input,
                             const struct mail_slots *slots, const struct mail_values *values)
{
    struct quoted_printable_writer writer = { .out = out };
    while (*input) {
        if (*input == '\n' || *input == '\r') {
            input += input[0] == '\r' && input[1] == '\n' ? 2 : 1;
            write_line_end(&writer);
            continue;
        }
        enum mail_slot slot = slot_at(slots, input);
        if (!slots || slot == MAIL_SLOT_NONE) {
            size_t length = character_length(input);
            write_character(&writer, input, length);
            input += length;
            continue;
        }
        const char *name = slots->names[slot];
        const char *value = values ? values->values[slot] : NULL;
        input += strlen(name);
        write_slot(&writer, name, values && !value ? "" : value, is_line_end(*input));
    }
}
