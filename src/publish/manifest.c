/* SPDX-License-Identifier: MIT */
#include "publish/manifest.h"

#include "base/hash.h"
#include "database/database.h"

/* The row may be there: of the file's last bytes, or with an unknown hash after a killed run. */
bool manifest_put(struct database *database, const char *owner, const char *path,
                  const struct hash *hash, bool has_gzip, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO publish_file (owner, path, hash, has_gzip) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (owner, path) DO UPDATE SET hash = excluded.hash,"
        " has_gzip = excluded.has_gzip",
        error);
    statement_bind_text(statement, 1, owner);
    statement_bind_text(statement, 2, path);
    statement_bind_bytes(statement, 3, hash->bytes, HASH_SIZE);
    statement_bind_integer(statement, 4, has_gzip);
    return statement_run(statement, error);
}

/* Behind the file's removal, because a row without its file is only written again, and a file
 * without its row would stand for ever. */
bool manifest_remove(struct database *database, const char *owner, const char *path,
                     struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM publish_file WHERE owner = $1 AND path = $2", error);
    statement_bind_text(statement, 1, owner);
    statement_bind_text(statement, 2, path);
    return statement_run(statement, error);
}

bool manifest_has(struct database *database, const char *owner, const char *path, bool *stands,
                  struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM publish_file WHERE owner = $1 AND path = $2", error);
    statement_bind_text(statement, 1, owner);
    statement_bind_text(statement, 2, path);
    bool done = statement_find(statement, stands, error);
    statement_reset(statement);
    return done;
}

/* No bytes have a hash of zeros, so every file is written again, and those that nobody makes any
 * more still go. */
bool manifest_forget(struct database *database, struct error *error)
{
    const struct hash unknown = { { 0 } };
    struct statement *statement = database_prepare(database, "UPDATE publish_file SET hash = $1",
                                                   error);
    statement_bind_bytes(statement, 1, unknown.bytes, HASH_SIZE);
    return statement_run(statement, error);
}
