/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_BACKEND_H
#define DATABASE_BACKEND_H

#include "database/database.h"
#include "database/sql_macro.h"

/* Inside database/ only: what a backend is. Adding one means one file that fills this struct, and
 * a line in database_open(). Handles are the backend's own. */
struct backend {
    char parameter_mark;            /* before a parameter's number: '?' or '$' */
    const struct sql_macro *macros; /* for what differs; ended by a NULL name */

    const char *begin_write; /* statements, kept as all others are: they run thousands of times */
    const char *begin_read;
    /* PostgreSQL answers the commit of a failed transaction with success and another tag: there
     * step() must fail. */
    const char *commit;
    const char *change_query;    /* one number, another one after each commit of somebody else */
    const char *integrity_query; /* "ok", or the first damage found */
    const char *reference_query; /* a row, its table first, where one refers to what is not there */

    bool (*open)(const struct database_settings *settings, void **handle, struct error *error);
    void (*close)(void *handle);
    /* Refuses writes from now on, or no more. */
    bool (*set_read_only)(void *handle, bool is_read_only, struct error *error);
    /* Several statements, without parameters; rows are dropped. */
    bool (*execute)(void *handle, const char *sql, struct error *error);
    void (*rollback)(void *handle);
    /* waits: for those who read. */
    bool (*checkpoint)(void *handle, bool waits, struct error *error);
    /* Whether commits wait for the disk (the usual) or leave that to the next one that does. Not in
     * a transaction. PostgreSQL has synchronous_commit for it. */
    void (*wait_for_disk)(void *handle, bool waits);
    /* A larger cache and rarer writing back of the journal; false: the usual ones again. */
    void (*expect_much)(void *handle, bool is_much);
    /* Writes every row anew and gives the rest of the file back. */
    bool (*rewrite)(void *handle, struct error *error);
    /* The bytes of the store's file from offset on, through the library's own descriptor: closing
     * another one would take the library's locks away. Fewer than asked for at its end; 0 where
     * there is no file. */
    bool (*read_file)(void *handle, int64_t offset, void *bytes, size_t size, size_t *length,
                      struct error *error);
    int64_t (*changes)(void *handle);

    bool (*prepare)(void *handle, const char *sql, void **statement, struct error *error);
    void (*finalize)(void *statement);
    bool (*bind_integer)(void *statement, int position, int64_t value);
    bool (*bind_text)(void *statement, int position, const char *value, size_t length);
    /* Not copied. */
    bool (*bind_kept_text)(void *statement, int position, const char *value, size_t length);
    bool (*bind_bytes)(void *statement, int position, const void *bytes, size_t length);
    bool (*bind_null)(void *statement, int position);
    enum statement_result (*step)(void *handle, void *statement, struct error *error);
    /* Ready to step again, parameters NULL. */
    void (*reset)(void *statement);
    int64_t (*integer)(void *statement, int column);
    const char *(*text)(void *statement, int column);
    const void *(*bytes)(void *statement, int column, size_t *length);
    enum column_kind (*kind)(void *statement, int column);
    int (*columns)(void *statement);
    const char *(*column_name)(void *statement, int column);
};

extern const struct backend backend_sqlite;

#endif
