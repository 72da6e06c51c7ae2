/* SPDX-License-Identifier: MIT */
#include "subscriber/standing.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"
#include "subscriber/rows.h"
#include "subscriber/standing_rows.h"

/* So many subscribers in one transaction, so that nobody who sends waits long. */
enum { AT_ONCE = 100 };

struct processing {
    const struct subscriber_service *service;
    struct database *database;
    struct standing_totals *totals; /* of what is committed */
    struct standing_totals counted; /* by the present transaction */
    int64_t now_at;
};

static bool run_with(struct database *database, const char *sql, int64_t first, int64_t second,
                     struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, first);
    if (second)
        statement_bind_integer(statement, 2, second);
    return statement_run(statement, error);
}

/* Up to AT_ONCE row ids, rising, from above the last one that was found before. */
struct search {
    const char *sql; /* $1 and $2: first and after, $3: the limit */
    int64_t first;
    int64_t after;
    int64_t row_ids[AT_ONCE];
    size_t count;
};

static bool search_next(struct database *database, struct search *search, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(database, search->sql, error);
    statement_bind_integer(statement, 1, search->first);
    statement_bind_integer(statement, 2, search->after);
    statement_bind_integer(statement, 3, AT_ONCE);
    search->count = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        search->row_ids[search->count++] = statement_integer(statement, 0);
    if (search->count > 0)
        search->after = search->row_ids[search->count - 1];
    return result == STATEMENT_DONE;
}

/* One transaction, of which is counted what its last run did. */
static bool work_commit(struct processing *processing,
                        bool (*work)(struct processing *processing, int64_t mailing,
                                     const struct search *found, struct error *error),
                        int64_t mailing, const struct search *found, struct error *error)
{
    struct transaction transaction = transaction_of(processing->database);
    while (transaction_run(&transaction, error)) {
        processing->counted = (struct standing_totals){ 0 };
        transaction_end(&transaction, work(processing, mailing, found, error), error);
    }
    if (!transaction.is_done)
        return false;
    processing->totals->probes += processing->counted.probes;
    processing->totals->cleared += processing->counted.cleared;
    processing->totals->withdrawn += processing->counted.withdrawn;
    return true;
}

/* ---- subscribers ---- */

/* Not before the events that led to it, because another process may have dated one of them a moment
 * ahead. */
static bool probe_send(struct processing *processing, const struct subscriber_row *subscriber,
                       const struct standing *standing, struct error *error)
{
    int64_t row_id = 0;
    int64_t at = processing->now_at;
    const struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_PROBE,
                                                   .subscriber = subscriber->row_id,
                                                   .language = subscriber->language,
                                                   .created_at = processing->now_at };
    for (const struct standing_return *item = standing->returns; item; item = item->next)
        if (item->at > at)
            at = item->at;
    if (!queue_add_transactional(processing->database, &mail, &row_id, error) ||
        !standing_probe_insert(processing->database, subscriber->row_id, row_id, at, error))
        return false;
    processing->counted.probes++;
    return true;
}

static bool subscriber_judge(struct processing *processing, int64_t subscriber_row_id,
                             struct error *error)
{
    struct arena arena = { 0 };
    struct subscriber_row subscriber;
    struct standing standing;
    bool done = subscriber_row_find_by_row_id(processing->database, &arena, subscriber_row_id,
                                              &subscriber, error);
    if (done && subscriber.state == SUBSCRIBER_CONFIRMED) {
        done = standing_find(processing->database, &arena, subscriber_row_id, processing->now_at,
                             &standing, error);
        if (done && standing.probe == 0 && standing.points >= STANDING_POINTS_TO_PROBE)
            done = probe_send(processing, &subscriber, &standing, error);
    }
    arena_release(&arena);
    return done;
}

static bool subscribers_judge(struct processing *processing, int64_t mailing,
                              const struct search *subscribers, struct error *error)
{
    for (size_t i = 0; i < subscribers->count; i++)
        if (!run_with(processing->database,
                      "UPDATE standing_return SET is_judged = 1 WHERE subscriber = $1"
                      " AND mailing = $2",
                      subscribers->row_ids[i], mailing, error) ||
            !subscriber_judge(processing, subscribers->row_ids[i], error))
            return false;
    return true;
}

