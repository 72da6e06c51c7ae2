/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>
#include <stdint.h>

/* A step is a transaction that whoever sends waits for. */
enum { STEP_ROWS = 1000 };

static bool find_mailing(struct database *database, const char *sql, int64_t before_at,
                         struct queue_retention *retention, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, before_at);
    if (!statement_find(statement, found, error))
        return false;
    if (!*found)
        return true;
    retention->mailing = statement_integer(statement, 0);
    retention->announcement = statement_integer(statement, 1);
    retention->after = INT64_MIN;
    statement_reset(statement);
    return true;
}

/* The next ended mailing of which something is to be forgotten; its row id is 0 where there is
 * none. */
static bool next_mailing(struct database *database, struct queue_retention *retention,
                         struct error *error)
{
    bool found = false;
    retention->mailing = 0;
    /* `forgotten` is asked for twice: by the index's own words, and by a list that lets it be
     * searched. */
    retention->level = FORGOTTEN_ROWS;
    if (!find_mailing(database,
                      "SELECT row_id, announcement FROM mailing"
                      " WHERE state IN (@QUEUE_MAILING_ENDED@)"
                      " AND is_counted = 1 AND forgotten < @FORGOTTEN_ROWS@"
                      " AND forgotten IN (@FORGOTTEN_NOTHING@, @FORGOTTEN_TEXTS@, @FORGOTTEN_SOME@)"
                      " AND finished_at < $1 LIMIT 1",
                      retention->rows_before_at, retention, &found, error))
        return false;
    if (found)
        return true;
    retention->level = FORGOTTEN_TEXTS;
    return find_mailing(database,
                        "SELECT row_id, announcement FROM mailing"
                        " WHERE state IN (@QUEUE_MAILING_ENDED@)"
                        " AND is_counted = 1 AND forgotten < @FORGOTTEN_ROWS@"
                        " AND forgotten = @FORGOTTEN_NOTHING@"
                        " AND finished_at < $1 LIMIT 1",
                        retention->texts_before_at, retention, &found, error);
}

/* The last subscriber of the next step's rows, so that each row is looked at once. */
static bool next_end(struct database *database, const struct queue_retention *retention,
                     int64_t *last, bool *found, struct error *error)
{
    bool has_row = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT MAX(part.subscriber) FROM (SELECT subscriber FROM delivery WHERE announcement = $1"
        " AND subscriber > $2 ORDER BY subscriber LIMIT $3) AS part",
        error);
    statement_bind_integer(statement, 1, retention->announcement);
    statement_bind_integer(statement, 2, retention->after);
    statement_bind_integer(statement, 3, STEP_ROWS);
    if (!statement_find(statement, &has_row, error))
        return false;
    *found = has_row && !statement_is_null(statement, 0);
    *last = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

/* By ranges of the announcement's key, because rows that are over stand in no other index. */
static bool forget_part(struct database *database, const struct queue_retention *retention,
                        int64_t last, int64_t *count, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        retention->level == FORGOTTEN_ROWS
            ? "DELETE FROM delivery WHERE announcement = $1 AND subscriber > $2"
              " AND subscriber <= $3 AND mailing = $4"
            : "UPDATE delivery SET outcome = NULL WHERE announcement = $1 AND subscriber > $2"
              " AND subscriber <= $3 AND mailing = $4 AND outcome IS NOT NULL",
        error);
    statement_bind_integer(statement, 1, retention->announcement);
    statement_bind_integer(statement, 2, retention->after);
    statement_bind_integer(statement, 3, last);
    statement_bind_integer(statement, 4, retention->mailing);
    if (!statement_run(statement, error))
        return false;
    *count += database_changes(database);
    return true;
}

static bool write_level(struct database *database, int64_t mailing, int level, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE mailing SET forgotten = $2 WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, level);
    return statement_run(statement, error);
}

/* Written together with the first rows that go: a kill afterwards leaves a mailing that says its
 * rows are incomplete, so that nobody whose row is gone is taken for somebody it missed. */
static bool begin_mailing(struct database *database, const struct queue_retention *retention,
                          struct error *error)
{
    return retention->level != FORGOTTEN_ROWS || retention->after != INT64_MIN ||
           write_level(database, retention->mailing, FORGOTTEN_SOME, error);
}

static bool end_mailing(struct database *database, const struct queue_retention *retention,
                        struct error *error)
{
    if (!write_level(database, retention->mailing, retention->level, error))
        return false;
    /* The list of feeds is needed as long as there are rows, so it goes with the last of them. */
    if (retention->level != FORGOTTEN_ROWS)
        return true;
    struct statement *statement = database_prepare(
        database, "DELETE FROM mailing_feed WHERE mailing = $1", error);
    statement_bind_integer(statement, 1, retention->mailing);
    return statement_run(statement, error);
}

/* Transactional mails that are over with: the rows that go, and those whose texts do. */
#define OLD_TRANSACTIONAL                                                                          \
    "SELECT row_id FROM transactional_mail WHERE state IN (@QUEUE_OVER@) AND worker = 0"           \
    " AND updated_at < $1"
