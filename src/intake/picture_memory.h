/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PICTURE_MEMORY_H
#define INTAKE_PICTURE_MEMORY_H

#include <stdbool.h>

struct database;
struct error;
struct hash;
struct picture_facts;

/* What is known of pictures, by the hash of their bytes and the language of the release: each is
 * examined once. Good ones are
 * remembered from run to run; of others the release that they wait with is, and they are looked at
 * again when that changes. */
struct picture_memory;

/* Starts nothing before the first picture that is not known. The database is borrowed. */
struct picture_memory *picture_memory_new(struct database *database);
void picture_memory_free(struct picture_memory *memory); /* takes NULL */

/* What is known of the picture, whose bytes descriptor (to be read only) has if it must be
 * examined; what it says of itself in several languages is in language, where it has that. Lives as
 * long as the memory; NULL with ERROR_USAGE or ERROR_SYSTEM as of picture_examine(). */
const struct picture_facts *picture_memory_look(struct picture_memory *memory,
                                                const struct hash *hash, const char *language,
                                                int descriptor, struct error *error);

/* Stores what came new, in the caller's transaction. */
bool picture_memory_store(struct picture_memory *memory, struct error *error);

#endif
