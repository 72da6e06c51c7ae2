/* SPDX-License-Identifier: MIT */
#ifndef LIST_CSV_WRITE_H
#define LIST_CSV_WRITE_H

#include <stdbool.h>

struct string_builder;

/* How lists are written: RFC 4180 for programs, or as spreadsheets open it where a comma stands
 * before decimals. */
struct csv_form {
    const char *beginning; /* of the file */
    char separator;
    const char *line_end;
};

extern const struct csv_form csv_form_plain; /* UTF-8, comma, LF */
extern const struct csv_form csv_form_excel; /* UTF-8 with a byte order mark, semicolon, CRLF */

/* Appends one field, quoted where it must be, and the separator or the line's end. What a
 * spreadsheet would take for a formula is guarded by an apostrophe: a field that begins with = + -
 * or @, white space and apostrophes aside, and the same behind what another program may take for
 * the end of a cell (; or a tab in a plain file). */
void csv_write_field(struct string_builder *text, const struct csv_form *form, const char *value,
                     bool is_last);

/* The field without the apostrophe at its beginning that csv_write_field(), or another program's
 * export, put before a formula; the field itself where there is none. Borrowed from it. */
const char *csv_unguarded(const char *field);

#endif