#define OLD_TEXTS                                                                                  \
    "SELECT row_id FROM transactional_mail WHERE state IN (@QUEUE_OVER@) AND outcome IS NOT NULL"  \
    " AND updated_at < $1"

/* What could never be sent on. */
#define OLD_FORWARDS "SELECT row_id FROM transactional_forward WHERE octets > 0 AND at < $1"

/* What was set aside for a person, and nobody looked after. */
#define OLD_MESSAGES "SELECT row_id FROM transactional_message WHERE at < $1"

/* Trouble with receivers that did not come again (trouble.h). */
#define OLD_RECEIVERS                                                                              \
    "SELECT row_id FROM receiver WHERE state = @RECEIVER_WATCHED@"                                 \
    " AND refused_at < $1"
#define OLD_RETURNS "SELECT announcement, subscriber FROM receiver_return WHERE at < $1"
#define OLD_DOMAINS "SELECT domain FROM receiver_domain WHERE at < $1"

static bool forget_rows(struct database *database, const char *sql, int64_t before_at,
                        int64_t *count, struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, before_at);
    statement_bind_integer(statement, 2, STEP_ROWS);
    if (!statement_run(statement, error))
        return false;
    *count += database_changes(database);
    return true;
}

static bool retain_transactional(struct database *database, const struct queue_retention *retention,
                                 int64_t *count, struct error *error)
{
    return forget_rows(database,
                       "DELETE FROM transactional_mail WHERE row_id IN (" OLD_TRANSACTIONAL
                       " LIMIT $2)",
                       retention->rows_before_at, count, error) &&
           forget_rows(database,
                       "UPDATE transactional_mail SET outcome = NULL WHERE row_id IN (" OLD_TEXTS
                       " LIMIT $2)",
                       retention->texts_before_at, count, error) &&
           forget_rows(database,
                       "DELETE FROM transactional_forward WHERE row_id IN (" OLD_FORWARDS
                       " LIMIT $2)",
                       retention->texts_before_at, count, error) &&
           forget_rows(database,
                       "DELETE FROM transactional_message WHERE row_id IN (" OLD_MESSAGES
                       " LIMIT $2)",
                       retention->texts_before_at, count, error);
}

static bool retain_trouble(struct database *database, const struct queue_retention *retention,
                           int64_t *count, struct error *error)
{
    return forget_rows(database,
                       "DELETE FROM receiver WHERE row_id IN (" OLD_RECEIVERS " LIMIT $2)",
                       retention->trouble_before_at, count, error) &&
           forget_rows(database,
                       "DELETE FROM receiver_return WHERE (announcement, subscriber) IN"
                       " (" OLD_RETURNS " LIMIT $2)",
                       retention->trouble_before_at, count, error) &&
           forget_rows(database,
                       "DELETE FROM receiver_domain WHERE domain IN (" OLD_DOMAINS " LIMIT $2)",
                       retention->trouble_before_at, count, error);
}

static bool find_row(struct database *database, const char *sql, int64_t before_at, bool *found,
                     struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, before_at);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        statement_reset(statement);
    return true;
}

bool queue_retain_find(struct database *database, struct queue_retention *retention, bool *found,
                       struct error *error)
{
    const struct {
        const char *sql;
        int64_t before_at;
    } kinds[] = {
        { OLD_TRANSACTIONAL " LIMIT 1", retention->rows_before_at },
        { OLD_TEXTS " LIMIT 1", retention->texts_before_at },
        { OLD_FORWARDS " LIMIT 1", retention->texts_before_at },
        { OLD_MESSAGES " LIMIT 1", retention->texts_before_at },
        { OLD_RECEIVERS " LIMIT 1", retention->trouble_before_at },
        { OLD_RETURNS " LIMIT 1", retention->trouble_before_at },
        { OLD_DOMAINS " LIMIT 1", retention->trouble_before_at },
    };

    if (retention->mailing == 0 && !next_mailing(database, retention, error))
        return false;
    *found = retention->mailing != 0;
    for (size_t i = 0; !*found && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!find_row(database, kinds[i].sql, kinds[i].before_at, found, error))
            return false;
    }
    return true;
}

bool queue_retain(struct database *database, struct queue_retention *retention, int64_t *count,
                  bool *more, struct error *error)
{
    assert(database_in_transaction(database));
    int64_t forgotten = 0;
    int64_t last = 0;
    bool found = false;
    if (retention->mailing == 0 && !next_mailing(database, retention, error))
        return false;
    if (retention->mailing == 0) {
        if (!retain_transactional(database, retention, &forgotten, error) ||
            !retain_trouble(database, retention, &forgotten, error))
            return false;
    } else {
        /* A mailing counts as forgotten only in a step that finds no row of it, so after a kill it
         * is looked through again, which finds what is left. */
        if (!begin_mailing(database, retention, error) ||
            !next_end(database, retention, &last, &found, error) ||
            !(found ? forget_part(database, retention, last, &forgotten, error)
                    : end_mailing(database, retention, error)))
            return false;
    }
    *more = retention->mailing != 0 || forgotten > 0;
    if (found)
        retention->after = last;
    else
        retention->mailing = 0;
    *count = forgotten;
    return true;
}
