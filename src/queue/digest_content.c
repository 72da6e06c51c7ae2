/* SPDX-License-Identifier: MIT */
#include "queue/digest.h"

#include "queue/digest_part.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char making_note[] = "is being put together";

bool queue_digest_token(const char **items, int64_t *item, int64_t *version)
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

bool queue_digest_begin(struct database *database, struct queue_digest_edition *edition,
                        int64_t now_at, struct error *error)
{
    assert(database_in_transaction(database));
    bool is_new;
    const struct queue_announcement announcement = { .kind = QUEUE_DIGEST,
                                                     .occasion = edition->occasion };
    struct queue_mailing mailing = {
        .state = QUEUE_MAILING_HELD, .note = making_note, .created_at = now_at, .starts_at = now_at
    };
    if (edition->mailing)
        return true;
    if (!queue_announcement_open(database, &announcement, &mailing.announcement, &is_new, error) ||
        !queue_mailing_create(database, &mailing, error))
        return false;
    edition->announcement = mailing.announcement;
    edition->mailing = mailing.number;
    return DIGEST_RUN(database,
                      "UPDATE digest_edition SET announcement = $2, mailing = $3 WHERE number = $1",
                      error, edition->number, edition->announcement, edition->mailing);
}

bool queue_digest_content(struct database *database, const struct queue_digest_edition *edition,
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
        statement_bind_integer(statement, 1, edition->announcement);
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

bool queue_digest_hold(struct database *database, const struct queue_digest_edition *edition,
                       int64_t item, struct error *error)
{
    assert(database_in_transaction(database));
    return DIGEST_RUN(database,
                      "INSERT INTO digest_holding (item, announcement) VALUES ($1, $2)"
                      " ON CONFLICT (item, announcement) DO NOTHING",
                      error, item, edition->announcement);
}

/* next_at is long past, and the same for all who get the same: the queue gives rows out in its
 * order, so that each message is made once. */
bool queue_digest_queue(struct database *database, const struct queue_digest_edition *edition,
                        const struct queue_digest_row *row, bool *is_new, struct error *error)
{
    assert(database_in_transaction(database));
    if (!DIGEST_RUN(database,
                    "INSERT INTO delivery (announcement, subscriber, mailing, version, state,"
                    " next_at, updated_at) VALUES ($1, $2, $3, $4, 0, $4, $5)"
                    " ON CONFLICT (announcement, subscriber) DO NOTHING",
                    error, edition->announcement, row->subscriber, edition->mailing, row->content,
                    row->now_at))
        return false;
    *is_new = database_changes(database) > 0;
    return true;
}

bool queue_digest_advance(struct database *database, const struct queue_digest_edition *edition,
                          int64_t subscriber, struct error *error)
{
    return DIGEST_RUN(database, "UPDATE digest_edition SET composed_to = $2 WHERE number = $1",
                      error, edition->number, subscriber);
}

bool queue_digest_close(struct database *database, const struct queue_digest_edition *edition,
                        int64_t now_at, struct error *error)
{
    assert(database_in_transaction(database));
    return DIGEST_RUN(database, "UPDATE digest_edition SET is_complete = 1 WHERE number = $1",
                      error, edition->number) &&
           DIGEST_RUN(database,
                      "UPDATE mailing SET state = 0, note = '', starts_at = $2, message_at = $2"
                      " WHERE number = $1 AND state = 1",
                      error, edition->mailing, now_at);
}

bool queue_digest_is_cancelled(struct database *database,
                               const struct queue_digest_edition *edition, bool *is_cancelled,
                               struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database, "SELECT 1 FROM mailing WHERE number = $1 AND state = 4", &value,
                      is_cancelled, error, edition->mailing);
}

bool digest_is_being_made(struct database *database, int64_t mailing, bool *is_being_made,
                          struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database,
                      "SELECT 1 FROM digest_edition WHERE mailing = $1 AND is_complete = 0", &value,
                      is_being_made, error, mailing);
}

/* ---- what a content holds ---- */

bool digest_part_read(struct database *database, struct queue_digest_part *part,
                      struct error *error)
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

bool queue_digest_parts(struct database *database, int64_t content, struct arena *arena,
                        struct queue_digest_part **parts, size_t *count, struct error *error)
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
    struct queue_digest_part part = { 0 };
    while (queue_digest_token(&items, &part.item, &part.version)) {
        if (!digest_part_read(database, &part, error))
            return false;
        (*parts)[(*count)++] = part;
    }
    return true;
}

/* ---- what is not kept ---- */

bool digest_forget_begin(struct database *database, int64_t announcement, struct error *error)
{
    return DIGEST_RUN(database,
                      "INSERT INTO digest_forgotten (release_number)"
                      " SELECT DISTINCT i.release_number FROM digest_holding h JOIN digest_item i"
                      " ON i.number = h.item WHERE h.announcement = $1 AND i.kind = 0"
                      " ON CONFLICT (release_number) DO NOTHING",
                      error, announcement);
}

bool digest_forget_contents(struct database *database, int64_t announcement, int64_t maximum,
                            int64_t *count, struct error *error)
{
    if (!DIGEST_RUN(database,
                    "DELETE FROM digest_content WHERE number IN (SELECT number FROM digest_content"
                    " WHERE announcement = $1 LIMIT $2)",
                    error, announcement, maximum))
        return false;
    *count = database_changes(database);
    return true;
}

/* Items stay as long as a digest that held them is known: else nobody could tell of what. */
#define OLD_ITEMS                                                                                  \
    "(SELECT i.number FROM digest_item i WHERE i.at < $1"                                          \
    " AND NOT EXISTS (SELECT 1 FROM digest_holding h WHERE h.item = i.number))"

/* Those of nobody. */
#define FORGET_EMPTY_EDITIONS                                                                      \
    "DELETE FROM digest_edition WHERE announcement IS NULL AND daily_at < $1 AND is_complete = 1"

bool digest_forget_mailing(struct database *database, int64_t announcement, int64_t before_at,
                           struct error *error)
{
    static const char *const old[] = {
        "DELETE FROM digest_owed WHERE item IN " OLD_ITEMS,
        "DELETE FROM digest_item_feed WHERE item IN " OLD_ITEMS,
        "DELETE FROM digest_item WHERE number IN " OLD_ITEMS,
        FORGET_EMPTY_EDITIONS,
    };
    if (!DIGEST_RUN(database, "DELETE FROM digest_holding WHERE announcement = $1", error,
                    announcement) ||
        !DIGEST_RUN(database, "DELETE FROM digest_edition WHERE announcement = $1", error,
                    announcement))
        return false;
    for (size_t i = 0; i < sizeof old / sizeof old[0]; i++)
        if (!DIGEST_RUN(database, old[i], error, before_at))
            return false;
    return true;
}
