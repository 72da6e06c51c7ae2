/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "address/address.h"
#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "digest/digest.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "subscriber/standing_rows.h"

#include <assert.h>
#include <string.h>

enum { ERASE_AT_ONCE = 100, STEPS_MAXIMUM = 10, WORDS_MAXIMUM = 2 * ERASE_AT_ONCE * STEPS_MAXIMUM };

/* One run of erasing. The table erasure gets a row in the transaction that deletes the
 * subscriber's rows, and loses it when their bytes are gone from the store's files too: so the
 * next run knows, if this one is killed in between, that bytes of erased subscribers may be
 * left. */
struct erasing {
    const struct subscriber_service *service;
    struct arena arena;
    int64_t row_id;     /* of its row; 0: none */
    int64_t unfinished; /* row of a run that did not end: whose bytes it was after is not known any
                           more, so the whole store is written anew; 0: none */
    size_t word_count;
    const char *words[WORDS_MAXIMUM];
};

struct erased_subscriber {
    int64_t row_id;
    const char *address;
    const char *folded;
    const char *rate_limit_key;
    bool keeps_hash;
};

static bool run_with_row_id(struct database *database, const char *sql, int64_t row_id,
                            struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, row_id);
    return statement_run(statement, error);
}

/* ---- rows ---- */

/* Belongs into each transaction that erases somebody, because the trigger event_deleted refuses to
 * delete events while the table is empty. The row of this run is written again, because a run
 * beside it may have deleted it, taking it for the row of a run that was killed. */
