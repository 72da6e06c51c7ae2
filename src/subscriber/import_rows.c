/* SPDX-License-Identifier: MIT */
#include "subscriber/import_rows.h"

#include "base/string_builder.h"
#include "database/database.h"

/* Parameters of a row, behind the ones that all rows share. */
enum {
    SUBSCRIBER_SHARED = 1,
    SUBSCRIBER_PARAMETERS = 6,
    EVENT_SHARED = 1,
    EVENT_PARAMETERS = 7,
    SUBSCRIPTION_SHARED = 2,
    SUBSCRIPTION_PARAMETERS = 3
};

static void subscriber_sql_write(struct string_builder *sql, size_t rows)
{
    string_builder_append(
        sql, "INSERT INTO subscriber (row_id, address, folded, rate_limit_key, language, state,"
             " created_at, changed_at) VALUES ");
    for (size_t i = 0; i < rows; i++) {
        size_t p = SUBSCRIBER_SHARED + i * SUBSCRIBER_PARAMETERS + 1;
        string_builder_append_format(sql, "%s($%zu, $%zu, $%zu, $%zu, $%zu, $%zu, $1, $1)",
                                     i ? ", " : "", p, p + 1, p + 2, p + 3, p + 4, p + 5);
    }
    string_builder_append(sql, " ON CONFLICT DO NOTHING");
}

static void event_sql_write(struct string_builder *sql, size_t rows)
{
    string_builder_append(sql,
                          "INSERT INTO event (subscriber, number, at, event, way, feeds, cadence,"
                          " language, consent_at, evidence) VALUES ");
    for (size_t i = 0; i < rows; i++) {
        size_t p = EVENT_SHARED + i * EVENT_PARAMETERS + 1;
        string_builder_append_format(
            sql, "%s($%zu, 1, $1, $%zu, @SUBSCRIBER_BY_IMPORT@, $%zu, $%zu, $%zu, $%zu, $%zu)",
            i ? ", " : "", p, p + 1, p + 2, p + 3, p + 4, p + 5, p + 6);
    }
}

static void subscription_sql_write(struct string_builder *sql, size_t rows)
{
    string_builder_append(sql,
                          "INSERT INTO subscription (subscriber, feed, cadence, state, since_at,"
                          " digest_after) VALUES ");
    for (size_t i = 0; i < rows; i++) {
        size_t p = SUBSCRIPTION_SHARED + i * SUBSCRIPTION_PARAMETERS + 1;
        string_builder_append_format(sql,
                                     "%s($%zu, $%zu, $%zu, @SUBSCRIPTION_ACTIVE@, $1,"
                                     " $2)",
                                     i ? ", " : "", p, p + 1, p + 2);
    }
}

/* Made when it is wanted first: few lists need all. sql: for one row, for many. */
static struct statement *rows_prepare(struct import_rows *rows, struct string_builder sql[2],
                                      size_t count,
                                      void (*compose)(struct string_builder *sql, size_t rows),
                                      struct error *error)
{
    struct string_builder *wanted = &sql[count > 1];
    if (wanted->length == 0)
        compose(wanted, count > 1 ? IMPORT_ROWS_AT_ONCE : 1);
    return database_prepare(rows->database, wanted->data, error);
}

void import_rows_init(struct import_rows *rows, struct database *database, int64_t now_at)
{
    rows->database = database;
    rows->now_at = now_at;
    rows->event_count = 0;
    rows->subscription_count = 0;
    for (size_t i = 0; i < 2; i++) {
        string_builder_init(&rows->subscriber_sql[i], 0);
        string_builder_init(&rows->event_sql[i], 0);
        string_builder_init(&rows->subscription_sql[i], 0);
    }
}

void import_rows_release(struct import_rows *rows)
{
    for (size_t i = 0; i < 2; i++) {
        string_builder_release(&rows->subscriber_sql[i]);
        string_builder_release(&rows->event_sql[i]);
        string_builder_release(&rows->subscription_sql[i]);
    }
}

bool import_rows_begin(struct import_rows *rows, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        rows->database, "SELECT COALESCE(MAX(row_id), 0) FROM digest_item", error);
    /* What waited for a transaction that failed is not this one's. */
    rows->event_count = 0;
    rows->subscription_count = 0;
    if (!statement_find(statement, &found, error))
        return false;
    rows->digest_after = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

/* ---- subscribers ---- */

static bool subscribers_insert(struct import_rows *rows,
                               const struct import_subscriber *subscribers, size_t count,
                               struct error *error)
{
    struct statement *statement = rows_prepare(rows, rows->subscriber_sql, count,
                                               subscriber_sql_write, error);
    statement_bind_integer(statement, 1, rows->now_at);
    for (size_t i = 0; i < count; i++) {
        int before = SUBSCRIBER_SHARED + (int)i * SUBSCRIBER_PARAMETERS;
        const struct import_line *line = subscribers[i].line;
        statement_bind_integer(statement, before + 1, subscribers[i].row_id);
        statement_bind_kept_text(statement, before + 2, line->typed);
        statement_bind_kept_text(statement, before + 3, line->folded);
        statement_bind_kept_text(statement, before + 4, line->rate_limit_key);
        statement_bind_kept_text(statement, before + 5, line->attributes->language);
        statement_bind_integer(statement, before + 6, subscribers[i].state);
    }
    return statement_run(statement, error);
}

