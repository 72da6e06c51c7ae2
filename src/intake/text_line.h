/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEXT_LINE_H
#define INTAKE_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside intake/ only: text without marks of a format as the lines that people see. */

struct text_line {
    const char *text; /* white space folded; never empty */
    size_t columns;
    int number;     /* in its file; of several that were joined, the first one's */
    bool after_gap; /* an empty line stands above it */
    bool is_joined; /* made of several lines that a program had broken */
    bool is_rule;   /* parts what is above from what is below; its characters do not count */
};

struct text_lines {
    struct text_line *lines;
    size_t count;
};

/* The lines of text that are not empty. first_number: that of the first line. */
struct text_lines text_lines_split(struct arena *arena, const char *text, int first_number);

/* From line first on, joins what a program has broken (intake/hard_wrap.h). */
void text_lines_join(struct arena *arena, struct text_lines *lines, size_t first);

/* Whether the line begins with the prefix. */
bool text_line_begins(const char *line, const char *prefix);

/* Words between spaces. */
size_t text_line_words(const char *line);

/* Whether a line ends as a sentence does, quotes and brackets behind it aside. */
bool text_line_is_closed(const char *line);

#endif
