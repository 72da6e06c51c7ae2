/* SPDX-License-Identifier: MIT */
#include "queue/transactional_mail.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>

static bool insert(struct database *database, int64_t row_id, int64_t at,
                   const struct queue_prepared *prepared, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "INSERT INTO transactional_message (row_id, at, message) VALUES ($1, $2, $3)",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_integer(statement, 2, at);
    statement_bind_bytes(statement, 3, prepared->bytes, prepared->length);
    return statement_run(statement, error);
}

bool queue_prepared_add(struct database *database, const struct queue_transactional_mail *mail,
                        const struct queue_prepared *prepared, int64_t *row_id, struct error *error)
{
    assert(mail->kind == QUEUE_TRANSACTIONAL_RECEIPT && mail->address);
    return queue_add_transactional(database, mail, row_id, error) &&
           insert(database, *row_id, mail->created_at, prepared, error);
}

bool queue_prepared_find(struct database *database, struct arena *arena, int64_t transactional,
                         struct queue_prepared *prepared, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT message FROM transactional_message WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, transactional);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    const char *bytes = statement_bytes(statement, 0, &prepared->length);
    prepared->bytes = arena_copy_bytes(arena, bytes ? bytes : "", prepared->length);
    statement_reset(statement);
    return true;
}

bool prepared_erase(struct database *database, int64_t transactional, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM transactional_message WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, transactional);
    return statement_run(statement, error);
}
