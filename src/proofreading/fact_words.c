/* SPDX-License-Identifier: MIT */
#include "proofreading/fact_words.h"

#include "base/arena.h"
#include "locale/unicode.h"
#include "proofreading/prose.h"

#include <string.h>

enum { UNIT_BYTES = 40 };

size_t fact_word_find(const struct fact_words *words, enum word_group group, const char *name,
                      const char *text, const char **found)
{
    size_t own = prose_word(text);
    if (own == 0 || own > UNIT_BYTES || !language_words_may_begin(words->words, group, text))
        return 0;
    const char *piece = arena_copy_bytes(words->arena, text, strnlen(text, UNIT_BYTES));
    const char *folded = unicode_fold(words->arena, piece);
    const struct language_word *word = language_words_prefix_for(words->words, group, name,
                                                                 words->language, folded);
    if (!word || strncmp(word->language, words->language, 2) != 0)
        return 0;
    if (found)
        *found = word->name;
    return strlen(word->folded);
}
