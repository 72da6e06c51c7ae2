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

bool digest_token(const char **items, int64_t *item, int64_t *version)
{
    char *end;
    if (**items == ' ' && (*items)[1] == '\0')
        return false;
    *item = strtoll(*items, &end, 10);
    if (end == *items || *end != ':')
        return false;
    *version = strtoll(end + 1, &end, 10);
    *items = end;
    return true;
}

/* ---- rows ---- */

bool digest_issue_begin(struct database *database, struct digest_issue *issue, int64_t now_at,
                        struct error *error)
{
    assert(database_in_transaction(database));
    bool is_new;
    const struct queue_announcement announcement = { .kind = QUEUE_DIGEST,
                                                     .occasion = issue->date };
    struct queue_mailing mailing = {
        .state = QUEUE_MAILING_HELD, .note = making_note, .created_at = now_at, .starts_at = now_at
    };
    if (issue->mailing)
        return true;
    if (!queue_announcement_open(database, &announcement, &mailing.announcement, &is_new, error) ||
        !queue_mailing_create(database, &mailing, error))
        return false;
    issue->announcement = mailing.announcement;
    issue->mailing = mailing.number;
    return DIGEST_RUN(database,
                      "UPDATE digest_issue SET announcement = $2, mailing = $3 WHERE number = $1",
                      error, issue->number, issue->announcement, issue->mailing);
}

bool digest_content_find(struct database *database, const struct digest_issue *issue,
                         const char *items, int64_t *number, struct error *error)
{
    assert(database_in_transaction(database));
    static const char *const statements[] = {
        "SELECT number FROM digest_content WHERE announcement = $1 AND items = $2",
        "INSERT INTO digest_content (announcement, items) VALUES ($1, $2) RETURNING number",
    };
    for (size_t i = 0; i < 2; i++) {
        bool found = false;
        struct statement *statement = database_prepare(database, statements[i], error);
        statement_bind_integer(statement, 1, issue->announcement);
        statement_bind_text(statement, 2, items);
        if (!statement_find(statement, &found, error))
            return false;
        *number = found ? statement_integer(statement, 0) : 0;
        statement_reset(statement);
        if (found)
            return true;
    }
    return error_set(error, ERROR_SYSTEM, "database: the content of a digest was not written");
}

bool digest_membership_add(struct database *database, const struct digest_issue *issue,
                           int64_t item, struct error *error)
{
    assert(database_in_transaction(database));
    return DIGEST_RUN(database,
                      "INSERT INTO digest_holding (item, announcement) VALUES ($1, $2)"
                      " ON CONFLICT (item, announcement) DO NOTHING",
                      error, item, issue->announcement);
}

/* next_at is long past, and the same for all who get the same: the queue gives rows out in its
 * order, so that each message is made once. */
bool digest_issue_add_row(struct database *database, const struct digest_issue *issue,
                          const struct digest_row *row, bool *is_new, struct error *error)
{
    assert(database_in_transaction(database));
    if (!DIGEST_RUN(database,
                    "INSERT INTO delivery (announcement, subscriber, mailing, version, state,"
                    " next_at, updated_at) VALUES ($1, $2, $3, $4, 0, $4, $5)"
                    " ON CONFLICT (announcement, subscriber) DO NOTHING",
                    error, issue->announcement, row->subscriber, issue->mailing, row->content,
                    row->now_at))
        return false;
    *is_new = database_changes(database) > 0;
    return true;
}

/* ---- what a content holds ---- */

bool digest_part_read(struct database *database, struct digest_part *part, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT i.release_number, i.kind, CASE WHEN i.voided_at IS NULL AND EXISTS"
        " (SELECT 1 FROM digest_item_feed f WHERE f.item = i.number AND f.version = $2)"
        " THEN 1 ELSE 0 END FROM digest_item i WHERE i.number = $1",
        error);
    statement_bind_integer(statement, 1, part->item);
    statement_bind_integer(statement, 2, part->version);
    if (!statement_find(statement, &found, error))
        return false;
    part->release = found ? statement_integer(statement, 0) : 0;
    part->kind = found ? (enum queue_kind)statement_integer(statement, 1) : QUEUE_RELEASE;
    part->is_live = found && statement_integer(statement, 2) != 0;
    statement_reset(statement);
    return true;
}

static size_t count_tokens(const char *items)
{
    size_t count = 0;
    for (; *items; items++)
        count += *items == ':';
    return count;
}

bool digest_parts_read(struct database *database, int64_t content, struct arena *arena,
                       struct digest_part **parts, size_t *count, struct error *error)
{
    bool found = false;
    *count = 0;
    struct statement *statement = database_prepare(
        database, "SELECT items FROM digest_content WHERE number = $1", error);
    statement_bind_integer(statement, 1, content);
    if (!statement_find(statement, &found, error))
        return false;
    const char *items = found ? statement_copy_text(statement, 0, arena) : " ";
    statement_reset(statement);
    *parts = arena_allocate_array(arena, count_tokens(items) + 1, sizeof **parts);
    struct digest_part part = { 0 };
    while (digest_token(&items, &part.item, &part.version)) {
        if (!digest_part_read(database, &part, error))
            return false;
        (*parts)[(*count)++] = part;
    }
    return true;
}
