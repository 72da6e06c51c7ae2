/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ASSET_H
#define INTAKE_ASSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct error;

/* Pictures and documents of releases are kept in state/assets/HH/HEXHASH, HH being the first two
 * characters of HEXHASH: published bytes do not depend on the drop directory. */

/* "assets/HH/HEXHASH", relative to state/. */
const char *asset_state_path(struct arena *arena, const struct hash *hash);

/* Where asset_take() puts bytes; -1: nowhere, they are only looked at. */
struct asset_look {
    int64_t maximum_bytes;
    int state_directory;
    /* results */
    struct hash hash;
    int64_t size_bytes;
    const char *media_type; /* by content; NULL: of no kind that we publish */
    bool changed;           /* the file was written to while we read it */
};

/* Opens file below directory without following links, hashes it, tells its kind and copies it
 * (0600, temporary and rename; the caller flushes the file system before it commits). ERROR_INPUT
 * says why it cannot be used: missing, a link, outside, unreadable, too large; ERROR_SYSTEM the
 * disk. */
bool asset_take(int directory, const char *file, struct asset_look *look, struct error *error);

/* Removes what a killed run left half-copied. */
void asset_clear_temporaries(int state_directory);

#endif
