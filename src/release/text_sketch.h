/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_TEXT_SKETCH_H
#define RELEASE_TEXT_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct body_node;

/* What is kept of a text to tell how much of it is in another one without reading either: the
 * smallest of the numbers that its runs of three words are hashed to. Whole for texts of up to some
 * 250 words, which are compared exactly; of longer ones the similarity is known to within some 0.05
 * (bottom-k sketches). */
enum { TEXT_SKETCH_VALUES = 256, TEXT_SKETCH_BYTES = 1 + 4 * TEXT_SKETCH_VALUES };

struct text_sketch {
    uint32_t values[TEXT_SKETCH_VALUES]; /* ascending */
    size_t count;
    bool is_whole; /* all that there are */
};

void text_sketch_make(const struct body_node *body, struct text_sketch *sketch);

/* 0 … 1, as release_text_similarity() says of the texts, each run counted once. */
double text_sketch_similarity(const struct text_sketch *a, const struct text_sketch *b);

/* To TEXT_SKETCH_BYTES at most, and back: false where they are no sketch. */
size_t text_sketch_write(const struct text_sketch *sketch, unsigned char *bytes);
bool text_sketch_read(const unsigned char *bytes, size_t size, struct text_sketch *sketch);

#endif
