/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_BODY_LINES_H
#define RELEASE_BODY_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/string_builder.h"

/* Inside release/ only: lines of plain text with what stands before them: a quote's "> ", a list
 * item's number and the indentation below it. Only for body_text.c. */
struct body_lines {
    struct string_builder *text;
    size_t width;
    size_t start;                 /* of our part of text */
    struct string_builder prefix; /* what every line begins with */
    struct string_builder first; /* what the next line begins with instead, where has_first: "- " */
    bool has_first;
    bool is_tight;  /* no empty line before the next block */
    bool has_block; /* something stands above the next block */
};

void body_lines_init(struct body_lines *lines, struct string_builder *text, size_t width);
void body_lines_release(struct body_lines *lines);

/* From here on lines begin with so much more, the next one of them with first. Returns what
 * body_lines_pop() takes back. */
size_t body_lines_push(struct body_lines *lines, const char *first, const char *others);
void body_lines_pop(struct body_lines *lines, size_t length);

/* The empty line between two blocks, with the prefix that both share. */
void body_lines_begin_block(struct body_lines *lines);

/* What a line begins with, and its end, without spaces before it. */
void body_lines_append_prefix(struct body_lines *lines);
void body_lines_end(struct body_lines *lines);

/* Columns that a line has for words. */
size_t body_lines_width(const struct body_lines *lines);

/* One line of bytes, cut where it would be longer than mail allows, never within a character. */
void body_lines_write(struct body_lines *lines, const char *bytes, size_t length);

/* Fills lines with words (bytes without white space at either end). Returns the widest line. */
size_t body_lines_wrap(struct body_lines *lines, const char *bytes, size_t length);

/* A line of one character: under a heading, between two parts. */
void body_lines_repeat(struct body_lines *lines, char character, size_t count);

#endif
