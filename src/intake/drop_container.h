/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DROP_CONTAINER_H
#define INTAKE_DROP_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

#include "release/release_store.h"

struct intake_container;
struct intake_settings;

/* Inside intake/ only: the containers of the drop directory, folders that are no release and hold
 * some: places (drafts, scheduled, withdrawn) and those of intake.folders. One of either kind may
 * stand in one of the other, "Sundhed/Kladder/". */

/* What the containers of a path say together. */
struct drop_place {
    enum release_place place;
    const struct intake_container *folder; /* of intake.folders; NULL: none */
};

/* How many octets of path are the containers that it lies in, with their slashes: 8 of
 * "Kladder/x.md"; 0: none. place may be NULL. */
size_t drop_container_length(const struct intake_settings *settings, const char *path,
                             struct drop_place *place);

/* Whether the path, a folder's without its slash, is a container. */
bool drop_container_is(const struct intake_settings *settings, const char *path);

/* The folder behind its containers that a path lies in, in arena, where it is called nearly as a
 * place is ("Kladde", "Kladder - kopi") and is none; NULL: it is called otherwise. Who put a file
 * there may take it for one. */
const char *drop_container_near(const struct intake_settings *settings, struct arena *arena,
                                const char *path);

/* Whether a file of that name, in the containers at the beginning of the path, tells people what a
 * place is for, and is nothing to be read. */
bool drop_container_is_readme(const struct intake_settings *settings, const char *path);

#endif
