/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"
#include "queue/queue.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { FOUND_SHOWN = 100 };

#define NOTICE_LASTS_MS (30 * DURATION_DAY)

/* Whether count is at least per_mille of all; of none at all it never is. */
static bool is_share(int64_t count, int64_t all, int64_t per_mille)
{
    return all > 0 && count * 1000 >= per_mille * all;
}

/* A number and a share, because of a short list two wrong addresses are a large share already. */
static bool is_too_many(int64_t refused, int64_t recipients)
{
    return refused >= QUEUE_RETURNED_HELD_FROM &&
           refused * 1000 > QUEUE_RETURNED_HELD_PER_MILLE * recipients;
}

enum queue_returned_verdict queue_returned_verdict(const struct queue_returned *returned)
{
    if (returned->is_accepted || returned->refused == 0)
        return QUEUE_RETURNED_COUNTS;
    if (returned->reviewed_at == INSTANT_NONE)
        return QUEUE_RETURNED_WAITS;
    if (is_too_many(returned->refused, returned->recipients))
        return QUEUE_RETURNED_NOBODY;
    /* Safe to decide early, because the share stays below the limit even if all that waits came
     * back. */
    return returned->is_ended ||
                   !is_too_many(returned->refused + returned->waiting, returned->recipients)
               ? QUEUE_RETURNED_COUNTS
               : QUEUE_RETURNED_WAITS;
}

/* ---- rows ---- */

#define RETURNED_COLUMNS                                                                            \
    "SELECT mailing, refused, complained, reviewed_at, recipients, waiting, tried, sent, is_ended," \
    " is_accepted, findings, reported_findings, unproven FROM mailing_return "

static void returned_read(struct statement *statement, struct queue_returned *returned)
{
    *returned = (struct queue_returned){
        .mailing = statement_integer(statement, 0),
        .refused = statement_integer(statement, 1),
        .complained = statement_integer(statement, 2),
        .reviewed_at = statement_integer(statement, 3),
        .recipients = statement_integer(statement, 4),
        .waiting = statement_integer(statement, 5),
        .tried = statement_integer(statement, 6),
        .sent = statement_integer(statement, 7),
        .is_ended = statement_integer(statement, 8) != 0,
        .is_accepted = statement_integer(statement, 9) != 0,
        .findings = (int)statement_integer(statement, 10),
        .reported_findings = (int)statement_integer(statement, 11),
        .unproven = statement_integer(statement, 12),
    };
}

bool queue_returned_find(struct database *database, int64_t mailing,
                         struct queue_returned *returned, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, RETURNED_COLUMNS "WHERE mailing = $1",
                                                   error);
    *returned = (struct queue_returned){ .mailing = mailing };
    statement_bind_integer(statement, 1, mailing);
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        returned_read(statement, returned);
    statement_reset(statement);
    return true;
}

static bool returned_write(struct database *database, const struct queue_returned *returned,
                           struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE mailing_return SET reviewed_at = $2, recipients = $3, waiting = $4, tried = $5,"
        " sent = $6,"
        " is_ended = $7, findings = $8 WHERE mailing = $1",
        error);
    statement_bind_integer(statement, 1, returned->mailing);
    statement_bind_integer(statement, 2, returned->reviewed_at);
    statement_bind_integer(statement, 3, returned->recipients);
    statement_bind_integer(statement, 4, returned->waiting);
    statement_bind_integer(statement, 5, returned->tried);
    statement_bind_integer(statement, 6, returned->sent);
    statement_bind_integer(statement, 7, returned->is_ended);
    statement_bind_integer(statement, 8, returned->findings);
    return statement_run(statement, error);
}

static bool run_for_mailing(struct database *database, const char *sql, int64_t mailing,
                            struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, mailing);
    return statement_run(statement, error);
}

/* ---- reviewing ---- */

static bool ended_find(struct database *database, int64_t mailing, bool *is_ended,
                       struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database,
                                                   "SELECT 1 FROM mailing WHERE row_id = $1"
                                                   " AND state IN (@QUEUE_MAILING_OPEN@)",
                                                   error);
    statement_bind_integer(statement, 1, mailing);
    if (!statement_find(statement, &found, error))
        return false;
    *is_ended = !found;
    if (found)
        statement_reset(statement);
    return true;
}

