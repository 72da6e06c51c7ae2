/* SPDX-License-Identifier: MIT */
#include "mail/header_text.h"

#include "base/base64.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    LINE_MAXIMUM = 76, /* with encoded words (RFC 2047 section 2); 78 elsewhere */
    WORD_MAXIMUM = 75, /* of an encoded word, all included */
    PLAIN_WORD_MAXIMUM =
        60 /* of a word that needs no encoding: longer ones are encoded to be split */
};

#define WORD_START_Q "=?utf-8?Q?"
#define WORD_START_B "=?utf-8?B?"
#define WORD_END "?="

/* Where a line stands while a field is written. */
struct field_writer {
    struct string_builder *text;
    size_t column;
};

static void write_bytes(struct field_writer *writer, const char *bytes, size_t length)
{
    string_builder_append_bytes(writer->text, bytes, length);
    writer->column += length;
}

static void write_name(struct field_writer *writer, const char *name)
{
    write_bytes(writer, name, strlen(name));
    write_bytes(writer, ":", 1);
}

static void write_fold(struct field_writer *writer)
{
    string_builder_append(writer->text, "\r\n");
    writer->column = 0;
}

/* A space, and before it a line end where length more columns would not fit. */
static void write_space_before(struct field_writer *writer, size_t length)
{
    if (writer->column + 1 + length > LINE_MAXIMUM)
        write_fold(writer);
    write_bytes(writer, " ", 1);
}

/* value on one line: control characters and line ends become spaces, runs of spaces one space, and
 * none is left at either end. */
static void append_clean(struct string_builder *clean, const char *value)
{
    enum { REPLACEMENT = 0xFFFD };

    size_t length = strlen(value);
    for (size_t offset = 0; offset < length;) {
        uint32_t code_point;
        if (!utf8_next(value, length, &offset, &code_point)) {
            offset++;
            code_point = REPLACEMENT;
        }
        bool is_space = code_point <= ' ' || (code_point >= 0x7F && code_point < 0xA0) ||
                        code_point == 0x2028 || code_point == 0x2029;
        if (!is_space)
            utf8_append(clean, code_point);
        else if (clean->length && clean->data[clean->length - 1] != ' ')
            string_builder_append_character(clean, ' ');
    }
    if (clean->length && clean->data[clean->length - 1] == ' ')
        string_builder_truncate(clean, clean->length - 1);
}

/* Words that may stand as they are: ASCII, short enough to be folded between, not to be taken for
 * encoded ones. */
static bool is_plain(const char *value)
{
    size_t word = 0;
    if (!utf8_is_ascii(value, strlen(value)) || strstr(value, "=?"))
        return false;
    for (; *value; value++) {
        word = *value == ' ' ? 0 : word + 1;
        if (word > PLAIN_WORD_MAXIMUM)
            return false;
    }
    return true;
}

static void write_plain_words(struct field_writer *writer, const char *value)
{
    while (*value) {
        size_t length = strcspn(value, " ");
        write_space_before(writer, length);
        write_bytes(writer, value, length);
        value += length;
        value += strspn(value, " ");
    }
}

/* RFC 2047 section 5 rule 3: what may stand in an encoded word in a display name; kept for the
 * subject as well. */
static bool q_is_literal(unsigned char byte)
{
    return (byte < 0x80 && isalnum(byte)) || (byte && strchr("!*+-/", byte));
}

static size_t q_length(const char *bytes, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += q_is_literal((unsigned char)bytes[i]) || bytes[i] == ' ' ? 1 : 3;
    return length;
}

static void write_q(struct field_writer *writer, const char *bytes, size_t count)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == ' ')
            write_bytes(writer, "_", 1);
        else if (q_is_literal(byte))
            write_bytes(writer, bytes + i, 1);
        else
            write_bytes(writer, (char[]){ '=', hex[byte >> 4], hex[byte & 15] }, 3);
    }
}

static size_t b_length(size_t count)
{
    return (count + 2) / 3 * 4;
}

/* How many bytes of value, whole characters, fit an encoded word of at most available columns; at
 * least one character. */
static size_t word_capacity(const char *value, size_t length, bool use_b, size_t available)
{
    size_t taken = 0;
    while (taken < length) {
        size_t next = taken + utf8_first(value + taken, length - taken, 1);
        size_t encoded = use_b ? b_length(next) : q_length(value, next);
        if (taken && encoded + strlen(WORD_START_Q WORD_END) > available)
            break;
        taken = next;
    }
    return taken;
}

