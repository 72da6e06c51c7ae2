/* SPDX-License-Identifier: MIT */
/* What costs the parser more than its length is refused before it begins: cmark-gfm fills each row
 * of a table up to its header's width, goes over all open quotes for every line, over all open
 * brackets and runs of marks of a paragraph again and again, and copies a defined address for each
 * use. The limits lie far above what people write. */
#include "intake/markdown_body.h"

#include <string.h>

enum {
    LINE_PIPES_MAXIMUM = 1000,
    TABLE_CELLS_MAXIMUM = 100000,
    CONTAINERS_MAXIMUM = 400, /* quotes and lists that one line opens */
    BLOCK_MARKS_MAXIMUM = 30000,
    TEXT_MARKS_MAXIMUM = 500000,
    LINES_MAXIMUM = 200000,
    DEFINED_BYTES_MAXIMUM = 32 * 1024 * 1024
};

struct counts {
    size_t lines;
    size_t marks;        /* counted over the whole text */
    size_t block_marks;  /* counted since the last empty line */
    size_t columns;      /* of the widest line since the last empty line, if it is a table's */
    size_t rows;         /* lines since the last empty line */
    size_t block_length; /* bytes since the last empty line */
    bool block_defines;  /* the block may define an address: */
    size_t definition;   /* bytes of the longest block that does */
    size_t brackets;
};

/* Counts the marks that open quotes and lists at the beginning of a line. */
static size_t count_containers(const char *line, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length && strchr("> \t-*+0123456789.)", line[i]); i++)
        count += line[i] == '>' ||
                 (i + 1 < length && strchr("-*+.)", line[i]) && strchr(" \t", line[i + 1]));
    return count;
}

static void begin_block(struct counts *counts)
{
    if (counts->block_defines && counts->block_length > counts->definition)
        counts->definition = counts->block_length;
    counts->block_marks = 0;
    counts->columns = 0;
    counts->rows = 0;
    counts->block_length = 0;
    counts->block_defines = false;
}

static bool is_within(const struct counts *counts)
{
    return (counts->columns == 1 || counts->columns * counts->rows <= TABLE_CELLS_MAXIMUM) &&
           counts->block_marks <= BLOCK_MARKS_MAXIMUM && counts->marks <= TEXT_MARKS_MAXIMUM &&
           counts->lines <= LINES_MAXIMUM;
}

/* Returns the number of pipes in the line; adds its other costly marks to counts. */
static size_t count_marks(struct counts *counts, const char *line, size_t length)
{
    size_t pipes = 0;
    size_t marks = 0;
    size_t others = 0; /* "www." counts too, because it makes an address */
    for (size_t i = 0; i < length; i++)
        switch (line[i]) {
        case ']':
            counts->brackets++;
            counts->block_defines = counts->block_defines || (i + 1 < length && line[i + 1] == ':');
            marks++;
            break;
        case '*':
        case '_':
        case '[':
        case '!':
        case '<':
        case '&':
        case '`':
        case '~':
        case '\\':
        case ':':
        case '@':
            marks++;
            break;
        case '|':
            pipes++;
            break;
        case 'w':
            others++;
            break;
        default:
            break;
        }
    counts->block_marks += marks;
    counts->marks += marks + pipes + others;
    return pipes;
}

static bool count_line(struct counts *counts, const char *line, size_t length)
{
    counts->lines++;
    if (length == 0) {
        begin_block(counts);
        return counts->lines <= LINES_MAXIMUM;
    }
    size_t pipes = count_marks(counts, line, length);
    counts->rows++;
    counts->block_length += length;
    counts->columns = pipes + 1 > counts->columns ? pipes + 1 : counts->columns;
    return pipes <= LINE_PIPES_MAXIMUM && is_within(counts) &&
           (length < CONTAINERS_MAXIMUM || count_containers(line, length) <= CONTAINERS_MAXIMUM);
}

bool markdown_is_within_caps(const char *bytes, size_t length, int *line)
{
    struct counts counts = { 0 };
    *line = 0;
    for (size_t start = 0; start < length;) {
        const char *end = memchr(bytes + start, '\n', length - start);
        size_t next = end ? (size_t)(end - bytes) : length;
        ++*line;
        if (!count_line(&counts, bytes + start, next - start))
            return false;
        start = next + 1;
    }
    begin_block(&counts);
    *line = 0;
    return counts.definition * counts.brackets <= DEFINED_BYTES_MAXIMUM;
}