/* Who was never to be mailed, or is not any more, is no part of the share that came back. */
static void counts_take(struct queue_returned *returned, const struct queue_delivery_counts *counts)
{
    const int64_t *count = counts->count;
    returned->recipients = counts->audience - count[QUEUE_SUPPRESSED] - count[QUEUE_CANCELLED];
    returned->waiting = count[QUEUE_QUEUED] + count[QUEUE_SENDING] + count[QUEUE_DEFERRED];
    returned->tried = count[QUEUE_SENT] + count[QUEUE_FAILED] + count[QUEUE_UNKNOWN];
    returned->sent = count[QUEUE_SENT];
}

/* A mailing is stopped only by bounces that are certainly of its own messages, because anybody can
 * write the others; those may only keep refusals from counting against addresses. */
static int findings_of(const struct queue_returned *returned)
{
    int findings = 0;
    if (is_too_many(returned->refused, returned->recipients))
        findings |= QUEUE_RETURNED_HELD;
    int64_t certain = returned->refused - returned->unproven;
    if (certain >= QUEUE_RETURNED_STOPPED_FROM &&
        is_share(certain, returned->tried, QUEUE_RETURNED_STOPPED_PER_MILLE))
        findings |= QUEUE_RETURNED_STOPPED;
    if (returned->complained > 0 &&
        is_share(returned->complained, returned->sent, QUEUE_COMPLAINTS_MANY_PER_MILLE))
        findings |= QUEUE_COMPLAINTS_MANY;
    if (returned->complained >= QUEUE_COMPLAINTS_STOPPED_FROM &&
        is_share(returned->complained, returned->sent, QUEUE_COMPLAINTS_STOPPED_PER_MILLE))
        findings |= QUEUE_COMPLAINTS_STOPPED;
    return findings;
}

/* Once for each reason, because whoever lets the mailing go on has looked at that one. */
static bool stop(struct database *database, const struct queue_returned *returned, int new_findings,
                 struct error *error)
{
    char note[160];
    if (new_findings & QUEUE_COMPLAINTS_STOPPED)
        (void)snprintf(note, sizeof note,
                       "%" PRId64 " of %" PRId64 " complained; look at what was sent, and to whom",
                       returned->complained, returned->sent);
    else if (new_findings & QUEUE_RETURNED_STOPPED)
        (void)snprintf(note, sizeof note,
                       "%" PRId64 " of %" PRId64
                       " addresses tried are refused as unknown; look at the list and the relay",
                       returned->refused, returned->tried);
    else
        return true;
    return queue_mailing_pause(database, returned->mailing, note, error);
}

/* Writes a notice, so that what was reported can be looked up later. */
static bool notices_open(struct database *database, const struct queue_returned *returned,
                         int new_findings, int64_t now_at, struct error *error)
{
    char subject[24];
    char cause[160];
    const int bounces = QUEUE_RETURNED_HELD | QUEUE_RETURNED_STOPPED;
    const int complaints = QUEUE_COMPLAINTS_MANY | QUEUE_COMPLAINTS_STOPPED;
    struct queue_notice notice = { .subject = subject, .cause = cause, .since_at = now_at };
    (void)snprintf(subject, sizeof subject, "%" PRId64, returned->mailing);
    if (new_findings & bounces) {
        notice.kind = QUEUE_NOTICE_BOUNCES;
        (void)snprintf(cause, sizeof cause,
                       "%" PRId64 " of %" PRId64 " addresses are unknown, it is said",
                       returned->refused, returned->recipients);
        if (!queue_notice_open(database, &notice, NULL, error))
            return false;
    }
    if (!(new_findings & complaints))
        return true;
    notice.kind = QUEUE_NOTICE_COMPLAINTS;
    (void)snprintf(cause, sizeof cause, "%" PRId64 " of %" PRId64 " people reported it as unwanted",
                   returned->complained, returned->sent);
    return queue_notice_open(database, &notice, NULL, error);
}

static bool notice_end(struct database *database, int64_t mailing, enum queue_notice_kind kind,
                       int64_t now_at, struct error *error)
{
    char subject[24];
    (void)snprintf(subject, sizeof subject, "%" PRId64, mailing);
    return queue_notice_close(database, kind, subject, now_at, NULL, error);
}

