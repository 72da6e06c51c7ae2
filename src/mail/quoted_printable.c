/* SPDX-License-Identifier: MIT */
#include "mail/quoted_printable.h"

#include "mail/composition.h"

#include "base/string_builder.h"
#include "base/utf8.h"

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

/* length encoded bytes that must not be parted. */
static void write_unit(struct quoted_printable_writer *writer, const char *bytes, size_t length)
{
    if (writer->column + length > LINE_MAXIMUM - 1)
        write_soft_break(writer);
    string_builder_append_bytes(writer->out, bytes, length);
    writer->column += length;
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

/* Writes the character at input and returns how many bytes it has; a byte that is no UTF-8 counts
 * as a character. */
static size_t write_character(struct quoted_printable_writer *writer, const char *input)
{
    enum { UTF8_MAXIMUM = 4 };

    static const char hex[] = "0123456789ABCDEF";
    char encoded[3 * UTF8_MAXIMUM];
    if (!(*input & 0x80) && is_literal(writer, input)) {
        write_unit(writer, input, 1);
        return 1;
    }
    size_t length = utf8_first(input, strnlen(input, UTF8_MAXIMUM), 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)input[i];
        encoded[3 * i] = '=';
        encoded[3 * i + 1] = hex[byte >> 4];
        encoded[3 * i + 2] = hex[byte & 15];
    }
    write_unit(writer, encoded, 3 * length);
    return length;
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
            string_builder_append(out, "\r\n");
            writer.column = 0;
            continue;
        }
        enum mail_slot slot = slot_at(slots, input);
        if (!slots || slot == MAIL_SLOT_NONE) {
            input += write_character(&writer, input);
            continue;
        }
        const char *name = slots->names[slot];
        const char *value = values ? values->values[slot] : NULL;
        input += strlen(name);
        write_slot(&writer, name, values && !value ? "" : value, is_line_end(*input));
    }
}
