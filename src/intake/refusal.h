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

/* Rows of our own: which file was refused, and what it looked like then, so that it is read again
 * only when it has changed. */
struct refusal {
    const char *path;
    const char *stamp;
    bool is_retried; /* refused for what other files are: tried again whenever one has changed */
};

/* All of them, sorted by path, in arena. */
bool refusal_load(struct database *database, struct arena *arena, struct refusal **refusals,
                  size_t *count, struct error *error);

/* Binary search in what refusal_load() gave; NULL where there is none. */
const struct refusal *refusal_find(const struct refusal *refusals, size_t count, const char *path);

bool refusal_put(struct database *database, const struct refusal *refusal, struct error *error);
bool refusal_remove(struct database *database, const char *path, struct error *error);

/* Releases that a new store took over from public/: by which path (hashed) they came in once. */
bool adoption_put(struct database *database, int64_t number, const char *path_hash,
                  struct error *error);

/* The number of the adopted release that came from path, 0 for none. */
bool adoption_find(struct database *database, const char *path_hash, int64_t *number,
                   struct error *error);

/* Forgets that it was adopted: its text is in the store now. *was says whether it was. */
bool adoption_remove(struct database *database, int64_t number, bool *was, struct error *error);

#endif
