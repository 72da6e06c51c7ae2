/* SPDX-License-Identifier: MIT */
#ifndef MAIL_QUOTED_PRINTABLE_H
#define MAIL_QUOTED_PRINTABLE_H

#include <stddef.h>

struct string_builder;
struct mail_slots;
struct mail_values;

/* Inside mail/ only: appends UTF-8 text as quoted-printable (RFC 2045 section 6.7) with CRLF line
 * ends; a line end in the input is LF, CRLF or CR. Lines are at most 76 characters, a character's
 * octets stay on one line. A dot and "From " at the start of a line are encoded, so that the result
 * needs no dot stuffing (RFC 5321 section 4.5.2) and no mbox quoting.
 *
 * Names of slots found in the text are not encoded. Each stands alone between soft line breaks
 * ("=\r\nNAME=\r\n"), so that no value that takes its place can move or cut anything. values not
 * NULL: the value is written instead of the name. slots NULL: there are none. */
void quoted_printable_append(struct string_builder *out, const char *input,
                             const struct mail_slots *slots, const struct mail_values *values);

#endif
