/* SPDX-License-Identifier: MIT */
#ifndef LIST_CELL_H
#define LIST_CELL_H

#include <stdbool.h>

/* Inside list/ only: one cell of a spreadsheet. */

/* Whether the character shows, whatever stands before or behind it. */
static inline bool cell_shows(char c)
{
    return c > ' ' && c < 0x7F;
}

/* Its characters without what shows nothing around them: white space of any kind, characters
 * without width, the ^Z that ends old files. Shortens the string in place. */
char *cell_trim(char *cell);

#endif
