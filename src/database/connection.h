/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_CONNECTION_H
#define DATABASE_CONNECTION_H

#include "database/backend.h"
#include "database/turn.h"

struct string_builder;

/* Inside database/ only. */
enum { STATEMENT_BUCKETS = 256 };

struct database {
    const struct backend *backend;
    void *handle;
    struct turn turn;
    int state_directory;
    bool is_read_only;
    bool has_turn;       /* a writing transaction is open */
    bool in_transaction; /* a writing or a reading one */
    struct database_worker *workers;
    struct statement *statements[STATEMENT_BUCKETS]; /* by hash of their text */
};

/* Puts in the backend's words and parameter marks. */
bool sql_expand(struct string_builder *text, const struct backend *backend, const char *sql,
                struct error *error);

void statements_free(struct database *database);

#endif
