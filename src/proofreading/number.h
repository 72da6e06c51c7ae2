/* SPDX-License-Identifier: MIT */
#ifndef PROOFREADING_NUMBER_H
#define PROOFREADING_NUMBER_H

#include <stddef.h>

struct arena;

/* Inside proofreading/ only. The number that text begins with: "1.204", "1 204", "1,5". decimal:
 * the mark before a fraction in that language, ',' or '.'; the other one parts thousands. How many
 * bytes it takes; 0: none begins there, or one that is something else ("1.2.3"). */
size_t number_length(const char *text, char decimal);

/* Its digits without marks, "1204", and how many of them stand behind the mark. In arena. */
const char *number_digits(struct arena *arena, const char *text, size_t length, char decimal,
                          int *decimals);

/* The same for the same number: digits without zeros at their ends, and the power of ten of the
 * last: "1204e0", "15e5". power: of the last of digits. In arena. */
const char *number_value(struct arena *arena, const char *digits, int power);

#endif
