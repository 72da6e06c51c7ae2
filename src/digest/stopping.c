/* SPDX-License-Identifier: MIT */
#include "digest/content.h"
#include "digest/item.h"
#include "digest/numbers.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* When what is stopped in somebody's backlog comes: never, as far as a run that looks for work
 * sees. */
#define NEVER (INT64_MAX / 2)

#define ITEMS_OF_RELEASE                                                                           \
    "(SELECT i.row_id FROM digest_item i WHERE i.release_row_id = $1 AND i.voided_at IS NULL)"

/* Rows of digests that hold an item of the release ($1), of such states. The order of the joins is
 * the order of work, as for what follows a release (backlog.c). */
#define ROWS_WITH_RELEASE(announcements, states)                                                   \
    " FROM digest_item i CROSS JOIN digest_issue_item h CROSS JOIN delivery d"                     \
    " CROSS JOIN digest_content_item k WHERE i.release_row_id = $1 AND i.voided_at IS NULL"        \
    " AND h.item = i.row_id" announcements " AND d.announcement = h.announcement"                  \
    " AND d.state IN (" states ") AND k.content = d.version AND k.item = h.item"                   \
    " AND k.version = h.version"
#define IN_OPEN_DIGESTS " AND h.announcement IN " OPEN_DIGESTS

/* ---- messages that wait ---- */

/* A row of a digest that has not left. */
struct stopped_row {
    int64_t announcement;
    int64_t subscriber;
    int64_t content;
    bool is_leaving; /* or it is not known whether it has left */
};

/* What one content becomes. */
struct replacement {
    int64_t content;
    int64_t with; /* the row id of what is left; 0: nothing is */
};

struct stopped_rows {
    struct database *database;
    struct arena arena;
    int64_t release;
    int64_t now_at;
    struct stopped_row *items; /* by announcement and content */
    size_t count;
    size_t capacity;
};

static bool rows_find(struct stopped_rows *rows, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        rows->database,
        "SELECT DISTINCT d.announcement, d.version, d.subscriber,"
        " CASE WHEN d.state IN (@QUEUE_WAITING@) THEN 0 ELSE 1 END" ROWS_WITH_RELEASE(
            IN_OPEN_DIGESTS, "@QUEUE_UNFINISHED@") " ORDER BY d.announcement, d.version,"
                                                   " d.subscriber",
        error);
    statement_bind_integer(statement, 1, rows->release);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        ARRAY_GROW_IN(&rows->arena, rows->items, rows->count, rows->capacity);
        rows->items[rows->count++] = (struct stopped_row){
            .announcement = statement_integer(statement, 0),
            .content = statement_integer(statement, 1),
            .subscriber = statement_integer(statement, 2),
            .is_leaving = statement_integer(statement, 3) != 0,
        };
    }
    return result == STATEMENT_DONE;
}

/* The same message without the release. */
static bool replacement_make(const struct stopped_rows *rows, const struct stopped_row *row,
                             struct replacement *made, struct error *error)
{
    size_t count = 0;
    struct arena arena = { 0 };
    struct digest_part *parts;
    struct digest_content content = { .count = 0 };
    const struct digest_issue issue = { .announcement = row->announcement };
    *made = (struct replacement){ .content = row->content };
    bool done = digest_parts_read(rows->database, row->content, &arena, &parts, &count, error);
    struct digest_content_item *left = arena_allocate_array(&arena, count + 1, sizeof *left);
    for (size_t i = 0; done && i < count; i++)
        if (parts[i].release != rows->release && parts[i].is_live)
            left[content.count++] = (struct digest_content_item){ parts[i].item, parts[i].version };
    content.items = left;
    hash_bytes(left, content.count * sizeof *left, &content.fingerprint);
    done = done && (!content.count ||
                    digest_content_find(rows->database, &issue, &content, &made->with, error));
    arena_release(&arena);
    return done;
}

