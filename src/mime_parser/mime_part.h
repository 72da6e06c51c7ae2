/* SPDX-License-Identifier: MIT */
#ifndef MIME_PARSER_MIME_PART_H
#define MIME_PARSER_MIME_PART_H

#include "mime/mime.h"

/* Inside mime_parser/ only: the steps of reading a message. */

struct mime_part {
    const char *type;    /* "text/plain", lower case; what no field says is that too */
    const char *charset; /* as written; NULL */
    const struct mime_field *fields;
    const char *body; /* as it stands in the message, encoded; borrowed from its bytes. Empty where
                         there are parts */
    size_t body_length;
    const struct mime_part *parts; /* of a multipart/…, or the one message of message/rfc822 */
    const struct mime_part *next;
};

/* The message taken apart. bytes must live as long as the result. *body, which may be NULL: where
 * its header ends. */
const struct mime_part *mime_part_read(struct arena *arena, const char *bytes, size_t length,
                                       size_t *body);

/* The same of a letter, all of its octets. *is_whole: no part was left out for a bound. */
const struct mime_part *mime_part_read_all(struct arena *arena, const char *bytes, size_t length,
                                           bool *is_whole);

/* Fields up to the empty line; *body is behind it. */
const struct mime_field *mime_header_read(struct arena *arena, const char *bytes, size_t length,
                                          size_t *body);

/* The fields of the next block of text like a delivery status: blocks with an empty line between.
 * NULL behind the last. */
const struct mime_field *mime_block_next(struct arena *arena, const char **bytes, size_t *length);

/* The body without its transfer encoding; borrowed where it has none, else in arena. */
const char *mime_body_decode(struct arena *arena, const struct mime_part *part, size_t *length);

/* Encoded words of RFC 2047 decoded; broken ones stay as they are. */
const char *mime_decode_words(struct arena *arena, const char *value);

/* Bytes in charset (NULL: not said) as clean UTF-8 with LF line ends; what is of no charset we know
 * is read as UTF-8 or Windows-1252. */
const char *mime_text_convert(struct arena *arena, const char *charset, const char *bytes,
                              size_t length);

/* The same of at most maximum octets instead of MIME_TEXT_MAXIMUM. */
const char *mime_text_convert_within(struct arena *arena, const char *charset, const char *bytes,
                                     size_t length, size_t maximum);

struct html_document;

/* What a person sees of a page, in lines; is_thorough: for mime_message's links. */
const char *mime_html_text(struct arena *arena, const struct html_document *page, bool is_thorough);

/* The aggregate report that a part holds, not one inside another message; NULL. */
const struct dmarc_report *mime_dmarc_read(struct arena *arena, const struct mime_part *root);

/* Opens the C library's tables of character sets: a confined process can open no file later. Sets
 * that are not among them are read as if their name were unknown. */
void mime_charset_prepare(void);

#endif
