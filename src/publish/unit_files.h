/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_UNIT_FILES_H
#define PUBLISH_UNIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct database;
struct error;

/* The files in public/ of one unit (a release, a list …) as the manifest knows them, and which of
 * them the unit still has: what is not settled when it ends goes away. */
struct unit_file {
    const char *path;
    struct hash hash; /* of what it was made from; all zeros: not known */
    bool has_gzip;
    bool is_settled; /* put again or kept */
};

struct unit_files {
    struct unit_file *files; /* sorted by path */
    size_t count;
};

/* Those of owner, none settled. All in arena. */
bool unit_files_load(struct unit_files *files, struct database *database, struct arena *arena,
                     const char *owner, struct error *error);

/* Where the manifest knows none, those that stand in folder (ends in '/') count as the unit's own,
 * of unknown content: a store that took over public/ from a lost one finds them there. */
void unit_files_take_over(struct unit_files *files, int public_directory, const char *folder,
                          struct arena *arena);

/* The file is put anew, where it is one of these. */
void unit_files_settle(struct unit_files *files, const char *path);

/* Keeps the file where it was made from what hash says. */
bool unit_files_keep(struct unit_files *files, const char *path, const struct hash *hash);

/* Keeps PREFIX n SUFFIX for n from 1 to count; stops before one that is not there, or whose content
 * is not known. Returns how many are kept. */
int64_t unit_files_keep_numbered(struct unit_files *files, const char *prefix, const char *suffix,
                                 int64_t count);

void unit_files_keep_all(struct unit_files *files);

#endif
