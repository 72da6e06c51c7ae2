/* SPDX-License-Identifier: MIT */
#include "queue/digest.h"

#include "queue/digest_part.h"
#include "queue/doubt.h"
#include "queue/selection.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

bool digest_write(struct database *database, const char *sql, struct digest_numbers parameters,
                  struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    for (size_t i = 0; i < parameters.count; i++)
        statement_bind_integer(statement, (int)i + 1, parameters.numbers[i]);
    return statement_run(statement, error);
}

bool digest_ask(struct database *database, const char *sql, struct digest_numbers parameters,
                int64_t *value, bool *found, struct error *error)
{
    bool is_there = false;
    struct statement *statement = database_prepare(database, sql, error);
    for (size_t i = 0; i < parameters.count; i++)
        statement_bind_integer(statement, (int)i + 1, parameters.numbers[i]);
    if (!statement_find(statement, &is_there, error))
        return false;
    *found = is_there && !statement_is_null(statement, 0);
    *value = *found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

/* ---- telling ---- */

/* Digests that can still change: what waits of them is made when it is sent, and what is in doubt
 * may be sent again. */
#define OPEN_DIGESTS                                                                               \
    "(SELECT a.number FROM announcement a WHERE a.kind = 3 AND a.number IN " OPEN_ANNOUNCEMENTS ")"

/* Messages that a worker has made already are made again: it finds its claim gone. What is parked
 * (receiver.h) is not made yet, and waits on. The sum keeps the announcements' index out of it: few
 * rows are held, and many may wait. */
static bool let_go(struct database *database, struct error *error)
{
    return database_execute(database,
                            "UPDATE delivery SET worker = 0 WHERE worker <> 0 AND worker > 0"
                            " AND state IN (0, 3) AND announcement + 0 IN " OPEN_DIGESTS,
                            error);
}

/* Who had version $2 of release $1 in a digest is owed item $3 from $4 on. Here and below the order
 * of the joins is the order of work: the digests that held it, and of those each subscriber's row.
 */
static const char owe_had[] =
    "INSERT INTO digest_owed (subscriber, item, at) SELECT DISTINCT d.subscriber,"
    " CAST($3 AS @integer@), CAST($4 AS @integer@)"
    " FROM digest_item i CROSS JOIN digest_holding h CROSS JOIN delivery d"
    " CROSS JOIN digest_content k CROSS JOIN subscriber s"
    " WHERE i.release_number = $1 AND i.kind = 0 AND h.item = i.number"
    " AND d.announcement = h.announcement AND (d.state IN (1, 2, 6) OR d.doubts > 0)"
    " AND k.number = d.version AND k.announcement = d.announcement"
    " AND k.items LIKE '% ' || i.number || ':' || CAST($2 AS @text@) || ' %'"
    " AND s.id = d.subscriber AND s.state = 2 ON CONFLICT (subscriber, item) DO NOTHING";

/* *number 0: it has been told. */
static bool insert_item(struct database *database, const struct queue_digest_news *news,
                        const char *occasion, int64_t *number, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO digest_item (release_number, kind, occasion, mailing, at, ripe_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (release_number, kind, occasion) DO NOTHING"
        " RETURNING number",
        error);
    statement_bind_integer(statement, 1, news->release);
    statement_bind_integer(statement, 2, news->kind);
    statement_bind_text(statement, 3, occasion);
    statement_bind_integer(statement, 4, news->mailing);
    statement_bind_integer(statement, 5, news->at);
    statement_bind_integer(statement, 6, news->ripe_at);
    if (!statement_find(statement, &found, error))
        return false;
    *number = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

bool queue_digest_add(struct database *database, const struct queue_digest_news *news,
                      const struct queue_candidates *candidates, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t number = 0;
    char again[32];
    if (!insert_item(database, news, news->occasion, &number, error))
        return false;
    if (!number && news->kind == QUEUE_RELEASE) {
        (void)snprintf(again, sizeof again, "at %" PRId64, news->now_at);
        if (!insert_item(database, news, again, &number, error))
            return false;
    }
    if (!number || !selection_write_item(database, number, candidates, error))
        return number == 0;
    return news->kind != QUEUE_CORRECTION || candidates->count == 0 ||
           (DIGEST_RUN(database, owe_had, error, news->release, candidates->items[0].version,
                       number, news->at) &&
            let_go(database, error));
}

bool queue_digest_exclude(struct database *database, const struct queue_mailing *mailing,
                          int64_t *removed, struct error *error)
{
    assert(database_in_transaction(database));
    *removed = 0;
    if (!DIGEST_RUN(database,
                    "DELETE FROM delivery WHERE announcement = $1 AND mailing = $2 AND state = 0"
                    " AND subscriber IN (SELECT d.subscriber FROM announcement a"
                    " CROSS JOIN digest_item i CROSS JOIN digest_holding h CROSS JOIN delivery d"
                    " CROSS JOIN digest_content k WHERE a.number = $1 AND a.kind = 0"
                    " AND i.release_number = a.release_number AND i.kind = 0"
                    " AND h.item = i.number AND d.announcement = h.announcement"
                    " AND (d.state IN (0, 1, 2, 3, 6) OR d.doubts > 0) AND k.number = d.version"
                    " AND k.announcement = d.announcement"
                    " AND k.items LIKE '% ' || i.number || ':%')",
                    error, mailing->announcement, mailing->number))
        return false;
    *removed = database_changes(database);
    return true;
}

/* ---- a subscriber who changes something ---- */

/* Editions that have not come to the subscriber ($1) yet. */
#define EDITIONS_TO_COME                                                                           \
    "(SELECT e.number FROM digest_edition e WHERE e.is_complete = 0 AND e.composed_to < $1)"

bool queue_digest_settle(struct database *database, int64_t subscriber, int64_t now_at,
                         struct error *error)
{
    assert(database_in_transaction(database));
    /* What waited for a weekly instant may not have to any more. */
    if (!DIGEST_RUN(database, "UPDATE digest_owed SET at = $2 WHERE subscriber = $1 AND at > $2",
                    error, subscriber, now_at))
        return false;
    return DIGEST_RUN(
        database,
        "INSERT INTO digest_owed (subscriber, item, at)"
        " SELECT DISTINCT p.subscriber, i.number, CAST($2 AS @integer@)"
        " FROM (SELECT number FROM digest_item WHERE daily_edition IS NULL AND kind = 0"
        " UNION SELECT number FROM digest_item WHERE weekly_edition IS NULL AND kind = 0"
        " UNION SELECT number FROM digest_item WHERE daily_edition IN " EDITIONS_TO_COME
        " UNION SELECT number FROM digest_item WHERE weekly_edition IN " EDITIONS_TO_COME
        ") AS taken"
        " CROSS JOIN digest_item i CROSS JOIN digest_item_feed f CROSS JOIN subscription p"
        " WHERE i.number = taken.number AND i.kind = 0 AND i.voided_at IS NULL AND f.item = i.number"
        " AND p.subscriber = $1 AND p.feed = f.feed AND p.state = 1 AND i.number > p.digest_after"
        " AND ((p.cadence = 1 AND (i.daily_edition IS NULL"
        " OR i.daily_edition IN " EDITIONS_TO_COME
        ")) OR (p.cadence = 2 AND (i.weekly_edition IS NULL"
        " OR i.weekly_edition IN " EDITIONS_TO_COME ")))"
        " ON CONFLICT (subscriber, item) DO NOTHING",
        error, subscriber, now_at);
}

/* Releases that wait to be mailed at once to a subscriber ($1) who follows them only in digests
 * now. */
static const char owe_unselected[] =
    "INSERT INTO digest_owed (subscriber, item, at)"
    " SELECT d.subscriber, MAX(i.number), CAST($2 AS @integer@) FROM delivery d"
    " JOIN announcement a ON a.number = d.announcement"
    " JOIN digest_item i ON i.release_number = a.release_number AND i.kind = 0"
    " JOIN digest_item_feed f ON f.item = i.number"
    " JOIN subscription p ON p.subscriber = d.subscriber AND p.feed = f.feed"
    " WHERE d.announcement IN " OPEN_ANNOUNCEMENTS
    " AND d.subscriber = $1 AND d.state IN (0, 1, 3, 6) AND a.kind = 0 AND i.voided_at IS NULL"
    " AND p.state = 1 AND p.cadence <> 0 AND NOT EXISTS (SELECT 1 FROM mailing_feed g"
    " JOIN subscription q ON q.feed = g.feed WHERE g.mailing = d.mailing AND q.subscriber = $1"
    " AND q.state = 1 AND q.cadence = 0)"
    " GROUP BY d.subscriber, a.number ON CONFLICT (subscriber, item) DO NOTHING";

/* A digest of the subscriber's that can still leave. */
struct waiting_digest {
    int64_t announcement;
    const char *items;
    struct waiting_digest *next;
};

static bool waiting_find(struct database *database, int64_t subscriber, struct arena *arena,
                         struct waiting_digest **first, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT d.announcement, k.items FROM delivery d JOIN digest_content k"
        " ON k.number = d.version AND k.announcement = d.announcement"
        " WHERE d.announcement IN " OPEN_DIGESTS
        " AND d.subscriber = $1 AND d.state IN (0, 1, 3, 6)",
        error);
    statement_bind_integer(statement, 1, subscriber);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct waiting_digest *digest = arena_allocate(arena, sizeof *digest);
        *digest = (struct waiting_digest){ .announcement = statement_integer(statement, 0),
                                           .items = statement_copy_text(statement, 1, arena),
                                           .next = *first };
        *first = digest;
    }
    return result == STATEMENT_DONE;
}

