/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_STAGING_H
#define PUBLISH_STAGING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

/* Inside publish/ only: temporaries on the file system of public/, from which a rename puts them in
 * place: in state/publish/, else, when that is another file system, in a folder of public/ that
 * nobody but its owner may read.
 *
 * Compressing and writing text files is half the work of publishing, and needs nothing of the rest:
 * a thread of the staging's own does it while the next page is made. */
struct staging;

/* Empties the folder of what a killed run left. NULL on failure; the caller closes. */
struct staging *staging_open(int public_directory, const char *state_path, struct error *error);

/* Removes the folder where it stands in public/. Takes NULL. */
void staging_close(struct staging *staging);

enum { STAGING_FILE_MAXIMUM = 280 };

/* A name that no other temporary of this staging has, in arena. A temporary may also stand in a
 * folder of such a name, "NAME/FILE" (FILE shorter than STAGING_FILE_MAXIMUM), which is made with
 * its first file. */
const char *staging_name(struct staging *staging, struct arena *arena);

/* A temporary with bytes (copied), and NAME.gz with those compressed, with the same time. Returns
 * before they are written: staging_sync() reports failures. */
void staging_write_text(struct staging *staging, const char *name, const void *bytes,
                        size_t length);

/* A temporary with bytes; on failure nothing is left. */
bool staging_write(struct staging *staging, const char *name, const void *bytes, size_t length,
                   struct error *error);

/* A temporary with all that descriptor holds, from its start. */
bool staging_copy(struct staging *staging, const char *name, int descriptor, struct error *error);

/* Removes it, and its folder with the last one. */
void staging_drop(struct staging *staging, const char *name, bool has_gzip);

/* Everything handed over so far is on the disk when it returns true. A failure of an earlier write
 * stays: nothing after it can be trusted. */
bool staging_sync(struct staging *staging, struct error *error);

/* Renames to path below directory, the compressed form first, so that no server pairs a new page
 * with an old .gz for longer than an instant. */
bool staging_place(struct staging *staging, const char *name, bool has_gzip, int directory,
                   const char *path, struct error *error);

/* Renames a folder with all its files: they appear at once. *is_taken says that something stands at
 * path; then nothing is done. */
bool staging_place_folder(struct staging *staging, const char *name, int directory,
                          const char *path, bool *is_taken, struct error *error);

#endif
