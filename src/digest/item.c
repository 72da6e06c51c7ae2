/* SPDX-License-Identifier: MIT */
#include "digest/item.h"

#include "digest/backlog.h"
#include "digest/issue.h"
#include "digest/numbers.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* ---- recording news ---- */

/* Messages that a worker has made already are made again: it finds its claim gone. What is parked
 * (trouble.h) is not made yet, and waits on. The sum keeps the announcements' index out of it: few
 * rows are held, and many may wait. */
bool digest_remake(struct database *database, struct error *error)
{
    return database_execute(database,
                            "UPDATE delivery SET worker = 0 WHERE worker <> 0 AND worker > 0"
                            " AND state IN (@QUEUE_WAITING@) AND announcement + 0 IN " OPEN_DIGESTS,
                            error);
}

static bool feeds_insert(struct database *database, int64_t item,
                         const struct queue_candidates *candidates, struct error *error)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct queue_candidate *candidate = &candidates->items[i];
        struct statement *statement = database_prepare(
            database,
            "INSERT INTO digest_item_feed (item, feed, version, language, place)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (item, feed, version) DO NOTHING",
            error);
        statement_bind_integer(statement, 1, item);
        statement_bind_text(statement, 2, candidate->feed);
        statement_bind_integer(statement, 3, candidate->version);
        statement_bind_text(statement, 4, candidate->language);
        statement_bind_integer(statement, 5, queue_candidate_place(candidates, i));
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

/* Once for each key: a second run, or one after a kill, inserts nothing and gets 0 (I4). */
bool digest_item_insert(struct database *database, const struct digest_news *news,
                        const char *deduplication_key, const struct queue_candidates *candidates,
                        int64_t *row_id, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO digest_item (release_row_id, kind, deduplication_key, mailing, at, ripe_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (release_row_id, kind,"
        " deduplication_key) DO NOTHING"
        " RETURNING row_id",
        error);
    statement_bind_integer(statement, 1, news->release);
    statement_bind_integer(statement, 2, news->kind);
    statement_bind_text(statement, 3, deduplication_key);
    statement_bind_integer(statement, 4, news->mailing);
    statement_bind_integer(statement, 5, news->at);
    statement_bind_integer(statement, 6, news->ripe_at);
    if (!statement_find(statement, &found, error))
        return false;
    *row_id = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return !*row_id || feeds_insert(database, *row_id, candidates, error);
}

bool digest_add(struct database *database, const struct digest_news *news,
                const struct queue_candidates *candidates, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t row_id = 0;
    char again[32];
    if (!digest_item_insert(database, news, news->deduplication_key, candidates, &row_id, error))
        return false;
    /* It was announced before: a second item, under a key of its own, is for those whom the first
     * one did not reach. */
    if (!row_id && news->kind == QUEUE_RELEASE) {
        (void)snprintf(again, sizeof again, "at %" PRId64, news->now_at);
        if (!digest_item_insert(database, news, again, candidates, &row_id, error))
            return false;
    }
    if (!row_id || news->kind != QUEUE_CORRECTION || candidates->count == 0)
        return true;
    const struct digest_sequel sequel = { .release = news->release,
                                          .version = candidates->items[0].version,
                                          .item = row_id,
                                          .at = news->at };
    /* Digests that wait are composed anew, because what a worker has made of them may hold the
     * wrong text. */
    return digest_backlog_add_sequel(database, &sequel, error) && digest_remake(database, error);
}

/* Only rows that nobody has claimed, which are all: the mailing was filled in this transaction. */
bool digest_exclude(struct database *database, const struct queue_mailing *mailing,
                    int64_t *removed, struct error *error)
{
    assert(database_in_transaction(database));
    *removed = 0;
    if (!DIGEST_RUN(database,
                    "DELETE FROM delivery WHERE announcement = $1 AND mailing = $2"
                    " AND state = @QUEUE_QUEUED@"
                    " AND subscriber IN (SELECT d.subscriber FROM announcement a"
                    " CROSS JOIN digest_item i CROSS JOIN digest_issue_item h"
                    " CROSS JOIN delivery d CROSS JOIN digest_content_item k"
                    " WHERE a.row_id = $1 AND a.kind = @QUEUE_RELEASE@"
                    " AND i.release_row_id = a.release_row_id AND i.kind = @QUEUE_RELEASE@"
                    " AND h.item = i.row_id AND d.announcement = h.announcement"
                    " AND (d.state IN (@QUEUE_QUEUED@, @QUEUE_SENDING@, @QUEUE_SENT@,"
                    " @QUEUE_DEFERRED@, @QUEUE_UNKNOWN@) OR d.indeterminate_count > 0)"
                    " AND k.content = d.version AND k.item = h.item AND k.version = h.version)",
                    error, mailing->announcement, mailing->row_id))
        return false;
    *removed = database_changes(database);
    return true;
}

/* ---- a mailing that goes on ---- */

bool digest_mailing_resume(struct database *database, int64_t mailing, int64_t now_at,
                           struct error *error)
{
    assert(database_in_transaction(database));
    bool is_being_made = false;
    if (!digest_issue_is_being_made(database, mailing, &is_being_made, error))
        return false;
    if (is_being_made)
        return error_set(error, ERROR_INPUT,
                         "mailing %" PRId64 ": is still being put together" ERROR_ADVICE
                         "the next run ends that "
                         "and sends it",
                         mailing);
    /* Items that digests held back with the mailing are in the next issue. */
    return DIGEST_RUN(database,
                      "UPDATE digest_item SET at = $2 WHERE mailing = $1 AND at < $2"
                      " AND daily_issue IS NULL AND weekly_issue IS NULL AND EXISTS"
                      " (SELECT 1 FROM mailing m WHERE m.row_id = $1"
                      " AND m.state IN (@QUEUE_MAILING_HELD@, @QUEUE_MAILING_PAUSED@))",
                      error, mailing, now_at) &&
           queue_mailing_resume(database, mailing, now_at, error);
}
