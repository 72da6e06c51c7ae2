/* SPDX-License-Identifier: MIT */
#include "queue/transactional_mail.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"

#include <assert.h>

bool queue_add_transactional(struct database *database, const struct queue_transactional_mail *mail,
                             int64_t *row_id, struct error *error)
{
    assert(database_in_transaction(database));
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO transactional_mail (kind, subscriber, request, address, language,"
        " payload, created_at, state, next_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, @QUEUE_QUEUED@, $8, $7) RETURNING row_id",
        error);
    statement_bind_integer(statement, 1, mail->kind);
    statement_bind_instant(statement, 2, mail->subscriber);
    statement_bind_instant(statement, 3, mail->request);
    statement_bind_text(statement, 4, mail->address);
    statement_bind_text(statement, 5, mail->language);
    statement_bind_text(statement, 6, mail->payload);
    statement_bind_integer(statement, 7, mail->created_at);
    statement_bind_integer(statement, 8,
                           mail->not_before_at ? mail->not_before_at : mail->created_at);
    if (!statement_find(statement, &found, error))
        return false;
    *row_id = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

bool queue_transactional_find(struct database *database, int64_t row_id,
                              struct queue_transactional_mail *mail, bool *found,
                              struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT kind, subscriber, request, created_at, state, updated_at FROM transactional_mail"
        " WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    *mail = (struct queue_transactional_mail){
        .kind = (enum queue_transactional_kind)statement_integer(statement, 0),
        .subscriber = statement_integer(statement, 1),
        .request = statement_integer(statement, 2),
        .created_at = statement_integer(statement, 3),
        .state = (enum queue_state)statement_integer(statement, 4),
        .state_at = statement_integer(statement, 5),
    };
    statement_reset(statement);
    return true;
}

/* In any case of its letters, because servers write an address back as they like. */
bool queue_transactional_was_to(struct database *database, int64_t row_id, const char *address,
                                bool *was, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 FROM transactional_mail WHERE row_id = $1 AND lower(address) = lower($2)", error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_text(statement, 2, address);
    if (!statement_find(statement, was, error))
        return false;
    if (*was)
        statement_reset(statement);
    return true;
}

/* Only what waits: of one that is marked the final dot may have left, and its answer decides. */
static bool suppress(struct database *database, const char *sql, int64_t row_id, int64_t now_at,
                     struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error);
}

bool queue_suppress_subscriber(struct database *database, int64_t subscriber, int64_t now_at,
                               int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t total = 0;
    /* Unfinished mailings are few: their rows for one subscriber are found by key. */
    if (!suppress(database,
                  "UPDATE delivery SET state = @QUEUE_SUPPRESSED@, worker = 0, updated_at = $2"
                  " WHERE announcement IN (SELECT announcement FROM mailing"
                  " WHERE state IN (@QUEUE_MAILING_OPEN@)) AND subscriber = $1"
                  " AND state IN (@QUEUE_WAITING@)",
                  subscriber, now_at, error))
        return false;
    total += database_changes(database);
    if (!suppress(
            database,
            "UPDATE transactional_mail SET state = @QUEUE_SUPPRESSED@, worker = 0, updated_at = $2"
            " WHERE subscriber = $1 AND state IN (@QUEUE_WAITING@)",
            subscriber, now_at, error))
        return false;
    *count = total + database_changes(database);
    return true;
}

bool queue_suppress_request(struct database *database, int64_t request, int64_t now_at,
                            struct error *error)
{
    assert(database_in_transaction(database));
    return suppress(
        database,
        "UPDATE transactional_mail SET state = @QUEUE_SUPPRESSED@, worker = 0, updated_at = $2"
        " WHERE request = $1 AND state IN (@QUEUE_WAITING@)",
        request, now_at, error);
}

bool queue_suppress_transactional(struct database *database, int64_t row_id, int64_t now_at,
                                  struct error *error)
{
    assert(database_in_transaction(database));
    return suppress(
        database,
        "UPDATE transactional_mail SET state = @QUEUE_SUPPRESSED@, worker = 0, updated_at = $2"
        " WHERE row_id = $1 AND state IN (@QUEUE_WAITING@)",
        row_id, now_at, error);
}