static bool review(struct database *database, struct queue_returned *returned, int64_t now_at,
                   struct error *error)
{
    struct queue_delivery_counts counts = { 0 };
    if (!ended_find(database, returned->mailing, &returned->is_ended, error) ||
        !queue_counts_of_mailing(database, returned->mailing, &counts, error))
        return false;
    counts_take(returned, &counts);
    returned->reviewed_at = now_at;
    int new_findings = findings_of(returned) & ~returned->findings;
    /* Findings are never taken back, because each is reported and acted on once, even where the
     * share falls and grows again. */
    returned->findings |= new_findings;
    return stop(database, returned, new_findings, error) &&
           notices_open(database, returned, new_findings, now_at, error) &&
           returned_write(database, returned, error);
}

bool queue_returned_review(struct database *database, int64_t mailing, int64_t now_at,
                           struct queue_returned *returned, struct error *error)
{
    assert(database_in_transaction(database));
    bool is_ended = false;
    if (!queue_returned_find(database, mailing, returned, error) ||
        !ended_find(database, mailing, &is_ended, error))
        return false;
    /* A mailing under way is counted row by row, so not more than once an hour; what could stop it
     * is looked at when it comes in (is_time_to_review). */
    bool is_fresh = returned->reviewed_at != INSTANT_NONE && !is_ended &&
                    now_at < returned->reviewed_at + DURATION_HOUR &&
                    now_at >= returned->reviewed_at;
    if (is_fresh)
        return true;
    /* Cleared here and not in review(), because count_one() calls that as well and withdraws
     * nobody's probe. */
    return review(database, returned, now_at, error) &&
           (!returned->is_ended ||
            run_for_mailing(database, "UPDATE mailing_return SET is_touched = 0 WHERE mailing = $1",
                            mailing, error));
}

bool queue_returned_next(struct database *database, int64_t after, int64_t *mailing,
                         struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT MIN(mailing) FROM mailing_return WHERE is_touched = 1 AND mailing > $1",
        error);
    statement_bind_integer(statement, 1, after);
    if (!statement_find(statement, &found, error))
        return false;
    *mailing = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

/* ---- counting ---- */

/* At the first count that could stop the mailing and at each doubling of it, so that the mailing is
 * stopped in time but its rows are not counted at every bounce. */
static bool is_time_to_review(int64_t count, int64_t from)
{
    while (from < count)
        from *= 2;
    return from == count;
}

/* The count comes back from the statement that raises it, so that of two who count at once only one
 * meets the number at which to look. */
static bool count_one(struct database *database, const char *sql, int64_t mailing, int64_t from,
                      int64_t now_at, struct error *error)
{
    assert(database_in_transaction(database));
    bool found = false;
    struct queue_returned returned;
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, mailing);
    if (!statement_find(statement, &found, error))
        return false;
    int64_t count = statement_integer(statement, 0);
    statement_reset(statement);
    return !is_time_to_review(count, from) ||
           (queue_returned_find(database, mailing, &returned, error) &&
            review(database, &returned, now_at, error));
}

bool queue_returned_refused(struct database *database, int64_t mailing, bool is_certain,
                            int64_t now_at, struct error *error)
{
    return count_one(database,
                     is_certain
                         ? "INSERT INTO mailing_return (mailing, refused) VALUES ($1, 1)"
                           " ON CONFLICT (mailing) DO UPDATE SET refused ="
                           " mailing_return.refused + 1, is_touched = 1 RETURNING refused"
                         : "INSERT INTO mailing_return (mailing, refused, unproven)"
                           " VALUES ($1, 1, 1) ON CONFLICT (mailing) DO UPDATE SET refused ="
                           " mailing_return.refused + 1, unproven = mailing_return.unproven + 1,"
                           " is_touched = 1 RETURNING refused",
                     mailing, QUEUE_RETURNED_STOPPED_FROM, now_at, error);
}

bool queue_returned_complained(struct database *database, int64_t mailing, int64_t now_at,
                               struct error *error)
{
    return count_one(database,
                     "INSERT INTO mailing_return (mailing, complained) VALUES ($1, 1)"
                     " ON CONFLICT (mailing) DO UPDATE SET complained ="
                     " mailing_return.complained + 1, is_touched = 1 RETURNING complained",
                     mailing, QUEUE_COMPLAINTS_STOPPED_FROM, now_at, error);
}

