/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_OUTPUT_FILES_H
#define PUBLISH_OUTPUT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct database;
struct error;

/* Inside publish/ only: the files in public/ of one owner (a release, a list …) as the manifest
 * knows them, and which of them it still has: what is not current when its files end goes away. */
struct output_file {
    const char *path;
    struct hash hash; /* of what it was made from; all zeros: not known */
    bool has_gzip;
    bool is_current; /* put again or kept */
};

struct output_files {
    struct output_file *files; /* sorted by path */
    size_t count;
};

/* Those of owner, none current. All in arena. */
bool output_files_load(struct output_files *files, struct database *database, struct arena *arena,
                       const char *owner, struct error *error);

/* Where the manifest knows none, those that stand in folder (ends in '/') count as the owner's,
 * of unknown content: a store that took over public/ from a lost one finds them there. */
void output_files_recover(struct output_files *files, int public_directory, const char *folder,
                          struct arena *arena);

/* The file is put anew, where it is one of these. */
void output_files_mark_current(struct output_files *files, const char *path);

/* Keeps the file where it was made from what hash says. */
bool output_files_keep(struct output_files *files, const char *path, const struct hash *hash);

/* Keeps PREFIX n SUFFIX for n from 1 to count; stops before one that is not there, or whose content
 * is not known. Returns how many are kept. */
int64_t output_files_keep_numbered(struct output_files *files, const char *prefix,
                                   const char *suffix, int64_t count);

void output_files_keep_all(struct output_files *files);

#endif
