/* SPDX-License-Identifier: MIT */
#include "release/release_store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "release/release_row.h"

#include <string.h>

/* ---- one row ---- */

static struct release_row *find_row(struct statement *statement, struct arena *arena, bool *failed,
                                    struct error *error)
{
    bool found = false;
    *failed = !statement_find(statement, &found, error);
    struct release_row *row = found && !*failed ? release_row_read(arena, statement) : NULL;
    statement_reset(statement);
    return row;
}

struct release_row *release_find_by_number(struct database *database, struct arena *arena,
                                           int64_t number, bool *failed, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE number = $1", error);
    statement_bind_integer(statement, 1, number);
    return find_row(statement, arena, failed, error);
}

struct release_row *release_find_by_id(struct database *database, struct arena *arena,
                                       const char *id, bool *failed, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE id = $1", error);
    statement_bind_text(statement, 1, id);
    return find_row(statement, arena, failed, error);
}

struct release_row *release_find_by_path(struct database *database, struct arena *arena,
                                         const char *path, bool *failed, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " RELEASE_ROW_COLUMNS " FROM release WHERE path = $1", error);
    statement_bind_text(statement, 1, path);
    return find_row(statement, arena, failed, error);
}

struct release_row *release_find_by_hash(struct database *database, struct arena *arena,
                                         const struct hash *content_hash, bool *failed,
                                         struct error *error)
{
    struct statement *statement = database_prepare(database,
                                                   "SELECT " RELEASE_ROW_COLUMNS
                                                   " FROM release WHERE content_hash = $1"
                                                   " ORDER BY is_missing DESC, number LIMIT 1",
                                                   error);
    statement_bind_bytes(statement, 1, content_hash->bytes, sizeof content_hash->bytes);
    return find_row(statement, arena, failed, error);
}

/* ---- many rows ---- */

enum { PARAMETERS_MAXIMUM = 12, SQL_MAXIMUM = 4096 };

/* A statement that grows: its conditions are constants of this file, every value a parameter. */
struct query {
    struct string_builder sql;
    int count;

    struct {
        const char *text; /* NULL: the number */
        int64_t number;
    } parameters[PARAMETERS_MAXIMUM];
};

/* before, the parameter's place, after. */
static void add_number(struct query *query, const char *before, int64_t number)
{
    query->parameters[query->count++].number = number;
    string_builder_append_format(&query->sql, " %s$%d", before, query->count);
}

static void add_text(struct query *query, const char *before, const char *text)
{
    query->parameters[query->count++].text = text;
    string_builder_append_format(&query->sql, " %s$%d", before, query->count);
}

static void add(struct query *query, const char *sql)
{
    string_builder_append_character(&query->sql, ' ');
    string_builder_append(&query->sql, sql);
}

/* What release_row_waits() says of a row that is not public, as a condition. */
static void add_not_waiting(struct query *query, int64_t now_at)
{
    add(query, "AND (public_at IS NOT NULL OR status = 2 OR (held_at IS NULL AND NOT EXISTS ("
               "SELECT 1 FROM release AS original WHERE original.number = release.original_number"
               " AND (original.status = 2 OR (original.public_at IS NULL AND ("
               "original.status = 0 OR original.held_at IS NOT NULL OR original.due_at IS NULL");
    add_number(query, "OR original.due_at > ", now_at);
    add(query, "))))))");
}

