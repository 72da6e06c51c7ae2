/* SPDX-License-Identifier: MIT */
#include "publish/card_undo.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "publish/card.h"

bool card_undo_note(struct database *database, int64_t row_id, const struct card *old,
                    struct error *error)
{
    struct arena arena = { 0 };
    const char *sql = "INSERT INTO publish_undo (row_id) VALUES ($1)";
    if (old)
        /* Without names of columns: both tables have the same in the same order. */
        sql = arena_format(&arena,
                           "INSERT INTO publish_undo SELECT %s FROM publish_card c"
                           " WHERE c.row_id = $1",
                           card_columns);
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, row_id);
    bool done = statement_run(statement, error);
    arena_release(&arena);
    return done;
}

bool card_undo_clear(struct database *database, struct error *error)
{
    return database_execute(database, "DELETE FROM publish_undo", error);
}

/* Puts back what the present row of the statement holds. */
static bool card_put_back(struct database *database, struct arena *arena,
                          struct statement *statement, struct list_marks *marks,
                          struct error *error)
{
    bool failed = false;
    const struct card *old = card_read(statement, arena);
    const struct card *new = card_find(database, arena, old->row_id, &failed, error);
    if (failed)
        return false;
    if (old->lists)
        return card_store(database, old, new, marks, error);
    return !new || card_remove(database, new, marks, error);
}

static bool cards_put_back(struct database *database, const struct list_output *const *outputs,
                           struct error *error)
{
    struct arena arena = { 0 };
    struct arena card_arena = { 0 };
    struct list_marks *marks = list_marks_new(&arena, outputs);
    struct statement *statement = database_prepare(
        database, arena_format(&arena, "SELECT %s FROM publish_undo c", card_columns), error);
    enum statement_result result = STATEMENT_FAILED;
    bool done = true;
    while (done && (result = statement_step(statement, error)) == STATEMENT_ROW) {
        done = card_put_back(database, &card_arena, statement, marks, error);
        arena_release(&card_arena);
    }
    statement_reset(statement);
    done = done && result == STATEMENT_DONE && list_marks_store(database, marks, error) &&
           card_undo_clear(database, error);
    arena_release(&arena);
    return done;
}

bool card_undo_recover(struct database *database, const struct list_output *const *outputs,
                       struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, "SELECT 1 FROM publish_undo LIMIT 1",
                                                   error);
    /* Asked before a transaction is begun: nearly every run finds none and needs no lock. */
    bool done = statement_find(statement, &found, error);
    statement_reset(statement);
    if (!done || !found)
        return done;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, cards_put_back(database, outputs, error), error);
    return transaction.is_done;
}
