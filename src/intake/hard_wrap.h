/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HARD_WRAP_H
#define INTAKE_HARD_WRAP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside intake/ only: text whose lines a program has broken at a width: their ends mean nothing,
 * and the lines are joined. In other text a line's end is meant: an address, a poem, a list of
 * names. One rule for every format: lines belong together where they are of near-equal length, 50
 * to 100 columns, and the next one begins in the middle of a sentence or its first word would
 * have passed the width; a short line ends its paragraph, and what begins like an item of a list
 * or a quote begins one. */

/* One line, without its end and without what stands before its words (white space, "> "). */
struct hard_wrap_line {
    const char *bytes;
    size_t length;
};

/* joined[i] says that line i goes on in the next one. Lines of nothing but white space part the
 * blocks; one that is too short to tell is judged by the others. Time in proportion to the text. */
void hard_wrap_find(struct arena *arena, const struct hard_wrap_line *lines, size_t count,
                    bool *joined);

/* Whether a line that goes on in the next one is joined to it without a space: "re-" and "elected",
 * but not "sundheds-" and "og", nor what has no hyphen at its end. */
bool hard_wrap_is_hyphened(const struct hard_wrap_line *line, const struct hard_wrap_line *next);

#endif
