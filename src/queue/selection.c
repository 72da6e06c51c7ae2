/* SPDX-License-Identifier: MIT */
#include "queue/inside.h"

#include "base/arena.h"
#include "database/database.h"

#include <assert.h>
#include <string.h>

/* ---- which version ---- */

enum { RANK_EXACT, RANK_PRIMARY, RANK_ORIGINAL };

bool selection_is_same_language(const char *a, const char *b)
{
    size_t length = strcspn(a, "-");
    return strcspn(b, "-") == length && strncmp(a, b, length) == 0;
}

int64_t queue_candidate_place(const struct queue_candidates *candidates, size_t index)
{
    return candidates->items[index].is_original ? 0 : 1 + (int64_t)index;
}

int64_t queue_version_rank(const char *language, int64_t place, const char *reader)
{
    if (strcmp(language, reader) == 0)
        return RANK_EXACT;
    if (selection_is_same_language(language, reader))
        return RANK_PRIMARY;
    return RANK_ORIGINAL + place;
}

/* ---- writing ---- */

/* As it is when the mailing is made: a feed that is edited later changes nothing about who may
 * still get it. */
bool selection_write(struct database *database, int64_t mailing,
                     const struct queue_candidates *candidates, struct error *error)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct queue_candidate *candidate = &candidates->items[i];
        struct statement *statement = database_prepare(
            database,
            "INSERT INTO mailing_feed (mailing, feed, version, language, place)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mailing, feed, version) DO NOTHING",
            error);
        statement_bind_integer(statement, 1, mailing);
        statement_bind_text(statement, 2, candidate->feed);
        statement_bind_integer(statement, 3, candidate->version);
        statement_bind_text(statement, 4, candidate->language);
        statement_bind_integer(statement, 5, queue_candidate_place(candidates, i));
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

bool selection_remove_version(struct database *database, int64_t version, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM mailing_feed WHERE version = $1", error);
    statement_bind_integer(statement, 1, version);
    return statement_run(statement, error);
}

/* The rows of subscriber $1 in mailings of releases that are still open, in the given states. */
#define OPEN_ROWS(states)                                                                          \
    " WHERE announcement IN (SELECT a.row_id FROM announcement a WHERE a.kind = @QUEUE_RELEASE@"   \
    " AND a.row_id IN @OPEN_ANNOUNCEMENTS@)"                                                       \
    " AND subscriber = $1 AND state IN (" states ")"                                               \
    " AND EXISTS (SELECT 1 FROM mailing_feed f WHERE f.mailing = delivery.mailing)"

/* The feeds of the row's mailing that the subscriber still follows. */
#define STILL_FOLLOWED                                                                             \
    " FROM mailing_feed f JOIN immediate_subscription p ON p.feed = f.feed"                        \
    " WHERE f.mailing = delivery.mailing AND p.subscriber = $1"

static const char suppress_waiting[] =
    "UPDATE delivery SET state = @QUEUE_SUPPRESSED@, worker = 0, updated_at = $2" OPEN_ROWS(
        "@QUEUE_WAITING@") " AND NOT EXISTS (SELECT 1" STILL_FOLLOWED ")";

/* These may have left already, so they are not suppressed, only not tried again. */
static const char suppress_under_way[] =
    "UPDATE delivery SET is_cancelled = 1, updated_at = CASE WHEN state = @QUEUE_UNKNOWN@ THEN $2"
    " ELSE updated_at END" OPEN_ROWS(
        "@QUEUE_SENDING@, @QUEUE_UNKNOWN@") " AND NOT EXISTS (SELECT 1" STILL_FOLLOWED ")";

/* Rows whose version is in no feed that the subscriber follows any more; without those that may
 * have arrived already, because a second copy must be the same message. */
static const char find_unselected[] = "SELECT announcement, mailing FROM delivery" OPEN_ROWS(
    "@QUEUE_WAITING@") " AND indeterminate_count = 0 AND NOT EXISTS (SELECT 1" STILL_FOLLOWED
                       " AND f.version = delivery.version)";

struct unselected_row {
    int64_t announcement;
    int64_t mailing;
    struct unselected_row *next;
};

/* All are collected before the first is changed, because the change takes a row out of what this
 * finds. */
static bool unselected_find(struct database *database, int64_t subscriber, struct arena *arena,
                            struct unselected_row **first, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(database, find_unselected, error);
    statement_bind_integer(statement, 1, subscriber);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct unselected_row *row = arena_allocate(arena, sizeof *row);
        *row = (struct unselected_row){ .announcement = statement_integer(statement, 0),
                                        .mailing = statement_integer(statement, 1),
                                        .next = *first };
        *first = row;
    }
    return result == STATEMENT_DONE;
}

/* The version for the subscriber in what is still followed of the mailing; 0: none. */
static bool best_version(struct database *database, int64_t mailing, int64_t subscriber,
                         int64_t *version, struct error *error)
{
    enum statement_result result;
    int64_t best = INT64_MAX;
    struct statement *statement = database_prepare(
        database,
        "SELECT f.version, f.language, f.place, s.language FROM mailing_feed f"
        " JOIN immediate_subscription p ON p.feed = f.feed"
        " JOIN known_subscriber s ON s.row_id = p.subscriber"
        " WHERE f.mailing = $2 AND p.subscriber = $1"
        " ORDER BY f.place",
        error);
    statement_bind_integer(statement, 1, subscriber);
    statement_bind_integer(statement, 2, mailing);
    *version = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t rank = queue_version_rank(statement_text(statement, 1),
                                          statement_integer(statement, 2),
                                          statement_text(statement, 3));
        if (rank < best) {
            best = rank;
            *version = statement_integer(statement, 0);
        }
    }
    return result == STATEMENT_DONE;
}

/* A worker's claim is ended, because its message is of the old version; a row parked for a receiver
 * (trouble.h) stays parked. */
static bool row_set_version(struct database *database, int64_t announcement, int64_t subscriber,
                            int64_t version, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET worker = CASE WHEN worker < 0 THEN worker ELSE 0 END, version = $3"
        " WHERE announcement = $1 AND subscriber = $2",
        error);
    statement_bind_integer(statement, 1, announcement);
    statement_bind_integer(statement, 2, subscriber);
    statement_bind_integer(statement, 3, version);
    return statement_run(statement, error);
}

static bool choose_again(struct database *database, int64_t subscriber, struct error *error)
{
    struct arena arena = { 0 };
    struct unselected_row *row = NULL;
    bool done = unselected_find(database, subscriber, &arena, &row, error);
    for (; done && row; row = row->next) {
        int64_t version = 0;
        done = best_version(database, row->mailing, subscriber, &version, error) &&
               (!version ||
                row_set_version(database, row->announcement, subscriber, version, error));
    }
    arena_release(&arena);
    return done;
}

static bool suppress(struct database *database, const char *sql, int64_t subscriber, int64_t now_at,
                     struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, subscriber);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error);
}

bool queue_suppress_unselected(struct database *database, int64_t subscriber, int64_t now_at,
                               int64_t *count, struct error *error)
{
    assert(database_in_transaction(database));
    /* What waits is suppressed before versions are chosen anew, because a row of somebody who
     * follows none of the feeds any more must not be given another version. */
    if (!suppress(database, suppress_under_way, subscriber, now_at, error) ||
        !suppress(database, suppress_waiting, subscriber, now_at, error))
        return false;
    *count = database_changes(database);
    return choose_again(database, subscriber, error);
}
