/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "address/address.h"
#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "base/words.h"
#include "database/database.h"
#include "feed/feed.h"

#include <string.h>

static bool subscriber_row_read(struct statement *statement, struct arena *arena,
                                struct subscriber_row *subscriber, struct error *error)
{
    bool found = false;
    if (!statement_find(statement, &found, error))
        return false;
    *subscriber = (struct subscriber_row){ .state = SUBSCRIBER_NONE };
    if (!found)
        return true;
    *subscriber = (struct subscriber_row){
        .row_id = statement_integer(statement, 0),
        .state = (enum subscriber_state)statement_integer(statement, 1),
        .language = statement_copy_text(statement, 2, arena),
        .rate_limit_key = statement_copy_text(statement, 3, arena),
        .created_at = statement_integer(statement, 4)
    };
    statement_reset(statement);
    return true;
}

bool subscriber_row_find(struct database *database, struct arena *arena, const char *folded,
                         struct subscriber_row *subscriber, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, state, language, rate_limit_key, created_at FROM subscriber WHERE folded = $1",
        error);
    statement_bind_text(statement, 1, folded);
    return subscriber_row_read(statement, arena, subscriber, error);
}

bool subscriber_row_find_by_row_id(struct database *database, struct arena *arena, int64_t row_id,
                                   struct subscriber_row *subscriber, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT row_id, state, language, rate_limit_key, created_at FROM subscriber WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, row_id);
    return subscriber_row_read(statement, arena, subscriber, error);
}

bool subscriber_row_insert(struct database *database, const struct subscriber_row *subscriber,
                           const struct address *address, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO subscriber (row_id, address, folded, rate_limit_key, language, state,"
        " created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        error);
    statement_bind_integer(statement, 1, subscriber->row_id);
    statement_bind_text(statement, 2, address->typed);
    statement_bind_text(statement, 3, address->folded);
    statement_bind_text(statement, 4, address->rate_limit_key);
    statement_bind_text(statement, 5, subscriber->language);
    statement_bind_integer(statement, 6, subscriber->state);
    statement_bind_integer(statement, 7, now_at);
    return statement_run(statement, error);
}

bool subscriber_row_update(struct database *database, const struct subscriber_row *subscriber,
                           const struct address *address, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE subscriber SET address = COALESCE($2, address), language = $3,"
        " changed_at = CASE WHEN state = $4 THEN changed_at ELSE $5 END, state = $4 WHERE row_id = $1",
        error);
    statement_bind_integer(statement, 1, subscriber->row_id);
    statement_bind_text(statement, 2, address ? address->typed : NULL);
    statement_bind_text(statement, 3, subscriber->language);
    statement_bind_integer(statement, 4, subscriber->state);
    statement_bind_integer(statement, 5, now_at);
    return statement_run(statement, error);
}

bool subscriber_feeds(struct database *database, struct arena *arena, int64_t row_id,
                      const char **feeds, struct error *error)
{
    enum statement_result result;
    struct string_builder list;
    string_builder_init(&list, 0);
    struct statement *statement = database_prepare(
        database, "SELECT feed FROM subscription WHERE subscriber = $1 ORDER BY feed", error);
    statement_bind_integer(statement, 1, row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        string_builder_append_format(&list, "%s%s", list.length ? " " : "",
                                     statement_text(statement, 0));
    *feeds = arena_copy(arena, list.data);
    string_builder_release(&list);
    return result == STATEMENT_DONE;
}

bool subscription_write(struct database *database, const struct subscription_row *row,
                        struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        row->is_active
            ? "INSERT INTO subscription (subscriber, feed, cadence, state, since_at, digest_after)"
              " VALUES ($1, $2, $3, @SUBSCRIPTION_ACTIVE@, $4,"
              " (SELECT COALESCE(MAX(row_id), 0) FROM digest_item))"
              " ON CONFLICT (subscriber, feed) DO UPDATE"
              " SET cadence = excluded.cadence, since_at = CASE"
              " WHEN subscription.state = @SUBSCRIPTION_ACTIVE@"
              " THEN subscription.since_at ELSE excluded.since_at END,"
              " digest_after = CASE WHEN subscription.state = @SUBSCRIPTION_ACTIVE@"
              " AND subscription.cadence = excluded.cadence THEN subscription.digest_after"
              " ELSE excluded.digest_after END, state = @SUBSCRIPTION_ACTIVE@"
            : "INSERT INTO subscription (subscriber, feed, cadence, state, since_at)"
              " VALUES ($1, $2, $3, @SUBSCRIPTION_PENDING@, $4)"
              " ON CONFLICT (subscriber, feed) DO NOTHING",
        error);
    statement_bind_integer(statement, 1, row->subscriber);
    statement_bind_text_bytes(statement, 2, row->feed, row->feed_length);
    statement_bind_integer(statement, 3, row->cadence);
    statement_bind_integer(statement, 4, row->since_at);
    return statement_run(statement, error);
}

