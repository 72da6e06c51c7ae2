/* SPDX-License-Identifier: MIT */
#ifndef LIST_CSV_H
#define LIST_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/string_builder.h"
#include "list/source.h"

struct error;

/* Inside list/ only: RFC 4180, read in a stream, and what spreadsheets make of it: comma, semicolon
 * or tab (whichever the first record has first outside quotes, or what a line "sep=;" before it
 * says), quoted fields with doubled quotes and line ends in them, LF, CRLF or CR LF mixed, UTF-16,
 * a byte order mark at the start; records of empty cells are skipped. Bytes that are no UTF-8 are
 * taken for Windows-1252. */
enum { CSV_RECORD_MAXIMUM = 64 * 1024, CSV_FIELDS_MAXIMUM = 256 };

struct csv_reader {
    struct source source;
    bool is_special[256]; /* octets that may end a run of others */
    char separator;       /* known after the first record that has one, or its end; else NUL */
    int64_t line;         /* where the present record began, from 1 */
    int64_t next_line;
    struct string_builder bytes; /* the fields, each ended by NUL */
    size_t field_count;
    size_t fields[CSV_FIELDS_MAXIMUM]; /* offsets into bytes */
};

/* Two faults that are met in quotes (csv.c) and without them (column.c). The first is how Outlook
 * shows people. */
#define CSV_NAME_HAS_SEPARATOR                                                                     \
    "a comma or semicolon stands in the name before the address" ERROR_ADVICE                      \
    "write the address alone, or put quotes around both: \"Berg, Anna <anna@example.org>\""
#define CSV_IS_PARTED_BY_BARS                                                                      \
    "the columns are parted by |, which is not looked for" ERROR_ADVICE                            \
    "write a line before this one that says sep=|, or save the file with commas"

enum csv_result {
    CSV_RECORD,
    CSV_END,
    CSV_MALFORMED, /* this record is bad, *error (ERROR_INPUT) says why; the next may be read */
    CSV_FAILED     /* reading failed, or a record is too long to go on */
};

/* Reads the first octets of stream, which is borrowed. */
void csv_reader_init(struct csv_reader *reader, FILE *stream);
void csv_reader_release(struct csv_reader *reader);

/* Reads the next record; the first one settles the separator. */
enum csv_result csv_read(struct csv_reader *reader, struct error *error);

/* The field's characters without what shows nothing around them (white space, characters without
 * width, the ^Z at the end of old files) and without the apostrophe that guards a formula
 * (list/csv_write.h); "" beyond the last. Lives until the next record is read. */
const char *csv_field(const struct csv_reader *reader, size_t index);

/* Whether quotes of the record hold a line that is another record, because one of them is missing:
 * its cell in this column is an address. */
bool csv_holds_record(const struct csv_reader *reader, size_t column);

#endif
