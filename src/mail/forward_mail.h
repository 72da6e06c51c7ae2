/* SPDX-License-Identifier: MIT */
#ifndef MAIL_FORWARD_MAIL_H
#define MAIL_FORWARD_MAIL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct mail_resources;
struct string_builder;

/* A mark of every mail that sends something on: whatever bears it is sent on nowhere. */
#define FORWARD_MARK "X-Pressroom-Forward"

/* A mail that brings what somebody wrote to who is responsible: the message whole, as
 * message/rfc822, in a mail of our own. */
struct forward_request {
    const char *language; /* of who gets it */
    const char *to;
    const char *date;
    const char *message_id;
    const char *writer;  /* address of who wrote it: Reply-To */
    const char *title;   /* of the release that is answered; NULL: none in particular */
    const char *page;    /* its address; NULL */
    bool is_answer;      /* it answers what was mailed */
    const char *answers; /* Message-ID of the message, so that an answer finds its place; NULL */
    const char *bytes;   /* the message; where is_whole is false, what can be shown of it: "" for
                            nothing */
    size_t length;
    bool is_whole;
    bool
        wants_seven_bits; /* the relay may take no others: what has octets beyond ASCII is a file */
};

/* Appends it to *out, dot-stuffed. Of the message no octet is changed but line ends, which become
 * CRLF; one that SMTP cannot carry so (lines over 998 octets, NUL, bare CR) is a file instead,
 * in base64. *is_eight_bit: the relay must offer 8BITMIME. ERROR_USAGE where the template is
 * broken. */
bool forward_mail_build(struct arena *arena, const struct mail_resources *resources,
                        const struct forward_request *request, struct string_builder *out,
                        bool *is_eight_bit, struct error *error);

#endif