/* The conditions repeat those of the partial indexes word for word: that is how they are found. */
static void add_conditions(struct query *query, const struct release_filter *filter)
{
    if (filter->only_public)
        add(query, "AND public_at IS NOT NULL");
    if (filter->without_withdrawn || filter->only_unannounced)
        add(query, "AND status <> 2");
    if (filter->only_unpublished_due) {
        add(query, "AND status <> 0 AND public_revision <> revision");
        add(query, "AND (status = 2 OR withdrawal_asked_at IS NULL)");
        add_number(query, "AND due_at <= ", filter->now_at);
        add_not_waiting(query, filter->now_at);
    }
    if (filter->only_to_come)
        add(query, "AND status = 1 AND public_at IS NULL");
    if (filter->only_held)
        add(query, "AND held_at IS NOT NULL");
    if (filter->only_unannounced)
        add(query, "AND announced_at IS NULL AND public_at IS NOT NULL");
    if (filter->only_changed)
        add(query, "AND " RELEASE_ROW_IS_CHANGED);
    if (filter->original_number) {
        add_number(query, "AND (number = ", filter->original_number);
        add_number(query, "OR original_number = ", filter->original_number);
        add(query, ")");
    }
    if (filter->type)
        add_text(query, "AND type = ", filter->type);
    if (filter->title)
        add_text(query, "AND title = ", filter->title);
    if (filter->language)
        add_text(query, "AND language = ", filter->language);
    if (filter->public_from_at || filter->public_before_at) {
        add_number(query, "AND public_at >= ", filter->public_from_at);
        add_number(query, "AND public_at < ", filter->public_before_at);
    }
}

/* Whether an index finds the rows: then they are few and sorted afterwards. Without the "+ 0"
 * SQLite would rather read the whole table in its order. */
static bool is_narrow(const struct release_filter *filter)
{
    return filter->only_unpublished_due || filter->only_unannounced || filter->only_changed ||
           filter->only_to_come || filter->only_held || filter->title || filter->topic ||
           filter->type || filter->language || filter->public_before_at;
}

static void add_order(struct query *query, const struct release_filter *filter)
{
    if (filter->order == RELEASE_ORDER_NEWEST_FIRST && filter->topic)
        add(query, "ORDER BY topic_at DESC, release_number DESC");
    else if (filter->order == RELEASE_ORDER_NEWEST_FIRST && filter->only_public)
        add(query, "ORDER BY public_at DESC, number DESC");
    else if (filter->order == RELEASE_ORDER_LAST_FIRST)
        add(query, filter->title || filter->only_held ? "ORDER BY number + 0 DESC"
                                                      : "ORDER BY number DESC");
    else if (filter->order == RELEASE_ORDER_NEWEST_FIRST)
        add(query, "ORDER BY public_at DESC NULLS LAST, number DESC");
    else if (filter->original_number)
        add(query, "ORDER BY original_number IS NOT NULL, number");
    else if (is_narrow(filter))
        add(query, "ORDER BY number + 0");
    else
        add(query, "ORDER BY number");
    if (filter->limit)
        add_number(query, "LIMIT ", filter->limit);
}

static void make_query(struct query *query, const struct release_filter *filter)
{
    add(query, "SELECT " RELEASE_ROW_COLUMNS " FROM");
    /* CROSS JOIN keeps the order: the topic's rows first, then each one's release. */
    if (filter->topic)
        add_text(query,
                 "release_topic CROSS JOIN release"
                 " WHERE number = release_number AND topic = ",
                 filter->topic);
    else
        add(query, "release WHERE 1 = 1");
    add_conditions(query, filter);
    add_order(query, filter);
}

static struct statement *prepare_query(struct database *database, const struct query *query,
                                       struct error *error)
{
    struct statement *statement = database_prepare(database, query->sql.data, error);
    for (int i = 0; i < query->count; i++) {
        if (query->parameters[i].text)
            statement_bind_text(statement, i + 1, query->parameters[i].text);
        else
            statement_bind_integer(statement, i + 1, query->parameters[i].number);
    }
    return statement;
}

/* A visit that stops without filling its error has seen enough. */
static bool ends_well(const struct error *visit_error, struct error *error)
{
    if (visit_error->kind == ERROR_NONE)
        return true;
    *error = *visit_error;
    return false;
}

bool release_each(struct database *database, const struct release_filter *filter,
                  release_visit *visit, void *payload, struct error *error)
{
    struct query query = { .count = 0 };
    string_builder_init(&query.sql, SQL_MAXIMUM);
    make_query(&query, filter);
    struct statement *statement = prepare_query(database, &query, error);
    string_builder_release(&query.sql);
    struct arena arena = { 0 };
    struct error visit_error = { .kind = ERROR_NONE };
    enum statement_result result;
    bool goes_on = true;
    while (goes_on && (result = statement_step(statement, error)) == STATEMENT_ROW) {
        goes_on = visit(payload, release_row_read(&arena, statement), &visit_error);
        arena_release(&arena);
    }
    statement_reset(statement);
    return goes_on ? result == STATEMENT_DONE : ends_well(&visit_error, error);
}

