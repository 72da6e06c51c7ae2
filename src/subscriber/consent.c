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
#include "locale/language.h"
#include "queue/queue.h"
#include "subscriber/consent.h"

#include <string.h>

static bool wish_read(const struct subscriber_service *office, struct arena *arena,
                      const struct subscriber_wish *wish, struct checked_wish *checked,
                      struct error *error)
{
    enum subscriber_way way = wish->proof.way;
    const char *language = wish->language ? wish->language : office->default_language;
    bool only_open = way == SUBSCRIBER_BY_WEB || way == SUBSCRIBER_BY_MAIL;
    *checked = (struct checked_wish){ .cadence = wish->cadence, .proof = &wish->proof };
    checked->now_at = clock_now(office->clock);
    checked->address = address_parse(arena, wish->address, strlen(wish->address), error);
    if (!checked->address || !feeds_check(office, arena, wish, only_open, &checked->feeds, error))
        return false;
    if (wish->proof.evidence && strlen(wish->proof.evidence) > SUBSCRIBER_EVIDENCE_MAXIMUM)
        return error_set(error, ERROR_INPUT, "the evidence has more than %d octets; shorten it",
                         SUBSCRIBER_EVIDENCE_MAXIMUM);
    checked->language = language_canonical(arena, language);
    return checked->language ||
           error_set(error, ERROR_INPUT, "\"%.40s\" is no language; write it as da or en",
                     language);
}

static bool wish_event(struct database *database, int64_t subscriber_id,
                       const struct checked_wish *wish, enum subscriber_event event,
                       struct error *error)
{
    struct subscriber_event_row row = { .at = wish->now_at,
                                        .event = event,
                                        .feeds = wish->feeds,
                                        .cadence = subscriber_cadence_name(wish->cadence),
                                        .language = wish->language,
                                        .consent_at = wish->consent_at,
                                        .proof = *wish->proof };
    return event_insert(database, subscriber_id, &row, error);
}

/* Whether a confirmed subscriber would get nothing new. */
static bool wish_is_fulfilled(struct database *database, int64_t subscriber_id,
                              const struct checked_wish *wish, bool *is_fulfilled,
                              struct error *error)
{
    const char *rest = wish->feeds;
    const char *feed = NULL;
    size_t length = 0;
    *is_fulfilled = true;
    while (*is_fulfilled && words_next(&rest, &feed, &length)) {
        struct statement *statement = database_prepare(
            database,
            "SELECT 1 FROM subscription WHERE subscriber = $1 AND feed = $2"
            " AND cadence = $3 AND state = 1",
            error);
        statement_bind_integer(statement, 1, subscriber_id);
        statement_bind_text_bytes(statement, 2, feed, length);
        statement_bind_integer(statement, 3, wish->cadence);
        if (!statement_find(statement, is_fulfilled, error))
            return false;
        statement_reset(statement);
    }
    return true;
}

static bool mail_queue(const struct subscriber_service *office, const struct checked_wish *wish,
                       enum queue_single_kind kind, const struct subscriber_outcome *outcome,
                       struct error *error)
{
    int64_t number = 0;
    struct queue_single_mail mail = { .kind = kind,
                                      .subscriber = outcome->subscriber,
                                      .request = outcome->request,
                                      .language = wish->language,
                                      .created_at = wish->now_at,
                                      .not_before_at = wish->mail_at };
    return queue_add_single(office->database, &mail, &number, error);
}

bool wish_request(const struct subscriber_service *office, const struct checked_wish *wish,
                  struct subscriber_outcome *outcome, struct error *error)
{
    int64_t from_at = wish->mail_at ? wish->mail_at : wish->now_at;
    struct request_row request = { .number = random_positive(office->random),
                                   .subscriber = outcome->subscriber,
                                   .cadence = wish->cadence,
                                   .language = wish->language,
                                   .feeds = wish->feeds,
                                   .created_at = wish->now_at,
                                   .expires_at = from_at + SUBSCRIBER_REQUEST_MS };
    struct subscription_row waiting = { .subscriber = outcome->subscriber,
                                        .cadence = wish->cadence,
                                        .since_at = wish->now_at };
    outcome->request = request.number;
    outcome->answer = SUBSCRIBER_ASKS_CONFIRMATION;
    return request_insert(office->database, &request, error) &&
           subscriptions_write(office->database, wish->feeds, &waiting, error) &&
           mail_queue(office, wish, QUEUE_SINGLE_CONFIRMATION, outcome, error);
}

