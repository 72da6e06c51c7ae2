/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "database/database.h"
#include "queue/books.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Who gets which version is one number a (language, feed, candidate): its rank for readers of that
 * language times 10^12, plus the version's number. The least of a person's numbers is his choice,
 * so that one pass over subscriptions, in the order of their key and without sorting, makes a
 * million rows. */
#define RANK_STEP INT64_C(1000000000000)

enum {
    RANK_EXACT = 0,    /* the language itself */
    RANK_PRIMARY = 1,  /* the same language of another region */
    RANK_ORIGINAL = 2, /* else the original */
    RANK_FIRST = 3,    /* else the first candidate */
    CHOICES_MAXIMUM = 10000,
    FIXED_PARAMETERS = 3 /* before those of the choices */
};

struct choice {
    const char *language; /* of the readers */
    const char *feed;
    int64_t code;
};

struct choices {
    struct choice *items;
    size_t count;
};

static size_t primary_length(const char *language)
{
    return strcspn(language, "-");
}

static int64_t candidate_rank(const struct queue_candidates *candidates, size_t index,
                              const char *language)
{
    const struct queue_candidate *candidate = &candidates->items[index];
    size_t length = primary_length(language);
    if (strcmp(candidate->language, language) == 0)
        return RANK_EXACT;
    if (primary_length(candidate->language) == length &&
        memcmp(candidate->language, language, length) == 0)
        return RANK_PRIMARY;
    return candidate->is_original ? RANK_ORIGINAL : RANK_FIRST + (int64_t)index;
}

/* The languages that confirmed subscribers read are few, and found in an index of them alone. */
static bool choices_make(struct database *database, struct arena *arena,
                         const struct queue_candidates *candidates, struct choices *choices,
                         struct error *error)
{
    enum statement_result result;
    if (candidates->count > QUEUE_CANDIDATES_MAXIMUM)
        return error_set(error, ERROR_INPUT,
                         "a release with more than %d versions and feeds cannot be mailed",
                         QUEUE_CANDIDATES_MAXIMUM);
    *choices = (struct choices){ .items = arena_allocate_array(arena, CHOICES_MAXIMUM,
                                                               sizeof *choices->items) };
    struct statement *statement = database_prepare(
        database, "SELECT DISTINCT language FROM subscriber WHERE state = 2", error);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        const char *language = statement_copy_text(statement, 0, arena);
        for (size_t i = 0; i < candidates->count; i++) {
            if (choices->count == CHOICES_MAXIMUM) {
                statement_reset(statement);
                return error_set(error, ERROR_INPUT,
                                 "subscribers read too many languages for so many feeds");
            }
            choices->items[choices->count++] = (struct choice){
                .language = language,
                .feed = candidates->items[i].feed,
                .code = candidate_rank(candidates, i, language) * RANK_STEP +
                        candidates->items[i].version
            };
        }
    }
    return result == STATEMENT_DONE;
}

/* The order of the joins is the order of work: subscriptions by their key, each one's subscriber,
 * the choices for both. */
static const char chosen[] =
    " (SELECT p.subscriber AS subscriber, MIN(c.code) AS code FROM subscription p"
    " CROSS JOIN subscriber s CROSS JOIN choice c"
    " WHERE p.state = 1 AND p.cadence = 0 AND s.id = p.subscriber AND s.state = 2"
    " AND c.feed = p.feed AND c.language = s.language GROUP BY p.subscriber) AS chosen ";

static void sql_with_choices(struct text *sql, const struct choices *choices)
{
    size_t position = FIXED_PARAMETERS;
    text_append(sql, "WITH choice (language, feed, code) AS (VALUES ");
    for (size_t i = 0; i < choices->count; i++, position += 3)
        text_append_format(sql, "%s($%zu, $%zu, CAST($%zu AS @integer@))", i ? ", " : "",
                           position + 1, position + 2, position + 3);
    text_append(sql, ") ");
}

static struct statement *prepare_with_choices(struct database *database,
                                              const struct choices *choices, const char *before,
                                              const char *behind, struct error *error)
{
    struct text sql;
    int position = FIXED_PARAMETERS;
    text_init(&sql, 0);
    sql_with_choices(&sql, choices);
    text_append(&sql, before);
    text_append(&sql, chosen);
    text_append(&sql, behind);
    struct statement *statement = database_prepare(database, sql.data, error);
    text_release(&sql);
    for (size_t i = 0; i < choices->count; i++, position += 3) {
        statement_bind_text(statement, position + 1, choices->items[i].language);
        statement_bind_text(statement, position + 2, choices->items[i].feed);
        statement_bind_integer(statement, position + 3, choices->items[i].code);
    }
    return statement;
}

/* $1 announcement, $2 mailing, $3 the instant. */
static bool run_with_choices(struct statement *statement, const struct queue_mailing *mailing,
                             struct error *error)
{
    statement_bind_integer(statement, 1, mailing->announcement);
    statement_bind_integer(statement, 2, mailing->number);
    statement_bind_integer(statement, 3, mailing->created_at);
    return statement_run(statement, error);
}

