/* SPDX-License-Identifier: MIT */
#ifndef MIME_PARSER_MENDED_H
#define MIME_PARSER_MENDED_H

#include "base/string_builder.h"

#include <stdbool.h>
#include <stddef.h>

/* Inside mime_parser/ only: a message as GMime is given it: of its fields only those that say how
 * it is built. GMime takes a header for going on, past delimiters too, until it is ended by an
 * empty line: what lacks one has it here, in a copy that nothing but the structure is taken of.
 * Fields and bodies are what stands in the message itself. */

/* The field that each header in the copy begins with: where it stands in the message. */
#define MENDED_MARK "X"

struct mended {
    const char *message;
    size_t message_length;
    size_t body; /* where the first header ends in the message, behind its empty line */
    struct string_builder copy;
    struct string_builder seams; /* struct seam one behind the other, rising */
};

void mended_make(struct mended *mended, const char *message, size_t length);

void mended_release(struct mended *mended);

/* What a part's body at [start, end) in the copy is in the message, without the line end that
 * belongs to the delimiter behind it. */
const char *mended_body(const struct mended *mended, size_t start, size_t end, size_t *length);

/* Whether a line is a header field (RFC 5322 section 2.2; white space before the colon is obsolete
 * and still seen). */
bool mended_is_field(const char *line, size_t length);

/* Whether GMime may take the line for the end of a part. */
bool mended_is_delimiter(const char *line, size_t length);

/* The length of the line at bytes, its end included. */
size_t mended_line(const char *bytes, size_t length);

#endif
