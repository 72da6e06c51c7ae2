/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MIME_READ_H
#define MAIL_MIME_READ_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A message from a stranger, read within bounds: nothing here fails or recurses by what it holds.
 * What passes a bound is left out. Strings live in the arena and are UTF-8 without control
 * characters but line ends and tabs. */
enum {
    MIME_MESSAGE_MAXIMUM = 512 * 1024, /* octets looked at */
    MIME_FIELDS_MAXIMUM = 500,         /* of one header */
    MIME_FIELD_MAXIMUM = 8192,         /* octets of one value, unfolded */
    MIME_DEPTH_MAXIMUM = 8,            /* parts within parts */
    MIME_PARTS_MAXIMUM = 100,
    MIME_ADDRESSES_MAXIMUM = 50, /* of all fields that name a recipient */
    MIME_TEXT_MAXIMUM = 64 * 1024
};

/* One header field, unfolded, not decoded. */
struct mime_field {
    const char *name;
    const char *value; /* without white space around it */
    const struct mime_field *next;
};

/* The first of that name, in any case; NULL. */
const char *mime_field(const struct mime_field *fields, const char *name);

struct mime_part {
    const char *type;    /* "text/plain", lower case; what no field says is that too */
    const char *charset; /* as written; NULL */
    const struct mime_field *fields;
    const char *body; /* as it stands in the message, encoded; borrowed from its bytes */
    size_t body_length;
    const struct mime_part *parts; /* of a multipart/…, or the one message of message/rfc822 */
    const struct mime_part *next;
};

struct mime_address {
    const char *address; /* "a@b" as written, not checked */
    struct mime_address *next;
};

/* One recipient of a delivery status notification (RFC 3464 section 2.3); NULL: not said. */
struct mime_recipient_status {
    const char *action;     /* "failed", lower case */
    const char *status;     /* "5.1.1" */
    const char *diagnostic; /* behind "smtp;" */
    const struct mime_recipient_status *next;
};

struct mime_message {
    const struct mime_part *root;
    const struct mime_field *fields; /* of root */

    const char *subject;     /* decoded, one line; "" */
    const char *from;        /* the first address; NULL */
    bool has_empty_sender;   /* Return-Path: <> */
    struct mime_address *to; /* all the places where a recipient is named: Delivered-To,
                                      X-Original-To, Envelope-To, To, Cc … */

    const char *text; /* the first text/plain part outside attachments, else made of the first
                         text/html; lines end in LF, quoted ones of HTML begin with "> "; NULL */
    const char *html; /* that text/html part as it is; NULL */

    const struct mime_recipient_status *statuses; /* message/delivery-status, also global- */
    const struct mime_field *feedback;            /* message/feedback-report (RFC 5965) */
    const struct mime_field *original; /* header of the message that a report speaks of: from its
                                          message/rfc822, message/global or text/rfc822-headers */
};

/* Reads length octets (the first MIME_MESSAGE_MAXIMUM of them), line ends CRLF or LF. bytes must
 * live as long as the result. */
struct mime_message *mime_read(struct arena *arena, const char *bytes, size_t length);

/* Encoded words of RFC 2047 decoded; broken ones stay as they are. */
const char *mime_decode_words(struct arena *arena, const char *value);

/* The addresses in the value of a field (RFC 5322 section 3.4), at most maximum. Comments and names
 * are left out; nothing is checked but that there is an @ inside. */
struct mime_address *mime_addresses(struct arena *arena, const char *value, size_t maximum);

/* The text of an HTML document for reading what a person wrote: lines, with "> " before what stands
 * in blockquotes. */
const char *mime_html_text(struct arena *arena, const char *html);

/* The same for looking up what is quoted: a mark for each blockquote around a line, and the address
 * of each link to a page before its words. */
const char *mime_html_links(struct arena *arena, const char *html);

#endif