static bool insert_chosen(struct database *database, const struct queue_mailing *mailing,
                          const struct choices *choices, int64_t *added, struct error *error)
{
    struct statement *statement = prepare_with_choices(
        database, choices,
        "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " updated_at) SELECT $1, chosen.subscriber, $2, chosen.code % 1000000000000, 0, 0, $3 FROM",
        "WHERE true ON CONFLICT (announcement, subscriber) DO NOTHING", error);
    if (!run_with_choices(statement, mailing, error))
        return false;
    *added += database_changes(database);
    return true;
}

bool queue_add_audience(struct database *database, const struct queue_mailing *mailing,
                        const struct queue_candidates *candidates, int64_t *added,
                        struct error *error)
{
    assert(database_in_transaction(database));
    struct arena arena = { 0 };
    struct choices choices;
    int64_t count = 0;
    bool done = choices_make(database, &arena, candidates, &choices, error) &&
                (choices.count == 0 || insert_chosen(database, mailing, &choices, &count, error));
    arena_release(&arena);
    if (done)
        *added = count;
    return done;
}

/* The books of the mailings they leave were written down when those ended (queue_finish). */
static bool move_missed(struct database *database, const struct queue_mailing *mailing,
                        const struct choices *choices, int64_t *added, struct error *error)
{
    struct statement *statement = prepare_with_choices(
        database, choices,
        "UPDATE delivery SET mailing = $2, state = 0, next_at = 0, worker = 0, attempts = 0,"
        " doubts = 0, is_cancelled = 0, smtp_code = NULL, enhanced = NULL, outcome = NULL,"
        " updated_at = $3 WHERE announcement = $1 AND mailing <> $2 AND state IN (4, 5, 7)"
        " AND mailing IN (SELECT number FROM mailing WHERE is_counted = 1)"
        " AND subscriber IN (SELECT chosen.subscriber FROM",
        ")", error);
    if (!run_with_choices(statement, mailing, error))
        return false;
    *added += database_changes(database);
    return true;
}

bool queue_add_missed(struct database *database, const struct queue_mailing *mailing,
                      const struct queue_candidates *candidates, int64_t *added,
                      struct error *error)
{
    assert(database_in_transaction(database));
    struct arena arena = { 0 };
    struct choices choices;
    int64_t count = 0;
    int64_t finished = 0;
    bool done = books_finish(database, mailing->created_at, mailing->number, &finished, error) &&
                choices_make(database, &arena, candidates, &choices, error) &&
                (choices.count == 0 || (move_missed(database, mailing, &choices, &count, error) &&
                                        insert_chosen(database, mailing, &choices, &count, error)));
    arena_release(&arena);
    if (done)
        *added = count;
    return done;
}

static bool visit_chosen(struct statement *statement, queue_audience_visit *visit, void *payload,
                         struct error *error)
{
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (!visit(payload, statement_integer(statement, 0), statement_text(statement, 1),
                   statement_text(statement, 2), statement_integer(statement, 3), error)) {
            statement_reset(statement);
            return false;
        }
    }
    return result == STATEMENT_DONE;
}

bool queue_audience_each(struct database *database, int64_t announcement,
                         const struct queue_candidates *candidates, queue_audience_visit *visit,
                         void *payload, struct error *error)
{
    struct arena arena = { 0 };
    struct choices choices;
    bool done = choices_make(database, &arena, candidates, &choices, error);
    if (done && choices.count) {
        struct statement *statement = prepare_with_choices(
            database, &choices,
            "SELECT s.id, s.address, s.language, chosen.code % 1000000000000 FROM",
            "JOIN subscriber s ON s.id = chosen.subscriber WHERE NOT EXISTS (SELECT 1 FROM"
            " delivery d WHERE d.announcement = $1 AND d.subscriber = s.id) ORDER BY s.id",
            error);
        statement_bind_integer(statement, 1, announcement);
        done = visit_chosen(statement, visit, payload, error);
    }
    arena_release(&arena);
    return done;
}

bool queue_add_mailed(struct database *database, const struct queue_mailing *mailing,
                      const struct queue_mailed *mailed, int64_t *added, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " updated_at) SELECT $1, d.subscriber, $2, d.version, 0, 0, $3"
        " FROM announcement a CROSS JOIN delivery d CROSS JOIN subscriber s"
        " WHERE a.release_number = $4 AND a.kind = 0 AND d.announcement = a.number"
        " AND d.state IN (1, 2, 6) AND ($5 = 0 OR d.version = $5)"
        " AND ($6 = 0 OR d.revision < $6) AND s.id = d.subscriber AND s.state = 2"
        " ON CONFLICT (announcement, subscriber) DO NOTHING",
        error);
    statement_bind_integer(statement, 1, mailing->announcement);
    statement_bind_integer(statement, 2, mailing->number);
    statement_bind_integer(statement, 3, mailing->created_at);
    statement_bind_integer(statement, 4, mailed->release);
    statement_bind_integer(statement, 5, mailed->version);
    statement_bind_integer(statement, 6, mailed->revision);
    if (!statement_run(statement, error))
        return false;
    *added = database_changes(database);
    return true;
}
