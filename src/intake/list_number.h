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

/* Whether the numbers of neighbouring items are words, to be kept as they are written. They are
 * those of a list where two or more items count on by one, or all repeat 1, and where a lone item
 * begins with 1 or with next, the number that would continue the list above (0: there is none). A
 * date or an ordinal makes them words all the same: a small letter behind a lone number, a month
 * behind each, the same noun behind each. words may be NULL. */
bool list_number_is_words(struct arena *arena, const struct list_number *items, size_t count,
                          int next, const struct language_words *words);

#endif
