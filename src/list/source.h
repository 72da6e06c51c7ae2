/* SPDX-License-Identifier: MIT */
#ifndef LIST_SOURCE_H
#define LIST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Inside list/ only: the octets of a file, one after the other, whichever encoding wrote it. UTF-16
 * (with its byte order mark, or known by the NULs of its first character) comes out as UTF-8, a
 * mark is left out; other octets come as they are. What is broken in UTF-16 comes as a NUL. */
enum { SOURCE_SIZE = 16 * 1024 };

enum source_kind {
    SOURCE_OCTETS,
    SOURCE_UTF16_LITTLE,
    SOURCE_UTF16_BIG,
    SOURCE_WORKBOOK /* a spreadsheet's own file: no text at all */
};

struct source {
    FILE *stream; /* borrowed */
    enum source_kind kind;
    size_t at; /* what is read and not yet taken: from here to length */
    size_t length;
    char octets[SOURCE_SIZE];
};

/* Reads the first octets. */
void source_init(struct source *source, FILE *stream);

/* Reads more where all is taken; false at the end, and where reading failed (ferror()). */
bool source_refill(struct source *source);

static inline int source_peek(struct source *source)
{
    if (source->at == source->length && !source_refill(source))
        return EOF;
    return (unsigned char)source->octets[source->at];
}

static inline int source_take(struct source *source)
{
    int c = source_peek(source);
    source->at += c != EOF;
    return c;
}

#endif
