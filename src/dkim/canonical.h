/* SPDX-License-Identifier: MIT */
#ifndef DKIM_CANONICAL_H
#define DKIM_CANONICAL_H

#include "dkim/dkim.h"
#include "dkim/key.h"

/* Inside dkim/ only: The two forms in which a message is signed (RFC 6376 section 3.4), hashed. */

/* limit: only so many octets of the canonical body (l=); -1: all. False: it has not so many. */
bool canonical_body(const char *body, size_t length, bool is_relaxed, int64_t limit,
                    unsigned char hash[DKIM_HASH_SIZE]);

/* The fields that list names, the last of a name first, and then the signature's own without what
 * stands in b=. */
void canonical_header(struct arena *arena, const struct dkim_header *header, const char *list,
                      size_t own, bool is_relaxed, unsigned char hash[DKIM_HASH_SIZE]);

#endif