/* The value as encoded words, in B where that is much shorter than Q. White space between two
 * encoded words is not shown, so that they can be split anywhere between characters. */
static void write_encoded_words(struct field_writer *writer, const char *value)
{
    const size_t frame = strlen(WORD_START_Q WORD_END);

    enum { FIRST_WORD_MINIMUM = 30 }; /* less room than that beside the field's name: a new line */

    size_t length = strlen(value);
    bool use_b = b_length(length) * 3 / 2 <
                 q_length(value,
                          length); /* Q unless it is much longer, because people can read it */
    while (length) {
        size_t available = writer->column + 1 + frame + FIRST_WORD_MINIMUM > LINE_MAXIMUM
                               ? WORD_MAXIMUM
                               : LINE_MAXIMUM - 1 - writer->column;
        if (available > WORD_MAXIMUM)
            available = WORD_MAXIMUM;
        size_t count = word_capacity(value, length, use_b, available);
        size_t encoded = use_b ? b_length(count) : q_length(value, count);
        write_space_before(writer, frame + encoded);
        write_bytes(writer, use_b ? WORD_START_B : WORD_START_Q, strlen(WORD_START_Q));
        if (use_b) {
            base64_append(writer->text, value, count);
            writer->column += encoded;
        } else {
            write_q(writer, value, count);
        }
        write_bytes(writer, WORD_END, strlen(WORD_END));
        value += count;
        length -= count;
    }
}

static void clean_init(struct string_builder *clean, const char *value)
{
    string_builder_init(clean, 0);
    append_clean(clean, value ? value : "");
}

/* Appends value without control characters and without the characters in refused. */
static void append_without(struct string_builder *text, const char *value, const char *refused)
{
    for (; *value; value++) {
        unsigned char byte = (unsigned char)*value;
        if (byte > 0x1F && byte != 0x7F && !strchr(refused, byte))
            string_builder_append_character(text, *value);
    }
}

void header_append_unstructured(struct string_builder *text, const char *name, const char *value)
{
    struct field_writer writer = { .text = text };
    struct string_builder clean;
    clean_init(&clean, value);
    write_name(&writer, name);
    if (is_plain(clean.data))
        write_plain_words(&writer, clean.data);
    else
        write_encoded_words(&writer, clean.data);
    write_fold(&writer);
    string_builder_release(&clean);
}

/* A display name as a phrase (RFC 5322 section 3.2.5): words, a quoted string, or encoded words. */
static void write_phrase(struct field_writer *writer, const char *value)
{
    if (!is_plain(value) || strlen(value) > PLAIN_WORD_MAXIMUM) {
        write_encoded_words(writer, value);
        return;
    }
    bool is_words = true;
    for (const char *cursor = value; *cursor; cursor++)
        if (!isalnum((unsigned char)*cursor) && !strchr(" !#$%&'*+-/=?^_`{|}~", *cursor))
            is_words = false;
    if (is_words) {
        write_plain_words(writer, value);
        return;
    }
    write_bytes(writer, " \"", 2);
    for (const char *cursor = value; *cursor; cursor++) {
        if (*cursor == '"' || *cursor == '\\')
            write_bytes(writer, "\\", 1);
        write_bytes(writer, cursor, 1);
    }
    write_bytes(writer, "\"", 1);
}

void header_append_mailbox(struct string_builder *text, const char *name, const char *display_name,
                           const char *address)
{
    struct field_writer writer = { .text = text };
    struct string_builder clean;
    clean_init(&clean, display_name);
    bool has_name = clean.length > 0;
    write_name(&writer, name);
    if (has_name)
        write_phrase(&writer, clean.data);
    string_builder_clear(&clean);
    append_without(&clean, address, " <>");
    if (has_name)
        write_space_before(&writer, clean.length + 2);
    string_builder_append_format(text, has_name ? "<%s>\r\n" : " %s\r\n", clean.data);
    string_builder_release(&clean);
}

void header_append_parts(struct string_builder *text, const char *name, const char *const *parts,
                         size_t count)
{
    string_builder_append(text, name);
    string_builder_append_character(text, ':');
    for (size_t i = 0; i < count; i++) {
        string_builder_append(text, i ? "\r\n " : " ");
        append_without(text, parts[i], "");
    }
    string_builder_append(text, "\r\n");
}
