/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HARD_WRAP_H
#define INTAKE_HARD_WRAP_H

#include <stdbool.h>
#include <stddef.h>

/* Text whose lines a program has broken at a width: their ends mean nothing, and the lines are
 * joined. In other text a line's end is meant: an address, a poem, a list of names. */

/* One line, without its end and without what stands before its words (white space, "> "). */
struct hard_wrap_line {
    const char *bytes;
    size_t length;
};

/* The width at which a block of lines (without an empty one) was broken; 0 where it was not: most
 * of its lines have no room for the next one's first word, and one at least goes on in the middle
 * of a sentence. */
size_t hard_wrap_width(const struct hard_wrap_line *lines, size_t count);

/* Whether a line of such a block goes on in the next one. */
bool hard_wrap_joins(const struct hard_wrap_line *line, const struct hard_wrap_line *next,
                     size_t width);

#endif
