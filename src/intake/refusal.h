/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REFUSAL_H
#define INTAKE_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct hash;
struct text_sketch;

/* Inside intake/ only: the module's own rows: refused files, reported files, the files of
 * releases. */

/* A file that was refused, and its stat fingerprint then, so that it is read again only when it
 * has changed. */
struct refusal {
    const char *path;
    const char *stat_fingerprint;
    bool is_retried; /* refused because of other files: tried again whenever one has changed */
    const char
        *report_hash; /* hash of what was reported of it, so that the same is not logged again */
    int64_t near_duplicate_row_id;    /* of the release that it seemed to duplicate; 0: none */
    const struct text_sketch *sketch; /* of its text where near_duplicate_row_id is; else NULL */
};

/* All of them, sorted by path, in arena. */
bool refusal_load(struct database *database, struct arena *arena, struct refusal **refusals,
                  size_t *count, struct error *error);

/* Binary search in what refusal_load() gave; NULL where there is none. */
const struct refusal *refusal_find(const struct refusal *refusals, size_t count, const char *path);

bool refusal_put(struct database *database, const struct refusal *refusal, struct error *error);
bool refusal_remove(struct database *database, const char *path, struct error *error);

/* A file that is no release and was reported: the key names it. */
struct reported_file {
    const char *key;
    const char *stat_fingerprint;
};

/* All of them, sorted by key, in arena. */
bool reported_file_load(struct database *database, struct arena *arena,
                        struct reported_file **reported_files, size_t *count, struct error *error);
const struct reported_file *reported_file_find(const struct reported_file *reported_files,
                                               size_t count, const char *key);
bool reported_file_put(struct database *database, const struct reported_file *reported_file,
                       struct error *error);
bool reported_file_remove(struct database *database, const char *key, struct error *error);

/* The hash of the files that a release was last read from; *found: whether it is known. */
bool source_find(struct database *database, int64_t row_id, struct hash *hash, bool *found,
                 struct error *error);
bool source_put(struct database *database, int64_t row_id, const struct hash *hash,
                struct error *error);

/* Releases that a new store recovered from public/, by the (hashed) path that they came from. */
bool recovery_put(struct database *database, int64_t row_id, const char *path_hash,
                  struct error *error);

/* The row id of the recovered release that came from path, 0 for none. */
bool recovery_find(struct database *database, const char *path_hash, int64_t *row_id,
                   struct error *error);

/* Forgets that it was recovered, once its text is in the store. *was: whether it had been. */
bool recovery_remove(struct database *database, int64_t row_id, bool *was, struct error *error);

#endif
