/* SPDX-License-Identifier: MIT */
#include "list/cell.h"

#include "address/address.h"

#include <string.h>

enum { END_OF_FILE = 0x1A, DELETE = 0x7F };

/* ASCII that shows, and that nothing before or behind it changes. */
static bool is_plain(char c)
{
    return c > ' ' && c < DELETE;
}

char *cell_trim(char *cell)
{
    size_t length = strlen(cell);
    if (length == 0 || (is_plain(cell[0]) && is_plain(cell[length - 1])))
        return cell;
    const char *shown = cell;
    address_trim(&shown, &length);
    while (length && shown[length - 1] == END_OF_FILE) {
        length--;
        address_trim(&shown, &length);
    }
    cell += shown - cell;
    cell[length] = '\0';
    return cell;
}