/* What the row would have brought of the release comes to the subscriber when it goes on. */
static bool owe(const struct stopped_rows *rows, const struct stopped_row *row, struct error *error)
{
    return DIGEST_RUN(rows->database,
                      "INSERT INTO digest_backlog (subscriber, item, at)"
                      " SELECT CAST($2 AS @integer@), k.item, CAST($4 AS @integer@)"
                      " FROM digest_content_item k"
                      " WHERE k.content = $3 AND k.item IN " ITEMS_OF_RELEASE
                      " ON CONFLICT (subscriber, item) DO NOTHING",
                      error, rows->release, row->subscriber, row->content, NEVER);
}

/* A message that a worker has made is made again: it finds its claim gone. */
static bool row_replace(const struct stopped_rows *rows, const struct stopped_row *row,
                        int64_t content, struct error *error)
{
    if (!content)
        return DIGEST_RUN(rows->database,
                          "UPDATE delivery SET state = @QUEUE_CANCELLED@, worker = 0,"
                          " updated_at = $3 WHERE announcement = $1 AND subscriber = $2"
                          " AND state IN (@QUEUE_WAITING@)",
                          error, row->announcement, row->subscriber, rows->now_at);
    return DIGEST_RUN(rows->database,
                      "UPDATE delivery SET version = $3,"
                      " worker = CASE WHEN worker > 0 THEN 0 ELSE worker END,"
                      " next_at = CASE WHEN state = @QUEUE_QUEUED@ THEN $3 ELSE next_at END"
                      " WHERE announcement = $1 AND subscriber = $2 AND state IN (@QUEUE_WAITING@)",
                      error, row->announcement, row->subscriber, content);
}

/* What is being sent may arrive. Where it does not it is not tried again, and all that it held
 * comes with the next digest, which leaves out what arrived (past.c). */
static bool row_end(const struct stopped_rows *rows, const struct stopped_row *row,
                    struct error *error)
{
    return DIGEST_RUN(rows->database,
                      "UPDATE delivery SET is_cancelled = 1 WHERE announcement = $1"
                      " AND subscriber = $2 AND state IN (@QUEUE_SENDING@, @QUEUE_UNKNOWN@)",
                      error, row->announcement, row->subscriber) &&
           DIGEST_RUN(rows->database,
                      "INSERT INTO digest_backlog (subscriber, item, at)"
                      " SELECT CAST($1 AS @integer@), k.item, CAST($3 AS @integer@)"
                      " FROM digest_content_item k WHERE k.content = $2"
                      " ON CONFLICT (subscriber, item) DO NOTHING",
                      error, row->subscriber, row->content, rows->now_at);
}

/* Row by row, by their key, because there may be as many contents as rows. */
static bool rows_stop(struct stopped_rows *rows, struct digest_stopping *stopping,
                      struct error *error)
{
    struct replacement last = { .content = 0 };
    for (size_t i = 0; i < rows->count; i++) {
        const struct stopped_row *row = &rows->items[i];
        if (row->is_leaving) {
            if (!row_end(rows, row, error))
                return false;
            continue;
        }
        if (last.content != row->content && !replacement_make(rows, row, &last, error))
            return false;
        if (!owe(rows, row, error) || !row_replace(rows, row, last.with, error))
            return false;
        stopping->without += last.with != 0;
        stopping->emptied += last.with == 0;
    }
    return true;
}

/* ---- what is still to be made ---- */

/* An issue that is being made takes it no further, and the next one has it for those whom this one
 * did not reach. */
static bool issues_leave(struct database *database, int64_t release, struct error *error)
{
    return DIGEST_RUN(database,
                      "UPDATE digest_item SET daily_issue = NULL WHERE row_id IN " ITEMS_OF_RELEASE
                      " AND daily_issue IN (SELECT e.row_id FROM digest_issue e"
                      " WHERE e.is_complete = 0)",
                      error, release) &&
           DIGEST_RUN(database,
                      "UPDATE digest_item SET weekly_issue = NULL WHERE row_id IN " ITEMS_OF_RELEASE
                      " AND weekly_issue IN (SELECT e.row_id FROM digest_issue e"
                      " WHERE e.is_complete = 0)",
                      error, release);
}