/* Withdrawals are for everybody who had the release, whatever they follow. */
static bool is_followed(struct database *database, int64_t subscriber, int64_t item, bool *followed,
                        struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database,
                      "SELECT 1 FROM digest_item i WHERE i.number = $2 AND (i.kind = 2"
                      " OR EXISTS (SELECT 1 FROM digest_item_feed f JOIN subscription p"
                      " ON p.feed = f.feed WHERE f.item = i.number AND p.subscriber = $1"
                      " AND p.state = 1))",
                      &value, followed, error, subscriber, item);
}

static bool owe_item(struct database *database, int64_t subscriber, int64_t item, int64_t now_at,
                     struct error *error)
{
    return DIGEST_RUN(database,
                      "INSERT INTO digest_owed (subscriber, item, at) VALUES ($1, $2, $3)"
                      " ON CONFLICT (subscriber, item) DO NOTHING",
                      error, subscriber, item, now_at);
}

/* Where all of it is still followed it may leave as it is. */
static bool waiting_is_good(struct database *database, int64_t subscriber, const char *items,
                            bool *good, struct error *error)
{
    int64_t item;
    int64_t version;
    *good = true;
    while (*good && queue_digest_token(&items, &item, &version))
        if (!is_followed(database, subscriber, item, good, error))
            return false;
    return true;
}

