/* SPDX-License-Identifier: MIT */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Lists of names in one string, spaces between them: "a b". The next word: *rest moves behind it;
 * false at the end. */
bool words_next(const char **rest, const char **word, size_t *length);

#endif
