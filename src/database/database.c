/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/error.h"
#include "database/write_transaction.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef PRESSROOM_RUN_TRANSACTIONS_AGAIN
enum { RUNS_ALL_AGAIN = true };
#else
enum { RUNS_ALL_AGAIN = false };
#endif

struct database *database_open(const struct database_settings *settings, struct error *error)
{
    struct write_lock write_lock;
    if (settings->backend != DATABASE_SQLITE) {
        (void)error_set(error, ERROR_USAGE,
                        "store: PostgreSQL is not built into this program" ERROR_ADVICE
                        "write `store: sqlite`");
        return NULL;
    }
    /* A reader writes nothing, not even lock files. */
    int lock_directory = settings->is_read_only ? -1 : settings->state_directory;
    if (!write_lock_open(&write_lock, lock_directory, error))
        return NULL;
    struct database *database = calloc(1, sizeof *database);
    if (!database) {
        (void)error_set(error, ERROR_SYSTEM, "database: out of memory");
        write_lock_close(&write_lock);
        return NULL;
    }
    *database = (struct database){ .backend = &backend_sqlite,
                                   .write_lock = write_lock,
                                   .state_directory = settings->state_directory,
                                   .is_read_only = settings->is_read_only,
                                   .runs_all_again = RUNS_ALL_AGAIN };
    schemas_add_macros(database, settings->schemas, settings->schema_count);
    /* The first opening sets the journal mode, which must not meet another one's. */
    if (!write_lock_acquire(&database->write_lock, error)) {
        database_close(database);
        return NULL;
    }
    bool done = database->backend->open(settings, &database->handle, error);
    write_lock_release(&database->write_lock);
    if (done)
        return database;
    database_close(database);
    return NULL;
}

void database_close(struct database *database)
{
    if (!database)
        return;
    if (database->handle) {
        database_rollback(database);
        statements_free(database);
        database->backend->close(database->handle);
    }
    write_lock_close(&database->write_lock);
    free(database);
}

bool database_is_read_only(const struct database *database)
{
    return database->is_read_only;
}

int64_t database_changes(struct database *database)
{
    return database->backend->changes(database->handle);
}

bool database_change_number(struct database *database, int64_t *number, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, database->backend->change_query,
                                                   error);
    if (!statement_find(statement, &found, error))
        return false;
    *number = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

bool database_in_transaction(const struct database *database)
{
    return database->in_transaction;
}

bool database_begin(struct database *database, struct error *error)
{
    assert(!database->in_transaction);
    if (!write_lock_acquire(&database->write_lock, error))
        return false;
    if (!database_execute(database, database->backend->begin_write, error)) {
        write_lock_release(&database->write_lock);
        return false;
    }
    database->has_write_lock = true;
    database->in_transaction = true;
    return true;
}

bool database_begin_read(struct database *database, struct error *error)
{
    assert(!database->in_transaction);
    database->in_transaction = database_execute(database, database->backend->begin_read, error);
    return database->in_transaction;
}

static void transaction_over(struct database *database)
{
    database->in_transaction = false;
    if (database->has_write_lock)
        write_lock_release(&database->write_lock);
    database->has_write_lock = false;
}

bool database_commit(struct database *database, struct error *error)
{
    assert(database->in_transaction);
    bool done = database_execute(database, database->backend->commit, error);
    if (!done)
        database->backend->rollback(database->handle);
    transaction_over(database);
    return done;
}

void database_rollback(struct database *database)
{
    if (!database->in_transaction)
        return;
    database->backend->rollback(database->handle);
    transaction_over(database);
}

void database_end_read(struct database *database)
{
    assert(!database->has_write_lock);
    database_rollback(database);
}

static bool checkpoint(struct database *database, bool waits, struct error *error)
{
    assert(!database->in_transaction);
    if (!write_lock_acquire(&database->write_lock, error))
        return false;
    bool done = database->backend->checkpoint(database->handle, waits, error);
    write_lock_release(&database->write_lock);
    return done;
}

bool database_checkpoint(struct database *database, struct error *error)
{
    return checkpoint(database, true, error);
}

void database_write_back(struct database *database)
{
    struct error ignored;
    (void)checkpoint(database, false, &ignored);
}

bool database_rewrite(struct database *database, struct error *error)
{
    assert(!database->in_transaction);
    if (!write_lock_acquire(&database->write_lock, error))
        return false;
    bool done = database->backend->rewrite(database->handle, error);
    write_lock_release(&database->write_lock);
    return done;
}

void database_expect_much(struct database *database, bool is_much)
{
    database->backend->expect_much(database->handle, is_much);
}
