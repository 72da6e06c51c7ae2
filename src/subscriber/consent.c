/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "address/address.h"
#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/words.h"
#include "database/database.h"
#include "digest/digest.h"
#include "locale/locale.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "subscriber/consent.h"

#include <string.h>

static bool request_check(const struct subscriber_service *service, struct arena *arena,
                          const struct subscription_request *request,
                          struct checked_request *checked, struct error *error)
{
    enum subscriber_way way = request->proof.way;
    const char *language = request->language ? request->language : service->default_language;
    bool only_open = way == SUBSCRIBER_BY_WEB || way == SUBSCRIBER_BY_MAIL;
    *checked = (struct checked_request){ .cadence = request->cadence, .proof = &request->proof };
    checked->now_at = clock_now(service->clock);
    checked->address = address_parse(arena, request->address, strlen(request->address), error);
    if (!checked->address ||
        !feeds_check(service, arena, request, only_open, &checked->feeds, error))
        return false;
    if (request->proof.evidence && strlen(request->proof.evidence) > SUBSCRIBER_EVIDENCE_MAXIMUM)
        return error_set(error, ERROR_INPUT,
                         "the evidence has more than %d octets" ERROR_ADVICE "shorten it",
                         SUBSCRIBER_EVIDENCE_MAXIMUM);
    checked->language = language_canonical(arena, language);
    return checked->language ||
           error_set(error, ERROR_INPUT,
                     "\"%.40s\" is no language" ERROR_ADVICE "write it as da or en", language);
}

static bool request_event_insert(struct database *database, int64_t subscriber_row_id,
                                 const struct checked_request *request, enum subscriber_event event,
                                 struct error *error)
{
    struct subscriber_event_row row = { .at = request->now_at,
                                        .event = event,
                                        .feeds = request->feeds,
                                        .cadence = subscriber_cadence_name(request->cadence),
                                        .language = request->language,
                                        .consent_at = request->consent_at,
                                        .proof = *request->proof };
    return event_insert(database, subscriber_row_id, &row, error);
}

/* Whether a confirmed subscriber would get nothing new. */
static bool request_is_fulfilled(struct database *database, int64_t subscriber_row_id,
                                 const struct checked_request *request, bool *is_fulfilled,
                                 struct error *error)
{
    const char *rest = request->feeds;
    const char *feed = NULL;
    size_t length = 0;
    *is_fulfilled = true;
    while (*is_fulfilled && words_next(&rest, &feed, &length)) {
        struct statement *statement = database_prepare(
            database,
            "SELECT 1 FROM subscription WHERE subscriber = $1 AND feed = $2"
            " AND cadence = $3 AND state = @SUBSCRIPTION_ACTIVE@",
            error);
        statement_bind_integer(statement, 1, subscriber_row_id);
        statement_bind_text_bytes(statement, 2, feed, length);
        statement_bind_integer(statement, 3, request->cadence);
        if (!statement_find(statement, is_fulfilled, error))
            return false;
        statement_reset(statement);
    }
    return true;
}

static bool mail_queue(const struct subscriber_service *service,
                       const struct checked_request *request, enum queue_transactional_kind kind,
                       const struct subscriber_outcome *outcome, struct error *error)
{
    int64_t row_id = 0;
    struct queue_transactional_mail mail = { .kind = kind,
                                             .subscriber = outcome->subscriber,
                                             .request = outcome->request,
                                             .language = request->language,
                                             .created_at = request->now_at,
                                             .not_before_at = request->mail_at };
    return queue_add_transactional(service->database, &mail, &row_id, error);
}

bool request_make(const struct subscriber_service *service, const struct checked_request *request,
                  struct subscriber_outcome *outcome, struct error *error)
{
    int64_t from_at = request->mail_at ? request->mail_at : request->now_at;
    struct request_row row = { .row_id = random_positive(service->random),
                               .subscriber = outcome->subscriber,
                               .cadence = request->cadence,
                               .language = request->language,
                               .feeds = request->feeds,
                               .created_at = request->now_at,
                               .expires_at = from_at + SUBSCRIBER_REQUEST_MS };
    struct subscription_row waiting = { .subscriber = outcome->subscriber,
                                        .cadence = request->cadence,
                                        .since_at = request->now_at };
    outcome->request = row.row_id;
    outcome->answer = SUBSCRIBER_ASKS_CONFIRMATION;
    return request_insert(service->database, &row, error) &&
           subscriptions_write(service->database, request->feeds, &waiting, error) &&
           mail_queue(service, request, QUEUE_TRANSACTIONAL_CONFIRMATION, outcome, error);
}

