/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "digest/digest.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"

#include <string.h>

bool subscriber_request_find(const struct subscriber_service *service, struct arena *arena,
                             int64_t row_id, struct subscriber_request **request,
                             struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        service->database,
        "SELECT r.subscriber, s.address, r.language, r.feeds, r.cadence, r.created_at,"
        " r.expires_at, r.voided_at, r.used_at FROM request r"
        " JOIN subscriber s ON s.row_id = r.subscriber WHERE r.row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    if (!statement_find(statement, &found, error))
        return false;
    *request = NULL;
    if (!found)
        return true;
    struct subscriber_request *result = arena_allocate(arena, sizeof *result);
    *result = (struct subscriber_request){
        .row_id = row_id,
        .subscriber = statement_integer(statement, 0),
        .address = statement_copy_text(statement, 1, arena),
        .language = statement_copy_text(statement, 2, arena),
        .feeds = statement_copy_text(statement, 3, arena),
        .cadence = (enum subscriber_cadence)statement_integer(statement, 4),
        .created_at = statement_integer(statement, 5),
        .expires_at = statement_integer(statement, 6),
        .is_void = !statement_is_null(statement, 7),
        .used_at = statement_integer(statement, 8),
    };
    statement_reset(statement);
    *request = result;
    return true;
}

static bool request_use(struct database *database, const struct subscriber_request *request,
                        int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE request SET used_at = $2 WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, request->row_id);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error) &&
           queue_suppress_request(database, request->row_id, now_at, error);
}

static bool welcome(const struct subscriber_service *service,
                    const struct subscriber_row *subscriber, const struct subscriber_proof *proof,
                    int64_t now_at, struct error *error)
{
    int64_t row_id = 0;
    struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_WELCOME,
                                             .subscriber = subscriber->row_id,
                                             .language = subscriber->language,
                                             .created_at = now_at };
    if (proof->way != SUBSCRIBER_BY_WEB && proof->way != SUBSCRIBER_BY_MAIL)
        return true;
    return queue_add_transactional(service->database, &mail, &row_id, error);
}

/* Does exactly what the request's mail listed. */
static bool request_fulfil(const struct subscriber_service *service,
                           const struct subscriber_request *request,
                           struct subscriber_row *subscriber, const struct subscriber_proof *proof,
                           struct error *error)
{
    int64_t now_at = clock_now(service->clock);
    int64_t count = 0;
    bool is_first = subscriber->state != SUBSCRIBER_CONFIRMED;
    struct subscription_row active = { .subscriber = subscriber->row_id,
                                       .cadence = request->cadence,
                                       .is_active = true,
                                       .since_at = now_at };
    struct subscriber_event_row event = { .at = now_at,
                                          .event = SUBSCRIBER_CONFIRMS,
                                          .feeds = request->feeds,
                                          .cadence = subscriber_cadence_name(request->cadence),
                                          .language = request->language,
                                          .proof = *proof };
    subscriber->state = SUBSCRIBER_CONFIRMED;
    if (is_first)
        subscriber->language = request->language;
    return subscriber_row_update(service->database, subscriber, NULL, now_at, error) &&
           digest_backlog_flush(service->database, subscriber->row_id, now_at, error) &&
           subscriptions_write(service->database, request->feeds, &active, error) &&
           digest_suppress_unselected(service->database, subscriber->row_id, now_at, &count,
                                      error) &&
           request_use(service->database, request, now_at, error) &&
           event_insert(service->database, subscriber->row_id, &event, error) &&
           (!is_first || welcome(service, subscriber, proof, now_at, error));
}

static bool suppression_list_lift(const struct subscriber_service *service,
                                  int64_t subscriber_row_id, struct arena *arena,
                                  struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        service->database, "SELECT folded FROM subscriber WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    if (!statement_find(statement, &found, error))
        return false;
    if (!found)
        return true;
    const char *folded = statement_copy_text(statement, 0, arena);
    statement_reset(statement);
    return suppression_list_remove(service, folded, error);
}

/* *found: the request; NULL where there is none of that row id any more. */
static bool confirm(const struct subscriber_service *service, struct arena *arena, int64_t row_id,
                    const struct subscriber_proof *proof, struct subscriber_request **found,
                    enum subscriber_token_result *result, struct error *error)
{
    struct subscriber_row subscriber;
    enum subscriber_state next = SUBSCRIBER_NONE;
    *result = SUBSCRIBER_TOKEN_EXPIRED;
    if (!subscriber_request_find(service, arena, row_id, found, error))
        return false;
    const struct subscriber_request *request = *found;
    if (!request || request->is_void)
        return true;
    if (!subscriber_row_find_by_row_id(service->database, arena, request->subscriber, &subscriber,
                                       error))
        return false;
    if (request->used_at) {
        if (subscriber.state == SUBSCRIBER_CONFIRMED)
            *result = SUBSCRIBER_TOKEN_WORKED;
        return true;
    }
    if (request->expires_at <= clock_now(service->clock) ||
        subscriber_step(subscriber.state, SUBSCRIBER_CONFIRMS, &next) != SUBSCRIBER_MOVES)
        return true;
    *result = SUBSCRIBER_TOKEN_WORKED;
    return request_fulfil(service, request, &subscriber, proof, error) &&
           suppression_list_lift(service, subscriber.row_id, arena, error);
}

bool subscriber_confirm(const struct subscriber_service *service, const char *token,
                        const struct subscriber_proof *proof, enum subscriber_token_result *result,
                        struct subscriber_outcome *outcome, struct error *error)
{
    struct token read;
    struct arena arena = { 0 };
    struct subscriber_request *request = NULL;
    enum subscriber_token_result found = SUBSCRIBER_TOKEN_EXPIRED;
    struct transaction transaction = transaction_part_of(service->database);
    if (!token_read(service->keys, TOKEN_CONFIRM, token, strlen(token), &read)) {
        *result = SUBSCRIBER_TOKEN_NOT_OURS;
        return true;
    }
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        confirm(service, &arena, read.row_id, proof, &request, &found, error),
                        error);
    if (transaction.is_done)
        *result = found;
    if (transaction.is_done && outcome && request)
        *outcome = (struct subscriber_outcome){ .answer = SUBSCRIBER_IS_CONFIRMED,
                                                .subscriber = request->subscriber,
                                                .request = request->row_id };
    arena_release(&arena);
    return transaction.is_done;
}
