/* SPDX-License-Identifier: MIT */
#include "queue/queue.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Who gets which version is one number a (language, feed, candidate): its rank for readers of that
 * language times 10^12, plus the version's row id. The least of a subscriber's numbers is his
 * choice, so that one pass over subscriptions, in the order of their key and without sorting, makes
 * a million rows. */
#define RANK_STEP INT64_C(1000000000000)

enum {
    LANGUAGES_MAXIMUM = 50, /* whoever reads one beyond gets the original */
    FIXED_PARAMETERS = 3    /* before those of the choices */
};

struct choice {
    const char *feed;
    int64_t code; /* the least of the feed's candidates */
};

/* For the readers of one language. */
struct choices {
    const char *language; /* NULL: of any other */
    struct choice *items;
    size_t count;
};

struct queue_version_choice {
    struct arena arena;
    struct choices languages[LANGUAGES_MAXIMUM]; /* those that some candidate is in */
    size_t count;
    struct choices others;
};

/* language NULL: one that no candidate is in. */
static int64_t candidate_rank(const struct queue_candidates *candidates, size_t index,
                              const char *language)
{
    const struct queue_candidate *candidate = &candidates->items[index];
    return queue_version_rank(candidate->language, queue_candidate_place(candidates, index),
                              language ? language : "");
}

static bool is_spoken(const struct queue_candidates *candidates, const char *language)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (selection_is_same_language(candidates->items[i].language, language))
            return true;
    return false;
}

/* Each feed once, with the best of its candidates, so that the statement compares no feed twice. */
static void choice_add(struct choices *choices, const char *feed, int64_t code)
{
    size_t i = 0;
    while (i < choices->count && strcmp(choices->items[i].feed, feed) != 0)
        i++;
    if (i == choices->count)
        choices->items[choices->count++] = (struct choice){ feed, code };
    else if (code < choices->items[i].code)
        choices->items[i].code = code;
}

static void choices_make(struct arena *arena, const struct queue_candidates *candidates,
                         const char *language, struct choices *choices)
{
    *choices = (struct choices){ .language = arena_copy(arena, language),
                                 .items = arena_allocate_array(arena, candidates->count,
                                                               sizeof *choices->items) };
    for (size_t i = 0; i < candidates->count; i++)
        choice_add(choices, candidates->items[i].feed,
                   candidate_rank(candidates, i, language) * RANK_STEP +
                       candidates->items[i].version);
}

/* The languages that confirmed subscribers read are few, and found in an index of them alone. */
static bool audience_make(struct database *database, const struct queue_candidates *candidates,
                          struct queue_version_choice *audience, struct error *error)
{
    enum statement_result result;
    *audience = (struct queue_version_choice){ 0 };
    if (candidates->count > QUEUE_CANDIDATES_MAXIMUM)
        return error_set(error, ERROR_INPUT,
                         "a release with more than %d versions and feeds cannot be mailed",
                         QUEUE_CANDIDATES_MAXIMUM);
    if (candidates->count == 0)
        return true;
    choices_make(&audience->arena, candidates, NULL, &audience->others);
    struct statement *statement = database_prepare(
        database, "SELECT DISTINCT language FROM mailable_subscriber", error);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        const char *language = statement_text(statement, 0);
        if (audience->count < LANGUAGES_MAXIMUM && is_spoken(candidates, language))
            choices_make(&audience->arena, candidates, language,
                         &audience->languages[audience->count++]);
    }
    return result == STATEMENT_DONE;
}

static void sql_with_feeds(struct string_builder *sql, const struct choices *choices,
                           size_t *position)
{
    string_builder_append(sql, "CASE p.feed");
    for (size_t i = 0; i < choices->count; i++, *position += 2)
        string_builder_append_format(sql, " WHEN $%zu THEN CAST($%zu AS @integer@)", *position + 1,
                                     *position + 2);
    string_builder_append(sql, " END");
}

