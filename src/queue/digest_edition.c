/* SPDX-License-Identifier: MIT */
#include "queue/digest.h"

#include "queue/digest_part.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"

#include <assert.h>
#include <stdint.h>

/* ---- when ---- */

/* Releases whose time has come ($1 their instant, $2 now) and that no edition of the kind took. */
#define DAILY_ITEMS                                                                                \
    " FROM digest_item i WHERE i.daily_edition IS NULL AND i.at <= $1"                             \
    " AND i.kind = 0" DIGEST_ITEM_IS_OPEN("$2")
#define WEEKLY_ITEMS                                                                               \
    " FROM digest_item i WHERE i.weekly_edition IS NULL AND i.at <= $1"                            \
    " AND i.kind = 0" DIGEST_ITEM_IS_OPEN("$2")
#define OWED_ITEMS                                                                                 \
    " FROM digest_owed o JOIN digest_item i ON i.number = o.item"                                  \
    " WHERE o.at <= $1 AND i.at <= $1" DIGEST_ITEM_IS_OPEN("$2")

/* Once for each weekly instant, also where nothing had to be made at it. */
static bool is_weekly(struct database *database, const struct queue_digest_instants *instants,
                      bool *weekly, struct error *error)
{
    bool found = false;
    int64_t last_at = 0;
    if (!DIGEST_ASK(database, "SELECT MAX(weekly_at) FROM digest_edition WHERE weekly_at >= $1",
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

static bool has_work(struct database *database, const struct queue_digest_instants *instants,
                     bool *found, struct error *error)
{
    bool weekly = false;
    int64_t now_at = instants->now_at;
    *found = false;
    if (!exists(database, "SELECT 1" DAILY_ITEMS " LIMIT 1", instants->daily_at, now_at, found,
                error) ||
        !exists(database, "SELECT 1" OWED_ITEMS " LIMIT 1", instants->daily_at, now_at, found,
                error))
        return false;
    return *found || (is_weekly(database, instants, &weekly, error) &&
                      (!weekly || exists(database, "SELECT 1" WEEKLY_ITEMS " LIMIT 1",
                                         instants->weekly_at, now_at, found, error)));
}

/* What belongs to this edition and has still to wait for announce.delay: the edition waits too. */
static bool unripe_find(struct database *database, const struct queue_digest_instants *instants,
                        int64_t *ripe_at, bool *found, struct error *error)
{
    return DIGEST_ASK(database,
                      "SELECT MAX(i.ripe_at) FROM digest_item i WHERE i.daily_edition IS NULL"
                      " AND i.at <= $1 AND i.ripe_at > $2 AND i.kind = 0 AND i.voided_at IS NULL"
                      " AND NOT EXISTS (SELECT 1 FROM mailing m WHERE m.number = i.mailing"
                      " AND m.state IN (1, 2, 4))",
                      ripe_at, found, error, instants->daily_at, instants->now_at);
}

static bool occasion_exists(struct database *database, const char *occasion, bool *found,
                            struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM digest_edition WHERE occasion = $1", error);
    statement_bind_text(statement, 1, occasion);
    bool done = statement_find(statement, found, error);
    statement_reset(statement);
    return done;
}

static bool begun_find(struct database *database, int64_t *number, bool *found, struct error *error)
{
    return DIGEST_ASK(database,
                      "SELECT MIN(number) FROM digest_edition WHERE is_complete = 0"
                      " AND number > $1",
                      number, found, error, 0);
}

bool queue_digest_due(struct database *database, const struct queue_digest_instants *instants,
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
    if (!occasion_exists(database, instants->occasion, &found, error))
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

#define EDITION_COLUMNS                                                                            \
    "SELECT number, occasion, daily_at, weekly_at, announcement, mailing, composed_to,"            \
    " is_complete, (SELECT m.message_at FROM mailing m WHERE m.number = digest_edition.mailing)"   \
    " FROM digest_edition WHERE "

static bool edition_read(struct statement *statement, struct arena *arena,
                         struct queue_digest_edition *edition, struct error *error)
{
    bool found = false;
    *edition = (struct queue_digest_edition){ 0 };
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        *edition = (struct queue_digest_edition){
            .number = statement_integer(statement, 0),
            .occasion = statement_copy_text(statement, 1, arena),
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

static bool edition_find(struct database *database, int64_t number, struct arena *arena,
                         struct queue_digest_edition *edition, struct error *error)
{
    struct statement *statement = database_prepare(database, EDITION_COLUMNS "number = $1", error);
    statement_bind_integer(statement, 1, number);
    return edition_read(statement, arena, edition, error);
}

bool queue_digest_of_mailing(struct database *database, int64_t mailing, struct arena *arena,
                             struct queue_digest_edition *edition, struct error *error)
{
    struct statement *statement = database_prepare(database, EDITION_COLUMNS "mailing = $1", error);
    statement_bind_integer(statement, 1, mailing);
    return edition_read(statement, arena, edition, error);
}

static bool edition_insert(struct database *database, const struct queue_digest_instants *instants,
                           bool weekly, int64_t *number, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO digest_edition (occasion, daily_at, weekly_at, composed_to, is_complete)"
        " VALUES ($1, $2, $3, $4, 0) RETURNING number",
        error);
    statement_bind_text(statement, 1, instants->occasion);
    statement_bind_integer(statement, 2, instants->daily_at);
    statement_bind_instant(statement, 3, weekly ? instants->weekly_at : INSTANT_NONE);
    statement_bind_integer(statement, 4, INT64_MIN);
    if (!statement_find(statement, &found, error))
        return false;
    *number = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

static bool items_take(struct database *database, const char *sql, int64_t at, int64_t now_at,
                       int64_t edition, struct error *error)
{
    return DIGEST_RUN(database, sql, error, at, now_at, edition, QUEUE_DIGEST_ITEMS_MAXIMUM / 2);
}

static bool edition_begin(struct database *database, const struct queue_digest_instants *instants,
                          int64_t *number, struct error *error)
{
    bool weekly = false;
    return is_weekly(database, instants, &weekly, error) &&
           edition_insert(database, instants, weekly, number, error) &&
           items_take(database,
                      "UPDATE digest_item SET daily_edition = $3 WHERE number IN"
                      " (SELECT i.number" DAILY_ITEMS " ORDER BY i.number LIMIT $4)",
                      instants->daily_at, instants->now_at, *number, error) &&
           (!weekly || items_take(database,
                                  "UPDATE digest_item SET weekly_edition = $3 WHERE number IN"
                                  " (SELECT i.number" WEEKLY_ITEMS " ORDER BY i.number LIMIT $4)",
                                  instants->weekly_at, instants->now_at, *number, error));
}

bool queue_digest_open(struct database *database, const struct queue_digest_instants *instants,
                       struct arena *arena, struct queue_digest_edition *edition,
                       struct error *error)
{
    assert(database_in_transaction(database));
    int64_t number = 0;
    int64_t due_at = INSTANT_NONE;
    bool found = false;
    *edition = (struct queue_digest_edition){ 0 };
    if (!begun_find(database, &number, &found, error))
        return false;
    if (!found) {
        if (!queue_digest_due(database, instants, &due_at, error))
            return false;
        if (due_at == INSTANT_NONE || due_at > instants->now_at)
            return true;
        if (!edition_begin(database, instants, &number, error))
            return false;
    }
    return edition_find(database, number, arena, edition, error);
}

/* ---- what it may hold ---- */

static bool entries_load(struct database *database, struct queue_digest_item *item,
                         struct arena *arena, struct error *error)
{
    enum statement_result result;
    const struct queue_digest_entry **end = &item->entries;
    struct statement *statement = database_prepare(
        database,
        "SELECT feed, version, language, place FROM digest_item_feed WHERE item = $1"
        " ORDER BY place, feed, version",
        error);
    statement_bind_integer(statement, 1, item->number);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct queue_digest_entry *entry = arena_allocate(arena, sizeof *entry);
        *entry = (struct queue_digest_entry){ .feed = statement_copy_text(statement, 0, arena),
                                              .version = statement_integer(statement, 1),
                                              .language = statement_copy_text(statement, 2, arena),
                                              .place = statement_integer(statement, 3) };
        *end = entry;
        end = &entry->next;
    }
    return result == STATEMENT_DONE;
}

enum { ITEMS_LOADED = QUEUE_DIGEST_ITEMS_MAXIMUM + QUEUE_DIGEST_OWED_MAXIMUM };

static bool items_load(struct statement *statement, struct queue_digest_items *items,
                       struct error *error)
{
    enum statement_result result = STATEMENT_DONE;
    while (items->count < ITEMS_LOADED &&
           (result = statement_step(statement, error)) == STATEMENT_ROW)
        items->items[items->count++] = (struct queue_digest_item){
            .number = statement_integer(statement, 0),
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

/* The oldest items that are owed to anybody by $3: from one to the next in an index, however many
 * subscribers an item is owed to. */
#define ITEMS_OWED                                                                                 \
    "WITH RECURSIVE owed (item) AS (SELECT MIN(item) FROM digest_owed UNION ALL"                   \
    " SELECT (SELECT MIN(o.item) FROM digest_owed o WHERE o.item > owed.item) FROM owed"           \
    " WHERE owed.item IS NOT NULL), due (number) AS (SELECT i.number FROM owed"                    \
    " JOIN digest_item i ON i.number = owed.item WHERE i.at <= $3" DIGEST_ITEM_IS_OPEN(            \
        "$2") " AND EXISTS (SELECT 1 FROM digest_owed o WHERE o.item = i.number AND o.at <= $3)"   \
              " ORDER BY i.number LIMIT $4) "

bool queue_digest_load(struct database *database, const struct queue_digest_edition *edition,
                       int64_t now_at, struct arena *arena, struct queue_digest_items *items,
                       struct error *error)
{
    *items = (struct queue_digest_items){ .items = arena_allocate_array(arena, ITEMS_LOADED,
                                                                        sizeof *items->items) };
    struct statement *statement = database_prepare(
        database,
        ITEMS_OWED
        "SELECT i.number, i.release_number, i.kind, i.at, (SELECT a.number FROM announcement a"
        " WHERE a.release_number = i.release_number AND a.kind = 0 AND a.occasion = ''),"
        " CASE WHEN i.daily_edition = $1 THEN 1 ELSE 0 END,"
        " CASE WHEN i.weekly_edition = $1 THEN 1 ELSE 0 END"
        " FROM (SELECT number FROM digest_item WHERE daily_edition = $1"
        " UNION SELECT number FROM digest_item WHERE weekly_edition = $1"
        " UNION SELECT number FROM due) AS held JOIN digest_item i ON i.number = held.number"
        " WHERE i.at <= $3" DIGEST_ITEM_IS_OPEN("$2") " ORDER BY i.number",
        error);
    statement_bind_integer(statement, 1, edition->number);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, edition->daily_at);
    statement_bind_integer(statement, 4, QUEUE_DIGEST_OWED_MAXIMUM);
    if (!items_load(statement, items, error))
        return false;
    for (size_t i = 0; i < items->count; i++)
        if (!entries_load(database, &items->items[i], arena, error))
            return false;
    return true;
}

/* ---- looking on ---- */

bool queue_digest_count(struct database *database, struct queue_digest_waiting *waiting,
                        struct error *error)
{
    bool found = false;
    return DIGEST_ASK(database,
                      "SELECT count(*) FROM digest_item WHERE daily_edition IS NULL AND kind = $1"
                      " AND voided_at IS NULL",
                      &waiting->daily, &found, error, QUEUE_RELEASE) &&
           DIGEST_ASK(database,
                      "SELECT count(*) FROM digest_item WHERE weekly_edition IS NULL AND kind = $1"
                      " AND voided_at IS NULL",
                      &waiting->weekly, &found, error, QUEUE_RELEASE);
}

bool queue_digest_release_each(struct database *database, int64_t edition,
                               queue_digest_number_visit *visit, void *payload, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT i.release_number, MIN(i.number) FROM digest_item i"
        " WHERE (i.daily_edition = $1 OR i.weekly_edition = $1) AND i.voided_at IS NULL"
        " GROUP BY i.release_number ORDER BY MIN(i.number)",
        error);
    statement_bind_integer(statement, 1, edition);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (!visit(payload, statement_integer(statement, 0), error)) {
            statement_reset(statement);
            return false;
        }
    }
    return result == STATEMENT_DONE;
}
