/* SPDX-License-Identifier: MIT */
#include "digest/item.h"
#include "digest/numbers.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>

/* Releases that wait to be mailed at once to a subscriber ($1) who follows them only in digests
 * now. */
static const char add_unselected[] =
    "INSERT INTO digest_backlog (subscriber, item, at)"
    " SELECT d.subscriber, MAX(i.row_id), CAST($2 AS @integer@) FROM delivery d"
    " JOIN announcement a ON a.row_id = d.announcement"
    " JOIN digest_item i ON i.release_row_id = a.release_row_id AND i.kind = @QUEUE_RELEASE@"
    " JOIN digest_item_feed f ON f.item = i.row_id"
    " JOIN digest_subscription p ON p.subscriber = d.subscriber AND p.feed = f.feed"
    " WHERE d.announcement IN @OPEN_ANNOUNCEMENTS@"
    " AND d.subscriber = $1 AND d.state IN (@QUEUE_UNFINISHED@) AND a.kind = @QUEUE_RELEASE@"
    " AND i.voided_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM mailing_feed g JOIN immediate_subscription q"
    " ON q.feed = g.feed WHERE g.mailing = d.mailing AND q.subscriber = $1)"
    " GROUP BY d.subscriber, a.row_id ON CONFLICT (subscriber, item) DO NOTHING";

/* A digest of the subscriber's that can still leave. */
struct waiting_digest {
    int64_t announcement;
    int64_t content;
    struct waiting_digest *next;
};

/* Whether the subscriber ($1) follows an item k of a content. Withdrawals are for everybody who had
 * the release, whatever they follow. */
#define IS_FOLLOWED                                                                                \
    "(EXISTS (SELECT 1 FROM digest_item i WHERE i.row_id = k.item"                                 \
    " AND i.kind = @QUEUE_WITHDRAWAL@)"                                                            \
    " OR EXISTS (SELECT 1 FROM digest_item_feed f JOIN active_subscription p ON p.feed = f.feed"   \
    " WHERE f.item = k.item AND p.subscriber = $1))"

/* Those that hold something not followed any more. */
static bool waiting_find(struct database *database, int64_t subscriber, struct arena *arena,
                         struct waiting_digest **first, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT d.announcement, d.version FROM delivery d WHERE d.announcement IN " OPEN_DIGESTS
        " AND d.subscriber = $1 AND d.state IN (@QUEUE_UNFINISHED@)"
        " AND EXISTS (SELECT 1 FROM digest_content_item k WHERE k.content = d.version"
        " AND NOT " IS_FOLLOWED ")",
        error);
    statement_bind_integer(statement, 1, subscriber);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct waiting_digest *digest = arena_allocate(arena, sizeof *digest);
        *digest = (struct waiting_digest){ .announcement = statement_integer(statement, 0),
                                           .content = statement_integer(statement, 1),
                                           .next = *first };
        *first = digest;
    }
    return result == STATEMENT_DONE;
}

/* The rest is followed still, so it goes to the backlog. A digest that is being sent may arrive all
 * the same: then the next issue finds that its items came already (past.c). */
static bool waiting_suppress(struct database *database, int64_t subscriber,
                             const struct waiting_digest *digest, int64_t now_at, int64_t *count,
                             struct error *error)
{
    if (!DIGEST_RUN(database,
                    "INSERT INTO digest_backlog (subscriber, item, at)"
                    " SELECT CAST($1 AS @integer@), k.item, CAST($3 AS @integer@)"
                    " FROM digest_content_item k"
                    " WHERE k.content = $2 AND " IS_FOLLOWED
                    " ON CONFLICT (subscriber, item) DO NOTHING",
                    error, subscriber, digest->content, now_at) ||
        !DIGEST_RUN(database,
                    "UPDATE delivery SET is_cancelled = 1 WHERE announcement = $1"
                    " AND subscriber = $2 AND state IN (@QUEUE_SENDING@, @QUEUE_UNKNOWN@)",
                    error, digest->announcement, subscriber) ||
        !DIGEST_RUN(database,
                    "UPDATE delivery SET state = @QUEUE_SUPPRESSED@, worker = 0, updated_at = $3"
                    " WHERE announcement = $1 AND subscriber = $2 AND state IN (@QUEUE_WAITING@)",
                    error, digest->announcement, subscriber, now_at))
        return false;
    *count += database_changes(database);
    return true;
}

static bool waiting_reselect(struct database *database, int64_t subscriber, int64_t now_at,
                             int64_t *count, struct error *error)
{
    struct arena arena = { 0 };
    struct waiting_digest *digest = NULL;
    bool done = waiting_find(database, subscriber, &arena, &digest, error);
    for (; done && digest; digest = digest->next)
        done = waiting_suppress(database, subscriber, digest, now_at, count, error);
    arena_release(&arena);
    return done;
}

bool digest_suppress_unselected(struct database *database, int64_t subscriber, int64_t now_at,
                                int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t digests = 0;
    /* Done before the releases' rows are suppressed, because the backlog is filled from those rows.
     */
    if (!DIGEST_RUN(database, add_unselected, error, subscriber, now_at) ||
        !waiting_reselect(database, subscriber, now_at, &digests, error) ||
        !queue_suppress_unselected(database, subscriber, now_at, count, error))
        return false;
    *count += digests;
    return true;
}
