/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "queue/queue.h"
#include "subscriber/standing_rows.h"

#include <string.h>

enum { EXPIRE_AT_ONCE = 200 };

/* Everything that ends with a subscriber's subscriptions, in the caller's transaction. Also where
 * the state stays: requests die with every leaving, so that no older link brings the subscriber
 * back. */
static bool end_subscriptions(const struct subscriber_service *service, struct arena *arena,
                              struct subscriber_row *subscriber, enum subscriber_event event,
                              const struct subscriber_proof *proof, struct error *error)
{
    int64_t count = 0;
    int64_t now_at = clock_now(service->clock);
    struct subscriber_event_row row = { .at = now_at, .event = event, .proof = *proof };
    enum subscriber_step step = subscriber_step(subscriber->state, event, &subscriber->state);
    if (step == SUBSCRIBER_REFUSED)
        return true;
    row.language = subscriber->language;
    if (!requests_void(service->database, subscriber->row_id, now_at, error) ||
        !queue_suppress_subscriber(service->database, subscriber->row_id, now_at, &count, error) ||
        !digest_backlog_drop_all(service->database, subscriber->row_id, error) ||
        !standing_end_probe(service->database, subscriber->row_id, STANDING_PROBE_LEFT, now_at,
                            error))
        return false;
    return step == SUBSCRIBER_STAYS ||
           (subscriber_feeds(service->database, arena, subscriber->row_id, &row.feeds, error) &&
            subscriptions_delete(service->database, subscriber->row_id, error) &&
            subscriber_row_update(service->database, subscriber, NULL, now_at, error) &&
            event_insert(service->database, subscriber->row_id, &row, error));
}

static bool end_subscriptions_by_row_id(const struct subscriber_service *service,
                                        int64_t subscriber_row_id, enum subscriber_event event,
                                        const struct subscriber_proof *proof, bool *known,
                                        struct error *error)
{
    struct arena arena = { 0 };
    struct subscriber_row subscriber = { 0 };
    struct transaction transaction = transaction_part_of(service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        subscriber_row_find_by_row_id(service->database, &arena, subscriber_row_id,
                                                      &subscriber, error) &&
                            (subscriber.row_id == 0 ||
                             end_subscriptions(service, &arena, &subscriber, event, proof, error)),
                        error);
    arena_release(&arena);
    if (transaction.is_done)
        *known = subscriber.row_id != 0;
    return transaction.is_done;
}

bool subscriber_unsubscribe(const struct subscriber_service *service, int64_t subscriber_row_id,
                            const struct subscriber_proof *proof, bool *known, struct error *error)
{
    return end_subscriptions_by_row_id(service, subscriber_row_id, SUBSCRIBER_UNSUBSCRIBES, proof,
                                       known, error);
}

bool subscriber_deactivate(const struct subscriber_service *service, int64_t subscriber_row_id,
                           enum subscriber_event event, const struct subscriber_proof *proof,
                           struct error *error)
{
    bool known = false;
    return end_subscriptions_by_row_id(service, subscriber_row_id, event, proof, &known, error);
}

/* ---- preferences ---- */

static bool choices_check(const struct subscriber_service *service,
                          const struct subscriber_preferences *preferences,
                          struct string_builder *feeds, struct error *error)
{
    if (preferences->count == 0)
        return error_set(error, ERROR_INPUT,
                         "no feed is left" ERROR_ADVICE "leave altogether instead");
    for (size_t i = 0; i < preferences->count; i++) {
        const char *feed = preferences->choices[i].feed;
        if (!feed_find(service->feeds, feed))
            return error_set(
                error, ERROR_INPUT,
                "there is no feed \"%.60s\"" ERROR_ADVICE "the feeds are those in feeds/", feed);
        string_builder_append_format(feeds, "%s%s", feeds->length ? " " : "", feed);
    }
    return true;
}

