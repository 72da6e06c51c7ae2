/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ORIGINAL_H
#define INTAKE_ORIGINAL_H

#include <stdbool.h>

struct database;
struct error;
struct source_bundle;
struct release_row;
struct source_bundle_context;

/* Inside intake/ only: which release a version is of, where its file does not say that by an id:
 * "translation_of" names a file or folder, or the version's own name says it ("x.en.md"). */

/* Puts the original's id into the bundle's release and hashes its content anew. row: the release
 * that the file has been until now; NULL: none. Where the original cannot be found yet, that is a
 * problem of the bundle and *is_retried is set. False when the database failed. */
bool original_name(struct database *database, const struct source_bundle_context *context,
                   struct source_bundle *bundle, const struct release_row *row, bool *is_retried,
                   struct error *error);

#endif
