/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_DATABASE_H
#define DATABASE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database_schema;
struct error;
struct sql_macro;

/* The one door to the store. SQL is written once for every backend:
 * - parameters are $1, $2 … (a number may occur twice);
 * - standard enough for SQLite 3.40 and PostgreSQL 15: RETURNING, ON CONFLICT, no functions of one
 *   backend;
 * - what differs is an SQL macro (database/sql_macro.h) that the backend puts in:
 *   @integer@ @text@ @blob@        column types (64-bit; UTF-8 compared by bytes; bytes)
 *   @row_id_primary_key@           given by the database, never given again
 *   @strict@ @strict_without_rowid@  behind a table's closing parenthesis
 *   @skip_locked@                  behind a subselect that picks rows to claim
 *   @refuse@                       behind CREATE TRIGGER … ON table: that change always fails
 *   @refuse_without_row_of@ table @end_refuse@  the same, but for while that table holds a row
 *
 * Error kinds: ERROR_TEMPORARY when another process holds the database, ERROR_SYSTEM for disk full,
 * I/O, damage and mistakes in SQL; the message says which. */

enum database_backend { DATABASE_SQLITE, DATABASE_POSTGRESQL };

struct database_settings {
    enum database_backend backend; /* PostgreSQL is refused with ERROR_USAGE: not built yet */
    const char *path;              /* the file; ":memory:" for a database of its own in memory */
    int state_directory;           /* an open directory for the lock and workers/; borrowed, must
                                      stay open as long as the database; -1 only with ":memory:" */
    bool is_read_only; /* statements that write fail, no lock is taken; where the file is not there
                          yet, an empty database in memory takes its place */
    int64_t busy_timeout_ms; /* how long to wait for a writer of another program; 0 means 10 s */
    /* Whose SQL macros statements may use, where the store is not brought up with
     * database_migrate(), as another one has done that. */
    const struct database_schema *const *schemas;
    size_t schema_count;
};

struct database;

/* Opens, or makes with mode 0600. NULL on failure. The caller closes. */
struct database *database_open(const struct database_settings *settings, struct error *error);

/* Rolls back what is open, takes NULL. */
void database_close(struct database *database);

bool database_is_read_only(const struct database *database);

/* ---- schema ---- */

/* The tables of one module: migrations[0] makes version 1, and so on. Each is a list of scripts
 * that ends with NULL; a script may hold several statements, separated by semicolons. Once
 * released, a migration never changes. */
struct database_schema {
    const char *name; /* of the module */
    const char *const *const *migrations;
    size_t migration_count;
    const struct sql_macro *macros; /* ended by a NULL name; NULL: none */
};

/* Brings every schema, in the order given, to its newest version: each migration in a transaction
 * of its own. A database newer than the program is ERROR_USAGE, and nothing is touched. Run
 * straight after opening, also when reading only. */
bool database_migrate(struct database *database, const struct database_schema *const *schemas,
                      size_t count, struct error *error);

/* ---- statements ---- */

struct statement;

enum statement_result { STATEMENT_ROW, STATEMENT_DONE, STATEMENT_FAILED };

/* A statement for sql, made once and kept by its text; never freed by the caller. It is in use
 * until statement_reset() or statement_run(), or a step that gave DONE or FAILED; then prepare
 * again for the next use. The same text prepared while in use gives another statement, so that
 * loops nest. NULL on failure; every function below takes that NULL, does nothing and fails, so
 * that the first error stands and only the last call must be asked. */
struct statement *database_prepare(struct database *database, const char *sql, struct error *error);

/* Bind by position, from 1. Bytes are copied. An error sticks and shows at the step. */
void statement_bind_integer(struct statement *statement, int position, int64_t value);
/* NULL binds SQL NULL. */
void statement_bind_text(struct statement *statement, int position, const char *value);
void statement_bind_text_bytes(struct statement *statement, int position, const char *value,
                               size_t length);
void statement_bind_bytes(struct statement *statement, int position, const void *bytes,
                          size_t length);
/* As statement_bind_text(), but not copied: it must stay as it is until the statement is reset. */
void statement_bind_kept_text(struct statement *statement, int position, const char *value);
/* INSTANT_NONE (0) as NULL: for instants, and for numbers where 0 means none. */
void statement_bind_instant(struct statement *statement, int position, int64_t value);

enum statement_result statement_step(struct statement *statement, struct error *error);

/* Steps to the end, dropping rows, and resets. */
bool statement_run(struct statement *statement, struct error *error);

/* One row at most: *found says whether there was one, and then the columns may be read until
 * statement_reset(). */
bool statement_find(struct statement *statement, bool *found, struct error *error);

/* Gives the statement back. Takes NULL. */
void statement_reset(struct statement *statement);

/* Columns of the present row, from 0. NULL reads as 0, NULL, NULL with length 0. Pointers are
 * borrowed and live until the next step or reset. */
int64_t statement_integer(struct statement *statement, int column);
const char *statement_text(struct statement *statement, int column);
const void *statement_bytes(struct statement *statement, int column, size_t *length);
bool statement_is_null(struct statement *statement, int column);

/* What the store keeps there; how many columns a row has, 0 for a NULL statement; and what one of
 * them is called, borrowed until the statement is prepared again. */
enum column_kind { COLUMN_NULL, COLUMN_INTEGER, COLUMN_TEXT, COLUMN_BYTES };
enum column_kind statement_kind(struct statement *statement, int column);
int statement_columns(struct statement *statement);
const char *statement_column_name(struct statement *statement, int column);

