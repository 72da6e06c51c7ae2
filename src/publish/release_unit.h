/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_RELEASE_UNIT_H
#define PUBLISH_RELEASE_UNIT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct hash;
struct output;
struct site;
struct text;
struct view;
struct view_asset;

/* The files of one release: page, release.json, calendar, pictures and documents. */

/* Sizes of pictures known so far: those of the database, and new ones until they are stored
 * there. */
struct picture_sizes;
struct picture_sizes *picture_sizes_new(struct arena *arena, struct database *database);

/* Fills the renditions of a picture from what is known; false: it is not known. */
bool picture_sizes_find(const struct picture_sizes *sizes, struct arena *arena,
                        struct view_asset *asset, bool *failed, struct error *error);

/* Inside a transaction. */
bool picture_sizes_store(const struct picture_sizes *sizes, struct error *error);

/* "release:17" */
const char *release_unit_owner(struct arena *arena, int64_t number);

/* Hands all files of the view to the output and ends the unit; on failure nothing of it changes.
 * Assets are named and measured in passing. A picture that cannot be read is logged and left out.
 * ERROR_INPUT, ERROR_PERMANENT: this release alone cannot be written. */
bool release_unit_write(struct site *site, struct output *output, struct picture_sizes *sizes,
                        struct arena *arena, struct view *view, struct error *error)
    __attribute__((warn_unused_result));

#endif
