/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_LIST_NUMBER_H
#define INTAKE_LIST_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct language_words;

/* Inside intake/ only: "15. juni 2026 åbner hospitalet." begins with a day, "7. klasse" with an
 * ordinal, "2026. Det blev et godt år" with a year: numbers that Markdown would take for those of
 * a list, and that a list which begins anew at 1 would lose. */

/* What stands at the beginning of one item. */
struct list_number {
    const char *digits;
    size_t length;     /* of the digits, 1 … 9 */
    char delimiter;    /* '.' or ')' */
    const char *words; /* behind the delimiter, to the end of the line */
    size_t words_length;
};

/* Whether the numbers of items that stand together are words, to be kept as they are written. They
 * are those of a list where two items or more count on by one, or repeat a 1 for the reader to
 * count on, and where one item alone begins with 1 or with next, the number that would continue the
 * list above (0: there is none). What reads as a date or an ordinal is words all the same: a small
 * letter behind a lone number, a month behind each, the same noun behind each.
 * words may be NULL. */
bool list_number_is_words(struct arena *arena, const struct list_number *items, size_t count,
                          int next, const struct language_words *words);

#endif
