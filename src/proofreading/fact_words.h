/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_FACT_WORDS_H
#define PROOFREADING_FACT_WORDS_H

#include <stddef.h>

#include "locale/language_words.h"

struct arena;

/* Inside proofreading/ only: the words of one language. */
struct fact_words {
    const struct language_words *words;
    const char *language;
    struct arena *arena;
};

/* How many bytes the language's word for name takes that text begins with; 0: it begins with none.
 * name NULL: for any; *found, where found is given, is which. */
size_t fact_word_find(const struct fact_words *words, enum word_group group, const char *name,
                      const char *text, const char **found);

#endif
