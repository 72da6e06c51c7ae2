/* SPDX-License-Identifier: MIT */
#include "receipt/receipt.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"

#include <assert.h>
#include <string.h>

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

/* Where there is a release its path does not tell receipts apart: its file may be moved. */
static const char *path_of(const struct receipt_message *message)
{
    return message->release ? "" : or_empty(message->path);
}

static bool is_told(struct database *database, const struct receipt_message *message, bool *is_told,
                    struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 FROM receipt WHERE release = $1 AND event = $2 AND path = $3 AND cause = $4"
        " AND address = $5",
        error);
    statement_bind_integer(statement, 1, message->release);
    statement_bind_integer(statement, 2, message->event);
    statement_bind_text(statement, 3, path_of(message));
    statement_bind_text(statement, 4, or_empty(message->cause));
    statement_bind_text(statement, 5, message->address);
    if (!statement_find(statement, is_told, error))
        return false;
    if (*is_told)
        statement_reset(statement);
    return true;
}

static bool insert(struct database *database, const struct receipt_prepared *prepared, int64_t mail,
                   struct error *error)
{
    const struct receipt_message *message = prepared->message;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO receipt (row_id, event, release, revision, content_hash, path, cause, address,"
        " mail, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        error);
    statement_bind_integer(statement, 1, prepared->row_id);
    statement_bind_integer(statement, 2, message->event);
    statement_bind_integer(statement, 3, message->release);
    statement_bind_integer(statement, 4, message->revision);
    if (message->content_hash)
        statement_bind_bytes(statement, 5, message->content_hash->bytes, HASH_SIZE);
    statement_bind_text(statement, 6, path_of(message));
    statement_bind_text(statement, 7, or_empty(message->cause));
    statement_bind_text(statement, 8, message->address);
    statement_bind_integer(statement, 9, mail);
    statement_bind_integer(statement, 10, message->now_at);
    return statement_run(statement, error);
}

bool receipt_put(struct database *database, const struct receipt_prepared *prepared, bool *is_new,
                 struct error *error)
{
    const struct receipt_message *message = prepared->message;
    bool was_told = false;
    int64_t mail = 0;
    assert(database_in_transaction(database));
    if (is_new)
        *is_new = false;
    if (!is_told(database, message, &was_told, error))
        return false;
    if (was_told)
        return true;
    const struct queue_transactional_mail row = { .kind = QUEUE_TRANSACTIONAL_RECEIPT,
                                                  .address = message->address,
                                                  .language = prepared->language,
                                                  .created_at = message->now_at };
    const struct queue_prepared bytes = { prepared->bytes, prepared->length };
    if (is_new)
        *is_new = true;
    return queue_prepared_add(database, &row, &bytes, &mail, error) &&
           insert(database, prepared, mail, error);
}

bool receipt_find(struct database *database, struct arena *arena, int64_t row_id,
                  struct receipt *receipt, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, event, release, revision, content_hash, path, cause, address, mail,"
        " created_at, answered_at, answer,"
        " EXISTS (SELECT 1 FROM receipt_release r WHERE r.receipt = receipt.row_id)"
        " FROM receipt WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    size_t length = 0;
    *receipt = (struct receipt){
        .row_id = statement_integer(statement, 0),
        .event = (enum receipt_event)statement_integer(statement, 1),
        .release = statement_integer(statement, 2),
        .revision = statement_integer(statement, 3),
        .path = statement_copy_text(statement, 5, arena),
        .cause = statement_copy_text(statement, 6, arena),
        .address = statement_copy_text(statement, 7, arena),
        .mail = statement_integer(statement, 8),
        .created_at = statement_integer(statement, 9),
        .answered_at = statement_integer(statement, 10),
        .answer = (enum receipt_answer)statement_integer(statement, 11),
        .is_about_many = statement_integer(statement, 12) != 0,
    };
    const void *hash = statement_bytes(statement, 4, &length);
    receipt->has_content_hash = hash && length == HASH_SIZE;
    if (receipt->has_content_hash)
        memcpy(receipt->content_hash.bytes, hash, HASH_SIZE);
    statement_reset(statement);
    return true;
}

bool receipt_asks_reason(const struct receipt *receipt)
{
    return receipt->event == RECEIPT_WITHDRAWN && strncmp(receipt->cause, RECEIPT_CAUSE_ASKS_REASON,
                                                          strlen(RECEIPT_CAUSE_ASKS_REASON)) == 0;
}

bool receipt_add_release(struct database *database, int64_t row_id, int64_t release,
                         struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO receipt_release (receipt, release) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_integer(statement, 2, release);
    return statement_run(statement, error);
}

static bool count_releases(struct database *database, int64_t row_id, size_t *count,
                           struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT count(*) FROM receipt_release WHERE receipt = $1", error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, &found, error))
        return false;
    *count = found ? (size_t)statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

bool receipt_releases(struct database *database, struct arena *arena, int64_t row_id,
                      int64_t **releases, size_t *count, struct error *error)
{
    size_t most = 0;
    enum statement_result result;
    *count = 0;
    if (!count_releases(database, row_id, &most, error))
        return false;
    *releases = arena_allocate_array(arena, most + 1, sizeof **releases);
    struct statement *statement = database_prepare(
        database, "SELECT release FROM receipt_release WHERE receipt = $1 LIMIT $2", error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_integer(statement, 2, (int64_t)most);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        (*releases)[(*count)++] = statement_integer(statement, 0);
    statement_reset(statement);
    return result == STATEMENT_DONE;
}

bool receipt_answer(struct database *database, int64_t row_id, enum receipt_answer answer,
                    int64_t now_at, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "UPDATE receipt SET answer = $2, answered_at = COALESCE(answered_at, $3) WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_integer(statement, 2, answer);
    statement_bind_integer(statement, 3, now_at);
    return statement_run(statement, error);
}

bool receipt_was_made(struct database *database, int64_t release, enum receipt_event event,
                      const char *cause, bool *was_made, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        cause ? "SELECT 1 FROM receipt WHERE release = $1 AND event = $2 AND path = ''"
                " AND cause = $3 LIMIT 1"
              : "SELECT 1 FROM receipt WHERE release = $1 AND event = $2 LIMIT 1",
        error);
    statement_bind_integer(statement, 1, release);
    statement_bind_integer(statement, 2, event);
    if (cause)
        statement_bind_text(statement, 3, cause);
    if (!statement_find(statement, was_made, error))
        return false;
    if (*was_made)
        statement_reset(statement);
    return true;
}

bool receipt_retain_find(struct database *database, int64_t before_at, bool *found,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM receipt WHERE created_at < $1 LIMIT 1", error);
    statement_bind_integer(statement, 1, before_at);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        statement_reset(statement);
    return true;
}

static bool forget_oldest(struct database *database, const char *sql, int64_t before_at,
                          int64_t most, struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, before_at);
    statement_bind_integer(statement, 2, most);
    return statement_run(statement, error);
}

bool receipt_retain(struct database *database, int64_t before_at, int64_t *count, bool *more,
                    struct error *error)
{
    enum { STEP_ROWS = 1000 };

    assert(database_in_transaction(database));
    if (!forget_oldest(database,
                       "DELETE FROM receipt_release WHERE receipt IN"
                       " (SELECT row_id FROM receipt WHERE created_at < $1"
                       " ORDER BY created_at, row_id LIMIT $2)",
                       before_at, STEP_ROWS, error) ||
        !forget_oldest(database,
                       "DELETE FROM receipt WHERE row_id IN"
                       " (SELECT row_id FROM receipt WHERE created_at < $1"
                       " ORDER BY created_at, row_id LIMIT $2)",
                       before_at, STEP_ROWS, error))
        return false;
    *count = database_changes(database);
    *more = *count == STEP_ROWS;
    return true;
}