/* Those whose mail of this mailing came back since it was looked at. */
static bool mailing_judge(struct processing *processing, int64_t mailing, struct error *error)
{
    struct search subscribers = { .sql = "SELECT DISTINCT subscriber FROM standing_return"
                                         " WHERE is_judged = 0 AND mailing = $1 AND subscriber > $2"
                                         " ORDER BY subscriber LIMIT $3",
                                  .first = mailing,
                                  .after = INT64_MIN };
    do {
        if (!search_next(processing->database, &subscribers, error))
            return false;
        if (subscribers.count > 0 &&
            !work_commit(processing, subscribers_judge, mailing, &subscribers, error))
            return false;
    } while (subscribers.count > 0);
    return true;
}

/* The next mailing above `after` with what was not judged; 0 is transactional mails; *found false:
 * none.
 */
static bool unjudged_next(struct database *database, int64_t after, int64_t *mailing, bool *found,
                          struct error *error)
{
    bool has_row = false;
    struct statement *statement = database_prepare(
        database, "SELECT MIN(mailing) FROM standing_return WHERE is_judged = 0 AND mailing > $1",
        error);
    statement_bind_integer(statement, 1, after);
    if (!statement_find(statement, &has_row, error))
        return false;
    *found = has_row && !statement_is_null(statement, 0);
    *mailing = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

/* Bounces of a mailing that count against nobody stay unjudged until somebody accepts them. */
static bool judge_all(struct processing *processing, struct error *error)
{
    struct queue_returned returned = { 0 };
    int64_t mailing = -1;
    bool found = true;
    while (found) {
        if (!unjudged_next(processing->database, mailing, &mailing, &found, error))
            return false;
        if (found && mailing &&
            !queue_returned_find(processing->database, mailing, &returned, error))
            return false;
        if (found && (!mailing || queue_returned_verdict(&returned) == QUEUE_RETURNED_COUNTS) &&
            !mailing_judge(processing, mailing, error))
            return false;
    }
    return true;
}

/* ---- mailings ---- */

static bool probe_withdraw(struct processing *processing, int64_t subscriber_row_id,
                           struct error *error)
{
    struct arena arena = { 0 };
    struct standing now;
    struct standing then = { .points = 0 };
    bool done = standing_find(processing->database, &arena, subscriber_row_id, processing->now_at,
                              &now, error) &&
                standing_find_then(processing->database, &arena, subscriber_row_id,
                                   now.probe_since_at, &then, error);
    if (done && now.probe && then.points < STANDING_POINTS_TO_PROBE) {
        done = queue_suppress_transactional(processing->database, now.probe, processing->now_at,
                                            error) &&
               standing_probe_close(processing->database, now.probe, STANDING_PROBE_WITHDRAWN,
                                    processing->now_at, error);
        processing->counted.withdrawn++;
    }
    arena_release(&arena);
    return done;
}

/* Probes that bounces of this mailing led to do not leave. */
static bool probes_withdraw(struct processing *processing, int64_t mailing, struct error *error)
{
    struct search subscribers = {
        .sql = "SELECT DISTINCT p.subscriber FROM standing_probe p"
               " JOIN standing_return r ON r.subscriber = p.subscriber"
               " AND r.mailing = $1 WHERE p.ending = @STANDING_PROBE_OUT@ AND p.subscriber > $2"
               " ORDER BY p.subscriber LIMIT $3",
        .first = mailing,
        .after = INT64_MIN
    };
    do {
        if (!search_next(processing->database, &subscribers, error))
            return false;
        for (size_t i = 0; i < subscribers.count; i++)
            if (!probe_withdraw(processing, subscribers.row_ids[i], error))
                return false;
    } while (subscribers.count > 0);
    return true;
}

static bool mailing_review(struct processing *processing, int64_t mailing,
                           const struct search *found, struct error *error)
{
    struct queue_returned returned;
    (void)found;
    return queue_returned_review(processing->database, mailing, processing->now_at, &returned,
                                 error) &&
           (queue_returned_verdict(&returned) != QUEUE_RETURNED_NOBODY ||
            probes_withdraw(processing, mailing, error));
}

static bool mailings_review(struct processing *processing, struct error *error)
{
    int64_t mailing = 0;
    for (;;) {
        if (!queue_returned_next(processing->database, mailing, &mailing, error))
            return false;
        if (mailing == 0)
            return true;
        if (!work_commit(processing, mailing_review, mailing, NULL, error))
            return false;
    }
}

/* ---- time ---- */

/* A probe of which nothing came back clears the address: its time counts from when it left, so one
 * that its relay has not taken yet stays. What came back after it had left counts on. */
static bool probe_expire(struct processing *processing, int64_t transactional, struct error *error)
{
    struct queue_transactional_mail mail = { 0 };
    bool found = false;
    if (!queue_transactional_find(processing->database, transactional, &mail, &found, error))
        return false;
    if (found &&
        (mail.state == QUEUE_QUEUED || mail.state == QUEUE_SENDING ||
         mail.state == QUEUE_DEFERRED || mail.state_at > processing->now_at - STANDING_PROBE_MS))
        return true;
    if (!standing_probe_close(processing->database, transactional, STANDING_PROBE_CLEARED,
                              processing->now_at, error) ||
        !run_with(processing->database,
                  "UPDATE standing_return SET is_judged = 0 WHERE is_judged = 1 AND subscriber ="
                  " (SELECT subscriber FROM standing_probe WHERE transactional = $1)",
                  transactional, 0, error))
        return false;
    processing->counted.cleared++;
    return true;
}

static bool some_expire(struct processing *processing, int64_t mailing, const struct search *probes,
                        struct error *error)
{
    (void)mailing;
    for (size_t i = 0; i < probes->count; i++)
        if (!probe_expire(processing, probes->row_ids[i], error))
            return false;
    return true;
}

static bool probes_expire(struct processing *processing, struct error *error)
{
    struct search probes = {
        .sql = "SELECT transactional FROM standing_probe"
               " WHERE ending = @STANDING_PROBE_OUT@"
               " AND at <= $1 AND transactional > $2 ORDER BY transactional LIMIT $3",
        .first = processing->now_at - STANDING_PROBE_MS
    };
    do {
        if (!search_next(processing->database, &probes, error))
            return false;
        if (probes.count > 0 && !work_commit(processing, some_expire, 0, &probes, error))
            return false;
    } while (probes.count > 0);
    return true;
}

static bool old_exist(const struct processing *processing, bool *exist, struct error *error)
{
    struct statement *statement = database_prepare(
        processing->database,
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM standing_return WHERE at < $1)"
        " OR EXISTS (SELECT 1 FROM standing_probe WHERE ending <> @STANDING_PROBE_OUT@"
        " AND ended_at < $1)",
        error);
    statement_bind_integer(statement, 1, processing->now_at - STANDING_KEPT_MS);
    if (!statement_find(statement, exist, error))
        return false;
    if (*exist)
        statement_reset(statement);
    return true;
}

