/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SOURCE_CACHE_H
#define DELIVERY_SOURCE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"

struct database;
struct error;
struct mail_composition;
struct message_source_settings;

/* Inside delivery/ only: the compositions that a message source keeps. */

struct source_key {
    int64_t mailing;
    bool is_digest;
    int64_t version; /* row id of the release; of a digest: its content (digest/digest.h) */
    const char *language;
};

struct source_entry {
    struct source_key key;
    int64_t revision;      /* that the composition was made of; 0: a digest */
    struct hash signature; /* of what a digest was made of */
    bool is_withdrawn;
    unsigned generation;        /* of the cache when that was looked up */
    const char *date;           /* of the mailing, for the header */
    int64_t first_announcement; /* whose message this one answers; 0: none */
    const struct mail_composition *composition;
    struct arena arena; /* of all the above but the key */
    struct arena key_arena;
    struct source_entry *next;
};

/* Digests are given out in the order of their contents, so that each is made once. Few mailings run
 * at once, each in few languages; beyond this the one unused for longest goes. */
enum { SOURCE_ENTRIES_MAXIMUM = 32 };

struct source_cache {
    const struct message_source_settings *settings;
    struct database *database;
    struct source_entry *first; /* most recently used first */
    size_t count;
    unsigned generation;
};

void source_cache_init(struct source_cache *cache, const struct message_source_settings *settings,
                       struct database *database);
void source_cache_release(struct source_cache *cache);

/* Every entry asks the store anew before its next use. */
void source_cache_renew(struct source_cache *cache);

/* The entry for key, made where it is not there or of another revision than what is public. NULL on
 * failure; ERROR_INPUT where the release may not be mailed any more. Borrowed until the next call.
 */
const struct source_entry *source_cache_find(struct source_cache *cache,
                                             const struct source_key *key, struct error *error);

/* Inside delivery/ only (digest_source.c): makes a digest's entry say what the store says now.
 * Drops what has been withdrawn since; ERROR_INPUT where nothing is left. */
bool digest_source_renew(struct source_cache *cache, struct source_entry *entry,
                         struct error *error);

#endif
