/* SPDX-License-Identifier: MIT */
#include "database/connection.h"

#include "base/arena.h"
#include "base/error.h"

#include <string.h>

/* The first row's first column; NULL: no row. */
static bool first_word(struct database *database, struct arena *arena, const char *query,
                       const char **word, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, query, error);
    if (!statement_find(statement, &found, error))
        return false;
    *word = found ? statement_copy_text(statement, 0, arena) : NULL;
    statement_reset(statement);
    return true;
}

bool database_verify(struct database *database, struct arena *arena, const char **fault,
                     struct error *error)
{
    const struct backend *backend = database->backend;
    const char *word = NULL;
    *fault = NULL;
    if (!first_word(database, arena, backend->integrity_query, &word, error))
        return false;
    if (word && strcmp(word, "ok") != 0) {
        *fault = word;
        return true;
    }
    if (!first_word(database, arena, backend->reference_query, &word, error))
        return false;
    if (word)
        *fault = arena_format(arena, "a row of %s refers to what is not there", word);
    return true;
}
