/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_QUOTATION_H
#define INBOUND_QUOTATION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside inbound/ only: words as they are compared, however a program wrapped, marked or linked
 * them: folded, without punctuation around them; addresses of pages are left out. */
struct reply_word {
    const char *text;
    bool begins_line;
};

struct reply_words {
    struct reply_word *items;
    size_t count;
};

struct reply_words reply_words(struct arena *arena, const char *text);

/* Whether lines is made of whole lines of the mail alone, in any order, wrapped anywhere: whoever
 * wrote a word of his own among them is not overlooked. */
bool quotation_is_of(struct arena *arena, const char *lines, const char *mail);

#endif