static bool old_delete(struct processing *processing, struct error *error)
{
    bool exist = false;
    int64_t before_at = processing->now_at - STANDING_KEPT_MS;
    if (!old_exist(processing, &exist, error))
        return false;
    if (!exist)
        return true;
    struct transaction transaction = transaction_of(processing->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        run_with(processing->database, "DELETE FROM standing_return WHERE at < $1",
                                 before_at, 0, error) &&
                            run_with(processing->database,
                                     "DELETE FROM standing_probe"
                                     " WHERE ending <> @STANDING_PROBE_OUT@ AND ended_at < $1",
                                     before_at, 0, error),
                        error);
    return transaction.is_done;
}

/* ---- all ---- */

bool standing_process(const struct subscriber_service *service, struct standing_totals *totals,
                      struct error *error)
{
    struct processing processing = { .service = service,
                                     .database = service->database,
                                     .totals = totals,
                                     .now_at = clock_now(service->clock) };
    /* Each asks first, so that a run after which nothing came back does not wait for a writer. */
    return mailings_review(&processing, error) && probes_expire(&processing, error) &&
           judge_all(&processing, error) && old_delete(&processing, error) &&
           queue_returned_expire(service->database, processing.now_at, error);
}

bool standing_accept(const struct subscriber_service *service, int64_t mailing, struct error *error)
{
    struct transaction transaction = transaction_part_of(service->database);
    while (transaction_run(&transaction, error))
        transaction_end(
            &transaction,
            queue_returned_accept(service->database, mailing, clock_now(service->clock), error) &&
                run_with(service->database,
                         "UPDATE standing_return SET is_judged = 0"
                         " WHERE is_judged = 1 AND mailing = $1",
                         mailing, 0, error),
            error);
    return transaction.is_done;
}
