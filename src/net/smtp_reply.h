/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_REPLY_H
#define NET_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

/* Part of smtp_session.h and smtp_transaction.h: an SMTP server's replies (RFC 5321 section 4.2),
 * parsed from bytes as they come. All sizes are fixed, so a server cannot make us allocate. */
enum {
    SMTP_REPLY_LINE_MAXIMUM = 2048, /* RFC 5321 section 4.5.3.1.5 says 512; servers stray */
    SMTP_REPLY_LINES_MAXIMUM = 100,
    SMTP_REPLY_TEXT_SIZE = 512,
    SMTP_REPLY_ENHANCED_SIZE = 12
};

struct smtp_reply {
    int code;                                /* 200 … 599; 0 where there was none */
    char enhanced[SMTP_REPLY_ENHANCED_SIZE]; /* "5.1.1" (RFC 3463, RFC 2034); "" for none */
    char text[SMTP_REPLY_TEXT_SIZE]; /* lines joined by a space, without codes, cut; clean UTF-8 */
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

/* Fills *reply as if a server had said so: for what is refused before it is asked, and for
 * failures without words of the server (code 0). text is cut and cleaned. */
void smtp_reply_set(struct smtp_reply *reply, int code, const char *enhanced, const char *text);

/* 2xx; 4xx; 5xx. */
bool smtp_reply_is_positive(const struct smtp_reply *reply);
bool smtp_reply_is_transient(const struct smtp_reply *reply);
bool smtp_reply_is_permanent(const struct smtp_reply *reply);

#endif
