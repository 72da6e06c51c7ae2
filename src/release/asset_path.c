/* SPDX-License-Identifier: MIT */
#include "release/asset_path.h"

#include "base/arena.h"
#include "base/hash.h"

const char *release_asset_path(struct arena *arena, const struct hash *hash)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(hash, hex);
    return arena_format(arena, "assets/%.2s/%s", hex, hex);
}
