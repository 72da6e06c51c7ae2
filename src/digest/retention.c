/* SPDX-License-Identifier: MIT */
#include "digest/digest.h"

#include "digest/numbers.h"

#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdint.h>

/* A step is a transaction that whoever sends waits for. */
enum { STEP_ROWS = 1000 };

/* A digest before $1 whose mailing's rows are all forgotten (queue_retain). */
#define FORGOTTEN_ISSUE                                                                            \
    "SELECT MIN(e.row_id) FROM digest_issue e JOIN mailing m ON m.row_id = e.mailing"              \
    " WHERE e.daily_at < $1 AND m.forgotten = @FORGOTTEN_ROWS@"

#define ANNOUNCEMENT " (SELECT e.announcement FROM digest_issue e WHERE e.row_id = $1)"

#define SOME_CONTENTS                                                                              \
    "SELECT k.row_id FROM digest_content k WHERE k.announcement =" ANNOUNCEMENT                    \
    " ORDER BY k.fingerprint LIMIT $2"

/* Items stay as long as a digest that held them is known, because otherwise nobody could find out
 * what it held. */
#define OLD_ITEMS                                                                                  \
    "SELECT i.row_id FROM digest_item i WHERE i.at < $1"                                           \
    " AND NOT EXISTS (SELECT 1 FROM digest_issue_item h WHERE h.item = i.row_id)"

/* Issues that brought nothing to anybody. */
#define EMPTY_ISSUES                                                                               \
    "SELECT e.row_id FROM digest_issue e WHERE e.announcement IS NULL AND e.daily_at < $1"         \
    " AND e.is_complete = 1"

bool digest_retain_find(struct database *database, int64_t before_at, bool *found,
                        struct error *error)
{
    static const char *const queries[] = { FORGOTTEN_ISSUE, OLD_ITEMS " LIMIT 1",
                                           EMPTY_ISSUES " LIMIT 1" };
    int64_t row_id;
    *found = false;
    for (size_t i = 0; !*found && i < sizeof queries / sizeof queries[0]; i++)
        if (!DIGEST_ASK(database, queries[i], &row_id, found, error, before_at))
            return false;
    return true;
}

/* Forgets an issue: its contents in small steps, because there may be as many as subscribers, then
 * the issue itself. That its releases were announced is recorded in the same transaction, because
 * otherwise they could be announced again. */
static bool issue_forget(struct database *database, int64_t issue, struct error *error)
{
    static const char *const last[] = {
        "INSERT INTO digest_forgotten (release_row_id)"
        " SELECT DISTINCT i.release_row_id FROM digest_issue_item h JOIN digest_item i"
        " ON i.row_id = h.item WHERE h.announcement =" ANNOUNCEMENT " AND i.kind = @QUEUE_RELEASE@"
        " ON CONFLICT (release_row_id) DO NOTHING",
        ("DELETE FROM digest_issue_item WHERE announcement =" ANNOUNCEMENT),
        "DELETE FROM digest_issue WHERE row_id = $1",
    };
    if (!DIGEST_RUN(database,
                    "DELETE FROM digest_content_item WHERE content IN (" SOME_CONTENTS ")", error,
                    issue, STEP_ROWS) ||
        !DIGEST_RUN(database, "DELETE FROM digest_content WHERE row_id IN (" SOME_CONTENTS ")",
                    error, issue, STEP_ROWS))
        return false;
    if (database_changes(database) > 0)
        return true;
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
        if (!DIGEST_RUN(database, last[i], error, issue))
            return false;
    return true;
}

/* Rows that refer to items are deleted before them, because they are found by the items. */
static bool old_items_forget(struct database *database, int64_t before_at, bool *more,
                             struct error *error)
{
    static const char *const old[] = {
        "DELETE FROM digest_backlog WHERE item IN (" OLD_ITEMS " ORDER BY i.at, i.row_id LIMIT $2)",
        "DELETE FROM digest_item_feed WHERE item IN (" OLD_ITEMS
        " ORDER BY i.at, i.row_id LIMIT $2)",
        "DELETE FROM digest_item WHERE row_id IN (" OLD_ITEMS " ORDER BY i.at, i.row_id LIMIT $2)",
        "DELETE FROM digest_issue WHERE row_id IN (" EMPTY_ISSUES " LIMIT $2)",
    };
    *more = false;
    for (size_t i = 0; i < sizeof old / sizeof old[0]; i++) {
        if (!DIGEST_RUN(database, old[i], error, before_at, STEP_ROWS))
            return false;
        *more = *more || database_changes(database) > 0;
    }
    return true;
}

bool digest_retain(struct database *database, int64_t before_at, bool *more, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t issue = 0;
    if (!DIGEST_ASK(database, FORGOTTEN_ISSUE, &issue, more, error, before_at))
        return false;
    return *more ? issue_forget(database, issue, error)
                 : old_items_forget(database, before_at, more, error);
}
