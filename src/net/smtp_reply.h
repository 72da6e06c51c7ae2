/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_REPLY_H
#define NET_SMTP_REPLY_H

#include <stddef.h>

#include "net/smtp.h"

/* Inside net/ only: an SMTP server's replies, parsed from bytes as they come. */
enum {
    SMTP_REPLY_LINE_MAXIMUM = 2048, /* RFC 5321 section 4.5.3.1.5 says 512; servers stray */
    SMTP_REPLY_LINES_MAXIMUM = 100,
};

enum smtp_reply_status {
    SMTP_REPLY_MORE, /* all bytes taken, the reply goes on */
    SMTP_REPLY_READY,
    SMTP_REPLY_BAD /* no SMTP: line or reply too long, code outside 200 … 599, codes that differ */
};

struct smtp_reply_parser {
    char line[SMTP_REPLY_LINE_MAXIMUM];
    size_t line_length;
    unsigned line_count;
    size_t text_length;
    struct smtp_reply reply;
};

void smtp_reply_parser_init(struct smtp_reply_parser *parser);

/* Takes bytes until a reply is whole; *used says how many. On SMTP_REPLY_READY *reply is filled
 * and the parser ready for the next one; after SMTP_REPLY_BAD it must not be used again and
 * reply->text says what is wrong. Lines may end with LF alone. */
enum smtp_reply_status smtp_reply_parser_feed(struct smtp_reply_parser *parser, const char *bytes,
                                              size_t length, size_t *used,
                                              struct smtp_reply *reply);

#endif