static bool is_awaited(struct database *database, int64_t release, bool *awaited,
                       struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database,
                      "SELECT 1 FROM digest_backlog b WHERE b.item IN " ITEMS_OF_RELEASE
                      " UNION ALL SELECT 1 FROM digest_item t JOIN digest_item_feed f"
                      " ON f.item = t.row_id JOIN active_subscription p ON p.feed = f.feed"
                      " WHERE t.release_row_id = $1 AND t.kind = @QUEUE_RELEASE@"
                      " AND t.voided_at IS NULL AND t.row_id > p.digest_after"
                      " AND ((p.is_daily = 1 AND t.daily_issue IS NULL)"
                      " OR (p.is_weekly = 1 AND t.weekly_issue IS NULL)) LIMIT 1",
                      &value, awaited, error, release);
}

static bool items_stop(struct database *database, int64_t release, int64_t now_at,
                       struct error *error)
{
    return DIGEST_RUN(database,
                      "UPDATE digest_item SET stopped_at = $2 WHERE stopped_at IS NULL"
                      " AND row_id IN " ITEMS_OF_RELEASE,
                      error, release, now_at) &&
           DIGEST_RUN(database, "UPDATE digest_backlog SET at = $2 WHERE item IN " ITEMS_OF_RELEASE,
                      error, release, NEVER);
}

static bool count_had(struct database *database, int64_t release, int64_t *had, struct error *error)
{
    bool found = false;
    return DIGEST_ASK(database,
                      "SELECT count(DISTINCT d.subscriber)" ROWS_WITH_RELEASE(
                          "", "@QUEUE_MAYBE_SENT@") " AND i.kind = @QUEUE_RELEASE@",
                      had, &found, error, release);
}

/* ---- all of it ---- */

bool digest_stopping_kept_back(const struct digest_stopping *stopping)
{
    return stopping->is_awaited || stopping->without || stopping->emptied;
}

bool digest_stop_release(struct database *database, int64_t release, int64_t now_at,
                         struct digest_stopping *stopping, struct error *error)
{
    assert(database_in_transaction(database));
    struct stopped_rows rows = { .database = database, .release = release, .now_at = now_at };
    *stopping = (struct digest_stopping){ 0 };
    bool done = count_had(database, release, &stopping->had, error) &&
                issues_leave(database, release, error) &&
                is_awaited(database, release, &stopping->is_awaited, error) &&
                rows_find(&rows, error) && rows_stop(&rows, stopping, error);
    if (done && (rows.count || stopping->is_awaited))
        done = items_stop(database, release, now_at, error);
    arena_release(&rows.arena);
    return done;
}

static bool mailings_resume(struct database *database, int64_t release, int64_t now_at,
                            size_t *count, struct error *error)
{
    struct queue_mailing_cursor cursor;
    const struct queue_mailing *mailing;
    bool done = true;
    queue_mailing_cursor_open(&cursor, database, release, false);
    while (done && queue_mailing_cursor_next(&cursor, &mailing, error)) {
        if (strcmp(mailing->note, QUEUE_STOPPED_NOTE) != 0)
            continue;
        bool is_held = mailing->state == QUEUE_MAILING_HELD;
        if (!is_held && mailing->state != QUEUE_MAILING_PAUSED)
            continue;
        ++*count;
        done = is_held ? queue_mailing_mark_stopped(database, mailing->row_id, false, error)
                       : digest_mailing_resume(database, mailing->row_id, now_at, error);
    }
    return queue_mailing_cursor_close(&cursor) && done;
}

bool digest_resume_release(struct database *database, int64_t release, int64_t now_at,
                           size_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    *count = 0;
    /* It belongs to the next issue, and is no reason for one today. */
    if (!mailings_resume(database, release, now_at, count, error) ||
        !DIGEST_RUN(database,
                    "UPDATE digest_item SET stopped_at = NULL, at = CASE WHEN at < $2"
                    " AND (daily_issue IS NULL OR weekly_issue IS NULL) THEN $2 ELSE at END"
                    " WHERE stopped_at IS NOT NULL AND row_id IN " ITEMS_OF_RELEASE,
                    error, release, now_at))
        return false;
    size_t items = (size_t)database_changes(database);
    *count += items;
    return !items || DIGEST_RUN(database,
                                "UPDATE digest_backlog SET at = $2 WHERE at > $2"
                                " AND item IN " ITEMS_OF_RELEASE,
                                error, release, now_at);
}
