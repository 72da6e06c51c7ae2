/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_CONNECTION_H
#define DATABASE_CONNECTION_H

#include "database/backend.h"
#include "database/write_lock.h"

struct string_builder;

/* Inside database/ only. */
enum { STATEMENT_BUCKETS = 256, SCHEMAS_MAXIMUM = 16 };

struct database {
    const struct backend *backend;
    void *handle;
    struct write_lock write_lock;
    int state_directory;
    bool is_read_only;
    bool has_write_lock; /* a writing transaction is open */
    bool in_transaction; /* a writing or a reading one */
    bool runs_all_again; /* the first run of each transaction is undone: for tests */
    struct database_worker *workers;
    const struct sql_macro *macros[SCHEMAS_MAXIMUM]; /* of the schemas that it has */
    size_t macro_lists;
    struct statement *statements[STATEMENT_BUCKETS]; /* by hash of their text */
};

/* Puts in the SQL macros, and the backend's mark for parameters. */
bool sql_expand(struct string_builder *text, const struct database *database, const char *sql,
                struct error *error);

/* Makes the schemas' SQL macros known to statements. */
void schemas_add_macros(struct database *database, const struct database_schema *const *schemas,
                        size_t count);

void statements_free(struct database *database);

#endif
