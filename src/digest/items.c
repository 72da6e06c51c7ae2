/* SPDX-License-Identifier: MIT */
#include "digest/issue.h"

#include "digest/item.h"
#include "digest/numbers.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <stdint.h>

/* ---- what an issue may hold ---- */

static bool feeds_load(struct database *database, struct digest_item *item, struct arena *arena,
                       struct error *error)
{
    enum statement_result result;
    const struct digest_item_feed **end = &item->feeds;
    struct statement *statement = database_prepare(
        database,
        "SELECT feed, version, language, place FROM digest_item_feed WHERE item = $1"
        " ORDER BY place, feed, version",
        error);
    statement_bind_integer(statement, 1, item->row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct digest_item_feed *feed = arena_allocate(arena, sizeof *feed);
        *feed = (struct digest_item_feed){ .feed = statement_copy_text(statement, 0, arena),
                                           .version = statement_integer(statement, 1),
                                           .language = statement_copy_text(statement, 2, arena),
                                           .place = statement_integer(statement, 3) };
        *end = feed;
        end = &feed->next;
    }
    return result == STATEMENT_DONE;
}

enum { ITEMS_LOADED = DIGEST_ITEMS_MAXIMUM + DIGEST_BACKLOG_MAXIMUM };

static bool items_load(struct statement *statement, struct digest_items *items, struct error *error)
{
    enum statement_result result = STATEMENT_DONE;
    while (items->count < ITEMS_LOADED &&
           (result = statement_step(statement, error)) == STATEMENT_ROW)
        items->items[items->count++] = (struct digest_item){
            .row_id = statement_integer(statement, 0),
            .release = statement_integer(statement, 1),
            .kind = (enum queue_kind)statement_integer(statement, 2),
            .at = statement_integer(statement, 3),
            .announcement = statement_integer(statement, 4),
            .is_daily = statement_integer(statement, 5) != 0,
            .is_weekly = statement_integer(statement, 6) != 0,
        };
    statement_reset(statement);
    return result != STATEMENT_FAILED;
}

/* The oldest items in anybody's backlog by $3: from one to the next in an index, however many
 * subscribers have an item in theirs. */
#define BACKLOG_ITEMS                                                                              \
    "WITH RECURSIVE backlog (item) AS (SELECT MIN(item) FROM digest_backlog UNION ALL"             \
    " SELECT (SELECT MIN(o.item) FROM digest_backlog o WHERE o.item > backlog.item) FROM backlog"  \
    " WHERE backlog.item IS NOT NULL), due (row_id) AS (SELECT i.row_id FROM backlog"              \
    " JOIN digest_item i ON i.row_id = backlog.item WHERE i.at <= $3" DIGEST_ITEM_IS_OPEN(         \
        "$2") " AND EXISTS (SELECT 1 FROM digest_backlog o WHERE o.item = i.row_id"                \
              " AND o.at <= $3)"                                                                   \
              " ORDER BY i.row_id LIMIT $4) "

/* Three searches, each by its index, put together: one condition with OR would read every item that
 * there is. */
bool digest_items_load(struct database *database, const struct digest_issue *issue, int64_t now_at,
                       struct arena *arena, struct digest_items *items, struct error *error)
{
    *items = (struct digest_items){ .items = arena_allocate_array(arena, ITEMS_LOADED,
                                                                  sizeof *items->items) };
    struct statement *statement = database_prepare(
        database,
        BACKLOG_ITEMS
        "SELECT i.row_id, i.release_row_id, i.kind, i.at, (SELECT a.row_id FROM announcement a"
        " WHERE a.release_row_id = i.release_row_id AND a.kind = @QUEUE_RELEASE@"
        " AND a.deduplication_key = ''),"
        " CASE WHEN i.daily_issue = $1 THEN 1 ELSE 0 END,"
        " CASE WHEN i.weekly_issue = $1 THEN 1 ELSE 0 END"
        " FROM (SELECT row_id FROM digest_item WHERE daily_issue = $1"
        " UNION SELECT row_id FROM digest_item WHERE weekly_issue = $1"
        " UNION SELECT row_id FROM due) AS held JOIN digest_item i ON i.row_id = held.row_id"
        " WHERE i.at <= $3" DIGEST_ITEM_IS_OPEN("$2") " ORDER BY i.row_id",
        error);
    statement_bind_integer(statement, 1, issue->row_id);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, issue->daily_at);
    statement_bind_integer(statement, 4, DIGEST_BACKLOG_MAXIMUM);
    if (!items_load(statement, items, error))
        return false;
    for (size_t i = 0; i < items->count; i++)
        if (!feeds_load(database, &items->items[i], arena, error))
            return false;
    return true;
}

/* ---- reports ---- */

bool digest_count_waiting(struct database *database, struct digest_waiting *waiting,
                          struct error *error)
{
    bool found = false;
    return DIGEST_ASK(database,
                      "SELECT count(*) FROM digest_item WHERE daily_issue IS NULL AND kind = $1"
                      " AND voided_at IS NULL AND stopped_at IS NULL",
                      &waiting->daily, &found, error, QUEUE_RELEASE) &&
           DIGEST_ASK(database,
                      "SELECT count(*) FROM digest_item WHERE weekly_issue IS NULL AND kind = $1"
                      " AND voided_at IS NULL AND stopped_at IS NULL",
                      &waiting->weekly, &found, error, QUEUE_RELEASE);
}

bool digest_issue_releases(struct database *database, int64_t issue, struct arena *arena,
                           int64_t **releases, size_t *count, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT i.release_row_id, MIN(i.row_id) FROM digest_item i"
        " WHERE (i.daily_issue = $1 OR i.weekly_issue = $1) AND i.voided_at IS NULL"
        " GROUP BY i.release_row_id ORDER BY MIN(i.row_id)",
        error);
    *releases = arena_allocate_array(arena, DIGEST_ITEMS_MAXIMUM, sizeof **releases);
    *count = 0;
    statement_bind_integer(statement, 1, issue);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        if (*count < DIGEST_ITEMS_MAXIMUM)
            (*releases)[(*count)++] = statement_integer(statement, 0);
    return result == STATEMENT_DONE;
}
