/* SPDX-License-Identifier: MIT */
#ifndef LIST_FOREIGN_H
#define LIST_FOREIGN_H

#include <stdbool.h>

/* Inside list/ only: what other programs and people call columns. */

/* Names that can be nothing but an address: "E-mail", "Email Address". */
bool foreign_is_address(const char *name);

/* The key that a column of that name holds in other programs, or that its name nearly is; negative
 * where it is something that a list of ours does not have. */
int foreign_key(const char *name);

/* The program that writes a column of that name, as --from calls it; NULL: many do, or none. */
const char *foreign_program(const char *name);

#endif