/* Inserts or updates the subscriber's row for a step that was allowed. */
static bool wish_person(const struct subscriber_service *office, const struct checked_wish *wish,
                        struct subscriber_row *subscriber, enum subscriber_state next,
                        struct error *error)
{
    bool is_new = subscriber->id == 0;
    /* What a confirmed subscriber is called and reads does not change before he says so. */
    bool is_settled = subscriber->state == SUBSCRIBER_CONFIRMED;
    subscriber->state = next;
    if (is_new)
        subscriber->id = random_positive(office->random);
    if (!is_settled)
        subscriber->language = wish->language;
    if (is_new)
        return subscriber_row_insert(office->database, subscriber, wish->address, wish->now_at,
                                     error);
    return subscriber_row_update(office->database, subscriber, is_settled ? NULL : wish->address,
                                 wish->now_at, error);
}

static bool already(const struct subscriber_service *office, const struct checked_wish *wish,
                    struct subscriber_outcome *outcome, struct error *error)
{
    bool allowed = false;
    outcome->answer = SUBSCRIBER_ALREADY_FOLLOWS;
    if (wish->proof->way != SUBSCRIBER_BY_WEB && wish->proof->way != SUBSCRIBER_BY_MAIL)
        return true;
    if (!ration_allows(office->database, wish->address->budget, wish->now_at, &allowed, error))
        return false;
    if (!allowed) {
        outcome->answer = SUBSCRIBER_RATIONED;
        return true;
    }
    return ration_take(office, wish->address->budget, wish->now_at, error) &&
           mail_queue(office, wish, QUEUE_SINGLE_ALREADY, outcome, error);
}

/* Whom the newsroom put on a list itself may be a mailbox in the house. */
static bool stranger_check(const struct subscriber_row *subscriber, const struct checked_wish *wish,
                           struct error *error)
{
    bool by_stranger = wish->proof->way == SUBSCRIBER_BY_WEB ||
                       wish->proof->way == SUBSCRIBER_BY_MAIL;
    if (by_stranger && subscriber->id == 0 && !strchr(wish->address->domain, '.'))
        return error_set(error, ERROR_INPUT,
                         "the address has no dot behind its @; write it as name@example.org");
    return true;
}

static bool ask(const struct subscriber_service *office, struct arena *arena,
                const struct checked_wish *wish, struct subscriber_outcome *outcome,
                struct error *error)
{
    struct subscriber_row subscriber;
    bool allowed = false;
    bool is_fulfilled = false;
    enum subscriber_state next = SUBSCRIBER_NONE;
    if (!subscriber_row_find(office->database, arena, wish->address->folded, &subscriber, error) ||
        !stranger_check(&subscriber, wish, error))
        return false;
    outcome->subscriber = subscriber.id;
    if (subscriber.state == SUBSCRIBER_CONFIRMED &&
        !wish_is_fulfilled(office->database, subscriber.id, wish, &is_fulfilled, error))
        return false;
    if (is_fulfilled)
        return already(office, wish, outcome, error);
    if (!ration_allows(office->database, wish->address->budget, wish->now_at, &allowed, error))
        return false;
    if (!allowed) {
        outcome->answer = SUBSCRIBER_RATIONED;
        return true;
    }
    if (subscriber_step(subscriber.state, SUBSCRIBER_ASKED, &next) != SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT, "is %s, and cannot ask",
                         subscriber_state_name(subscriber.state));
    if (!wish_person(office, wish, &subscriber, next, error))
        return false;
    outcome->subscriber = subscriber.id;
    return wish_request(office, wish, outcome, error) &&
           wish_event(office->database, subscriber.id, wish, SUBSCRIBER_ASKED, error) &&
           ration_take(office, wish->address->budget, wish->now_at, error);
}

