/* SPDX-License-Identifier: MIT */
#ifndef MAIL_HEADER_TEXT_H
#define MAIL_HEADER_TEXT_H

#include <stddef.h>

struct string_builder;

/* Inside mail/ only: writes fields of a message header. Whatever it is given, a field stays one
 * field: control characters, CR and LF first among them, become a space, bytes that are no UTF-8
 * become U+FFFD. Lines are at most 76 columns, encoded words at most 75 (RFC 2047 section 2),
 * split between characters. Written here because libetpan has no RFC 2047 encoder and folds by
 * column, so that a value put in later would move the folds. */

/* "Name: value", for Subject and other unstructured text (RFC 5322 section 2.2.1). */
void header_append_unstructured(struct string_builder *text, const char *name, const char *value);

/* "Name: display name <address>". display_name NULL or "": the bare address. The address is taken
 * as it is (address/ has checked it), without control characters, white space and angle brackets.
 */
void header_append_mailbox(struct string_builder *text, const char *name, const char *display_name,
                           const char *address);

/* "Name: parts[0] parts[1] …", each part but the first on a line of its own, for structured fields
 * of ASCII. No part is cut or encoded; so a slot may stand in one. */
void header_append_parts(struct string_builder *text, const char *name, const char *const *parts,
                         size_t count);

#endif
