/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_WRITE_TRANSACTION_H
#define DATABASE_WRITE_TRANSACTION_H

#include <stdbool.h>

struct database;
struct error;

/* Inside database/ only, and for tests: what struct transaction (database.h) is made of. All else
 * uses that one, as these run nothing again. */

/* Waits its turn at a fair lock shared by all processes (nobody who comes back at once overtakes
 * one who waits), then begins to write. Not nested. */
bool database_begin(struct database *database, struct error *error);

/* Durable when it returns true (synchronous=FULL); rolled back when it returns false. */
bool database_commit(struct database *database, struct error *error);

/* No effect without a transaction, so that it may stand behind every failure. */
void database_rollback(struct database *database);

/* Commits for done true, else rolls back; false when either failed. */
static inline bool database_end(struct database *database, bool done, struct error *error)
{
    if (done)
        return database_commit(database, error);
    database_rollback(database);
    return false;
}

#endif