bool subscriptions_write(struct database *database, const char *feeds, struct subscription_row *row,
                         struct error *error)
{
    while (words_next(&feeds, &row->feed, &row->feed_length))
        if (!subscription_write(database, row, error))
            return false;
    return true;
}

bool subscriptions_delete(struct database *database, int64_t subscriber_row_id, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM subscription WHERE subscriber = $1", error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    return statement_run(statement, error);
}

bool request_insert(struct database *database, const struct request_row *row, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO request (row_id, subscriber, cadence, language, feeds,"
        " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        error);
    statement_bind_integer(statement, 1, row->row_id);
    statement_bind_integer(statement, 2, row->subscriber);
    statement_bind_integer(statement, 3, row->cadence);
    statement_bind_text(statement, 4, row->language);
    statement_bind_text(statement, 5, row->feeds);
    statement_bind_integer(statement, 6, row->created_at);
    statement_bind_integer(statement, 7, row->expires_at);
    return statement_run(statement, error);
}

bool requests_void(struct database *database, int64_t subscriber_row_id, int64_t now_at,
                   struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE request SET voided_at = $2 WHERE subscriber = $1 AND voided_at IS NULL",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error);
}

bool event_insert(struct database *database, int64_t subscriber_row_id,
                  const struct subscriber_event_row *event, struct error *error)
{
    enum subscriber_cadence cadence = SUBSCRIBER_IMMEDIATE;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO event (subscriber, number, at, event, way, feeds, cadence, language,"
        " consent_at, wording, wording_version, evidence, network)"
        " VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM event WHERE subscriber = $1),"
        " $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    statement_bind_integer(statement, 2, event->at);
    statement_bind_integer(statement, 3, event->event);
    statement_bind_integer(statement, 4, event->proof.way);
    statement_bind_text(statement, 5, event->feeds);
    if (event->cadence && subscriber_cadence_parse(event->cadence, &cadence))
        statement_bind_integer(statement, 6, cadence);
    statement_bind_text(statement, 7, event->language);
    statement_bind_instant(statement, 8, event->consent_at);
    statement_bind_text(statement, 9, event->proof.wording);
    statement_bind_text(statement, 10, event->proof.wording_version);
    statement_bind_text(statement, 11, event->proof.evidence);
    statement_bind_text(statement, 12, event->proof.network);
    return statement_run(statement, error);
}

bool departure_find(struct database *database, int64_t subscriber_row_id,
                    enum subscriber_event *event, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT event FROM event WHERE subscriber = $1 AND event IN"
        " (@SUBSCRIBER_UNSUBSCRIBES@, @SUBSCRIBER_BOUNCES@, @SUBSCRIBER_COMPLAINS@)"
        " ORDER BY number DESC LIMIT 1",
        error);
    statement_bind_integer(statement, 1, subscriber_row_id);
    if (!statement_find(statement, &found, error))
        return false;
    *event = found ? (enum subscriber_event)statement_integer(statement, 0) : 0;
    if (found)
        statement_reset(statement);
    return true;
}

/* ---- rate limits and the suppression list ---- */

bool rate_limit_allows(struct database *database, const char *rate_limit_key, int64_t now_at,
                       bool *allowed, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT count(*), count(CASE WHEN at > $3 THEN 1 END) FROM rate_limited_mail"
        " WHERE rate_limit_key = $1 AND at > $2",
        error);
    statement_bind_text(statement, 1, rate_limit_key);
    statement_bind_integer(statement, 2, now_at - DURATION_DAY);
    statement_bind_integer(statement, 3, now_at - DURATION_HOUR);
    if (!statement_find(statement, &found, error))
        return false;
    *allowed = statement_integer(statement, 0) < SUBSCRIBER_MAILS_A_DAY &&
               statement_integer(statement, 1) < SUBSCRIBER_MAILS_AN_HOUR;
    statement_reset(statement);
    return true;
}

