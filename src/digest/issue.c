/* SPDX-License-Identifier: MIT */
#include "digest/issue.h"

#include "digest/item.h"
#include "digest/numbers.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdint.h>

/* ---- when ---- */

/* Releases whose time has come ($1 their instant, $2 now) and that no issue of the kind took. */
#define DAILY_ITEMS                                                                                \
    " FROM digest_item i WHERE i.daily_issue IS NULL AND i.at <= $1"                               \
    " AND i.kind = @QUEUE_RELEASE@" DIGEST_ITEM_IS_OPEN("$2")
#define WEEKLY_ITEMS                                                                               \
    " FROM digest_item i WHERE i.weekly_issue IS NULL AND i.at <= $1"                              \
    " AND i.kind = @QUEUE_RELEASE@" DIGEST_ITEM_IS_OPEN("$2")
#define BACKLOG_ITEMS                                                                              \
    " FROM digest_backlog b JOIN digest_item i ON i.row_id = b.item"                               \
    " WHERE b.at <= $1 AND i.at <= $1" DIGEST_ITEM_IS_OPEN("$2")

/* Once for each weekly instant, also where nothing had to be made at it. */
static bool is_weekly(struct database *database, const struct digest_instants *instants,
                      bool *weekly, struct error *error)
{
    bool found = false;
    int64_t last_at = 0;
    if (!DIGEST_ASK(database, "SELECT MAX(weekly_at) FROM digest_issue WHERE weekly_at >= $1",
                    &last_at, &found, error, instants->weekly_at))
        return false;
    *weekly = !found;
    return true;
}

static bool exists(struct database *database, const char *sql, int64_t at, int64_t now_at,
                   bool *found, struct error *error)
{
    int64_t value;
    return *found || DIGEST_ASK(database, sql, &value, found, error, at, now_at);
}

/* Each question is asked only where those before it found nothing, as this is asked in every run.
 */
static bool has_work(struct database *database, const struct digest_instants *instants, bool *found,
                     struct error *error)
{
    bool weekly = false;
    int64_t now_at = instants->now_at;
    *found = false;
    if (!exists(database, "SELECT 1" DAILY_ITEMS " LIMIT 1", instants->daily_at, now_at, found,
                error) ||
        !exists(database, "SELECT 1" BACKLOG_ITEMS " LIMIT 1", instants->daily_at, now_at, found,
                error))
        return false;
    return *found || (is_weekly(database, instants, &weekly, error) &&
                      (!weekly || exists(database, "SELECT 1" WEEKLY_ITEMS " LIMIT 1",
                                         instants->weekly_at, now_at, found, error)));
}

/* What belongs to this issue and has still to wait for announce.delay: the issue waits too. */
static bool unripe_find(struct database *database, const struct digest_instants *instants,
                        int64_t *ripe_at, bool *found, struct error *error)
{
    return DIGEST_ASK(database,
                      "SELECT MAX(i.ripe_at) FROM digest_item i WHERE i.daily_issue IS NULL"
                      " AND i.at <= $1 AND i.ripe_at > $2 AND i.kind = @QUEUE_RELEASE@"
                      " AND i.voided_at IS NULL AND i.stopped_at IS NULL"
                      " AND NOT EXISTS (SELECT 1 FROM mailing m WHERE m.row_id = i.mailing"
                      " AND m.state IN (@QUEUE_MAILING_HELD@, @QUEUE_MAILING_PAUSED@,"
                      " @QUEUE_MAILING_CANCELLED@))",
                      ripe_at, found, error, instants->daily_at, instants->now_at);
}

/* One issue a date: what comes later that day waits for the next. */
static bool date_exists(struct database *database, const char *date, bool *found,
                        struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM digest_issue WHERE date = $1", error);
    statement_bind_text(statement, 1, date);
    bool done = statement_find(statement, found, error);
    statement_reset(statement);
    return done;
}

static bool begun_find(struct database *database, int64_t *row_id, bool *found, struct error *error)
{
    return DIGEST_ASK(database,
                      "SELECT MIN(row_id) FROM digest_issue WHERE is_complete = 0"
                      " AND row_id > $1",
                      row_id, found, error, 0);
}

bool digest_issue_due(struct database *database, const struct digest_instants *instants,
                      int64_t *due_at, struct error *error)
{
    int64_t value = 0;
    bool found = false;
    *due_at = instants->now_at;
    if (!begun_find(database, &value, &found, error))
        return false;
    if (found)
        return true;
    *due_at = INSTANT_NONE;
    if (!date_exists(database, instants->date, &found, error))
        return false;
    if (found)
        return true;
    if (!unripe_find(database, instants, &value, &found, error))
        return false;
    if (found) {
        *due_at = value;
        return true;
    }
    if (!has_work(database, instants, &found, error))
        return false;
    if (found)
        *due_at = instants->now_at;
    return true;
}

/* ---- opening ---- */

#define ISSUE_COLUMNS                                                                              \
    "SELECT row_id, date, daily_at, weekly_at, announcement, mailing, composed_to,"                \
    " is_complete, (SELECT m.message_at FROM mailing m WHERE m.row_id = digest_issue.mailing)"     \
    " FROM digest_issue WHERE "

