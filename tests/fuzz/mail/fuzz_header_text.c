/* SPDX-License-Identifier: MIT */
#include "mail/header_text.h"
#include "mail/quoted_printable.h"

#include "base/string_builder.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One field, and one only: CRLF is followed by a space, except at the end; lines are short. */
static void check_field(const struct string_builder *text)
{
    size_t width = 0;
    assert(text->length >= 2 && strcmp(text->data + text->length - 2, "\r\n") == 0);
    for (size_t i = 0; i < text->length; i++) {
        unsigned char byte = (unsigned char)text->data[i];
        assert(byte < 0x80 && (byte >= 0x20 || byte == '\r' || byte == '\n'));
        assert((byte == '\r') == (text->data[i + 1] == '\n'));
        width = byte == '\n' ? 0 : width + 1;
        assert(width <= 160);
        if (byte == '\n' && i + 1 < text->length)
            assert(text->data[i + 1] == ' ');
    }
}

static void check_body(const char *string)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    quoted_printable_append(&text, string, NULL, NULL);
    size_t width = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        assert(byte < 0x7F);
        assert(width || byte != '.');
        width = byte == '\n' ? 0 : width + 1;
        assert(width <= 77);
    }
    string_builder_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *string = malloc(size + 1);
    if (!string)
        return 0;
    memcpy(string, data, size);
    string[size] = '\0';
    struct string_builder text;
    string_builder_init(&text, 0);
    header_append_unstructured(&text, "Subject", string);
    check_field(&text);
    string_builder_clear(&text);
    header_append_mailbox(&text, "From", string, "presse@nordhav.example");
    check_field(&text);
    string_builder_release(&text);
    check_body(string);
    free(string);
    return 0;
}