/* Two nested comparisons a subscription: by language, then by feed. */
static void sql_with_choices(struct string_builder *sql,
                             const struct queue_version_choice *audience)
{
    size_t position = FIXED_PARAMETERS;
    string_builder_append(sql, "CASE");
    for (size_t i = 0; i < audience->count; i++) {
        string_builder_append_format(sql, " WHEN s.language = $%zu THEN ", ++position);
        sql_with_feeds(sql, &audience->languages[i], &position);
    }
    /* A WHEN instead of an ELSE, because a CASE needs at least one, and there may be none for a
     * language. */
    string_builder_append(sql, " WHEN s.language <> '' THEN ");
    sql_with_feeds(sql, &audience->others, &position);
    string_builder_append(sql, " END");
}

static void bind_feeds(struct statement *statement, const struct choices *choices, int *position)
{
    for (size_t i = 0; i < choices->count; i++) {
        statement_bind_text(statement, ++*position, choices->items[i].feed);
        statement_bind_integer(statement, ++*position, choices->items[i].code);
    }
}

static void bind_choices(struct statement *statement, const struct queue_version_choice *audience)
{
    int position = FIXED_PARAMETERS;
    for (size_t i = 0; i < audience->count; i++) {
        statement_bind_text(statement, ++position, audience->languages[i].language);
        bind_feeds(statement, &audience->languages[i], &position);
    }
    bind_feeds(statement, &audience->others, &position);
}

/* The order of the joins is the order of work: subscriptions by their key, then each one's
 * subscriber. within: "" or a condition of p.subscriber, by which few subscriptions are read. */
static struct statement *prepare_with_choices(struct database *database,
                                              const struct queue_version_choice *audience,
                                              const char *before, const char *within,
                                              const char *behind, struct error *error)
{
    struct string_builder sql;
    string_builder_init(&sql, 0);
    string_builder_append(&sql, before);
    string_builder_append(&sql, " (SELECT p.subscriber AS subscriber, MIN(");
    sql_with_choices(&sql, audience);
    string_builder_append(&sql, ") AS code FROM immediate_subscription p"
                                " CROSS JOIN mailable_subscriber s"
                                " WHERE s.row_id = p.subscriber ");
    string_builder_append(&sql, within);
    string_builder_append(&sql, " GROUP BY p.subscriber) AS chosen WHERE chosen.code IS NOT NULL");
    string_builder_append(&sql, behind);
    struct statement *statement = database_prepare(database, sql.data, error);
    string_builder_release(&sql);
    bind_choices(statement, audience);
    return statement;
}

/* $1 announcement, $2 mailing, $3 the instant. */
static bool run_with_choices(struct statement *statement, const struct queue_mailing *mailing,
                             struct error *error)
{
    statement_bind_integer(statement, 1, mailing->announcement);
    statement_bind_integer(statement, 2, mailing->row_id);
    statement_bind_integer(statement, 3, mailing->created_at);
    return statement_run(statement, error);
}

/* Whoever has a row of the announcement keeps it, whatever became of it: the key alone sees to it
 * that nobody is mailed twice (I5), also where two runs add at once. */
static bool insert_chosen(struct database *database, const struct queue_mailing *mailing,
                          const struct queue_version_choice *audience, int64_t *added,
                          struct error *error)
{
    struct statement *statement = prepare_with_choices(
        database, audience,
        "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " updated_at) SELECT $1, chosen.subscriber, $2, chosen.code % 1000000000000,"
        " @QUEUE_QUEUED@, 0, $3 FROM",
        "", " ON CONFLICT (announcement, subscriber) DO NOTHING", error);
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
    struct queue_version_choice audience;
    int64_t count = 0;
    bool done = audience_make(database, candidates, &audience, error) &&
                selection_write(database, mailing->row_id, candidates, error) &&
                (candidates->count == 0 ||
                 insert_chosen(database, mailing, &audience, &count, error));
    arena_release(&audience.arena);
    if (done)
        *added = count;
    return done;
}

