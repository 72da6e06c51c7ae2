/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/error.h"
#include "base/string_builder.h"

#include <assert.h>
#include <string.h>

/* The store's own tables: how far each module's are, and numbers that are never given again. */
static const char own_tables[] = "CREATE TABLE IF NOT EXISTS schema_version ("
                                 " name @text@ NOT NULL PRIMARY KEY,"
                                 " version @integer@ NOT NULL) @strict_without_rowid@;"
                                 "CREATE TABLE IF NOT EXISTS sequence ("
                                 " name @text@ NOT NULL PRIMARY KEY,"
                                 " value @integer@ NOT NULL) @strict_without_rowid@;"
                                 "INSERT INTO schema_version (name, version) VALUES ('database', 1)"
                                 " ON CONFLICT (name) DO NOTHING;";

static bool script_run(struct database *database, const char *sql, struct error *error)
{
    struct string_builder expanded;
    string_builder_init(&expanded, 0);
    bool done = sql_expand(&expanded, database, sql, error) &&
                database->backend->execute(database->handle, expanded.data, error);
    string_builder_release(&expanded);
    return done;
}

static bool version_read(struct database *database, const char *name, size_t *version,
                         struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT version FROM schema_version WHERE name = $1", error);
    statement_bind_text(statement, 1, name);
    if (!statement_find(statement, &found, error))
        return false;
    *version = found ? (size_t)statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

static bool version_write(struct database *database, const char *name, size_t version,
                          struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO schema_version (name, version) VALUES ($1, $2)"
        " ON CONFLICT (name) DO UPDATE SET version = excluded.version",
        error);
    statement_bind_text(statement, 1, name);
    statement_bind_integer(statement, 2, (int64_t)version);
    return statement_run(statement, error);
}

static bool scripts_run(struct database *database, const char *const *scripts, struct error *error)
{
    for (const char *const *script = scripts; *script; script++)
        if (!script_run(database, *script, error))
            return false;
    return true;
}

/* Another process may have migrated while this one waited its turn: the version is read again
 * within the transaction. */
static bool schema_step(struct database *database, const struct database_schema *schema,
                        bool *is_current, struct error *error)
{
    size_t version = 0;
    if (!database_begin(database, error))
        return false;
    bool done = version_read(database, schema->name, &version, error);
    if (done && version < schema->migration_count)
        done = scripts_run(database, schema->migrations[version], error) &&
               version_write(database, schema->name, version + 1, error);
    *is_current = version + 1 >= schema->migration_count;
    return database_end(database, done, error);
}

static bool schema_check(struct database *database, const struct database_schema *schema,
                         bool *is_current, struct error *error)
{
    size_t version = 0;
    if (!version_read(database, schema->name, &version, error))
        return false;
    *is_current = version == schema->migration_count;
    if (version <= schema->migration_count)
        return true;
    return error_set(
        error, ERROR_USAGE,
        "database: its tables of %s have version %zu, this program knows %zu" ERROR_ADVICE "use a "
        "newer pressroom",
        schema->name, version, schema->migration_count);
}

static bool own_tables_make(struct database *database, struct error *error)
{
    /* Asking first keeps a run with nothing to do from waiting for a writer. */
    struct error ignored = { 0 };
    size_t version = 0;
    if (version_read(database, "database", &version, &ignored) && version > 0)
        return true;
    if (database->is_read_only && !database->backend->set_read_only(database->handle, false, error))
        return false;
    if (!database_begin(database, error))
        return false;
    return database_end(database, script_run(database, own_tables, error), error);
}

static bool schemas_bring_up(struct database *database,
                             const struct database_schema *const *schemas, size_t count,
                             struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        bool is_current = false;
        if (!schema_check(database, schemas[i], &is_current, error))
            return false;
        if (!is_current && database->is_read_only &&
            !database->backend->set_read_only(database->handle, false, error))
            return false;
        while (!is_current)
            if (!schema_step(database, schemas[i], &is_current, error))
                return error_prefix(error, "%s", schemas[i]->name);
    }
    return true;
}

bool database_migrate(struct database *database, const struct database_schema *const *schemas,
                      size_t count, struct error *error)
{
    schemas_add_macros(database, schemas, count);
    if (!own_tables_make(database, error))
        return false;
    /* All are checked before any is touched. */
    for (size_t i = 0; i < count; i++) {
        bool is_current = false;
        if (!schema_check(database, schemas[i], &is_current, error))
            return false;
    }
    if (!schemas_bring_up(database, schemas, count, error))
        return false;
    return !database->is_read_only ||
           database->backend->set_read_only(database->handle, true, error);
}
