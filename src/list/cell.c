/* SPDX-License-Identifier: MIT */
#include "list/cell.h"

#include "address/address.h"

#include <string.h>

enum { END_OF_FILE = 0x1A };

char *cell_trim(char *cell)
{
    size_t length = strlen(cell);
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