/* A copy in arena; NULL for NULL. */
char *statement_copy_text(struct statement *statement, int column, struct arena *arena);

/* Rows that the last statement_run() or finished step inserted, updated or deleted. */
int64_t database_changes(struct database *database);

/* A number that changes with each commit of somebody else, and not with our own. As cheap as
 * reading a clock: for callers that wait for others' rows. */
bool database_change_number(struct database *database, int64_t *number, struct error *error);

/* What tells the states of a store's files apart, without opening them. */
struct database_stamp {
    int64_t parts[6];
};

/* Of the store at that path. It is another one behind each commit, by whomever, and sometimes
 * without one. False: it was written to within the last moments, so that a next commit might not be
 * seen by it. */
bool database_stamp_read(const char *path, struct database_stamp *stamp);

/* The same, once that is over: it waits a few milliseconds, 20 at most. */
bool database_stamp_settle(const char *path, struct database_stamp *stamp);

/* Puts the rows that select gives (without parameters) into the columns of the same names of table
 * in another database: for who wants to try something on a copy. Begins no transaction. */
bool database_copy_rows(struct database *from, const char *select, struct database *to,
                        const char *table, struct error *error);

/* For one statement without parameters and without rows. */
bool database_execute(struct database *database, const char *sql, struct error *error);

/* ---- transactions ---- */

/* A transaction is a function that may run again: its first run may be undone after its last
 * statement, for a reason that lies in others' transactions (PostgreSQL 15, 13.2.3: "serialization
 * failure"). SQLite never asks for that, as its writers queue; the preset `sanitize` undoes the
 * first run of each, so that what cannot run twice is found.
 *
 *   struct transaction transaction = transaction_of(database);
 *   while (transaction_run(&transaction, error))
 *       transaction_end(&transaction, release_update(database, row, error), error);
 *   if (!transaction.is_done)
 *       return false;
 *
 * The function between both therefore changes nothing but the store; what it gives its caller it
 * sets anew in each run (a count begins at 0, a list is emptied); and what is to be done in files,
 * in memory that stays, or over a connection is done behind the loop. */
struct transaction {
    struct database *database;
    bool is_part;     /* of the caller's */
    bool may_be_lost; /* set before the first run: not waited for until it is on the disk. A kill
                         loses nothing of it; a power loss may lose all of it, up to the next commit
                         that is waited for, by whomever. No part of another one */
    bool is_done;     /* committed; of a part: done, as its caller will commit it */
    bool is_over;
    int run_count;
};

/* One of its own: none is open. */
struct transaction transaction_of(struct database *database);

/* A part of the caller's where one is open (and who began that one ends it, runs it again, and
 * undoes all of it where a part of it failed), else one of its own. */
struct transaction transaction_part_of(struct database *database);

/* Begins a run. Waits for the write lock, a fair one shared by all processes: nobody who comes back
 * at once overtakes one who waits. false: it is over, or could not begin; `is_done` says which. */
bool transaction_run(struct transaction *transaction, struct error *error);

/* Ends a run: durable (synchronous=FULL) where done is true and `is_done` comes out true, else
 * undone. A run that is to be undone without a failure ends with false as well. */
void transaction_end(struct transaction *transaction, bool done, struct error *error);

/* One unchanging view for several reads; takes no lock and holds nobody up. */
bool database_begin_read(struct database *database, struct error *error);

/* No effect where none is open, so that it may stand behind every failure. */
void database_end_read(struct database *database);

bool database_in_transaction(const struct database *database);

/* Writes the journal into the database and cuts it to nothing, so that erased bytes are gone from
 * it too. ERROR_TEMPORARY when a reader prevents it. */
bool database_checkpoint(struct database *database, struct error *error);

/* The same as far as it can be done without waiting for a reader: what closing the store does, by
 * whoever does so last, so that its files stay as they are then. */
void database_write_back(struct database *database);

/* For many thousand rows to come, in any number of transactions, each with all that its rows refer
 * to: that is not looked up again. false: as always again. Not in a transaction. */
void database_expect_much(struct database *database, bool is_much);

/* Whether one of the words stands anywhere in the store's file, capitals A-Z being as good as small
 * letters: also in the gaps between rows, where a page that was divided may keep a copy of what was
 * erased since. The journal is not looked at: database_checkpoint() first. */
bool database_holds(struct database *database, const char *const *words, size_t count, bool *holds,
                    struct error *error);

/* Writes the whole store anew, without gaps; then database_checkpoint(). Not in a transaction. */
bool database_rewrite(struct database *database, struct error *error);

/* Looks at every page and every reference: as long as reading all of it takes. *fault: the first
 * damage, in arena; NULL: whole. */
bool database_verify(struct database *database, struct arena *arena, const char **fault,
                     struct error *error);

/* ---- workers ---- */

/* A number that marks claimed rows as somebody's. The kernel holds its lock for as long as the
 * process lives, so that nobody needs to guess by time whether it is dead. Numbers are never given
 * again. */
struct database_worker;

/* Takes a transaction of its own. NULL on failure. */
struct database_worker *database_worker_open(struct database *database, struct error *error);

/* Frees the number's lock and file; release the rows first. Takes NULL. */
void database_worker_close(struct database_worker *worker);

int64_t database_worker_number(const struct database_worker *worker);

/* Whether some process, this one included, holds that number. Where that cannot be found out it
 * counts as alive, because rows of a living worker must never be taken. */
bool database_worker_is_alive(struct database *database, int64_t number);

/* Removes what a dead worker left in state/workers/, once its rows are recovered. */
void database_worker_clear(struct database *database, int64_t number);

#endif
