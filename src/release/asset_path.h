/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_ASSET_PATH_H
#define RELEASE_ASSET_PATH_H

struct arena;
struct hash;

/* Where the bytes of a release's picture or document are kept, relative to state/:
 * "assets/HH/HASH", HASH in hex and HH its first two characters. Intake writes them, publish reads
 * them. */
const char *release_asset_path(struct arena *arena, const struct hash *hash);

#endif
