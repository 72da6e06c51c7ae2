/* SPDX-License-Identifier: MIT */
#include "queue/selection.h"

#include "database/database.h"
#include "queue/digest_part.h"
#include "queue/doubt.h"

#include <assert.h>

/* sql: of the owner, the feed, the version, its language and its place among a feed's versions. */
static bool write_candidates(struct database *database, const char *sql, int64_t owner,
                             const struct queue_candidates *candidates, struct error *error)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct queue_candidate *candidate = &candidates->items[i];
        struct statement *statement = database_prepare(database, sql, error);
        statement_bind_integer(statement, 1, owner);
        statement_bind_text(statement, 2, candidate->feed);
        statement_bind_integer(statement, 3, candidate->version);
        statement_bind_text(statement, 4, candidate->language);
        statement_bind_integer(statement, 5, candidate->is_original ? 0 : 1 + (int64_t)i);
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

bool selection_write(struct database *database, int64_t mailing,
                     const struct queue_candidates *candidates, struct error *error)
{
    return write_candidates(
        database,
        "INSERT INTO mailing_feed (mailing, feed, version, language, place)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mailing, feed, version) DO NOTHING",
        mailing, candidates, error);
}

bool selection_write_item(struct database *database, int64_t item,
                          const struct queue_candidates *candidates, struct error *error)
{
    return write_candidates(
        database,
        "INSERT INTO digest_item_feed (item, feed, version, language, place)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (item, feed, version) DO NOTHING",
        item, candidates, error);
}

bool selection_remove_version(struct database *database, int64_t version, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM mailing_feed WHERE version = $1", error);
    statement_bind_integer(statement, 1, version);
    return statement_run(statement, error);
}

/* The person's rows ($1) of releases that may still leave; those in doubt may be sent again. */
#define OPEN_ROWS(states)                                                                          \
    " WHERE announcement IN (SELECT a.number FROM announcement a WHERE a.kind = 0"                 \
    " AND a.number IN " OPEN_ANNOUNCEMENTS ")"                                                     \
    " AND subscriber = $1 AND state IN (" states ")"                                               \
    " AND EXISTS (SELECT 1 FROM mailing_feed f WHERE f.mailing = delivery.mailing)"

/* What the person still follows of the row's mailing. */
#define STILL_FOLLOWED                                                                             \
    " FROM mailing_feed f JOIN subscription p ON p.feed = f.feed"                                  \
    " WHERE f.mailing = delivery.mailing AND p.subscriber = $1 AND p.state = 1 AND p.cadence = 0"

static const char suppress_waiting[] =
    "UPDATE delivery SET state = 5, worker = 0, updated_at = $2" OPEN_ROWS(
        "0, 3") " AND NOT EXISTS (SELECT 1" STILL_FOLLOWED ")";

/* Its answer is still to come, or never came: it is not tried again. */
static const char suppress_under_way[] =
    "UPDATE delivery SET is_cancelled = 1, updated_at = CASE WHEN state = 6 THEN $2"
    " ELSE updated_at END" OPEN_ROWS("1, 6") " AND NOT EXISTS (SELECT 1" STILL_FOLLOWED ")";

/* The order of candidate_rank() in audience.c. */
static const char choose_again[] =
    "UPDATE delivery SET worker = 0, version = (SELECT f.version" STILL_FOLLOWED
    " ORDER BY (SELECT CASE WHEN f.language = s.language THEN 0"
    " WHEN f.language LIKE s.language || '-%' OR s.language LIKE f.language || '-%' THEN 1"
    " ELSE 2 END FROM subscriber s WHERE s.id = $1), f.place LIMIT 1)" OPEN_ROWS(
        "0, 3") " AND NOT EXISTS (SELECT 1" STILL_FOLLOWED " AND f.version = delivery.version)"
                /* What may have arrived is sent again as it was. */
                " AND doubts = 0";

bool queue_suppress_unselected(struct database *database, int64_t subscriber, int64_t now_at,
                               int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    /* In this order: whoever follows none of them is no more among the last one's rows. */
    static const char *const statements[] = { suppress_under_way, suppress_waiting, choose_again };
    int64_t suppressed = 0;
    int64_t digests = 0;
    if (!digest_reselect(database, subscriber, now_at, &digests, error))
        return false;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        struct statement *statement = database_prepare(database, statements[i], error);
        statement_bind_integer(statement, 1, subscriber);
        if (statements[i] != choose_again)
            statement_bind_integer(statement, 2, now_at);
        if (!statement_run(statement, error))
            return false;
        if (statements[i] == suppress_waiting)
            suppressed = database_changes(database);
    }
    *count = suppressed + digests;
    return true;
}