/* The counts of the mailings they leave were written down when those ended (queue_finish). */
static bool move_missed(struct database *database, const struct queue_mailing *mailing,
                        const struct queue_version_choice *audience, int64_t *added,
                        struct error *error)
{
    struct statement *statement = prepare_with_choices(
        database, audience,
        "UPDATE delivery SET mailing = $2, state = @QUEUE_QUEUED@, next_at = 0, worker = 0,"
        " attempts = 0,"
        " indeterminate_count = 0, is_cancelled = 0, smtp_code = NULL, enhanced = NULL,"
        " outcome = NULL,"
        " updated_at = $3 WHERE announcement = $1 AND mailing <> $2"
        " AND state IN (@QUEUE_FAILED@, @QUEUE_SUPPRESSED@, @QUEUE_CANCELLED@)"
        " AND indeterminate_count = 0"
        " AND mailing IN (SELECT row_id FROM mailing WHERE is_counted = 1)"
        " AND subscriber IN (SELECT chosen.subscriber FROM",
        "", ")", error);
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
    struct queue_version_choice audience = { 0 };
    int64_t count = 0;
    int64_t finished = 0;
    /* Ended mailings are counted before rows leave them, because those would be missing from their
     * counts for ever (I12). */
    bool done = counts_finish(database, mailing->created_at, mailing->row_id, &finished, error) &&
                audience_make(database, candidates, &audience, error) &&
                selection_write(database, mailing->row_id, candidates, error) &&
                (candidates->count == 0 ||
                 (move_missed(database, mailing, &audience, &count, error) &&
                  insert_chosen(database, mailing, &audience, &count, error)));
    arena_release(&audience.arena);
    if (done)
        *added = count;
    return done;
}

/* ---- reading ---- */

enum { SUBSCRIBERS_IN_A_PAGE = 1000 };

static_assert(SUBSCRIBERS_IN_A_PAGE == 1000, "stands in SQL");

#define NOT_IN_ANNOUNCEMENT                                                                        \
    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.announcement = $1"                          \
    " AND d.subscriber = chosen.subscriber)"

void queue_audience_cursor_open(struct queue_audience_cursor *cursor, struct database *database,
                                int64_t announcement, const struct queue_candidates *candidates)
{
    *cursor = (struct queue_audience_cursor){ .database = database,
                                              .announcement = announcement,
                                              .candidates = candidates,
                                              .after = INT64_MIN,
                                              .is_last_page = candidates->count == 0 };
}

/* Choosing reads every subscription that it is given, so a page is a range of their key that holds
 * no more of them than fit. *found false: nothing is left behind *until. */
static bool find_range(struct queue_audience_cursor *cursor, int64_t *until, bool *found,
                       struct error *error)
{
    struct statement *statement = database_prepare(
        cursor->database,
        "SELECT subscriber FROM immediate_subscription WHERE subscriber > $1"
        " ORDER BY subscriber LIMIT 1 OFFSET $2",
        error);
    statement_bind_integer(statement, 1, cursor->after);
    statement_bind_integer(statement, 2, SUBSCRIBERS_IN_A_PAGE - 1);
    if (!statement_find(statement, found, error))
        return false;
    *until = *found ? statement_integer(statement, 0) : INT64_MAX;
    statement_reset(statement);
    return true;
}

static bool make_choice(struct queue_audience_cursor *cursor, struct error *error)
{
    if (cursor->choice)
        return true;
    cursor->choice = memory_allocate(sizeof *cursor->choice);
    return audience_make(cursor->database, cursor->candidates, cursor->choice, error);
}