static bool waiting_suppress(struct database *database, int64_t subscriber,
                             const struct waiting_digest *digest, int64_t now_at, int64_t *count,
                             struct error *error)
{
    int64_t item;
    int64_t version;
    const char *items = digest->items;
    while (queue_digest_token(&items, &item, &version)) {
        bool followed = false;
        if (!is_followed(database, subscriber, item, &followed, error) ||
            (followed && !owe_item(database, subscriber, item, now_at, error)))
            return false;
    }
    if (!DIGEST_RUN(database,
                    "UPDATE delivery SET is_cancelled = 1 WHERE announcement = $1"
                    " AND subscriber = $2 AND state IN (1, 6)",
                    error, digest->announcement, subscriber) ||
        !DIGEST_RUN(database,
                    "UPDATE delivery SET state = 5, worker = 0, updated_at = $3"
                    " WHERE announcement = $1 AND subscriber = $2 AND state IN (0, 3)",
                    error, digest->announcement, subscriber, now_at))
        return false;
    *count += database_changes(database);
    return true;
}

bool digest_reselect(struct database *database, int64_t subscriber, int64_t now_at, int64_t *count,
                     struct error *error)
{
    struct arena arena = { 0 };
    struct waiting_digest *digest = NULL;
    bool done = DIGEST_RUN(database, owe_unselected, error, subscriber, now_at) &&
                waiting_find(database, subscriber, &arena, &digest, error);
    for (; done && digest; digest = digest->next) {
        bool good = true;
        done = waiting_is_good(database, subscriber, digest->items, &good, error) &&
               (good || waiting_suppress(database, subscriber, digest, now_at, count, error));
    }
    arena_release(&arena);
    return done;
}

bool digest_forget_subscriber(struct database *database, int64_t subscriber, struct error *error)
{
    return DIGEST_RUN(database, "DELETE FROM digest_owed WHERE subscriber = $1", error, subscriber);
}

/* ---- withdrawal ---- */

struct version_list {
    int64_t version;
    const char *language;
    struct version_list *next;
};

/* The versions of a release (0: all) that are in its items still. */
static bool versions_find(struct database *database, const struct queue_cancellation *cancellation,
                          struct arena *arena, struct version_list **first, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT f.version, MIN(f.language) FROM digest_item i JOIN digest_item_feed f"
        " ON f.item = i.number WHERE i.release_number = $1 AND i.kind = 0 AND i.voided_at IS NULL"
        " AND ($2 = 0 OR f.version = $2) GROUP BY f.version",
        error);
    statement_bind_integer(statement, 1, cancellation->release);
    statement_bind_integer(statement, 2, cancellation->version);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct version_list *item = arena_allocate(arena, sizeof *item);
        *item = (struct version_list){ .version = statement_integer(statement, 0),
                                       .language = statement_copy_text(statement, 1, arena),
                                       .next = *first };
        *first = item;
    }
    return result == STATEMENT_DONE;
}

