/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_QUOTATION_H
#define INBOUND_QUOTATION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside inbound/ only. */

/* Whether lines is made of whole lines of the mail alone, in any order, wrapped anywhere: whoever
 * wrote a word of his own among them is not overlooked. */
bool quotation_is_of(struct arena *arena, const char *lines, const char *mail);

#endif
