/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "database/write_transaction.h"

#include <assert.h>

struct transaction transaction_of(struct database *database)
{
    assert(!database->in_transaction);
    return (struct transaction){ .database = database };
}

struct transaction transaction_part_of(struct database *database)
{
    assert(!database->in_transaction || database->has_write_lock);
    return (struct transaction){ .database = database, .is_part = database->in_transaction };
}

static void wait_again(const struct transaction *transaction)
{
    struct database *database = transaction->database;
    if (transaction->may_be_lost)
        database->backend->wait_for_disk(database->handle, true);
}

bool transaction_run(struct transaction *transaction, struct error *error)
{
    if (transaction->is_over)
        return false;
    struct database *database = transaction->database;
    if (transaction->may_be_lost)
        database->backend->wait_for_disk(database->handle, false);
    transaction->is_over = !transaction->is_part && !database_begin(database, error);
    transaction->run_count++;
    if (transaction->is_over)
        wait_again(transaction);
    return !transaction->is_over;
}

void transaction_end(struct transaction *transaction, bool done, struct error *error)
{
    struct database *database = transaction->database;
    if (!transaction->is_part && done && database->runs_all_again && transaction->run_count == 1) {
        database_rollback(database);
        return;
    }
    transaction->is_over = true;
    transaction->is_done = transaction->is_part ? done : database_end(database, done, error);
    wait_again(transaction);
}
