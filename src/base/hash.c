/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct hash_state), "room for the state");

static crypto_generichash_state *state_of(struct hash_state *state)
{
    return (crypto_generichash_state *)(void *)state->opaque;
}

/* The library picks the processor's fastest code only then; harmless to do twice. */
static void library_start(void)
{
    static bool started;
    if (!started)
        started = sodium_init() >= 0;
}

void hash_init(struct hash_state *state)
{
    library_start();
    (void)crypto_generichash_init(state_of(state), NULL, 0, HASH_SIZE);
}

void hash_update(struct hash_state *state, const void *bytes, size_t length)
{
    (void)crypto_generichash_update(state_of(state), bytes, length);
}

void hash_update_string(struct hash_state *state, const char *string)
{
    uint64_t length = string ? strlen(string) : UINT64_MAX;
    hash_update(state, &length, sizeof length);
    if (string)
        hash_update(state, string, (size_t)length);
}

void hash_final(struct hash_state *state, struct hash *hash)
{
    (void)crypto_generichash_final(state_of(state), hash->bytes, HASH_SIZE);
}

void hash_bytes(const void *bytes, size_t length, struct hash *hash)
{
    library_start();
    (void)crypto_generichash(hash->bytes, HASH_SIZE, bytes, length, NULL, 0);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

void hash_to_hex(const struct hash *hash, char hex[HASH_HEX_SIZE])
{
    (void)sodium_bin2hex(hex, HASH_HEX_SIZE, hash->bytes, HASH_SIZE);
}