bool release_each_path(struct database *database, release_path_visit *visit, void *payload,
                       struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT path, is_missing, stamp, number FROM release"
        " WHERE path IS NOT NULL ORDER BY path",
        error);
    struct error visit_error = { .kind = ERROR_NONE };
    enum statement_result result;
    bool goes_on = true;
    while (goes_on && (result = statement_step(statement, error)) == STATEMENT_ROW) {
        const struct release_path path = { .path = statement_text(statement, 0),
                                           .is_missing = statement_integer(statement, 1) != 0,
                                           .stamp = statement_text(statement, 2),
                                           .number = statement_integer(statement, 3) };
        goes_on = visit(payload, &path, &visit_error);
    }
    statement_reset(statement);
    return goes_on ? result == STATEMENT_DONE : ends_well(&visit_error, error);
}

/* ---- numbers ---- */

bool release_next_due(struct database *database, int64_t now_at, int64_t *due_at,
                      struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT due_at FROM release"
        " WHERE status = 1 AND public_at IS NULL AND held_at IS NULL AND due_at > $1"
        " ORDER BY due_at LIMIT 1",
        error);
    statement_bind_integer(statement, 1, now_at);
    bool found = false;
    bool done = statement_find(statement, &found, error);
    if (done)
        *due_at = found ? statement_integer(statement, 0) : INSTANT_NONE;
    statement_reset(statement);
    return done;
}

bool release_next_withdrawal(struct database *database, int64_t *number, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT number FROM (SELECT number, withdrawal_asked_at AS at FROM release"
        " WHERE withdrawal_asked_at IS NOT NULL UNION ALL SELECT number, withdrawn_at AS at"
        " FROM release WHERE status <> 0 AND public_revision <> revision"
        " AND status = 2 AND public_at IS NOT NULL) AS waiting"
        " ORDER BY at DESC, number DESC LIMIT 1",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *number = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

bool release_find_asked_withdrawal(struct database *database, struct arena *arena, int64_t *number,
                                   const char **reason, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT number, withdrawal_asked_reason FROM release WHERE withdrawal_asked_at IS NOT NULL"
        " ORDER BY withdrawal_asked_at, number LIMIT 1",
        error);
    if (!statement_find(statement, &found, error))
        return false;
    *number = found ? statement_integer(statement, 0) : 0;
    *reason = found ? statement_copy_text(statement, 1, arena) : NULL;
    statement_reset(statement);
    return true;
}

bool release_slug_is_taken(struct database *database, int year, const char *slug,
                           int64_t except_number, bool *taken, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT number FROM release"
        " WHERE year = $1 AND slug = $2 AND number <> $3 LIMIT 1",
        error);
    statement_bind_integer(statement, 1, year);
    statement_bind_text(statement, 2, slug);
    statement_bind_integer(statement, 3, except_number);
    bool found = false;
    bool done = statement_find(statement, &found, error);
    if (done)
        *taken = found;
    statement_reset(statement);
    return done;
}

bool release_count(struct database *database, struct release_counts *counts, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT status, COUNT(*), COUNT(public_at) FROM release GROUP BY status", error);
    struct release_counts sum = { 0 };
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t count = statement_integer(statement, 1);
        switch ((enum release_status)statement_integer(statement, 0)) {
        case RELEASE_DRAFT:
            sum.draft = count;
            break;
        case RELEASE_READY:
            sum.ready = count;
            sum.public_now = statement_integer(statement, 2);
            break;
        case RELEASE_WITHDRAWN:
            sum.withdrawn = count;
            break;
        }
    }
    statement_reset(statement);
    if (result != STATEMENT_DONE)
        return false;
    *counts = sum;
    return true;
}
