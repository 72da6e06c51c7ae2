/* SPDX-License-Identifier: MIT */
#include "publish/picture_record.h"

#include "base/arena.h"
#include "database/database.h"

struct fresh {
    struct picture_record record;
    struct fresh *next;
};

struct picture_records {
    struct arena *arena;
    struct database *database;
    struct fresh *fresh; /* the newest first */
};

struct picture_records *picture_records_new(struct arena *arena, struct database *database)
{
    struct picture_records *records = arena_allocate(arena, sizeof *records);
    records->arena = arena;
    records->database = database;
    return records;
}

static void record_read(struct statement *statement, struct picture_record *record)
{
    int column = 3;
    record->recipe = (int)statement_integer(statement, 0);
    record->failed_recipe = (int)statement_integer(statement, 1);
    record->trouble = (enum picture_trouble)statement_integer(statement, 2);
    for (int size = 0; size < PICTURE_SIZES; size++) {
        struct picture_rendition *rendition = &record->renditions[size];
        rendition->width = (int)statement_integer(statement, column++);
        rendition->height = (int)statement_integer(statement, column++);
        rendition->size_bytes = statement_integer(statement, column++);
        rendition->is_recoded = statement_integer(statement, column++) != 0;
    }
}

bool picture_records_find(const struct picture_records *records, const struct hash *key,
                          struct picture_record *record, struct error *error)
{
    /* First what this batch made, whose rows are stored with its commit: the same picture in two
     * releases is made once. */
    for (const struct fresh *fresh = records->fresh; fresh; fresh = fresh->next) {
        if (!hash_equal(&fresh->record.key, key))
            continue;
        *record = fresh->record;
        return true;
    }
    *record = (struct picture_record){ .key = *key };
    bool found = false;
    struct statement *statement = database_prepare(
        records->database,
        "SELECT recipe, failed_recipe, trouble, width, height, size_bytes, 0,"
        " web_width, web_height, web_bytes, web_is_recoded,"
        " small_width, small_height, small_bytes, small_is_recoded"
        " FROM publish_picture WHERE hash = $1",
        error);
    statement_bind_bytes(statement, 1, key->bytes, HASH_SIZE);
    bool done = statement_find(statement, &found, error);
    if (found)
        record_read(statement, record);
    statement_reset(statement);
    return done;
}

void picture_records_put(struct picture_records *records, const struct picture_record *record)
{
    struct fresh *fresh = arena_allocate(records->arena, sizeof *fresh);
    *fresh = (struct fresh){ *record, records->fresh };
    records->fresh = fresh;
}

static bool record_store(struct database *database, const struct picture_record *record,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO publish_picture (hash, recipe, failed_recipe, trouble, width, height,"
        " size_bytes, web_width, web_height, web_bytes, small_width, small_height, small_bytes,"
        " web_is_recoded, small_is_recoded)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        " ON CONFLICT (hash) DO UPDATE SET recipe = excluded.recipe,"
        " failed_recipe = excluded.failed_recipe, trouble = excluded.trouble,"
        " width = excluded.width, height = excluded.height, size_bytes = excluded.size_bytes,"
        " web_width = excluded.web_width, web_height = excluded.web_height,"
        " web_bytes = excluded.web_bytes, small_width = excluded.small_width,"
        " small_height = excluded.small_height, small_bytes = excluded.small_bytes,"
        " web_is_recoded = excluded.web_is_recoded, small_is_recoded = excluded.small_is_recoded",
        error);
    statement_bind_bytes(statement, 1, record->key.bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, record->recipe);
    statement_bind_integer(statement, 3, record->failed_recipe);
    statement_bind_integer(statement, 4, record->trouble);
    for (int size = 0; size < PICTURE_SIZES; size++) {
        const struct picture_rendition *rendition = &record->renditions[size];
        statement_bind_integer(statement, 5 + 3 * size, rendition->width);
        statement_bind_integer(statement, 6 + 3 * size, rendition->height);
        statement_bind_integer(statement, 7 + 3 * size, rendition->size_bytes);
    }
    statement_bind_integer(statement, 14, record->renditions[PICTURE_SIZE_WEB].is_recoded);
    statement_bind_integer(statement, 15, record->renditions[PICTURE_SIZE_SMALL].is_recoded);
    return statement_run(statement, error);
}

/* The newest of each key stands before what it took the place of. */
static bool is_replaced(const struct picture_records *records, const struct fresh *fresh)
{
    for (const struct fresh *newer = records->fresh; newer != fresh; newer = newer->next)
        if (hash_equal(&newer->record.key, &fresh->record.key))
            return true;
    return false;
}

bool picture_records_store(const struct picture_records *records, struct error *error)
{
    for (const struct fresh *fresh = records->fresh; fresh; fresh = fresh->next)
        if (!is_replaced(records, fresh) && !record_store(records->database, &fresh->record, error))
            return false;
    return true;
}
