/* SPDX-License-Identifier: MIT */
#include "digest/content.h"

#include "digest/numbers.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char making_note[] = "is being put together";

/* ---- rows ---- */

/* Made with the first row, so that an issue of nobody leaves no mailing; held, because else its
 * first messages would leave while the last are being chosen. */
bool digest_issue_begin(struct database *database, struct digest_issue *issue, int64_t now_at,
                        struct error *error)
{
    assert(database_in_transaction(database));
    bool is_new;
    const struct queue_announcement announcement = { .kind = QUEUE_DIGEST,
                                                     .deduplication_key = issue->date };
    struct queue_mailing mailing = {
        .state = QUEUE_MAILING_HELD, .note = making_note, .created_at = now_at, .starts_at = now_at
    };
    if (issue->mailing)
        return true;
    if (!queue_announcement_open(database, &announcement, &mailing.announcement, &is_new, error) ||
        !queue_mailing_create(database, &mailing, error))
        return false;
    issue->announcement = mailing.announcement;
    issue->mailing = mailing.row_id;
    return DIGEST_RUN(database,
                      "UPDATE digest_issue SET announcement = $2, mailing = $3 WHERE row_id = $1",
                      error, issue->row_id, issue->announcement, issue->mailing);
}

static bool content_ask(struct database *database, const char *sql,
                        const struct digest_issue *issue, const struct digest_content *content,
                        int64_t *row_id, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, issue->announcement);
    statement_bind_bytes(statement, 2, content->fingerprint.bytes,
                         sizeof content->fingerprint.bytes);
    if (!statement_find(statement, &found, error))
        return false;
    *row_id = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

/* Both relations are written with the content and in its transaction, before a row can have it: so
 * whoever asks what somebody had never misses an item. */
bool digest_content_find(struct database *database, const struct digest_issue *issue,
                         const struct digest_content *content, int64_t *row_id, struct error *error)
{
    assert(database_in_transaction(database));
    if (!content_ask(database,
                     "SELECT row_id FROM digest_content WHERE announcement = $1"
                     " AND fingerprint = $2",
                     issue, content, row_id, error))
        return false;
    if (*row_id)
        return true;
    if (!content_ask(database,
                     "INSERT INTO digest_content (announcement, fingerprint) VALUES ($1, $2)"
                     " RETURNING row_id",
                     issue, content, row_id, error))
        return false;
    for (size_t i = 0; i < content->count; i++)
        if (!DIGEST_RUN(database,
                        "INSERT INTO digest_content_item (content, item, version)"
                        " VALUES ($1, $2, $3)",
                        error, *row_id, content->items[i].item, content->items[i].version))
            return false;
    return DIGEST_RUN(database,
                      "INSERT INTO digest_issue_item (item, version, announcement)"
                      " SELECT k.item, k.version, CAST($2 AS @integer@) FROM digest_content_item k"
                      " WHERE k.content = $1 ON CONFLICT (item, version, announcement) DO NOTHING",
                      error, *row_id, issue->announcement);
}

/* next_at is long past, and the same for all who get the same: the queue gives rows out in its
 * order, so that each message is made once. */
bool digest_issue_add_row(struct database *database, const struct digest_issue *issue,
                          const struct digest_row *row, bool *is_new, struct error *error)
{
    assert(database_in_transaction(database));
    if (!DIGEST_RUN(database,
                    "INSERT INTO delivery (announcement, subscriber, mailing, version, state,"
                    " next_at, updated_at) VALUES ($1, $2, $3, $4, @QUEUE_QUEUED@, $4, $5)"
                    " ON CONFLICT (announcement, subscriber) DO NOTHING",
                    error, issue->announcement, row->subscriber, issue->mailing, row->content,
                    row->now_at))
        return false;
    *is_new = database_changes(database) > 0;
    return true;
}

/* ---- what a content holds ---- */

/* What was withdrawn since is asked here, because a content stays as it was made. */
bool digest_parts_read(struct database *database, int64_t content, struct arena *arena,
                       struct digest_part **parts, size_t *count, struct error *error)
{
    enum statement_result result = STATEMENT_DONE;
    int64_t held = 0;
    bool found = false;
    *count = 0;
    if (!DIGEST_ASK(database, "SELECT count(*) FROM digest_content_item WHERE content = $1", &held,
                    &found, error, content))
        return false;
    *parts = arena_allocate_array(arena, (size_t)held + 1, sizeof **parts);
    struct statement *statement = database_prepare(
        database,
        "SELECT k.item, k.version, i.release_row_id, i.kind, CASE WHEN i.voided_at IS NULL"
        " AND i.stopped_at IS NULL AND EXISTS (SELECT 1 FROM digest_item_feed f WHERE f.item = k.item"
        " AND f.version = k.version) THEN 1 ELSE 0 END"
        " FROM digest_content_item k JOIN digest_item i ON i.row_id = k.item"
        " WHERE k.content = $1 ORDER BY k.item",
        error);
    statement_bind_integer(statement, 1, content);
    while (*count < (size_t)held && (result = statement_step(statement, error)) == STATEMENT_ROW)
        (*parts)[(*count)++] = (struct digest_part){
            .item = statement_integer(statement, 0),
            .version = statement_integer(statement, 1),
            .release = statement_integer(statement, 2),
            .kind = (enum queue_kind)statement_integer(statement, 3),
            .is_live = statement_integer(statement, 4) != 0,
        };
    statement_reset(statement);
    return result != STATEMENT_FAILED;
}
