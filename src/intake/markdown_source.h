/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MARKDOWN_SOURCE_H
#define INTAKE_MARKDOWN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside intake/ only: Markdown as the parser gets it. Before, what the parser would lose or not
 * know is taken care of: "• " at a line's beginning is a list's "- "; "[label]: word" that
 * nothing refers to gets a backslash, so that it stays text; footnotes that something refers to
 * are taken out, to be shown at the end, and "[^label]" in the text becomes a mark of ours, which
 * no file can hold. Lines keep their numbers. */

/* A footnote's mark in the text: MARK_BEGIN, its index in decimal, MARK_END. */
enum { MARKDOWN_MARK_BEGIN = 0x01, MARKDOWN_MARK_END = 0x02 };

struct markdown_footnote {
    const char *label; /* as written, "^1" */
    const char *text;  /* Markdown, its indentation taken away */
    size_t length;
    int line; /* of the file, of its first line */
};

struct markdown_source {
    const char *text;
    size_t length;
    const size_t *lines; /* where each line begins */
    size_t line_count;
    int first_line; /* number in the file of the first line */
};

struct markdown_footnotes {
    struct markdown_footnote *items;
    size_t count;
};

/* Prepares a body whose first line has that number in its file. All in arena. */
void markdown_source_prepare(struct arena *arena, const char *bytes, size_t length, int first_line,
                             struct markdown_source *source, struct markdown_footnotes *footnotes);

/* A source of bytes as they are. */
void markdown_source_init(struct arena *arena, struct markdown_source *source, const char *bytes,
                          size_t length, int first_line);

/* A line, counted from 1, without its end; an empty one where there is none. */
const char *markdown_source_line(const struct markdown_source *source, int line, size_t *length);

#endif
