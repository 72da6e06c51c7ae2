/* SPDX-License-Identifier: MIT */
#include "digest/backlog.h"

#include "digest/numbers.h"

#include "base/error.h"
#include "database/database.h"

#include <assert.h>

/* ---- filling it ---- */

/* Issues that have not come to the subscriber ($1) yet. */
#define ISSUES_TO_COME                                                                             \
    "(SELECT e.row_id FROM digest_issue e WHERE e.is_complete = 0 AND e.composed_to < $1)"

/* A subscription's window begins anew whenever it changes (digest_after). What lies in the old
 * window, and has not come in an issue yet, would be lost with it: so it goes to the backlog, and
 * whether it is followed still is seen when the next issue is made. */
bool digest_backlog_flush(struct database *database, int64_t subscriber, int64_t now_at,
                          struct error *error)
{
    assert(database_in_transaction(database));
    /* Items that wait for a weekly instant are due at once, because the subscription may be a daily
     * one now. */
    if (!DIGEST_RUN(database, "UPDATE digest_backlog SET at = $2 WHERE subscriber = $1 AND at > $2",
                    error, subscriber, now_at))
        return false;
    return DIGEST_RUN(
        database,
        "INSERT INTO digest_backlog (subscriber, item, at)"
        " SELECT DISTINCT p.subscriber, i.row_id, CAST($2 AS @integer@)"
        " FROM (SELECT row_id FROM digest_item WHERE daily_issue IS NULL AND kind = @QUEUE_RELEASE@"
        " UNION SELECT row_id FROM digest_item WHERE weekly_issue IS NULL"
        " AND kind = @QUEUE_RELEASE@"
        " UNION SELECT row_id FROM digest_item WHERE daily_issue IN " ISSUES_TO_COME
        " UNION SELECT row_id FROM digest_item WHERE weekly_issue IN " ISSUES_TO_COME ") AS taken"
        " CROSS JOIN digest_item i CROSS JOIN digest_item_feed f CROSS JOIN active_subscription p"
        " WHERE i.row_id = taken.row_id AND i.kind = @QUEUE_RELEASE@ AND i.voided_at IS NULL"
        " AND f.item = i.row_id"
        " AND p.subscriber = $1 AND p.feed = f.feed"
        " AND i.row_id > p.digest_after"
        " AND ((p.is_daily = 1 AND (i.daily_issue IS NULL"
        " OR i.daily_issue IN " ISSUES_TO_COME ")) OR (p.is_weekly = 1"
        " AND (i.weekly_issue IS NULL"
        " OR i.weekly_issue IN " ISSUES_TO_COME ")))"
        " ON CONFLICT (subscriber, item) DO NOTHING",
        error, subscriber, now_at);
}

/* Who had version $2 of release $1 in a digest gets item $3 from $4 on. Here and below the order
 * of the joins is the order of work: the digests that held it, and of those each subscriber's row.
 */
static const char add_sequel[] =
    "INSERT INTO digest_backlog (subscriber, item, at) SELECT DISTINCT d.subscriber,"
    " CAST($3 AS @integer@), CAST($4 AS @integer@)"
    " FROM digest_item i CROSS JOIN digest_issue_item h CROSS JOIN delivery d"
    " CROSS JOIN digest_content_item k CROSS JOIN mailable_subscriber s"
    " WHERE i.release_row_id = $1 AND i.kind = @QUEUE_RELEASE@ AND h.item = i.row_id"
    " AND h.version = $2"
    " AND d.announcement = h.announcement AND (d.state IN (@QUEUE_MAYBE_SENT@) OR"
    " d.indeterminate_count > 0)"
    " AND k.content = d.version AND k.item = h.item AND k.version = h.version"
    " AND s.row_id = d.subscriber"
    " ON CONFLICT (subscriber, item) DO NOTHING";

bool digest_backlog_add_sequel(struct database *database, const struct digest_sequel *sequel,
                               struct error *error)
{
    return DIGEST_RUN(database, add_sequel, error, sequel->release, sequel->version, sequel->item,
                      sequel->at);
}

/* ---- reading it ---- */

bool digest_backlog_exists(struct database *database, bool *exists, struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database, "SELECT 1 FROM digest_backlog WHERE item > $1 LIMIT 1", &value,
                      exists, error, 0);
}

void digest_backlog_open(struct digest_backlog *backlog, struct database *database,
                         int64_t subscriber, int64_t before_at)
{
    *backlog = (struct digest_backlog){ .database = database,
                                        .subscriber = subscriber,
                                        .before_at = before_at };
}

/* Behind the last item that was read, not by a count of rows: what was read may have been dropped
 * since, and the rest would move up. */
static bool page_read(struct digest_backlog *backlog, struct error *error)
{
    enum statement_result result = STATEMENT_DONE;
    int64_t after = backlog->count ? backlog->items[backlog->count - 1] : 0;
    struct statement *statement = database_prepare(
        backlog->database,
        "SELECT item FROM digest_backlog WHERE subscriber = $1 AND item > $2 AND at <= $3"
        " ORDER BY item LIMIT $4",
        error);
    statement_bind_integer(statement, 1, backlog->subscriber);
    statement_bind_integer(statement, 2, after);
    statement_bind_integer(statement, 3, backlog->before_at);
    statement_bind_integer(statement, 4, DIGEST_BACKLOG_PAGE);
    backlog->next = backlog->count = 0;
    while (backlog->count < DIGEST_BACKLOG_PAGE &&
           (result = statement_step(statement, error)) == STATEMENT_ROW)
        backlog->items[backlog->count++] = statement_integer(statement, 0);
    if (result == STATEMENT_ROW)
        statement_reset(statement);
    backlog->is_last = backlog->count < DIGEST_BACKLOG_PAGE;
    backlog->failed = result == STATEMENT_FAILED;
    return !backlog->failed;
}

bool digest_backlog_next(struct digest_backlog *backlog, int64_t *item, struct error *error)
{
    if (backlog->next == backlog->count && !backlog->is_last && !backlog->failed &&
        !page_read(backlog, error))
        return false;
    if (backlog->next == backlog->count)
        return false;
    *item = backlog->items[backlog->next++];
    return true;
}

/* ---- emptying it ---- */

bool digest_backlog_drop(struct database *database, int64_t subscriber, int64_t item,
                         struct error *error)
{
    return DIGEST_RUN(database, "DELETE FROM digest_backlog WHERE subscriber = $1 AND item = $2",
                      error, subscriber, item);
}

bool digest_backlog_snooze(struct database *database, int64_t subscriber, int64_t item, int64_t at,
                           struct error *error)
{
    return DIGEST_RUN(database,
                      "UPDATE digest_backlog SET at = $3 WHERE subscriber = $1 AND item = $2"
                      " AND at < $3",
                      error, subscriber, item, at);
}

bool digest_backlog_drop_all(struct database *database, int64_t subscriber, struct error *error)
{
    return DIGEST_RUN(database, "DELETE FROM digest_backlog WHERE subscriber = $1", error,
                      subscriber);
}
