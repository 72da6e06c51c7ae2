/* SPDX-License-Identifier: MIT */
#include "queue/transactional_mail.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"
#include "queue/queue.h"

#include <assert.h>

/* Anybody may write to the newsroom, so one writer's messages are counted by the hour, else he
 * could fill a contact's mailbox; and the octets of all that wait are summed up, else all together
 * could fill the store. */
#define COUNT_WAITING(whose)                                                                       \
    "SELECT (SELECT count(*) FROM transactional_forward WHERE writer = $1 AND at > $2),"           \
    " (SELECT count(*) FROM transactional_forward WHERE subscriber " whose " AND at > $2),"        \
    " (SELECT COALESCE(SUM(f.octets), 0) FROM transactional_forward f JOIN transactional_mail m"   \
    " ON m.row_id = f.row_id WHERE f.octets > 0 AND m.state IN (@QUEUE_UNFINISHED@))"

bool queue_forward_room(struct database *database, const struct hash *writer, int64_t subscriber,
                        int64_t now_at, struct queue_forward_room *room, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, subscriber ? COUNT_WAITING("= $3") : COUNT_WAITING("IS NULL"), error);
    statement_bind_bytes(statement, 1, writer->bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, now_at - DURATION_HOUR);
    if (subscriber)
        statement_bind_integer(statement, 3, subscriber);
    if (!statement_find(statement, &found, error))
        return false;
    int64_t most = subscriber ? QUEUE_FORWARDS_OF_ONE : QUEUE_FORWARDS_OF_NOBODY;
    room->is_eager = statement_integer(statement, 0) >= QUEUE_FORWARDS_AN_HOUR ||
                     statement_integer(statement, 1) >= most;
    room->is_full = statement_integer(statement, 2) >= QUEUE_FORWARD_OCTETS_MAXIMUM;
    statement_reset(statement);
    return true;
}

/* A row without its message only counts towards its writer's hour, so it goes when that is over. */
static bool forget_counted(struct database *database, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM transactional_forward WHERE octets = 0 AND at <= $1", error);
    statement_bind_integer(statement, 1, now_at - DURATION_HOUR);
    return statement_run(statement, error);
}

static bool insert(struct database *database, int64_t row_id, int64_t at,
                   const struct queue_forward *forward, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO transactional_forward (row_id, writer, at, subscriber, octets, is_whole,"
        " address, title, page, answers, message)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        error);
    statement_bind_integer(statement, 1, row_id);
    statement_bind_bytes(statement, 2, forward->writer.bytes, HASH_SIZE);
    statement_bind_integer(statement, 3, at);
    statement_bind_instant(statement, 4, forward->subscriber);
    /* One more than the length, because 0 means that the message was sent on and its row only
     * counts. */
    statement_bind_integer(statement, 5, (int64_t)forward->length + 1);
    statement_bind_integer(statement, 6, forward->is_whole);
    statement_bind_text(statement, 7, forward->address);
    statement_bind_text(statement, 8, forward->title);
    statement_bind_text(statement, 9, forward->page);
    statement_bind_text(statement, 10, forward->answers);
    statement_bind_bytes(statement, 11, forward->bytes, forward->length);
    return statement_run(statement, error);
}

bool queue_forward_add(struct database *database, const struct queue_transactional_mail *mail,
                       const struct queue_forward *forward, struct error *error)
{
    int64_t row_id = 0;
    assert(mail->kind == QUEUE_TRANSACTIONAL_FORWARD && mail->address);
    return forget_counted(database, mail->created_at, error) &&
           queue_add_transactional(database, mail, &row_id, error) &&
           insert(database, row_id, mail->created_at, forward, error);
}

bool queue_forward_find(struct database *database, struct arena *arena, int64_t transactional,
                        struct queue_forward *forward, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT subscriber, is_whole, address, title, page, answers, message"
        " FROM transactional_forward WHERE row_id = $1 AND octets > 0",
        error);
    statement_bind_integer(statement, 1, transactional);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    *forward = (struct queue_forward){
        .subscriber = statement_integer(statement, 0),
        .is_whole = statement_integer(statement, 1) != 0,
        .address = statement_copy_text(statement, 2, arena),
        .title = statement_copy_text(statement, 3, arena),
        .page = statement_copy_text(statement, 4, arena),
        .answers = statement_copy_text(statement, 5, arena),
    };
    const char *bytes = statement_bytes(statement, 6, &forward->length);
    forward->bytes = arena_copy_bytes(arena, bytes ? bytes : "", forward->length);
    statement_reset(statement);
    return true;
}

/* One at a time, because each may have megabytes. */
bool queue_forward_next_failed(struct database *database, struct arena *arena, int64_t behind,
                               struct queue_forward_failed *failed, bool *found,
                               struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT f.row_id, f.at, f.message FROM transactional_forward f JOIN transactional_mail m"
        " ON m.row_id = f.row_id WHERE f.row_id > $1 AND f.octets > 0 AND f.is_whole = 1"
        " AND m.state = $2 ORDER BY f.row_id LIMIT 1",
        error);
    statement_bind_integer(statement, 1, behind);
    statement_bind_integer(statement, 2, QUEUE_FAILED);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    const char *bytes = statement_bytes(statement, 2, &failed->length);
    failed->transactional = statement_integer(statement, 0);
    failed->at = statement_integer(statement, 1);
    failed->bytes = arena_copy_bytes(arena, bytes ? bytes : "", failed->length);
    statement_reset(statement);
    return true;
}

/* ---- erasing ---- */

static bool run_with_row_id(struct database *database, const char *sql, int64_t row_id,
                            struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, row_id);
    return statement_run(statement, error);
}

static bool run_with_writer(struct database *database, const char *sql, const struct hash *writer,
                            struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_bytes(statement, 1, writer->bytes, HASH_SIZE);
    return statement_run(statement, error);
}

/* The row stays, with its writer and its time, by which the limit of an hour is counted. */
bool forward_erase_sent(struct database *database, int64_t transactional, struct error *error)
{
    return run_with_row_id(database,
                           "UPDATE transactional_forward SET octets = 0, address = NULL,"
                           " title = NULL, page = NULL, answers = NULL,"
                           " message = NULL WHERE row_id = $1",
                           transactional, error);
}

/* The transactional mails go first, because the forwards' rows say which ones they are. */
bool forward_erase_subscriber(struct database *database, int64_t subscriber, struct error *error)
{
    return run_with_row_id(
               database,
               "DELETE FROM transactional_mail WHERE row_id IN"
               " (SELECT row_id FROM transactional_forward WHERE subscriber = $1 AND octets > 0)",
               subscriber, error) &&
           run_with_row_id(database, "DELETE FROM transactional_forward WHERE subscriber = $1",
                           subscriber, error);
}

bool queue_forward_erase_writer(struct database *database, const struct hash *writer,
                                struct error *error)
{
    return run_with_writer(
               database,
               "DELETE FROM transactional_mail WHERE row_id IN"
               " (SELECT row_id FROM transactional_forward WHERE writer = $1 AND octets > 0)",
               writer, error) &&
           run_with_writer(database, "DELETE FROM transactional_forward WHERE writer = $1", writer,
                           error);
}
