/* SPDX-License-Identifier: MIT */
#ifndef LIST_COLUMN_GUESS_H
#define LIST_COLUMN_GUESS_H

#include <stdbool.h>

struct mail_phrases;

/* Inside list/ only: what other programs and people call columns, in the groups “list…” of
 * templates/languages/LANG/mail.yaml. */

/* Names that can be nothing but an address: "E-mail", "Email Address". */
bool column_guess_is_address(const struct mail_phrases *phrases, const char *name);

/* The key that a column of that name holds in other programs, or that its name nearly is; negative
 * where it is something that a list of ours does not have. */
int column_guess_key(const struct mail_phrases *phrases, const char *name);

/* The program that writes a column of that name, as --from calls it; NULL: many do, or none. */
const char *column_guess_program(const char *name);

#endif
