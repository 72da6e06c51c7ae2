/* SPDX-License-Identifier: MIT */
#ifndef LIST_CELL_H
#define LIST_CELL_H

/* Inside list/ only: one cell of a spreadsheet. */

/* Its characters without what shows nothing around them: white space of any kind, characters
 * without width, the ^Z that ends old files. Shortens the string in place. */
char *cell_trim(char *cell);

#endif