static bool erasing_note(struct erasing *erasing, struct error *error)
{
    bool found = false;
    struct database *database = erasing->service->database;
    int64_t now_at = clock_now(erasing->service->clock);
    struct statement *statement;
    if (erasing->row_id) {
        statement = database_prepare(
            database, "INSERT INTO erasure (row_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            error);
        statement_bind_integer(statement, 1, erasing->row_id);
        statement_bind_integer(statement, 2, now_at);
        return statement_run(statement, error);
    }
    statement = database_prepare(database, "INSERT INTO erasure (at) VALUES ($1) RETURNING row_id",
                                 error);
    statement_bind_integer(statement, 1, now_at);
    if (!statement_find(statement, &found, error))
        return false;
    erasing->row_id = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

static bool unfinished_find(struct erasing *erasing, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(erasing->service->database,
                                                   "SELECT max(row_id) FROM erasure", error);
    if (!statement_find(statement, &found, error))
        return false;
    erasing->unfinished = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

static bool rows_erase(struct database *database, int64_t subscriber_row_id, struct error *error)
{
    static const char *const statements[] = {
        "DELETE FROM event WHERE subscriber = $1",
        "DELETE FROM request WHERE subscriber = $1",
        "DELETE FROM subscription WHERE subscriber = $1",
        "DELETE FROM subscriber WHERE row_id = $1",
    };
    if (!queue_erase_subscriber(database, subscriber_row_id, error) ||
        !digest_backlog_drop_all(database, subscriber_row_id, error) ||
        !standing_erase(database, subscriber_row_id, error))
        return false;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (!run_with_row_id(database, statements[i], subscriber_row_id, error))
            return false;
    return true;
}

static bool rate_limit_erase(struct database *database, const char *rate_limit_key,
                             struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "DELETE FROM rate_limited_mail WHERE rate_limit_key = $1"
        " OR rate_limit_key = $1 || '" RATE_LIMIT_OF_DATA "'",
        error);
    statement_bind_text(statement, 1, rate_limit_key);
    return statement_run(statement, error);
}

void subscriber_writer(const struct token_keys *keys, const char *folded, struct hash *writer)
{
    keyed_hash(keys, "writer", folded, strlen(folded), writer);
}

/* In the caller's transaction, behind erasing_note(). */
static bool subscriber_erase(struct erasing *erasing,
                             const struct erased_subscriber *erased_subscriber, struct error *error)
{
    const struct subscriber_service *service = erasing->service;
    if ((erased_subscriber->row_id &&
         !rows_erase(service->database, erased_subscriber->row_id, error)) ||
        !rate_limit_erase(service->database, erased_subscriber->rate_limit_key, error))
        return false;
    /* What the subscriber wrote to the newsroom and nobody was sent yet. */
    struct hash writer;
    if (service->keys)
        subscriber_writer(service->keys, erased_subscriber->folded, &writer);
    if (service->keys && !queue_forward_erase_writer(service->database, &writer, error))
        return false;
    assert(erasing->word_count + 2 <= WORDS_MAXIMUM);
    erasing->words[erasing->word_count++] = erased_subscriber->address;
    erasing->words[erasing->word_count++] = erased_subscriber->folded;
    return !erased_subscriber->keeps_hash ||
           suppression_list_add(service, erased_subscriber->folded, clock_now(service->clock),
                                error);
}

/* ---- bytes ---- */

/* The store's files cannot be cut while somebody reads them: that is no failure, the next run
 * makes up for it. True with *pending then; else false with *error. */
static bool is_pending(const struct error *busy, bool *pending, struct error *error)
{
    *pending = busy->kind == ERROR_TEMPORARY;
    if (!*pending)
        *error = *busy;
    return *pending;
}

/* The database overwrites deleted rows itself (secure_delete). But when a page was split
 * earlier, a copy of a row may have stayed in the free part of the old one. Looking for the
 * addresses in the files is much cheaper than writing the whole store anew each time. */
static bool gaps_erase(struct erasing *erasing, bool *pending, struct error *error)
{
    struct database *database = erasing->service->database;
    struct error busy = { 0 };
    bool holds = erasing->unfinished != 0;
    if (!holds && !database_holds(database, erasing->words, erasing->word_count, &holds, error))
        return false;
    if (!holds)
        return true;
    return (database_rewrite(database, &busy) && database_checkpoint(database, &busy)) ||
           is_pending(&busy, pending, error);
}

static bool bytes_erase(struct erasing *erasing, bool *pending, struct error *error)
{
    struct database *database = erasing->service->database;
    struct error busy = { 0 };
    *pending = false;
    if (!database_checkpoint(database, &busy))
        return is_pending(&busy, pending, error);
    if (!gaps_erase(erasing, pending, error) || *pending)
        return *pending;
    const char *sql = erasing->unfinished ? "DELETE FROM erasure WHERE row_id <= $1"
                                          : "DELETE FROM erasure WHERE row_id = $1";
    int64_t row_id = erasing->row_id ? erasing->row_id : erasing->unfinished;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, run_with_row_id(database, sql, row_id, error), error);
    return transaction.is_done;
}

/* ---- at the subscriber's request ---- */

static bool forget(struct erasing *erasing, const struct address *address, bool *known,
                   struct error *error)
{
    struct database *database = erasing->service->database;
    bool failed = false;
    erasing->row_id = 0;
    erasing->word_count = 0;
    const struct subscriber *subscriber = subscriber_find(database, &erasing->arena, address->typed,
                                                          &failed, error);
    *known = subscriber != NULL;
    const struct erased_subscriber erased_subscriber = {
        .row_id = subscriber ? subscriber->row_id : 0,
        .address = subscriber ? subscriber->address : address->typed,
        .folded = address->folded,
        .rate_limit_key = address->rate_limit_key,
        .keeps_hash = true
    };
    return !failed && unfinished_find(erasing, error) && erasing_note(erasing, error) &&
           subscriber_erase(erasing, &erased_subscriber, error);
}

bool subscriber_forget(const struct subscriber_service *service, const char *address, bool *known,
                       bool *bytes_pending, struct error *error)
{
    struct erasing erasing = { .service = service };
    const struct address *parsed = address_parse_known(&erasing.arena, address, strlen(address),
                                                       error);
    struct transaction transaction = transaction_of(service->database);
    while (parsed && transaction_run(&transaction, error))
        transaction_end(&transaction, forget(&erasing, parsed, known, error), error);
    bool done = transaction.is_done && bytes_erase(&erasing, bytes_pending, error);
    arena_release(&erasing.arena);
    return done;
}

/* ---- by age ---- */

/* Who never confirmed is counted from the request, whenever the expiry was noticed; who ever said
 * no, or complained, keeps the hash. */
static const char select_expired[] =
    "SELECT s.row_id, s.address, s.folded, s.rate_limit_key, EXISTS (SELECT 1 FROM event e"
    " WHERE e.subscriber = s.row_id AND e.event IN (@SUBSCRIBER_UNSUBSCRIBES@, @SUBSCRIBER_COMPLAINS@))"
    " FROM subscriber s WHERE s.state = @SUBSCRIBER_EXPIRED@"
    " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.subscriber = s.row_id AND r.expires_at > $1)"
    " LIMIT $2";

static const char select_former[] =
    "SELECT row_id, address, folded, rate_limit_key, 1 FROM subscriber"
    " WHERE state > @SUBSCRIBER_CONFIRMED@ AND state <> @SUBSCRIBER_EXPIRED@ AND changed_at <= $1"
    " LIMIT $2";

static bool erased_find(struct erasing *erasing, const char *sql, int64_t before_at,
                        struct erased_subscriber erased[ERASE_AT_ONCE], size_t *count,
                        struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(erasing->service->database, sql, error);
    statement_bind_integer(statement, 1, before_at);
    statement_bind_integer(statement, 2, ERASE_AT_ONCE);
    *count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        erased[(*count)++] = (struct erased_subscriber){
            .row_id = statement_integer(statement, 0),
            .address = statement_copy_text(statement, 1, &erasing->arena),
            .folded = statement_copy_text(statement, 2, &erasing->arena),
            .rate_limit_key = statement_copy_text(statement, 3, &erasing->arena),
            .keeps_hash = statement_integer(statement, 4) != 0,
        };
    return result == STATEMENT_DONE;
}

static bool step_find(struct erasing *erasing, struct erased_subscriber erased[ERASE_AT_ONCE],
                      size_t *count, struct error *error)
{
    int64_t now_at = clock_now(erasing->service->clock);
    /* Of a request only its end is kept, SUBSCRIBER_REQUEST_MS after its mail. */
    int64_t requests_at = now_at - SUBSCRIBER_REQUEST_KEPT_MS + SUBSCRIBER_REQUEST_MS;
    if (!erased_find(erasing, select_expired, requests_at, erased, count, error))
        return false;
    return *count > 0 || erased_find(erasing, select_former, now_at - SUBSCRIBER_FORMER_KEPT_MS,
                                     erased, count, error);
}

static bool subscribers_erase(struct erasing *erasing, size_t *count, struct error *error)
{
    struct erased_subscriber erased[ERASE_AT_ONCE];
    *count = 0;
    if (!step_find(erasing, erased, count, error) || (*count > 0 && !erasing_note(erasing, error)))
        return false;
    for (size_t i = 0; i < *count; i++)
        if (!subscriber_erase(erasing, &erased[i], error))
            return false;
    return true;
}

/* Requests of those who stay, and rows of the rate limit from yesterday. */
static bool leftovers_erase(const struct subscriber_service *service, int64_t *requests,
                            int64_t *rate_limits, struct error *error)
{
    int64_t now_at = clock_now(service->clock);
    struct statement *statement = database_prepare(
        service->database,
        "DELETE FROM request WHERE row_id IN (SELECT row_id FROM request WHERE used_at IS NULL"
        " AND expires_at <= $1 LIMIT $2)",
        error);
    statement_bind_integer(statement, 1,
                           now_at - SUBSCRIBER_REQUEST_KEPT_MS + SUBSCRIBER_REQUEST_MS);
    statement_bind_integer(statement, 2, ERASE_AT_ONCE);
    if (!statement_run(statement, error))
        return false;
    *requests = database_changes(service->database);
    statement = database_prepare(
        service->database,
        "DELETE FROM rate_limited_mail WHERE at IN (SELECT at FROM rate_limited_mail"
        " WHERE at <= $1 ORDER BY at LIMIT $2)",
        error);
    statement_bind_integer(statement, 1, now_at - DURATION_DAY);
    statement_bind_integer(statement, 2, ERASE_AT_ONCE);
    if (!statement_run(statement, error))
        return false;
    *rate_limits = database_changes(service->database);
    return true;
}

static bool leftovers_exist(const struct subscriber_service *service, bool *exist,
                            struct error *error)
{
    int64_t now_at = clock_now(service->clock);
    struct statement *statement = database_prepare(
        service->database,
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM request WHERE used_at IS NULL AND expires_at <= $1)"
        " OR EXISTS (SELECT 1 FROM rate_limited_mail WHERE at <= $2)",
        error);
    statement_bind_integer(statement, 1,
                           now_at - SUBSCRIBER_REQUEST_KEPT_MS + SUBSCRIBER_REQUEST_MS);
    statement_bind_integer(statement, 2, now_at - DURATION_DAY);
    if (!statement_find(statement, exist, error))
        return false;
    statement_reset(statement);
    return true;
}

