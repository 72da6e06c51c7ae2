/* SPDX-License-Identifier: MIT */
#include "base/printable.h"

#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <stdint.h>

/* before: the character in front of it, which a joiner may shape. */
static void append_foreign(struct string_builder *text, const char *bytes, size_t start, size_t end,
                           uint32_t before, uint32_t c)
{
    if (c == 0x2028 || c == 0x2029)
        string_builder_append_character(text, ' ');
    else if (c >= 0x80 && c < 0xA0)
        string_builder_append_format(text, "\\x%02X", (unsigned)c);
    else if (invisible_is_left_out(before, c))
        string_builder_append_format(text, "\\u%04X", (unsigned)c);
    else
        string_builder_append_bytes(text, bytes + start, end - start);
}

void printable_append(struct string_builder *text, const char *bytes, size_t length,
                      bool keep_lines)
{
    size_t offset = 0;
    size_t run = 0; /* start of what is not copied yet */
    uint32_t before = 0;
    while (offset < length) {
        unsigned char byte = (unsigned char)bytes[offset];
        uint32_t c = byte;
        if ((byte >= ' ' && byte < 0x7F) || (keep_lines && byte == '\n')) {
            before = c;
            offset++;
            continue;
        }
        size_t start = offset;
        string_builder_append_bytes(text, bytes + run, start - run);
        if (byte < ' ' || byte == 0x7F) {
            offset++;
            string_builder_append_character(text, ' ');
        } else if (utf8_next(bytes, length, &offset, &c)) {
            append_foreign(text, bytes, start, offset, before, c);
        } else {
            offset = start + 1;
            string_builder_append_format(text, "\\x%02X", byte);
        }
        before = c;
        run = offset;
    }
    string_builder_append_bytes(text, bytes + run, length - run);
}
