/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_LINES_H
#define NET_MAILBOX_LINES_H

#include "net/mailbox_session.h"

/* Inside net/ only: what a server sends, line by line. */
enum { MAILBOX_LINES_BUFFER = 16 * 1024 };

struct mailbox_lines {
    const struct mailbox_stream *stream;
    char buffer[MAILBOX_LINES_BUFFER];
    size_t start;
    size_t length;
};

/* Puts the next line in place of what line held, with its end; of a longer one than line's maximum
 * allows only the beginning is kept. False: the server sends no more. */
bool mailbox_lines_next(struct mailbox_lines *lines, struct string_builder *line, bool *is_cut);

/* The same, behind what bytes holds already. */
bool mailbox_lines_append(struct mailbox_lines *lines, struct string_builder *bytes, bool *is_cut);

/* Appends so many octets, whatever they are. */
bool mailbox_lines_octets(struct mailbox_lines *lines, struct string_builder *bytes, size_t count,
                          bool *is_cut);

#endif