static bool tell_withdrawal(struct database *database,
                            const struct queue_cancellation *cancellation,
                            const struct version_list *version, struct error *error)
{
    char occasion[32];
    int64_t number = 0;
    const struct queue_digest_news news = { .release = cancellation->release,
                                            .kind = QUEUE_WITHDRAWAL,
                                            .at = cancellation->now_at,
                                            .ripe_at = cancellation->now_at };
    const struct queue_candidate candidate = {
        .feed = "", .version = version->version, .language = version->language, .is_original = true
    };
    const struct queue_candidates candidates = { &candidate, 1 };
    (void)snprintf(occasion, sizeof occasion, "%" PRId64, version->version);
    return insert_item(database, &news, occasion, &number, error) &&
           (!number || (selection_write_item(database, number, &candidates, error) &&
                        DIGEST_RUN(database, owe_had, error, cancellation->release,
                                   version->version, number, cancellation->now_at)));
}

static bool void_items(struct database *database, const struct queue_cancellation *cancellation,
                       struct error *error)
{
    if (cancellation->version &&
        !DIGEST_RUN(database,
                    "DELETE FROM digest_item_feed WHERE version = $2 AND item IN (SELECT number"
                    " FROM digest_item WHERE release_number = $1 AND kind <> 2)",
                    error, cancellation->release, cancellation->version))
        return false;
    return DIGEST_RUN(database,
                      "UPDATE digest_item SET voided_at = $3, daily_edition ="
                      " COALESCE(daily_edition, 0), weekly_edition = COALESCE(weekly_edition, 0)"
                      " WHERE release_number = $1 AND kind <> 2 AND voided_at IS NULL"
                      " AND ($2 = 0 OR NOT EXISTS (SELECT 1 FROM digest_item_feed f"
                      " WHERE f.item = digest_item.number))",
                      error, cancellation->release, cancellation->version, cancellation->now_at) &&
           DIGEST_RUN(database,
                      "DELETE FROM digest_owed WHERE item IN (SELECT number FROM digest_item"
                      " WHERE release_number = $1 AND voided_at IS NOT NULL)",
                      error, cancellation->release);
}

/* What waits of that announcement and has nothing to say any more. items: of the content; read to
 * the first that still has. */
static bool cancel_content(struct database *database, int64_t content, int64_t announcement,
                           const char *items, int64_t now_at, struct error *error)
{
    bool is_live = false;
    struct queue_digest_part part = { 0 };
    while (!is_live && queue_digest_token(&items, &part.item, &part.version)) {
        if (!digest_part_read(database, &part, error))
            return false;
        is_live = part.is_live;
    }
    return is_live || DIGEST_RUN(database,
                                 "UPDATE delivery SET state = 7, worker = 0, updated_at = $3"
                                 " WHERE announcement = $1 AND version = $2 AND state IN (0, 3)",
                                 error, announcement, content, now_at);
}

static bool cancel_empty(struct database *database, const struct queue_cancellation *cancellation,
                         struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT DISTINCT k.number, k.announcement, k.items FROM digest_item i"
        " CROSS JOIN digest_holding h CROSS JOIN digest_content k WHERE i.release_number = $1"
        " AND h.item = i.number AND h.announcement IN " OPEN_DIGESTS
        " AND k.announcement = h.announcement AND k.items LIKE '% ' || i.number || ':%'",
        error);
    statement_bind_integer(statement, 1, cancellation->release);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (!cancel_content(database, statement_integer(statement, 0),
                            statement_integer(statement, 1), statement_text(statement, 2),
                            cancellation->now_at, error)) {
            statement_reset(statement);
            return false;
        }
    }
    return result == STATEMENT_DONE;
}

bool digest_cancel_release(struct database *database, const struct queue_cancellation *cancellation,
                           struct error *error)
{
    struct arena arena = { 0 };
    struct version_list *first = NULL;
    bool done = versions_find(database, cancellation, &arena, &first, error);
    for (const struct version_list *version = first; done && version; version = version->next)
        done = tell_withdrawal(database, cancellation, version, error);
    done = done &&
           (!first || (void_items(database, cancellation, error) &&
                       cancel_empty(database, cancellation, error) && let_go(database, error)));
    arena_release(&arena);
    return done;
}

bool digest_mailing_goes_on(struct database *database, int64_t mailing, int64_t now_at,
                            struct error *error)
{
    return DIGEST_RUN(database,
                      "UPDATE digest_item SET at = $2 WHERE mailing = $1 AND at < $2"
                      " AND daily_edition IS NULL AND weekly_edition IS NULL",
                      error, mailing, now_at);
}
