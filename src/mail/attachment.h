/* SPDX-License-Identifier: MIT */
#ifndef MAIL_ATTACHMENT_H
#define MAIL_ATTACHMENT_H

#include <stdbool.h>
#include <stddef.h>

struct mail_attachment;
struct string_builder;

/* Inside mail/ only: files and messages inside a message. */

/* Whether SMTP can carry the bytes as they are: no line over 998 octets, no NUL, no bare CR. */
bool attachment_is_plain(const char *bytes, size_t length);

/* The bytes, dot-stuffed, with CRLF at line ends; a last line without an end has none. */
void attachment_append_lines(struct string_builder *out, const char *bytes, size_t length);

/* In lines of 76 columns, CRLF between them. */
void attachment_append_base64(struct string_builder *out, const char *bytes, size_t length);

/* One part of a multipart/mixed: its fields, the empty line and its body, in ASCII, whatever it
 * holds. */
void attachment_append(struct string_builder *out, const struct mail_attachment *attachment);

#endif
