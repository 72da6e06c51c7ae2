/* SPDX-License-Identifier: MIT */
#include "net/mailbox_lines.h"

#include "base/string_builder.h"

#include <string.h>

static void keep(struct string_builder *bytes, const char *start, size_t length, bool *is_cut)
{
    size_t room = bytes->maximum - 1 - bytes->length;
    if (length > room) {
        length = room;
        *is_cut = true;
    }
    if (length)
        string_builder_append_bytes(bytes, start, length);
}

/* Takes so many octets of what is there. */
static void take(struct mailbox_lines *lines, size_t count, struct string_builder *bytes,
                 bool *is_cut)
{
    keep(bytes, lines->buffer + lines->start, count, is_cut);
    lines->start += count;
    lines->length -= count;
}

static bool fill(struct mailbox_lines *lines)
{
    lines->start = 0;
    lines->length = lines->stream->read(lines->stream->payload, lines->buffer,
                                        sizeof lines->buffer);
    return lines->length > 0;
}

bool mailbox_lines_append(struct mailbox_lines *lines, struct string_builder *bytes, bool *is_cut)
{
    *is_cut = false;
    do {
        const char *start = lines->buffer + lines->start;
        const char *end = lines->length ? memchr(start, '\n', lines->length) : NULL;
        take(lines, end ? (size_t)(end - start) + 1 : lines->length, bytes, is_cut);
        if (end)
            return true;
    } while (fill(lines));
    return false;
}

bool mailbox_lines_next(struct mailbox_lines *lines, struct string_builder *line, bool *is_cut)
{
    string_builder_clear(line);
    return mailbox_lines_append(lines, line, is_cut);
}

bool mailbox_lines_octets(struct mailbox_lines *lines, struct string_builder *bytes, size_t count,
                          bool *is_cut)
{
    *is_cut = false;
    do {
        size_t length = count < lines->length ? count : lines->length;
        take(lines, length, bytes, is_cut);
        count -= length;
        if (count == 0)
            return true;
    } while (fill(lines));
    return false;
}
