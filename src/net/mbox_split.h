/* SPDX-License-Identifier: MIT */
#ifndef NET_MBOX_SPLIT_H
#define NET_MBOX_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside net/ only: where the messages of an mbox lie (RFC 4155 appendix A), found from its octets
 * as they come, piece by piece, in linear time and without reading what they say. A message begins
 * behind a line that starts with "From " at the file's start or after an empty line, and ends
 * before the line ends that stand before the next one, so that it stays the same when more is
 * appended. */
struct mbox_part {
    int64_t start; /* octets from the file's start */
    int64_t end;
};

enum { MBOX_PARTS_MAXIMUM = 1000 * 1000 };

struct mbox_split {
    struct mbox_part *parts; /* the splitter's; those that hold nothing are left out */
    size_t count;
    size_t capacity;
    bool is_foreign;   /* it begins with something else: no mbox */
    bool has_too_many; /* parts past the maximum were left out */

    /* Inside. */
    int64_t offset;
    int64_t text_end;          /* behind the last octet that is no line end */
    int64_t text_end_of_lines; /* the same, of the lines before this one */
    int64_t message_start;     /* -1: before the first */
    unsigned matched; /* octets of "From " that this line starts with; more: another line */
    bool is_after_empty;
    bool is_line_empty;
};

void mbox_split_begin(struct mbox_split *split);
void mbox_split_bytes(struct mbox_split *split, const char *bytes, size_t length);

/* No more comes: parts is whole. */
void mbox_split_end(struct mbox_split *split);

void mbox_split_release(struct mbox_split *split);

#endif