/* Inserts or updates the subscriber's row for a step that was allowed. */
static bool subscriber_write(const struct subscriber_service *service,
                             const struct checked_request *request,
                             struct subscriber_row *subscriber, enum subscriber_state next,
                             struct error *error)
{
    bool is_new = subscriber->row_id == 0;
    /* The address and language of a confirmed subscriber change when the request is confirmed,
     * because anybody can make a request. */
    bool is_settled = subscriber->state == SUBSCRIBER_CONFIRMED;
    subscriber->state = next;
    if (is_new)
        subscriber->row_id = random_positive(service->random);
    if (!is_settled)
        subscriber->language = request->language;
    if (is_new)
        return subscriber_row_insert(service->database, subscriber, request->address,
                                     request->now_at, error);
    return subscriber_row_update(service->database, subscriber,
                                 is_settled ? NULL : request->address, request->now_at, error);
}

static bool already(const struct subscriber_service *service, const struct checked_request *request,
                    struct subscriber_outcome *outcome, struct error *error)
{
    bool allowed = false;
    outcome->answer = SUBSCRIBER_ALREADY_FOLLOWS;
    if (request->proof->way != SUBSCRIBER_BY_WEB && request->proof->way != SUBSCRIBER_BY_MAIL)
        return true;
    if (!rate_limit_allows(service->database, request->address->rate_limit_key, request->now_at,
                           &allowed, error))
        return false;
    if (!allowed) {
        outcome->answer = SUBSCRIBER_RATE_LIMITED;
        return true;
    }
    return rate_limit_count(service, request->address->rate_limit_key, request->now_at, error) &&
           mail_queue(service, request, QUEUE_TRANSACTIONAL_ALREADY, outcome, error);
}

/* An address without a dot in its domain is a mailbox in the house: the newsroom may add one,
 * but nobody from outside. */
static bool stranger_check(const struct subscriber_row *subscriber,
                           const struct checked_request *request, struct error *error)
{
    bool by_stranger = request->proof->way == SUBSCRIBER_BY_WEB ||
                       request->proof->way == SUBSCRIBER_BY_MAIL;
    if (by_stranger && subscriber->row_id == 0 && !strchr(request->address->domain, '.'))
        return error_set(error, ERROR_INPUT,
                         "the address has no dot behind its @" ERROR_ADVICE
                         "write it as name@example.org");
    return true;
}

static bool ask(const struct subscriber_service *service, struct arena *arena,
                const struct checked_request *request, struct subscriber_outcome *outcome,
                struct error *error)
{
    struct subscriber_row subscriber;
    bool allowed = false;
    bool is_fulfilled = false;
    enum subscriber_state next = SUBSCRIBER_NONE;
    *outcome = (struct subscriber_outcome){ 0 };
    if (!subscriber_row_find(service->database, arena, request->address->folded, &subscriber,
                             error) ||
        !stranger_check(&subscriber, request, error))
        return false;
    outcome->subscriber = subscriber.row_id;
    if (subscriber.state == SUBSCRIBER_CONFIRMED &&
        !request_is_fulfilled(service->database, subscriber.row_id, request, &is_fulfilled, error))
        return false;
    if (is_fulfilled)
        return already(service, request, outcome, error);
    if (!rate_limit_allows(service->database, request->address->rate_limit_key, request->now_at,
                           &allowed, error))
        return false;
    if (!allowed) {
        outcome->answer = SUBSCRIBER_RATE_LIMITED;
        return true;
    }
    if (subscriber_step(subscriber.state, SUBSCRIBER_REQUESTS, &next) != SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT, "is %s, and cannot ask",
                         subscriber_state_name(subscriber.state));
    if (!subscriber_write(service, request, &subscriber, next, error))
        return false;
    outcome->subscriber = subscriber.row_id;
    return request_make(service, request, outcome, error) &&
           request_event_insert(service->database, subscriber.row_id, request, SUBSCRIBER_REQUESTS,
                                error) &&
           rate_limit_count(service, request->address->rate_limit_key, request->now_at, error);
}

