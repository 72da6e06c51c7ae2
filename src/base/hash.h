/* SPDX-License-Identifier: MIT */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>

/* BLAKE2b-256 (RFC 7693): tells content apart. Without a key; keyed hashes are address/'s. */
enum { HASH_SIZE = 32, HASH_HEX_SIZE = 2 * HASH_SIZE + 1 };

struct hash {
    unsigned char bytes[HASH_SIZE];
};

struct hash_state {
    _Alignas(64) unsigned char opaque[384];
};

void hash_init(struct hash_state *state);
void hash_update(struct hash_state *state, const void *bytes, size_t length);

/* Length first, so that two fields can never be taken for one; NULL counts as a field of its own.
 */
void hash_update_string(struct hash_state *state, const char *string);
void hash_final(struct hash_state *state, struct hash *hash);

void hash_bytes(const void *bytes, size_t length, struct hash *hash);
bool hash_equal(const struct hash *a, const struct hash *b);
void hash_to_hex(const struct hash *hash, char hex[HASH_HEX_SIZE]);

#endif