static bool steps_run(struct erasing *erasing, struct subscriber_retention *retention,
                      struct error *error)
{
    retention->more = true;
    for (int i = 0; i < STEPS_MAXIMUM && retention->more; i++) {
        size_t subscribers = 0;
        int64_t requests = 0;
        int64_t rate_limits = 0;
        /* What the steps before it committed: each run of this one begins there, because a run
         * that was undone erased nobody, and its row id may be another's by now. */
        const int64_t row_id = erasing->row_id;
        const size_t word_count = erasing->word_count;
        struct transaction transaction = transaction_of(erasing->service->database);
        while (transaction_run(&transaction, error)) {
            erasing->row_id = row_id;
            erasing->word_count = word_count;
            transaction_end(&transaction,
                            subscribers_erase(erasing, &subscribers, error) &&
                                leftovers_erase(erasing->service, &requests, &rate_limits, error),
                            error);
        }
        if (!transaction.is_done)
            return false;
        retention->subscribers += (int64_t)subscribers;
        retention->requests += requests;
        retention->more = subscribers > 0 || requests > 0 || rate_limits > 0;
    }
    return true;
}

static bool retain(struct erasing *erasing, struct subscriber_retention *retention,
                   struct error *error)
{
    struct erased_subscriber erased[ERASE_AT_ONCE];
    size_t count = 0;
    bool exist = false;
    /* Asks before it begins to write, because a run with nothing to erase would else wait for
     * the write lock. */
    if (!unfinished_find(erasing, error) || !step_find(erasing, erased, &count, error) ||
        !leftovers_exist(erasing->service, &exist, error))
        return false;
    if ((count > 0 || exist) && !steps_run(erasing, retention, error))
        return false;
    return (erasing->row_id == 0 && erasing->unfinished == 0) ||
           bytes_erase(erasing, &retention->bytes_pending, error);
}

bool subscriber_retain(const struct subscriber_service *service,
                       struct subscriber_retention *retention, struct error *error)
{
    struct erasing erasing = { .service = service };
    retention->more = false;
    retention->bytes_pending = false;
    bool done = retain(&erasing, retention, error);
    arena_release(&erasing.arena);
    return done;
}