bool subscriber_subscribe(const struct subscriber_service *service,
                          const struct subscription_request *request,
                          struct subscriber_outcome *outcome, struct error *error)
{
    struct arena arena = { 0 };
    struct checked_request checked;
    struct subscriber_outcome result = { 0 };
    struct transaction transaction = transaction_part_of(service->database);
    bool is_valid = request_check(service, &arena, request, &checked, error);
    while (is_valid && transaction_run(&transaction, error))
        transaction_end(&transaction, ask(service, &arena, &checked, &result, error), error);
    arena_release(&arena);
    if (transaction.is_done)
        *outcome = result;
    return transaction.is_done;
}

/* ---- consent given elsewhere ---- */

static bool grant_write(const struct subscriber_service *service,
                        const struct checked_request *request, struct subscriber_row *subscriber,
                        struct error *error)
{
    int64_t count = 0;
    bool is_new = subscriber->row_id == 0;
    enum subscriber_state next = SUBSCRIBER_NONE;
    enum subscriber_event departure = 0;
    struct subscription_row active = { .cadence = request->cadence,
                                       .is_active = true,
                                       .since_at = request->now_at };
    if (subscriber_step(subscriber->state, SUBSCRIBER_GRANTED, &next) != SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT,
                         "is %s" ERROR_ADVICE
                         "only a request of the person's own brings it back (add it "
                         "without --confirmed)",
                         subscriber_state_name(subscriber->state));
    if (subscriber->state == SUBSCRIBER_PENDING &&
        !departure_find(service->database, subscriber->row_id, &departure, error))
        return false;
    /* Anybody can ask in the name of who left: only the answer to the mail that asks counts. */
    if (departure)
        return error_set(error, ERROR_INPUT,
                         "is asked anew and was %s before" ERROR_ADVICE
                         "only the person's own answer brings it "
                         "back",
                         subscriber_event_name(departure));
    if (!subscriber_write(service, request, subscriber, next, error))
        return false;
    active.subscriber = subscriber->row_id;
    return (is_new ||
            digest_backlog_flush(service->database, subscriber->row_id, request->now_at, error)) &&
           subscriptions_write(service->database, request->feeds, &active, error) &&
           digest_suppress_unselected(service->database, subscriber->row_id, request->now_at,
                                      &count, error) &&
           request_event_insert(service->database, subscriber->row_id, request, SUBSCRIBER_GRANTED,
                                error);
}

static bool grant(const struct subscriber_service *service, struct arena *arena,
                  const struct checked_request *request, struct subscriber_outcome *outcome,
                  struct error *error)
{
    struct subscriber_row subscriber;
    bool is_listed = false;
    if (!suppression_list_covers(service, request->address->folded, &is_listed, error))
        return false;
    if (is_listed)
        return error_set(error, ERROR_INPUT,
                         "was forgotten at the person's wish" ERROR_ADVICE
                         "only a request of the person's own "
                         "brings it back (add it without --confirmed)");
    if (!subscriber_row_find(service->database, arena, request->address->folded, &subscriber,
                             error) ||
        !grant_write(service, request, &subscriber, error))
        return false;
    *outcome = (struct subscriber_outcome){ .answer = SUBSCRIBER_IS_CONFIRMED,
                                            .subscriber = subscriber.row_id };
    return true;
}

bool evidence_check(const char *evidence, int64_t consent_at, int64_t now_at, struct error *error)
{
    if (!evidence || evidence[strspn(evidence, " \t\r\n")] == '\0')
        return error_set(error, ERROR_INPUT,
                         "confirmed without evidence" ERROR_ADVICE
                         "say where and how consent was given");
    if (consent_at == INSTANT_NONE || consent_at > now_at + DURATION_DAY)
        return error_set(error, ERROR_INPUT,
                         "confirmed at no time, or in the future" ERROR_ADVICE
                         "say when consent was given");
    return true;
}

bool subscriber_grant(const struct subscriber_service *service,
                      const struct subscription_request *request, int64_t consent_at,
                      struct subscriber_outcome *outcome, struct error *error)
{
    struct arena arena = { 0 };
    struct checked_request checked;
    struct subscriber_outcome result = { 0 };
    struct transaction transaction = transaction_of(service->database);
    bool is_valid = request_check(service, &arena, request, &checked, error) &&
                    evidence_check(request->proof.evidence, consent_at, checked.now_at, error);
    checked.consent_at = consent_at;
    while (is_valid && transaction_run(&transaction, error))
        transaction_end(&transaction, grant(service, &arena, &checked, &result, error), error);
    arena_release(&arena);
    if (transaction.is_done)
        *outcome = result;
    return transaction.is_done;
}