static bool issue_read(struct statement *statement, struct arena *arena, struct digest_issue *issue,
                       struct error *error)
{
    bool found = false;
    *issue = (struct digest_issue){ 0 };
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        *issue = (struct digest_issue){
            .row_id = statement_integer(statement, 0),
            .date = statement_copy_text(statement, 1, arena),
            .daily_at = statement_integer(statement, 2),
            .weekly_at = statement_integer(statement, 3),
            .announcement = statement_integer(statement, 4),
            .mailing = statement_integer(statement, 5),
            .composed_to = statement_integer(statement, 6),
            .is_complete = statement_integer(statement, 7) != 0,
            .message_at = statement_integer(statement, 8),
        };
    statement_reset(statement);
    return true;
}

bool digest_issue_of_mailing(struct database *database, int64_t mailing, struct arena *arena,
                             struct digest_issue *issue, struct error *error)
{
    struct statement *statement = database_prepare(database, ISSUE_COLUMNS "mailing = $1", error);
    statement_bind_integer(statement, 1, mailing);
    return issue_read(statement, arena, issue, error);
}

static bool issue_insert(struct database *database, const struct digest_instants *instants,
                         bool weekly, int64_t *row_id, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO digest_issue (date, daily_at, weekly_at, composed_to, is_complete)"
        " VALUES ($1, $2, $3, $4, 0) RETURNING row_id",
        error);
    statement_bind_text(statement, 1, instants->date);
    statement_bind_integer(statement, 2, instants->daily_at);
    statement_bind_instant(statement, 3, weekly ? instants->weekly_at : INSTANT_NONE);
    /* Before every subscriber's id. */
    statement_bind_integer(statement, 4, INT64_MIN);
    if (!statement_find(statement, &found, error))
        return false;
    *row_id = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

static bool items_take(struct database *database, const char *sql, int64_t at, int64_t now_at,
                       int64_t issue, struct error *error)
{
    return DIGEST_RUN(database, sql, error, at, now_at, issue, DIGEST_ITEMS_MAXIMUM / 2);
}

/* Half of the items may be weekly ones, so that neither kind of subscribers waits for the other's.
 */
static bool issue_begin(struct database *database, const struct digest_instants *instants,
                        int64_t *row_id, struct error *error)
{
    bool weekly = false;
    /* Items are taken in the transaction that makes the issue, so that each is in one issue, also
     * where two runs begin. */
    return is_weekly(database, instants, &weekly, error) &&
           issue_insert(database, instants, weekly, row_id, error) &&
           items_take(database,
                      "UPDATE digest_item SET daily_issue = $3 WHERE row_id IN"
                      " (SELECT i.row_id" DAILY_ITEMS " ORDER BY i.row_id LIMIT $4)",
                      instants->daily_at, instants->now_at, *row_id, error) &&
           (!weekly || items_take(database,
                                  "UPDATE digest_item SET weekly_issue = $3 WHERE row_id IN"
                                  " (SELECT i.row_id" WEEKLY_ITEMS " ORDER BY i.row_id LIMIT $4)",
                                  instants->weekly_at, instants->now_at, *row_id, error));
}

/* One that was begun goes first, because its items are taken and its date's key lets nobody begin
 * it again: without it they would be lost. */
bool digest_issue_open(struct database *database, const struct digest_instants *instants,
                       struct arena *arena, struct digest_issue *issue, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t row_id = 0;
    int64_t due_at = INSTANT_NONE;
    bool found = false;
    *issue = (struct digest_issue){ 0 };
    if (!begun_find(database, &row_id, &found, error))
        return false;
    if (!found) {
        if (!digest_issue_due(database, instants, &due_at, error))
            return false;
        if (due_at == INSTANT_NONE || due_at > instants->now_at)
            return true;
        if (!issue_begin(database, instants, &row_id, error))
            return false;
    }
    struct statement *statement = database_prepare(database, ISSUE_COLUMNS "row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    return issue_read(statement, arena, issue, error);
}

/* ---- going on and ending ---- */

bool digest_issue_advance(struct database *database, const struct digest_issue *issue,
                          int64_t subscriber, struct error *error)
{
    return DIGEST_RUN(database, "UPDATE digest_issue SET composed_to = $2 WHERE row_id = $1", error,
                      issue->row_id, subscriber);
}

/* Its messages are dated now, when the last row is made. A kill before this commit leaves the
 * mailing held, and the next run goes on. */
bool digest_issue_close(struct database *database, const struct digest_issue *issue, int64_t now_at,
                        struct error *error)
{
    assert(database_in_transaction(database));
    return DIGEST_RUN(database, "UPDATE digest_issue SET is_complete = 1 WHERE row_id = $1", error,
                      issue->row_id) &&
           DIGEST_RUN(database,
                      "UPDATE mailing SET state = @QUEUE_MAILING_ACTIVE@, note = '',"
                      " starts_at = $2, message_at = $2"
                      " WHERE row_id = $1 AND state = @QUEUE_MAILING_HELD@",
                      error, issue->mailing, now_at);
}

bool digest_issue_is_cancelled(struct database *database, const struct digest_issue *issue,
                               bool *is_cancelled, struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database,
                      "SELECT 1 FROM mailing WHERE row_id = $1"
                      " AND state = @QUEUE_MAILING_CANCELLED@",
                      &value, is_cancelled, error, issue->mailing);
}

bool digest_issue_is_being_made(struct database *database, int64_t mailing, bool *is_being_made,
                                struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database, "SELECT 1 FROM digest_issue WHERE mailing = $1 AND is_complete = 0",
                      &value, is_being_made, error, mailing);
}
