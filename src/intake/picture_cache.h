/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PICTURE_CACHE_H
#define INTAKE_PICTURE_CACHE_H

#include <stdbool.h>

struct database;
struct error;
struct hash;
struct picture_facts;

/* Inside intake/ only: what is known of pictures, so that each is decoded once. */

/* Facts of pictures, by the hash of their bytes and the language of the release: each picture is
 * examined once. Facts of good ones are stored; bad ones are examined again when the release that
 * was refused for them changes. */
struct picture_cache;

/* Starts no process before the first unknown picture. The database is borrowed. */
struct picture_cache *picture_cache_new(struct database *database);
void picture_cache_free(struct picture_cache *cache); /* takes NULL */

/* The facts of a picture. Where they are not known yet, its bytes are read from descriptor (open
 * for reading) and examined. Of what the picture says in several languages, language is taken where
 * it is there. The result lives as long as the cache; NULL with ERROR_USAGE or ERROR_SYSTEM as of
 * picture_examine(). */
const struct picture_facts *picture_cache_get(struct picture_cache *cache, const struct hash *hash,
                                              const char *language, int descriptor,
                                              struct error *error);

/* picture_cache_store() stores the new facts, in the caller's transaction; picture_cache_stored()
 * is to be called when that is committed. */
bool picture_cache_store(struct picture_cache *cache, struct error *error);
void picture_cache_stored(struct picture_cache *cache);

#endif
