/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_STAGING_H
#define PUBLISH_STAGING_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct text;

/* Temporaries on the file system of public/, from which a rename puts them in place: in
 * state/publish/, else, when that is another file system, in a folder of public/ that nobody but
 * its owner may read. */
struct staging;

/* Empties the folder of what a killed run left. NULL on failure; the caller closes. */
struct staging *staging_open(int public_directory, const char *state_path, struct error *error);

/* Removes the folder where it stands in public/. Takes NULL. */
void staging_close(struct staging *staging);

/* A new temporary with bytes, and where compressed is not NULL one with those, under the same
 * number and with the same time. On failure nothing is left. */
bool staging_write(struct staging *staging, const void *bytes, size_t length,
                   const struct text *compressed, unsigned long *number, struct error *error);

/* A new temporary with all that descriptor holds, from its start. */
bool staging_copy(struct staging *staging, int descriptor, unsigned long *number,
                  struct error *error);

void staging_drop(struct staging *staging, unsigned long number, bool has_gzip);

/* Everything written so far is on the disk when it returns true. */
bool staging_sync(struct staging *staging, struct error *error);

/* Renames to path below directory, the compressed form first, so that no server pairs a new page
 * with an old .gz for longer than an instant. */
bool staging_place(struct staging *staging, unsigned long number, bool has_gzip, int directory,
                   const char *path, struct error *error);

#endif
