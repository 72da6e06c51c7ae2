/* SPDX-License-Identifier: MIT */
#ifndef ADDRESS_SUGGEST_H
#define ADDRESS_SUGGEST_H

#include <stddef.h>

struct address;
struct arena;

/* The address that somebody who typed this one probably meant: the same before its @, and behind it
 * the nearest, by slips of the finger, of the own domains and of the great providers' ("gmail.con",
 * "hotmial.dk"). NULL where the domain is one of them, or like none. A domain like that may well be
 * somebody's: it is to be asked about, never to be changed. own: in A-labels or as people write
 * them. */
const char *address_suggest(struct arena *arena, const struct address *address,
                            const char *const *own, size_t own_count);

#endif
