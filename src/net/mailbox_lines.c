/* SPDX-License-Identifier: MIT */
#include "net/mailbox_lines.h"

#include "base/text.h"

#include <string.h>

static void keep(struct text *line, const char *bytes, size_t length, bool *is_cut)
{
    size_t room = line->maximum - 1 - line->length;
    if (length > room) {
        length = room;
        *is_cut = true;
    }
    if (length)
        text_append_bytes(line, bytes, length);
}

bool mailbox_lines_next(struct mailbox_lines *lines, struct text *line, bool *is_cut)
{
    text_clear(line);
    *is_cut = false;
    for (;;) {
        const char *start = lines->buffer + lines->start;
        const char *end = lines->length ? memchr(start, '\n', lines->length) : NULL;
        size_t count = end ? (size_t)(end - start) + 1 : lines->length;
        keep(line, start, count, is_cut);
        lines->start += count;
        lines->length -= count;
        if (end)
            return true;
        lines->start = 0;
        lines->length = lines->wire->read(lines->wire->payload, lines->buffer,
                                          sizeof lines->buffer);
        if (!lines->length)
            return false;
    }
}
