/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_MANIFEST_H
#define PUBLISH_MANIFEST_H

#include <stdbool.h>

struct database;
struct error;
struct hash;

/* Inside publish/ only: what the database says of public/: table publish_file. All of it inside
 * the caller's transaction. */

/* Records that the file stands, made from the input that hash names; all zeros: from an input that
 * is not known. */
bool manifest_put(struct database *database, const char *owner, const char *path,
                  const struct hash *hash, bool has_gzip, struct error *error);

bool manifest_remove(struct database *database, const char *owner, const char *path,
                     struct error *error);

/* Whether the file stands. False: the database failed. */
bool manifest_has(struct database *database, const char *owner, const char *path, bool *stands,
                  struct error *error);

/* Makes the hash of every file unknown. */
bool manifest_forget(struct database *database, struct error *error);

#endif