static bool read_page(struct queue_audience_cursor *cursor, struct error *error)
{
    int64_t until;
    bool found = false;
    enum statement_result result;
    if (!make_choice(cursor, error) || !find_range(cursor, &until, &found, error))
        return false;
    struct statement *statement = prepare_with_choices(
        cursor->database, cursor->choice,
        "SELECT chosen.subscriber,"
        " (SELECT r.address FROM known_subscriber r WHERE r.row_id = chosen.subscriber),"
        " (SELECT r.language FROM known_subscriber r WHERE r.row_id = chosen.subscriber),"
        " chosen.code % 1000000000000 FROM",
        "AND p.subscriber > $2 AND p.subscriber <= $3",
        NOT_IN_ANNOUNCEMENT " ORDER BY chosen.subscriber LIMIT 1000", error);
    arena_release(&cursor->arena);
    cursor->rows = arena_allocate_array(&cursor->arena, SUBSCRIBERS_IN_A_PAGE,
                                        sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    statement_bind_integer(statement, 1, cursor->announcement);
    statement_bind_integer(statement, 2, cursor->after);
    statement_bind_integer(statement, 3, until);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        cursor->rows[cursor->count++] = (struct queue_audience_member){
            .subscriber = statement_integer(statement, 0),
            .address = statement_copy_text(statement, 1, &cursor->arena),
            .language = statement_copy_text(statement, 2, &cursor->arena),
            .version = statement_integer(statement, 3)
        };
    statement_reset(statement);
    /* A full page may have been cut short, where subscriptions came in since the range was found.
     */
    bool is_full = cursor->count == SUBSCRIBERS_IN_A_PAGE;
    cursor->after = is_full ? cursor->rows[cursor->count - 1].subscriber : until;
    cursor->is_last_page = !found && !is_full;
    return result == STATEMENT_DONE;
}

bool queue_audience_cursor_next(struct queue_audience_cursor *cursor,
                                const struct queue_audience_member **member, struct error *error)
{
    while (cursor->next == cursor->count && !cursor->is_last_page && !cursor->has_failed)
        cursor->has_failed = !read_page(cursor, error);
    if (cursor->has_failed || cursor->next == cursor->count)
        return false;
    *member = &cursor->rows[cursor->next++];
    return true;
}

bool queue_audience_cursor_close(struct queue_audience_cursor *cursor)
{
    if (cursor->choice)
        arena_release(&cursor->choice->arena);
    free(cursor->choice);
    cursor->choice = NULL;
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

bool queue_audience_count(struct database *database, struct arena *arena, int64_t announcement,
                          const struct queue_candidates *candidates,
                          struct queue_version_counts *counts, struct error *error)
{
    struct queue_version_choice audience;
    enum statement_result result = STATEMENT_DONE;
    bool done = audience_make(database, candidates, &audience, error);
    counts->items = arena_allocate_array(arena, candidates->count + 1, sizeof *counts->items);
    counts->count = 0;
    if (done && candidates->count) {
        struct statement *statement = prepare_with_choices(
            database, &audience, "SELECT chosen.code % 1000000000000, count(*) FROM", "",
            NOT_IN_ANNOUNCEMENT " GROUP BY chosen.code % 1000000000000"
                                " ORDER BY MIN(chosen.subscriber)",
            error);
        statement_bind_integer(statement, 1, announcement);
        while ((result = statement_step(statement, error)) == STATEMENT_ROW)
            counts->items[counts->count++] = (struct queue_version_count){
                .version = statement_integer(statement, 0),
                .subscribers = statement_integer(statement, 1)
            };
        statement_reset(statement);
    }
    arena_release(&audience.arena);
    return done && result == STATEMENT_DONE;
}

/* The order of the joins is the order of work, from the announcement to its rows by key: so a
 * correction costs what the release's audience was, not what the list is. Rows whose outcome was
 * never known are among them, because who may have got the wrong text must hear of it too. */
bool queue_add_mailed(struct database *database, const struct queue_mailing *mailing,
                      const struct queue_mailed *mailed, int64_t *added, struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
        " updated_at) SELECT $1, d.subscriber, $2, d.version, @QUEUE_QUEUED@, 0, $3"
        " FROM announcement a CROSS JOIN delivery d CROSS JOIN mailable_subscriber s"
        " WHERE a.release_row_id = $4 AND a.kind = @QUEUE_RELEASE@ AND d.announcement = a.row_id"
        " AND (d.state IN (@QUEUE_MAYBE_SENT@) OR d.indeterminate_count > 0)"
        " AND ($5 = 0 OR d.version = $5)"
        " AND ($6 = 0 OR d.revision < $6) AND s.row_id = d.subscriber"
        " ON CONFLICT (announcement, subscriber) DO NOTHING",
        error);
    statement_bind_integer(statement, 1, mailing->announcement);
    statement_bind_integer(statement, 2, mailing->row_id);
    statement_bind_integer(statement, 3, mailing->created_at);
    statement_bind_integer(statement, 4, mailed->release);
    statement_bind_integer(statement, 5, mailed->version);
    statement_bind_integer(statement, 6, mailed->revision);
    if (!statement_run(statement, error))
        return false;
    *added = database_changes(database);
    return true;
}
