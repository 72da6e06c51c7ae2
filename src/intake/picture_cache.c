/* SPDX-License-Identifier: MIT */
#include "intake/picture_cache.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "database/database.h"
#include "picture/picture.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct entry {
    struct hash key;
    struct picture_facts facts;
    struct entry *next;
    struct entry *next_unstored;
};

struct picture_cache {
    struct database *database;
    struct picture_reader *reader;
    struct arena arena;
    struct entry *buckets[BUCKETS];
    struct entry *unstored;
};

struct picture_cache *picture_cache_new(struct database *database)
{
    struct picture_cache *cache = memory_allocate(sizeof *cache);
    cache->database = database;
    return cache;
}

void picture_cache_free(struct picture_cache *cache)
{
    if (!cache)
        return;
    picture_reader_free(cache->reader);
    arena_release(&cache->arena);
    free(cache);
}

/* The key combines the bytes and the language, because a picture's own words are chosen by
 * language. */
static void key_of(const struct hash *hash, const char *language, struct hash *key)
{
    struct hash_state state;
    hash_init(&state);
    hash_update(&state, hash->bytes, HASH_SIZE);
    hash_update_string(&state, language ? language : "");
    hash_final(&state, key);
}

static struct entry **bucket_of(struct picture_cache *cache, const struct hash *key)
{
    return &cache->buckets[(key->bytes[0] << 8 | key->bytes[1]) % BUCKETS];
}

/* ---- in the store ---- */

/* A column as a value of an enumeration; 0 where a later version of the program has stored one
 * that is not known here. */
static int within(struct statement *statement, int column, int maximum)
{
    int64_t number = statement_integer(statement, column);
    return number > 0 && number <= maximum ? (int)number : 0;
}

static void read_row(struct statement *statement, struct arena *arena, struct picture_facts *facts)
{
    *facts = (struct picture_facts){
        .format = (enum picture_format)within(statement, 0, PICTURE_FORMATS - 1),
        .trouble = PICTURE_GOOD,
        .shown = statement_integer(statement, 1) == PICTURE_PNG ? PICTURE_PNG : PICTURE_JPEG,
        .is_animated = statement_integer(statement, 2) != 0,
        .rights = { .creator = statement_copy_text(statement, 3, arena),
                    .credit = statement_copy_text(statement, 4, arena),
                    .copyright = statement_copy_text(statement, 5, arena),
                    .alt = statement_copy_text(statement, 6, arena),
                    .caption = statement_copy_text(statement, 7, arena) },
    };
}

static bool load(struct picture_cache *cache, const struct hash *key, struct picture_facts *facts,
                 bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        cache->database,
        "SELECT format, shown, is_animated, creator, credit, copyright, alt, caption"
        " FROM intake_picture WHERE hash = $1",
        error);
    statement_bind_bytes(statement, 1, key->bytes, HASH_SIZE);
    bool done = statement_find(statement, found, error);
    if (done && *found)
        read_row(statement, &cache->arena, facts);
    statement_reset(statement);
    return done;
}

static bool store(struct database *database, const struct entry *entry, struct error *error)
{
    const struct picture_rights *rights = &entry->facts.rights;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_picture"
        " (hash, format, shown, is_animated, creator, credit, copyright, alt, caption)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        error);
    statement_bind_bytes(statement, 1, entry->key.bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, entry->facts.format);
    statement_bind_integer(statement, 3, entry->facts.shown);
    statement_bind_integer(statement, 4, entry->facts.is_animated);
    statement_bind_text(statement, 5, rights->creator);
    statement_bind_text(statement, 6, rights->credit);
    statement_bind_text(statement, 7, rights->copyright);
    statement_bind_text(statement, 8, rights->alt);
    statement_bind_text(statement, 9, rights->caption);
    return statement_run(statement, error);
}

bool picture_cache_store(struct picture_cache *cache, struct error *error)
{
    for (const struct entry *entry = cache->unstored; entry; entry = entry->next_unstored)
        if (!store(cache->database, entry, error))
            return false;
    return true;
}

void picture_cache_stored(struct picture_cache *cache)
{
    cache->unstored = NULL;
}

/* ---- examining ---- */

const struct picture_facts *picture_cache_get(struct picture_cache *cache, const struct hash *hash,
                                              const char *language, int descriptor,
                                              struct error *error)
{
    struct picture_facts facts;
    struct hash key;
    bool is_stored = false;
    key_of(hash, language, &key);
    for (struct entry *entry = *bucket_of(cache, &key); entry; entry = entry->next)
        if (hash_equal(&entry->key, &key))
            return &entry->facts;
    if (!load(cache, &key, &facts, &is_stored, error))
        return NULL;
    if (!is_stored && !cache->reader)
        cache->reader = picture_reader_new();
    if (!is_stored &&
        !picture_examine(cache->reader, descriptor, language, &cache->arena, &facts, error))
        return NULL;
    struct entry **bucket = bucket_of(cache, &key);
    struct entry *entry = arena_allocate(&cache->arena, sizeof *entry);
    *entry = (struct entry){ .key = key, .facts = facts, .next = *bucket };
    *bucket = entry;
    if (!is_stored && facts.trouble == PICTURE_GOOD) {
        entry->next_unstored = cache->unstored;
        cache->unstored = entry;
    }
    return &entry->facts;
}