bool queue_returned_accept(struct database *database, int64_t mailing, int64_t now_at,
                           struct error *error)
{
    assert(database_in_transaction(database));
    return run_for_mailing(database, "UPDATE mailing_return SET is_accepted = 1 WHERE mailing = $1",
                           mailing, error) &&
           notice_end(database, mailing, QUEUE_NOTICE_BOUNCES, now_at, error);
}

bool returned_resumed(struct database *database, int64_t mailing, int64_t now_at,
                      struct error *error)
{
    struct queue_returned returned;
    return queue_returned_find(database, mailing, &returned, error) &&
           notice_end(database, mailing, QUEUE_NOTICE_COMPLAINTS, now_at, error) &&
           (queue_returned_verdict(&returned) == QUEUE_RETURNED_NOBODY ||
            notice_end(database, mailing, QUEUE_NOTICE_BOUNCES, now_at, error));
}

/* Notices that nothing closes, because nobody reports the end of such a trouble, are closed by
 * their age. */
static_assert(QUEUE_NOTICE_BOUNCES == 5 && QUEUE_NOTICE_COMPLAINTS == 6 &&
                  QUEUE_NOTICE_FORGERY == 8,
              "kinds in SQL");
#define OLD_NOTICES                                                                                \
    "notice WHERE until_at IS NULL AND kind IN (@QUEUE_NOTICE_BOUNCES@,"                           \
    " @QUEUE_NOTICE_COMPLAINTS@, @QUEUE_NOTICE_FORGERY@) AND since_at < $1"

static bool notices_close(struct database *database, int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE notice SET until_at = $2 WHERE row_id IN (SELECT row_id FROM " OLD_NOTICES ")",
        error);
    statement_bind_integer(statement, 1, now_at - NOTICE_LASTS_MS);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error);
}

/* Looked for without the write lock, as mostly there is none. */
bool queue_returned_expire(struct database *database, int64_t now_at, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database,
                                                   "SELECT 1 FROM " OLD_NOTICES " LIMIT 1", error);
    statement_bind_integer(statement, 1, now_at - NOTICE_LASTS_MS);
    if (!statement_find(statement, &found, error))
        return false;
    if (!found)
        return true;
    statement_reset(statement);
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, notices_close(database, now_at, error), error);
    return transaction.is_done;
}

/* ---- reporting ---- */

bool queue_returned_next_unreported(struct database *database, int64_t after,
                                    struct queue_returned *returned, bool *found,
                                    struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        RETURNED_COLUMNS
        "WHERE findings <> reported_findings AND mailing > $1 ORDER BY mailing LIMIT 1",
        error);
    statement_bind_integer(statement, 1, after);
    if (!statement_find(statement, found, error))
        return false;
    if (*found) {
        returned_read(statement, returned);
        statement_reset(statement);
    }
    return true;
}

static bool reported_write(struct database *database, const struct queue_returned *returned,
                           struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE mailing_return SET reported_findings = $2 WHERE mailing = $1", error);
    statement_bind_integer(statement, 1, returned->mailing);
    statement_bind_integer(statement, 2, returned->findings);
    return statement_run(statement, error);
}

/* Behind the report: a kill in between reports it twice, and in the other order nobody might hear
 * of it. */
bool queue_returned_set_reported(struct database *database, const struct queue_returned *returned,
                                 struct error *error)
{
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, reported_write(database, returned, error), error);
    return transaction.is_done;
}

bool queue_returned_read_newest(struct database *database, struct arena *arena,
                                struct queue_returned **rows, size_t *count, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database, RETURNED_COLUMNS "WHERE findings <> 0 ORDER BY mailing DESC LIMIT $1", error);
    *rows = arena_allocate_array(arena, FOUND_SHOWN, sizeof **rows);
    *count = 0;
    statement_bind_integer(statement, 1, FOUND_SHOWN);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        returned_read(statement, &(*rows)[(*count)++]);
    statement_reset(statement);
    return result == STATEMENT_DONE;
}