static bool others_delete(struct database *database, int64_t subscriber_row_id, const char *feeds,
                          struct error *error)
{
    /* Spaces on both sides, so that a name within a name is not found. */
    struct statement *statement = database_prepare(
        database,
        "DELETE FROM subscription WHERE subscriber = $1"
        " AND replace(' ' || $2 || ' ', ' ' || feed || ' ', '') = ' ' || $2 || ' '",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    statement_bind_text(statement, 2, feeds);
    return statement_run(statement, error);
}

static bool choices_write(struct database *database, int64_t subscriber_row_id, int64_t now_at,
                          const struct subscriber_preferences *preferences, struct error *error)
{
    for (size_t i = 0; i < preferences->count; i++) {
        struct subscription_row row = { .subscriber = subscriber_row_id,
                                        .feed = preferences->choices[i].feed,
                                        .feed_length = strlen(preferences->choices[i].feed),
                                        .cadence = preferences->choices[i].cadence,
                                        .is_active = true,
                                        .since_at = now_at };
        if (!subscription_write(database, &row, error))
            return false;
    }
    return true;
}

/* "" where feeds differ in it. */
static const char *common_cadence(const struct subscriber_preferences *preferences)
{
    for (size_t i = 1; i < preferences->count; i++)
        if (preferences->choices[i].cadence != preferences->choices[0].cadence)
            return "";
    return subscriber_cadence_name(preferences->choices[0].cadence);
}

static bool change(const struct subscriber_service *service, struct subscriber_row *subscriber,
                   const struct subscriber_preferences *preferences, const char *feeds,
                   const struct subscriber_proof *proof, struct error *error)
{
    int64_t now_at = clock_now(service->clock);
    int64_t count = 0;
    if (subscriber_step(subscriber->state, SUBSCRIBER_CHANGES, &subscriber->state) !=
        SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT,
                         "is %s and follows nothing" ERROR_ADVICE "ask to join first",
                         subscriber_state_name(subscriber->state));
    struct subscriber_event_row event = { .at = now_at,
                                          .event = SUBSCRIBER_CHANGES,
                                          .feeds = feeds,
                                          .cadence = common_cadence(preferences),
                                          .language = subscriber->language,
                                          .proof = *proof };
    return digest_backlog_flush(service->database, subscriber->row_id, now_at, error) &&
           others_delete(service->database, subscriber->row_id, feeds, error) &&
           choices_write(service->database, subscriber->row_id, now_at, preferences, error) &&
           subscriber_row_update(service->database, subscriber, NULL, now_at, error) &&
           digest_suppress_unselected(service->database, subscriber->row_id, now_at, &count,
                                      error) &&
           event_insert(service->database, subscriber->row_id, &event, error);
}

bool subscriber_change(const struct subscriber_service *service, int64_t subscriber_row_id,
                       const struct subscriber_preferences *preferences,
                       const struct subscriber_proof *proof, struct error *error)
{
    struct arena arena = { 0 };
    struct string_builder feeds;
    struct subscriber_row subscriber;
    const char *language = NULL;
    string_builder_init(&feeds, 0);
    struct transaction transaction = transaction_part_of(service->database);
    bool is_valid = choices_check(service, preferences, &feeds, error);
    if (is_valid && preferences->language) {
        language = language_canonical(&arena, preferences->language);
        if (!language)
            is_valid = error_set(error, ERROR_INPUT,
                                 "\"%.40s\" is no language" ERROR_ADVICE "write it as da or en",
                                 preferences->language);
    }
    while (is_valid && transaction_run(&transaction, error)) {
        bool done = subscriber_row_find_by_row_id(service->database, &arena, subscriber_row_id,
                                                  &subscriber, error);
        if (done && language)
            subscriber.language = language;
        done = done && change(service, &subscriber, preferences, feeds.data, proof, error);
        transaction_end(&transaction, done, error);
    }
    string_builder_release(&feeds);
    arena_release(&arena);
    return transaction.is_done;
}

/* ---- expiry ---- */

static bool expired_find(const struct subscriber_service *service, int64_t now_at,
                         int64_t row_ids[EXPIRE_AT_ONCE], size_t *count, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        service->database,
        "SELECT s.row_id FROM subscriber s WHERE s.state = @SUBSCRIBER_PENDING@ AND NOT EXISTS"
        " (SELECT 1 FROM request r"
        " WHERE r.subscriber = s.row_id AND r.voided_at IS NULL AND r.expires_at > $1) LIMIT $2",
        error);
    statement_bind_integer(statement, 1, now_at);
    statement_bind_integer(statement, 2, EXPIRE_AT_ONCE);
    *count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        row_ids[(*count)++] = statement_integer(statement, 0);
    return result == STATEMENT_DONE;
}

static bool expire_some(const struct subscriber_service *service, size_t *count,
                        struct error *error)
{
    static const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_ITSELF };
    struct arena arena = { 0 };
    int64_t row_ids[EXPIRE_AT_ONCE];
    bool done = expired_find(service, clock_now(service->clock), row_ids, count, error);
    for (size_t i = 0; done && i < *count; i++) {
        struct subscriber_row subscriber = { 0 };
        done = subscriber_row_find_by_row_id(service->database, &arena, row_ids[i], &subscriber,
                                             error) &&
               end_subscriptions(service, &arena, &subscriber, SUBSCRIBER_EXPIRES, &proof, error);
    }
    arena_release(&arena);
    return done;
}

/* What a confirmed subscriber once asked for besides, and never confirmed. */
static bool waiting_delete(const struct subscriber_service *service, struct error *error)
{
    struct statement *statement = database_prepare(
        service->database,
        "DELETE FROM subscription WHERE state = @SUBSCRIPTION_PENDING@ AND subscriber IN"
        " (SELECT p.subscriber FROM subscription p WHERE p.state = @SUBSCRIPTION_PENDING@)"
        " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.subscriber = subscription.subscriber"
        " AND r.voided_at IS NULL AND r.used_at IS NULL AND r.expires_at > $1)",
        error);
    statement_bind_integer(statement, 1, clock_now(service->clock));
    return statement_run(statement, error);
}

static bool waiting_exist(const struct subscriber_service *service, bool *exist,
                          struct error *error)
{
    struct statement *statement = database_prepare(
        service->database,
        "SELECT 1 FROM subscription WHERE state = @SUBSCRIPTION_PENDING@"
        " LIMIT 1",
        error);
    if (!statement_find(statement, exist, error))
        return false;
    statement_reset(statement);
    return true;
}

bool subscriber_expire(const struct subscriber_service *service, int64_t *count,
                       struct error *error)
{
    int64_t total = 0;
    size_t some = 0;
    int64_t row_ids[EXPIRE_AT_ONCE];
    bool exist = false;
    /* Asking first keeps a run with nothing to do from waiting for a writer. */
    if (!waiting_exist(service, &exist, error) ||
        !expired_find(service, clock_now(service->clock), row_ids, &some, error))
        return false;
    while (some) {
        struct transaction transaction = transaction_of(service->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, expire_some(service, &some, error), error);
        if (!transaction.is_done)
            return false;
        total += (int64_t)some;
    }
    struct transaction transaction = transaction_of(service->database);
    while (exist && transaction_run(&transaction, error))
        transaction_end(&transaction, waiting_delete(service, error), error);
    if (exist && !transaction.is_done)
        return false;
    *count = total;
    return true;
}
