/* SPDX-License-Identifier: MIT */
#include "net/mbox_split.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char mark[] = "From ";

enum { MARK_LENGTH = sizeof mark - 1, NO_MARK = MARK_LENGTH + 1 };

void mbox_split_begin(struct mbox_split *split)
{
    *split = (struct mbox_split){ .message_start = -1,
                                  .is_after_empty = true,
                                  .is_line_empty = true };
}

static void add(struct mbox_split *split, struct mbox_part part)
{
    if (split->count == MBOX_PARTS_MAXIMUM) {
        split->has_too_many = true;
        return;
    }
    ARRAY_GROW(split->parts, split->count, split->capacity);
    split->parts[split->count++] = part;
}

static void end_message(struct mbox_split *split, int64_t end)
{
    if (split->message_start >= 0 && end > split->message_start)
        add(split, (struct mbox_part){ split->message_start, end });
}

static void end_line(struct mbox_split *split)
{
    if (split->matched == MARK_LENGTH && split->is_after_empty) {
        end_message(split, split->text_end_of_lines);
        split->message_start = split->offset + 1;
    } else if (!split->is_line_empty && split->message_start < 0) {
        split->is_foreign = true;
    }
    split->is_after_empty = split->is_line_empty;
    split->is_line_empty = true;
    split->matched = 0;
    split->text_end_of_lines = split->text_end;
}

static void take_octet(struct mbox_split *split, char octet)
{
    if (octet == '\n') {
        end_line(split);
    } else if (octet != '\r') {
        split->is_line_empty = false;
        split->text_end = split->offset + 1;
    }
    if (octet != '\n' && split->matched < MARK_LENGTH)
        split->matched = octet == mark[split->matched] ? split->matched + 1 : NO_MARK;
    split->offset++;
}

/* Takes a part of a line whose kind is known from its beginning. */
static void take_rest(struct mbox_split *split, const char *bytes, size_t length)
{
    size_t last = length;
    while (last > 0 && bytes[last - 1] == '\r')
        last--;
    if (last > 0) {
        split->is_line_empty = false;
        split->text_end = split->offset + (int64_t)last;
    }
    split->offset += (int64_t)length;
}

void mbox_split_bytes(struct mbox_split *split, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && !split->is_foreign;) {
        const char *end = split->matched >= MARK_LENGTH ? memchr(bytes + i, '\n', length - i)
                                                        : NULL;
        size_t rest = end ? (size_t)(end - (bytes + i)) : length - i;
        if (split->matched >= MARK_LENGTH && rest > 0) {
            take_rest(split, bytes + i, rest);
            i += rest;
        } else {
            take_octet(split, bytes[i++]);
        }
    }
}

void mbox_split_end(struct mbox_split *split)
{
    if (!split->is_line_empty)
        end_line(split); /* one that nothing ends; a mark without a message behind it */
    end_message(split, split->text_end);
}

void mbox_split_release(struct mbox_split *split)
{
    free(split->parts);
    split->parts = NULL;
}
