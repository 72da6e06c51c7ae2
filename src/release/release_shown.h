/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_SHOWN_H
#define RELEASE_RELEASE_SHOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct error;

/* Which mails show a revision that has open changes (enum release_changes): what is done with its
 * file after such a mail went, or answered to it, is done knowing what it looks like. */

struct release_shown {
    int64_t release; /* release.row_id of the very version */
    int64_t revision;
    int64_t mail; /* row id of the transactional mail */
};

/* Adds one, in the caller's transaction; those of much earlier revisions are forgotten. */
bool release_shown_add(struct database *database, const struct release_shown *shown,
                       struct error *error);

/* All of that revision of a release, in arena. */
bool release_shown_of_revision(struct database *database, struct arena *arena, int64_t release,
                               int64_t revision, struct release_shown **list, size_t *count,
                               struct error *error);

/* All that a mail shows, in arena. */
bool release_shown_in_mail(struct database *database, struct arena *arena, int64_t mail,
                           struct release_shown **list, size_t *count, struct error *error);

#endif