/* An insert that found a conflict but left no row with the address met another subscriber's id:
 * the next id is tried. */
static bool subscriber_insert_again(struct import_rows *rows, struct import_subscriber *subscriber,
                                    struct error *error)
{
    for (;;) {
        bool found = false;
        struct statement *statement = database_prepare(
            rows->database, "SELECT 1 FROM subscriber WHERE folded = $1", error);
        statement_bind_kept_text(statement, 1, subscriber->line->folded);
        if (!statement_find(statement, &found, error))
            return false;
        if (found) {
            statement_reset(statement);
            return true;
        }
        subscriber->row_id++;
        if (!subscribers_insert(rows, subscriber, 1, error))
            return false;
    }
}

static bool subscribers_write(struct import_rows *rows, struct import_subscriber *subscribers,
                              size_t count, struct error *error)
{
    if (!subscribers_insert(rows, subscribers, count, error))
        return false;
    bool are_there = database_changes(rows->database) == (int64_t)count;
    for (size_t i = 0; i < count && !are_there; i++)
        if (!subscriber_insert_again(rows, &subscribers[i], error))
            return false;
    return true;
}

bool import_rows_subscribers(struct import_rows *rows, struct import_subscriber *subscribers,
                             size_t count, struct error *error)
{
    if (count == IMPORT_ROWS_AT_ONCE)
        return subscribers_write(rows, subscribers, count, error);
    for (size_t i = 0; i < count; i++)
        if (!subscribers_write(rows, &subscribers[i], 1, error))
            return false;
    return true;
}

/* ---- events ---- */

static bool events_write(struct import_rows *rows, size_t from, size_t count, struct error *error)
{
    struct statement *statement = rows_prepare(rows, rows->event_sql, count, event_sql_write,
                                               error);
    statement_bind_integer(statement, 1, rows->now_at);
    for (size_t i = 0; i < count; i++) {
        int before = EVENT_SHARED + (int)i * EVENT_PARAMETERS;
        const struct import_event *event = &rows->events[from + i];
        const struct import_attributes *attributes = event->attributes;
        statement_bind_integer(statement, before + 1, event->subscriber);
        statement_bind_integer(statement, before + 2, event->event);
        statement_bind_kept_text(statement, before + 3, event->feeds);
        if (import_has_one_cadence(attributes))
            statement_bind_integer(statement, before + 4, attributes->cadences[0]);
        else
            statement_bind_text(statement, before + 4, NULL);
        statement_bind_kept_text(statement, before + 5, attributes->language);
        statement_bind_instant(statement, before + 6, attributes->consent_at);
        statement_bind_kept_text(statement, before + 7, attributes->evidence);
    }
    return statement_run(statement, error);
}

bool import_rows_event(struct import_rows *rows, const struct import_event *event,
                       struct error *error)
{
    rows->events[rows->event_count++] = *event;
    if (rows->event_count < IMPORT_ROWS_AT_ONCE)
        return true;
    rows->event_count = 0;
    return events_write(rows, 0, IMPORT_ROWS_AT_ONCE, error);
}

/* ---- subscriptions ---- */

static bool subscriptions_write_some(struct import_rows *rows, size_t from, size_t count,
                                     struct error *error)
{
    struct statement *statement = rows_prepare(rows, rows->subscription_sql, count,
                                               subscription_sql_write, error);
    statement_bind_integer(statement, 1, rows->now_at);
    statement_bind_integer(statement, 2, rows->digest_after);
    for (size_t i = 0; i < count; i++) {
        const struct subscription_row *row = &rows->subscriptions[from + i];
        int before = SUBSCRIPTION_SHARED + (int)i * SUBSCRIPTION_PARAMETERS;
        statement_bind_integer(statement, before + 1, row->subscriber);
        statement_bind_text_bytes(statement, before + 2, row->feed, row->feed_length);
        statement_bind_integer(statement, before + 3, row->cadence);
    }
    return statement_run(statement, error);
}

bool import_rows_subscription(struct import_rows *rows, const struct subscription_row *row,
                              struct error *error)
{
    rows->subscriptions[rows->subscription_count++] = *row;
    if (rows->subscription_count < IMPORT_ROWS_AT_ONCE)
        return true;
    rows->subscription_count = 0;
    return subscriptions_write_some(rows, 0, IMPORT_ROWS_AT_ONCE, error);
}

bool import_rows_end(struct import_rows *rows, struct error *error)
{
    for (size_t i = 0; i < rows->event_count; i++)
        if (!events_write(rows, i, 1, error))
            return false;
    for (size_t i = 0; i < rows->subscription_count; i++)
        if (!subscriptions_write_some(rows, i, 1, error))
            return false;
    rows->event_count = 0;
    rows->subscription_count = 0;
    return true;
}
