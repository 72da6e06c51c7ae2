/* SPDX-License-Identifier: MIT */
#include "intake/refusal.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/hash.h"
#include "database/database.h"
#include "intake/intake.h"
#include "release/text_sketch.h"

#include <stdlib.h>
#include <string.h>

/* Returns NULL where the row has no sketch. */
static const struct text_sketch *read_sketch(struct statement *statement, int column,
                                             struct arena *arena)
{
    size_t size = 0;
    const unsigned char *bytes = statement_bytes(statement, column, &size);
    struct text_sketch *sketch = bytes && size ? arena_allocate(arena, sizeof *sketch) : NULL;
    return sketch && text_sketch_read(bytes, size, sketch) ? sketch : NULL;
}

bool refusal_load(struct database *database, struct arena *arena, struct refusal **refusals,
                  size_t *count, struct error *error)
{
    size_t capacity = 0;
    *count = 0;
    *refusals = NULL;
    struct statement *statement = database_prepare(
        database,
        "SELECT path, stat_fingerprint, is_retried, report_hash, COALESCE(near_duplicate_row_id,"
        " 0),"
        " sketch FROM intake_refusal ORDER BY path",
        error);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        ARRAY_GROW_IN(arena, *refusals, *count, capacity);
        (*refusals)[(*count)++] = (struct refusal){
            .path = statement_copy_text(statement, 0, arena),
            .stat_fingerprint = statement_copy_text(statement, 1, arena),
            .is_retried = statement_integer(statement, 2) != 0,
            .report_hash = statement_copy_text(statement, 3, arena),
            .near_duplicate_row_id = statement_integer(statement, 4),
            .sketch = read_sketch(statement, 5, arena),
        };
    }
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct refusal *)a)->path, ((const struct refusal *)b)->path);
}

const struct refusal *refusal_find(const struct refusal *refusals, size_t count, const char *path)
{
    struct refusal key = { .path = path };
    return count ? bsearch(&key, refusals, count, sizeof *refusals, compare) : NULL;
}

bool refusal_put(struct database *database, const struct refusal *refusal, struct error *error)
{
    unsigned char bytes[TEXT_SKETCH_BYTES];
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_refusal (path, stat_fingerprint, is_retried, report_hash,"
        " near_duplicate_row_id, sketch) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (path) DO UPDATE SET stat_fingerprint = excluded.stat_fingerprint,"
        " is_retried = excluded.is_retried, report_hash = excluded.report_hash,"
        " near_duplicate_row_id = excluded.near_duplicate_row_id, sketch = excluded.sketch",
        error);
    statement_bind_text(statement, 1, refusal->path);
    statement_bind_text(statement, 2, refusal->stat_fingerprint);
    statement_bind_integer(statement, 3, refusal->is_retried);
    statement_bind_text(statement, 4, refusal->report_hash ? refusal->report_hash : "");
    statement_bind_integer(statement, 5, refusal->near_duplicate_row_id);
    if (refusal->sketch)
        statement_bind_bytes(statement, 6, bytes, text_sketch_write(refusal->sketch, bytes));
    else
        statement_bind_text(statement, 6, NULL);
    return statement_run(statement, error);
}

bool refusal_remove(struct database *database, const char *path, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM intake_refusal WHERE path = $1", error);
    statement_bind_text(statement, 1, path);
    return statement_run(statement, error);
}

/* ---- reported files that are no release ---- */

bool reported_file_load(struct database *database, struct arena *arena,
                        struct reported_file **reported_files, size_t *count, struct error *error)
{
    size_t capacity = 0;
    *count = 0;
    *reported_files = NULL;
    struct statement *statement = database_prepare(
        database, "SELECT key, stat_fingerprint FROM intake_reported_file ORDER BY key", error);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        ARRAY_GROW_IN(arena, *reported_files, *count, capacity);
        (*reported_files)[(*count)++] = (struct reported_file){
            .key = statement_copy_text(statement, 0, arena),
            .stat_fingerprint = statement_copy_text(statement, 1, arena),
        };
    }
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct reported_file *)a)->key, ((const struct reported_file *)b)->key);
}

const struct reported_file *reported_file_find(const struct reported_file *reported_files,
                                               size_t count, const char *key)
{
    struct reported_file wanted = { .key = key };
    return count ? bsearch(&wanted, reported_files, count, sizeof *reported_files, compare_keys)
                 : NULL;
}

bool reported_file_put(struct database *database, const struct reported_file *reported_file,
                       struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_reported_file (key, stat_fingerprint) VALUES ($1, $2)"
        " ON CONFLICT (key) DO UPDATE SET stat_fingerprint = excluded.stat_fingerprint",
        error);
    statement_bind_text(statement, 1, reported_file->key);
    statement_bind_text(statement, 2, reported_file->stat_fingerprint);
    return statement_run(statement, error);
}

bool reported_file_remove(struct database *database, const char *key, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM intake_reported_file WHERE key = $1", error);
    statement_bind_text(statement, 1, key);
    return statement_run(statement, error);
}

/* ---- the files of releases ---- */

bool source_find(struct database *database, int64_t row_id, struct hash *hash, bool *found,
                 struct error *error)
{
    size_t size = 0;
    struct statement *statement = database_prepare(
        database, "SELECT hash FROM intake_source WHERE release_row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    bool done = statement_find(statement, found, error);
    const void *bytes = *found ? statement_bytes(statement, 0, &size) : NULL;
    *found = bytes && size == HASH_SIZE;
    if (*found)
        memcpy(hash->bytes, bytes, HASH_SIZE);
    statement_reset(statement);
    return done;
}

bool source_put(struct database *database, int64_t row_id, const struct hash *hash,
                struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_source (release_row_id, hash) VALUES ($1, $2)"
        " ON CONFLICT (release_row_id) DO UPDATE SET hash = excluded.hash",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_bytes(statement, 2, hash->bytes, HASH_SIZE);
    return statement_run(statement, error);
}

/* ---- recovered releases ---- */

bool recovery_put(struct database *database, int64_t row_id, const char *path_hash,
                  struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_recovery (path_hash, release_row_id) VALUES ($1, $2)"
        " ON CONFLICT DO NOTHING",
        error);
    statement_bind_text(statement, 1, path_hash);
    statement_bind_integer(statement, 2, row_id);
    return statement_run(statement, error);
}

bool recovery_find(struct database *database, const char *path_hash, int64_t *row_id,
                   struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT release_row_id FROM intake_recovery WHERE path_hash = $1", error);
    statement_bind_text(statement, 1, path_hash);
    bool done = statement_find(statement, &found, error);
    *row_id = done && found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return done;
}

bool recovery_remove(struct database *database, int64_t row_id, bool *was, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM intake_recovery WHERE release_row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    *was = false;
    if (!statement_run(statement, error))
        return false;
    *was = database_changes(database) > 0;
    return true;
}
