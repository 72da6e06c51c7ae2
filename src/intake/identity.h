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
    struct release_row *displaced; /* the release that had this path until now and loses it */
    struct release_row *copied;    /* refused as a copy of this one, for its likeness to it, or
                                      since that has its id or its language */
    int64_t near_duplicate_number; /* of the release whose copy it seems to be; 0: of none */
    bool is_retried; /* refused for what other files are: may be right when they change */
};

/* Decides for a unit that was read without being refused; rows live in the unit's arena. What is
 * wrong becomes a problem of the unit. is_in_place false: the file is not in the drop directory
 * (check of a file elsewhere), so that its path says nothing. False when the database failed. */
bool identity_find(struct database *database, const struct source_bundle_context *context,
                   struct source_bundle *bundle, bool is_in_place, struct identity *identity,
                   struct error *error);

#endif
