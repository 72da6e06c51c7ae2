/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MIME_PART_H
#define MAIL_MIME_PART_H

#include "mail/mime_read.h"

struct text;

/* Inside mail/ only: the steps of reading a message. */

/* Fields up to the empty line; *body_offset is behind it. */
const struct mime_field *mime_header_read(struct arena *arena, const char *bytes, size_t length,
                                          size_t *body_offset);

/* The fields of every block of text like a delivery status: blocks with an empty line between. NULL
 * behind the last. */
const struct mime_field *mime_block_next(struct arena *arena, const char **bytes, size_t *length);

/* "multipart/mixed; boundary=x": the type in lower case, parameter's value or NULL. */
const char *mime_content_type(struct arena *arena, const char *value);
const char *mime_parameter(struct arena *arena, const char *value, const char *name);

/* The body without its transfer encoding; borrowed where it has none, else in arena. */
const char *mime_body_decode(struct arena *arena, const struct mime_part *part, size_t *length);

/* Bytes in charset (NULL: not said) as clean UTF-8 with LF line ends; what is of no charset we know
 * is read as UTF-8 or Windows-1252. */
const char *mime_text_convert(struct arena *arena, const char *charset, const char *bytes,
                              size_t length);

#endif
