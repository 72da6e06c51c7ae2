/* SPDX-License-Identifier: MIT */
#ifndef DKIM_KEY_H
#define DKIM_KEY_H

#include "dkim/dkim.h"

/* Inside dkim/ only. */

enum { DKIM_HASH_SIZE = 32 }; /* SHA-256 */

/* Whether signed_bytes are a signature of that hash by the key of the record (RFC 6376 section
 * 3.6.1); fills key_bits and is_testing. GOOD, or what is wrong. */
enum dkim_verdict key_verify(struct arena *arena, const char *record,
                             const unsigned char hash[DKIM_HASH_SIZE], unsigned char *signed_bytes,
                             size_t length, struct dkim_signature *signature);

#endif
