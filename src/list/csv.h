/* SPDX-License-Identifier: MIT */
#ifndef LIST_CSV_H
#define LIST_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

struct error;

/* RFC 4180, read in a stream: comma or semicolon (whichever the header line has first outside
 * quotes), quoted fields with doubled quotes and line ends in them, LF, CRLF or CR LF mixed, a BOM
 * at the start, empty lines skipped. Bytes that are no UTF-8 are taken for Windows-1252, what
 * spreadsheets write. */
enum { CSV_RECORD_MAXIMUM = 64 * 1024, CSV_FIELDS_MAXIMUM = 64, CSV_INPUT_SIZE = 16 * 1024 };

struct csv_reader {
    FILE *stream;               /* borrowed */
    char input[CSV_INPUT_SIZE]; /* read and not yet taken: from input_at to input_length */
    size_t input_at;
    size_t input_length;
    char separator; /* known after the header line */
    int64_t line;   /* where the present record began, from 1 */
    int64_t next_line;
    struct text bytes; /* the fields, each ended by NUL */
    size_t field_count;
    size_t fields[CSV_FIELDS_MAXIMUM]; /* offsets into bytes */
};

enum csv_result {
    CSV_RECORD,
    CSV_END,
    CSV_MALFORMED, /* this record is bad, *error (ERROR_INPUT) says why; the next may be read */
    CSV_FAILED     /* reading failed, or a record is too long to go on */
};

void csv_reader_init(struct csv_reader *reader, FILE *stream);
void csv_reader_release(struct csv_reader *reader);

/* Reads the next record; the first one settles the separator. */
enum csv_result csv_read(struct csv_reader *reader, struct error *error);

/* The field's characters without white space around them, and without the apostrophe that guards
 * what spreadsheets would take for a formula (list/csv_write.h); "" beyond the last. Lives until
 * the next csv_read(). */
const char *csv_field(const struct csv_reader *reader, size_t index);

#endif
