/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_PROSE_H
#define PROOFREADING_PROSE_H

#include <stddef.h>

#include "release/body.h"

struct arena;
struct release;

/* Inside proofreading/ only: a release's text as a row of lines, one a block. */
struct prose_block {
    enum body_kind kind; /* BODY_PARAGRAPH, BODY_HEADING, BODY_CELL … */
    int level;           /* of a heading; 1: the title */
    const char *text;    /* one line, white space folded */
};

struct prose {
    struct prose_block *blocks;
    size_t count;
    size_t capacity;
};

/* The title, the lead where it is no paragraph of the text, then the text; code is left out. */
void prose_read(struct arena *arena, const struct release *release, struct prose *prose);

/* How many bytes of text belong to a word of letters and digits; 0: none begins there. */
size_t prose_word(const char *text);

/* How many bytes the character has that text, which is not empty, begins with. */
size_t prose_step(const char *text);

#endif