bool subscriber_ask(const struct subscriber_service *office, const struct subscriber_wish *wish,
                    struct subscriber_outcome *outcome, struct error *error)
{
    struct arena arena = { 0 };
    struct checked_wish checked;
    struct subscriber_outcome result = { 0 };
    bool is_own = false;
    bool done = wish_read(office, &arena, wish, &checked, error) &&
                database_begin_part(office->database, &is_own, error) &&
                database_end_part(office->database, is_own,
                                  ask(office, &arena, &checked, &result, error), error);
    arena_release(&arena);
    if (done)
        *outcome = result;
    return done;
}

/* ---- consent given elsewhere ---- */

static bool wish_grant(const struct subscriber_service *office, const struct checked_wish *wish,
                       struct subscriber_row *subscriber, struct error *error)
{
    int64_t count = 0;
    bool is_new = subscriber->id == 0;
    enum subscriber_state next = SUBSCRIBER_NONE;
    struct subscription_row active = { .cadence = wish->cadence,
                                       .is_active = true,
                                       .since_at = wish->now_at };
    if (subscriber_step(subscriber->state, SUBSCRIBER_GRANTED, &next) != SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT,
                         "is %s; only a request of the person's own brings it back (add it "
                         "without --confirmed)",
                         subscriber_state_name(subscriber->state));
    if (!wish_person(office, wish, subscriber, next, error))
        return false;
    active.subscriber = subscriber->id;
    return (is_new ||
            digest_backlog_flush(office->database, subscriber->id, wish->now_at, error)) &&
           subscriptions_write(office->database, wish->feeds, &active, error) &&
           digest_suppress_unselected(office->database, subscriber->id, wish->now_at, &count,
                                      error) &&
           wish_event(office->database, subscriber->id, wish, SUBSCRIBER_GRANTED, error);
}

static bool grant(const struct subscriber_service *office, struct arena *arena,
                  const struct checked_wish *wish, struct subscriber_outcome *outcome,
                  struct error *error)
{
    struct subscriber_row subscriber;
    bool is_suppressed = false;
    if (!suppression_covers(office, wish->address->folded, &is_suppressed, error))
        return false;
    if (is_suppressed)
        return error_set(error, ERROR_INPUT,
                         "was forgotten at the person's wish; only a request of the person's own "
                         "brings it back (add it without --confirmed)");
    if (!subscriber_row_find(office->database, arena, wish->address->folded, &subscriber, error) ||
        !wish_grant(office, wish, &subscriber, error))
        return false;
    outcome->subscriber = subscriber.id;
    outcome->answer = SUBSCRIBER_IS_CONFIRMED;
    return true;
}

bool evidence_check(const char *evidence, int64_t consent_at, int64_t now_at, struct error *error)
{
    if (!evidence || evidence[strspn(evidence, " \t\r\n")] == '\0')
        return error_set(error, ERROR_INPUT,
                         "confirmed without evidence; say where and how consent was given");
    if (consent_at == INSTANT_NONE || consent_at > now_at + DURATION_DAY)
        return error_set(error, ERROR_INPUT,
                         "confirmed at no time, or in the future; say when consent was given");
    return true;
}

bool subscriber_grant(const struct subscriber_service *office, const struct subscriber_wish *wish,
                      int64_t consent_at, struct subscriber_outcome *outcome, struct error *error)
{
    struct arena arena = { 0 };
    struct checked_wish checked;
    struct subscriber_outcome result = { 0 };
    bool done = wish_read(office, &arena, wish, &checked, error) &&
                evidence_check(wish->proof.evidence, consent_at, checked.now_at, error);
    checked.consent_at = consent_at;
    done = done && database_begin(office->database, error) &&
           database_end(office->database, grant(office, &arena, &checked, &result, error), error);
    arena_release(&arena);
    if (done)
        *outcome = result;
    return done;
}
