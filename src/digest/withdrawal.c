/* SPDX-License-Identifier: MIT */
#include "digest/backlog.h"
#include "digest/item.h"
#include "digest/numbers.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

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
        " ON f.item = i.row_id WHERE i.release_row_id = $1 AND i.kind = @QUEUE_RELEASE@"
        " AND i.voided_at IS NULL"
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

/* It has no feed: it is for who had the release in a digest, whatever he follows by now. */
static bool withdrawal_add(struct database *database, const struct queue_cancellation *cancellation,
                           const struct version_list *version, struct error *error)
{
    char deduplication_key[32];
    int64_t row_id = 0;
    const struct digest_news news = { .release = cancellation->release,
                                      .kind = QUEUE_WITHDRAWAL,
                                      .at = cancellation->now_at,
                                      .ripe_at = cancellation->now_at };
    const struct queue_candidate candidate = {
        .feed = "", .version = version->version, .language = version->language, .is_original = true
    };
    const struct queue_candidates candidates = { &candidate, 1 };
    (void)snprintf(deduplication_key, sizeof deduplication_key, "%" PRId64, version->version);
    if (!digest_item_insert(database, &news, deduplication_key, &candidates, &row_id, error))
        return false;
    const struct digest_sequel sequel = { .release = cancellation->release,
                                          .version = version->version,
                                          .item = row_id,
                                          .at = cancellation->now_at };
    return !row_id || digest_backlog_add_sequel(database, &sequel, error);
}

/* An item that no issue has taken gets 0 for its issue, so that no issue takes it. Where one
 * version is withdrawn its feeds go, and the item goes with the last of them. */
static bool void_items(struct database *database, const struct queue_cancellation *cancellation,
                       struct error *error)
{
    if (cancellation->version &&
        !DIGEST_RUN(database,
                    "DELETE FROM digest_item_feed WHERE version = $2 AND item IN (SELECT row_id"
                    " FROM digest_item WHERE release_row_id = $1 AND kind <> @QUEUE_WITHDRAWAL@)",
                    error, cancellation->release, cancellation->version))
        return false;
    return DIGEST_RUN(database,
                      "UPDATE digest_item SET voided_at = $3, daily_issue ="
                      " COALESCE(daily_issue, 0), weekly_issue = COALESCE(weekly_issue, 0)"
                      " WHERE release_row_id = $1 AND kind <> @QUEUE_WITHDRAWAL@"
                      " AND voided_at IS NULL"
                      " AND ($2 = 0 OR NOT EXISTS (SELECT 1 FROM digest_item_feed f"
                      " WHERE f.item = digest_item.row_id))",
                      error, cancellation->release, cancellation->version, cancellation->now_at) &&
           DIGEST_RUN(database,
                      "DELETE FROM digest_backlog WHERE item IN (SELECT row_id FROM digest_item"
                      " WHERE release_row_id = $1 AND voided_at IS NOT NULL)",
                      error, cancellation->release);
}

/* Contents of open digests that hold an item of the release ($1), and nothing that can still be
 * sent. */
#define EMPTY_CONTENTS                                                                             \
    "SELECT k.row_id FROM digest_item i CROSS JOIN digest_issue_item h"                            \
    " CROSS JOIN digest_content k CROSS JOIN digest_content_item m"                                \
    " WHERE i.release_row_id = $1 AND h.item = i.row_id AND h.announcement IN " OPEN_DIGESTS       \
    " AND k.announcement = h.announcement AND m.content = k.row_id AND m.item = i.row_id"          \
    " AND NOT EXISTS (SELECT 1 FROM digest_content_item l JOIN digest_item j"                      \
    " ON j.row_id = l.item JOIN digest_item_feed f ON f.item = l.item AND f.version = l.version"   \
    " WHERE l.content = k.row_id AND j.voided_at IS NULL)"

/* One look at each row of the digests that hold the release, whatever number of contents there is.
 */
static bool cancel_empty(struct database *database, const struct queue_cancellation *cancellation,
                         struct error *error)
{
    return DIGEST_RUN(database,
                      "UPDATE delivery SET state = @QUEUE_CANCELLED@, worker = 0, updated_at = $2"
                      " WHERE announcement IN (SELECT h.announcement FROM digest_item i"
                      " CROSS JOIN digest_issue_item h WHERE i.release_row_id = $1"
                      " AND h.item = i.row_id AND h.announcement IN " OPEN_DIGESTS
                      ") AND state IN (@QUEUE_WAITING@) AND version IN (" EMPTY_CONTENTS ")",
                      error, cancellation->release, cancellation->now_at);
}

/* Who had a version is looked for before its items are voided, and contents are found empty after
 * that. */
static bool items_cancel(struct database *database, const struct queue_cancellation *cancellation,
                         struct error *error)
{
    struct arena arena = { 0 };
    struct version_list *first = NULL;
    bool done = versions_find(database, cancellation, &arena, &first, error);
    for (const struct version_list *version = first; done && version; version = version->next)
        done = withdrawal_add(database, cancellation, version, error);
    done = done && (!first || (void_items(database, cancellation, error) &&
                               cancel_empty(database, cancellation, error) &&
                               digest_remake(database, error)));
    arena_release(&arena);
    return done;
}

bool digest_cancel_release(struct database *database, const struct queue_cancellation *cancellation,
                           int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    return items_cancel(database, cancellation, error) &&
           queue_cancel_release(database, cancellation, count, error);
}
