/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/error.h"
#include "base/string_builder.h"

#include <assert.h>
#include <string.h>

/* Of the store as a whole, which stands in schema_version as `database`. Below 3 are stores from
 * before 0.1.0: there tables of the same version had other names, so that the modules' versions say
 * nothing. */
#define STORE_VERSION 3
#define TEXT_OF(number) TEXT_OF_VALUE(number)
#define TEXT_OF_VALUE(number) #number

/* The store's own tables: how far each module's are, and numbers that are never given again. */
static const char own_tables[] =
    "CREATE TABLE IF NOT EXISTS schema_version ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " version @integer@ NOT NULL) @strict_without_rowid@;"
    "CREATE TABLE IF NOT EXISTS sequence ("
    " name @text@ NOT NULL PRIMARY KEY,"
    " value @integer@ NOT NULL) @strict_without_rowid@;"
    "INSERT INTO schema_version (name, version) VALUES ('database', " TEXT_OF(
        STORE_VERSION) ")"
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

/* The next migration. Another process may have migrated while this one waited its turn, so that the
 * version is read again within the transaction. */
static bool schema_step(struct database *database, const struct database_schema *schema,
                        bool *is_current, struct error *error)
{
    size_t version = 0;
    if (!version_read(database, schema->name, &version, error))
        return false;
    *is_current = version + 1 >= schema->migration_count;
    if (version >= schema->migration_count)
        return true;
    for (const char *const *script = schema->migrations[version]; *script; script++)
        if (!script_run(database, *script, error))
            return false;
    return version_write(database, schema->name, version + 1, error);
}

static bool schema_bring_up(struct database *database, const struct database_schema *schema,
                            struct error *error)
{
    bool is_current = false;
    while (!is_current) {
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, schema_step(database, schema, &is_current, error), error);
        if (!transaction.is_done)
            return error_prefix(error, "%s", schema->name);
    }
    return true;
}

static bool newer_refuse(const char *name, size_t version, size_t known, struct error *error)
{
    return error_set(
        error, ERROR_USAGE,
        "database: its tables of %s have version %zu, this program knows %zu" ERROR_ADVICE "use a "
        "newer pressroom",
        name, version, known);
}

static bool schema_check(struct database *database, const struct database_schema *schema,
                         bool *is_current, struct error *error)
{
    size_t version = 0;
    if (!version_read(database, schema->name, &version, error))
        return false;
    *is_current = version == schema->migration_count;
    return version <= schema->migration_count ||
           newer_refuse(schema->name, version, schema->migration_count, error);
}

static bool store_check(size_t version, struct error *error)
{
    if (version < STORE_VERSION)
        return error_set(error, ERROR_USAGE,
                         "database: was made by a pressroom before 0.1.0, and is left as it "
                         "is" ERROR_ADVICE
                         "with that one, let what waits be sent and export the subscribers; then "
                         "move pressroom.db out of state/ and import them");
    return version == STORE_VERSION || newer_refuse("database", version, STORE_VERSION, error);
}

static bool own_tables_make(struct database *database, struct error *error)
{
    /* Asking first keeps a run with nothing to do from waiting for a writer. */
    struct error ignored = { 0 };
    size_t version = 0;
    if (version_read(database, "database", &version, &ignored) && version > 0)
        return store_check(version, error);
    if (database->is_read_only && !database->backend->set_read_only(database->handle, false, error))
        return false;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        script_run(database, own_tables, error) &&
                            version_read(database, "database", &version, error) &&
                            store_check(version, error),
                        error);
    return transaction.is_done;
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
        if (!is_current && !schema_bring_up(database, schemas[i], error))
            return false;
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