bool rate_limit_count(const struct subscriber_service *service, const char *rate_limit_key,
                      int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        service->database, "DELETE FROM rate_limited_mail WHERE rate_limit_key = $1 AND at <= $2",
        error);
    statement_bind_text(statement, 1, rate_limit_key);
    statement_bind_integer(statement, 2, now_at - DURATION_DAY);
    if (!statement_run(statement, error))
        return false;
    statement = database_prepare(
        service->database,
        "INSERT INTO rate_limited_mail (rate_limit_key, at, number) VALUES ($1, $2, $3)", error);
    statement_bind_text(statement, 1, rate_limit_key);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, random_positive(service->random));
    return statement_run(statement, error);
}

static void suppression_list_bind(struct statement *statement,
                                  const struct subscriber_service *service, const char *folded)
{
    struct hash hash;
    keyed_hash(service->keys, "suppression", folded, strlen(folded), &hash);
    statement_bind_bytes(statement, 1, hash.bytes, sizeof hash.bytes);
}

bool suppression_list_covers(const struct subscriber_service *service, const char *folded,
                             bool *covers, struct error *error)
{
    struct statement *statement = database_prepare(
        service->database, "SELECT 1 FROM suppression WHERE hash = $1", error);
    suppression_list_bind(statement, service, folded);
    if (!statement_find(statement, covers, error))
        return false;
    statement_reset(statement);
    return true;
}

bool suppression_list_add(const struct subscriber_service *service, const char *folded,
                          int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        service->database,
        "INSERT INTO suppression (hash, at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING", error);
    suppression_list_bind(statement, service, folded);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error);
}

bool suppression_list_remove(const struct subscriber_service *service, const char *folded,
                             struct error *error)
{
    struct statement *statement = database_prepare(
        service->database, "DELETE FROM suppression WHERE hash = $1", error);
    suppression_list_bind(statement, service, folded);
    return statement_run(statement, error);
}

/* ---- requests ---- */

static bool feeds_contain(const char *feeds, const char *feed, size_t length)
{
    const char *found = NULL;
    size_t found_length = 0;
    while (words_next(&feeds, &found, &found_length))
        if (found_length == length && memcmp(found, feed, length) == 0)
            return true;
    return false;
}

static bool feeds_open(const struct subscriber_service *service, struct string_builder *list,
                       struct error *error)
{
    for (const struct feed *feed = service->feeds; feed; feed = feed->next)
        if (feed->signup_open)
            string_builder_append_format(list, "%s%s", list->length ? " " : "", feed->id);
    return list->length ? true
                        : error_set(error, ERROR_INPUT,
                                    "no feed is open for sign-up" ERROR_ADVICE "name the feeds");
}

bool feeds_check(const struct subscriber_service *service, struct arena *arena,
                 const struct subscription_request *request, bool only_open, const char **feeds,
                 struct error *error)
{
    struct string_builder list;
    string_builder_init(&list, 0);
    bool done = request->feed_count <= SUBSCRIBER_FEEDS_MAXIMUM;
    if (!done)
        (void)error_set(error, ERROR_INPUT, "more than %d feeds at once", SUBSCRIBER_FEEDS_MAXIMUM);
    else if (request->feed_count == 0)
        done = feeds_open(service, &list, error);
    for (size_t i = 0; done && i < request->feed_count; i++) {
        const char *name = request->feeds[i];
        const struct feed *feed = feed_find(service->feeds, name);
        if (!feed || (only_open && !feed->signup_open))
            done = error_set(
                error, ERROR_INPUT,
                "there is no feed \"%.60s\"" ERROR_ADVICE "the feeds are those in feeds/", name);
        else if (!feeds_contain(list.data, name, strlen(name)))
            string_builder_append_format(&list, "%s%s", list.length ? " " : "", name);
    }
    *feeds = arena_copy(arena, list.data);
    string_builder_release(&list);
    return done;
}
