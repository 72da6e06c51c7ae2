/* SPDX-License-Identifier: MIT */
#ifndef LIST_LINES_H
#define LIST_LINES_H

#include "base/string_builder.h"
#include "list/list.h"
#include "list/source.h"

#include <stdint.h>
#include <stdio.h>

/* Inside list/ only: a file of lines that are no table, read in a stream: LF, CRLF or both mixed;
 * encodings as list/source.h has them, and lines that are no UTF-8 are taken for Windows-1252. */
enum { LIST_LINE_MAXIMUM = 64 * 1024 };

struct list_lines {
    struct source source;
    int64_t number; /* of the present line, from 1 */
    struct string_builder text;
};

/* Reads the first octets of stream, which is borrowed. */
void list_lines_init(struct list_lines *lines, FILE *stream);
void list_lines_release(struct list_lines *lines);

/* The next line, an empty one too, without what shows nothing around it; lives until the next call.
 * LIST_RECORD, LIST_END; LIST_MALFORMED where a NUL stands in it; LIST_FAILED where it is too long
 * or cannot be read, or the file is no text. */
enum list_result list_lines_next(struct list_lines *lines, const char **line, struct error *error);

#endif
