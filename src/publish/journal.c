/* SPDX-License-Identifier: MIT */
#include "publish/journal.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "publish/manifest.h"

#include <string.h>

static const struct hash unknown;

void journal_append(struct string_builder *lines, const char *owner, const char *path,
                    bool has_gzip)
{
    string_builder_append_format(lines, "%s\t%s\t%d\n", owner, path, has_gzip);
}

/* One row of text in place of a row a file: it is written and deleted by every flush, and read only
 * after a killed one. */
static bool lines_insert(struct database *database, const struct string_builder *lines,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database, "INSERT INTO publish_journal (row_id, changes) VALUES (1, $1)", error);
    statement_bind_text_bytes(statement, 1, lines->data, lines->length);
    return statement_run(statement, error);
}

bool journal_store(struct database *database, const struct string_builder *lines,
                   struct error *error)
{
    if (string_builder_overflowed(lines))
        return error_set(error, ERROR_SYSTEM, "public/: too many files at once");
    return lines_insert(database, lines, error);
}

bool journal_clear(struct database *database, struct error *error)
{
    return database_execute(database, "DELETE FROM publish_journal", error);
}

/* Whether the file is the old one, the new one or gone, nobody knows: with an unknown hash it is
 * written whatever its new bytes are, and its owner is marked dirty so that somebody writes it. */
static bool recover_line(struct database *database, const char *owner, const char *path,
                         bool has_gzip, struct error *error)
{
    if (!manifest_put(database, owner, path, &unknown, has_gzip, error))
        return false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO publish_list (list, is_dirty, from_at)"
        " VALUES ($1, 1, 0)"
        " ON CONFLICT (list) DO UPDATE SET is_dirty = 1, from_at = 0",
        error);
    statement_bind_text(statement, 1, owner);
    return statement_run(statement, error);
}

/* Lines are ours: no owner or path holds a tab or a line end. They are cut up in a copy, because a
 * run that was undone comes back to the whole of them. */
static bool recover_lines(struct database *database, struct arena *arena, const char *lines,
                          struct error *error)
{
    char *further = NULL;
    for (char *line = strtok_r(arena_copy(arena, lines), "\n", &further); line;
         line = strtok_r(NULL, "\n", &further)) {
        char *fields = NULL;
        const char *owner = strtok_r(line, "\t", &fields);
        const char *path = strtok_r(NULL, "\t", &fields);
        const char *has_gzip = strtok_r(NULL, "\t", &fields);
        if (!owner || !path || !has_gzip)
            return error_set(error, ERROR_SYSTEM,
                             "database: publish_journal is damaged" ERROR_ADVICE
                             "put back a copy of it");
        if (!recover_line(database, owner, path, *has_gzip == '1', error))
            return false;
    }
    return journal_clear(database, error);
}

bool journal_recover(struct database *database, struct error *error)
{
    bool found = false;
    struct arena arena = { 0 };
    struct statement *statement = database_prepare(database, "SELECT changes FROM publish_journal",
                                                   error);
    /* Read before a transaction is begun, because nearly every run finds none and needs no lock; in
     * between nobody writes it, who holds the lock of ingest and publish. */
    bool done = statement_find(statement, &found, error);
    const char *lines = done && found ? statement_copy_text(statement, 0, &arena) : NULL;
    statement_reset(statement);
    if (lines) {
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, recover_lines(database, &arena, lines, error), error);
        done = transaction.is_done;
    }
    arena_release(&arena);
    return done;
}
