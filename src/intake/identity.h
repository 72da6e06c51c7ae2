/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_IDENTITY_H
#define INTAKE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;
struct source_bundle;
struct release_row;
struct source_bundle_context;

/* Inside intake/ only: which release a file belongs to. */

/* Which release a file is. */
struct identity {
    struct release_row *row;       /* NULL: a new one */
    struct release_row *original;  /* of a version; NULL for an original */
    struct release_row *displaced; /* the release that had this path and loses it */
    struct release_row *copied; /* refused as a duplicate of this one, because it is similar or has
                                   its id or its language */
    int64_t near_duplicate_row_id; /* of the release that it seems to duplicate; 0: none */
    bool is_retried; /* refused because of other files: may be accepted when they change */
};

/* Decides for a bundle that was read without being refused; rows live in the bundle's arena. What
 * is wrong becomes a problem of the bundle. is_in_place false: the file is not in the drop
 * directory (a check of a file elsewhere), so its path says nothing. False when the database
 * failed. */
bool identity_find(struct database *database, const struct source_bundle_context *context,
                   struct source_bundle *bundle, bool is_in_place, struct identity *identity,
                   struct error *error);

#endif
