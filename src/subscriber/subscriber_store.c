/* SPDX-License-Identifier: MIT */
#include "subscriber/subscriber.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "SELECT row_id, address, language, state, created_at, changed_at, folded FROM subscriber "

enum { FOLDED = 6 }; /* its place among them */

static void row_read(struct statement *statement, struct arena *arena,
                     struct subscriber *subscriber)
{
    *subscriber = (struct subscriber){
        .row_id = statement_integer(statement, 0),
        .address = statement_copy_text(statement, 1, arena),
        .language = statement_copy_text(statement, 2, arena),
        .state = (enum subscriber_state)statement_integer(statement, 3),
        .created_at = statement_integer(statement, 4),
        .changed_at = statement_integer(statement, 5),
    };
}

static bool subscriptions_load(struct database *database, struct arena *arena,
                               struct subscriber *subscriber, struct error *error)
{
    enum statement_result result;
    struct subscriber_subscription **link = &subscriber->subscriptions;
    struct statement *statement = database_prepare(
        database,
        "SELECT feed, cadence, state, since_at FROM subscription"
        " WHERE subscriber = $1 ORDER BY feed",
        error);
    statement_bind_integer(statement, 1, subscriber->row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct subscriber_subscription *subscription = arena_allocate(arena, sizeof *subscription);
        *subscription = (struct subscriber_subscription){
            .feed = statement_copy_text(statement, 0, arena),
            .cadence = (enum subscriber_cadence)statement_integer(statement, 1),
            .is_active = statement_integer(statement, 2) != 0,
            .since_at = statement_integer(statement, 3),
        };
        *link = subscription;
        link = &subscription->next;
    }
    return result == STATEMENT_DONE;
}

static struct subscriber_event_row *event_read(struct statement *statement, struct arena *arena)
{
    struct subscriber_event_row *event = arena_allocate(arena, sizeof *event);
    *event = (struct subscriber_event_row){
        .at = statement_integer(statement, 0),
        .event = (enum subscriber_event)statement_integer(statement, 1),
        .feeds = statement_copy_text(statement, 3, arena),
        .cadence = "",
        .language = statement_copy_text(statement, 5, arena),
        .consent_at = statement_integer(statement, 6),
        .proof = { .way = (enum subscriber_way)statement_integer(statement, 2),
                   .wording = statement_copy_text(statement, 7, arena),
                   .wording_version = statement_copy_text(statement, 8, arena),
                   .evidence = statement_copy_text(statement, 9, arena),
                   .network = statement_copy_text(statement, 10, arena) },
    };
    if (!statement_is_null(statement, 4))
        event->cadence = subscriber_cadence_name(
            (enum subscriber_cadence)statement_integer(statement, 4));
    return event;
}

static bool events_load(struct database *database, struct arena *arena,
                        struct subscriber *subscriber, struct error *error)
{
    enum statement_result result;
    struct subscriber_event_row **link = &subscriber->events;
    struct statement *statement = database_prepare(
        database,
        "SELECT at, event, way, feeds, cadence, language, consent_at, wording, wording_version,"
        " evidence, network FROM event WHERE subscriber = $1 ORDER BY number",
        error);
    statement_bind_integer(statement, 1, subscriber->row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        *link = event_read(statement, arena);
        link = &(*link)->next;
    }
    return result == STATEMENT_DONE;
}

static bool requests_load(struct database *database, struct arena *arena,
                          struct subscriber *subscriber, struct error *error)
{
    enum statement_result result;
    struct subscriber_request_row **link = &subscriber->requests;
    struct statement *statement = database_prepare(
        database,
        "SELECT created_at, expires_at, used_at, voided_at, cadence, language, feeds FROM request"
        " WHERE subscriber = $1 ORDER BY created_at, row_id",
        error);
    statement_bind_integer(statement, 1, subscriber->row_id);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct subscriber_request_row *request = arena_allocate(arena, sizeof *request);
        *request = (struct subscriber_request_row){
            .created_at = statement_integer(statement, 0),
            .expires_at = statement_integer(statement, 1),
            .used_at = statement_integer(statement, 2),
            .voided_at = statement_integer(statement, 3),
            .cadence = (enum subscriber_cadence)statement_integer(statement, 4),
            .language = statement_copy_text(statement, 5, arena),
            .feeds = statement_copy_text(statement, 6, arena),
        };
        *link = request;
        link = &request->next;
    }
    return result == STATEMENT_DONE;
}

static struct subscriber *find(struct database *database, struct arena *arena,
                               struct statement *statement, bool *failed, struct error *error)
{
    bool found = false;
    struct subscriber *subscriber = NULL;
    *failed = !statement_find(statement, &found, error);
    if (*failed || !found)
        return NULL;
    subscriber = arena_allocate(arena, sizeof *subscriber);
    row_read(statement, arena, subscriber);
    statement_reset(statement);
    *failed = !subscriptions_load(database, arena, subscriber, error) ||
              !events_load(database, arena, subscriber, error) ||
              !requests_load(database, arena, subscriber, error);
    return *failed ? NULL : subscriber;
}

struct subscriber *subscriber_find(struct database *database, struct arena *arena,
                                   const char *address, bool *failed, struct error *error)
{
    const struct address *parsed = address_parse_known(arena, address, strlen(address), error);
    *failed = !parsed;
    if (!parsed)
        return NULL;
    struct statement *statement = database_prepare(database, COLUMNS "WHERE folded = $1", error);
    statement_bind_text(statement, 1, parsed->folded);
    return find(database, arena, statement, failed, error);
}

struct subscriber *subscriber_find_by_row_id(struct database *database, struct arena *arena,
                                             int64_t row_id, bool *failed, struct error *error)
{
    struct statement *statement = database_prepare(database, COLUMNS "WHERE row_id = $1", error);
    statement_bind_integer(statement, 1, row_id);
    return find(database, arena, statement, failed, error);
}

/* ---- in pages ---- */

enum { PAGE_ROWS = 256 };

void subscriber_cursor_open(struct subscriber_cursor *cursor, struct database *database,
                            enum subscriber_state state)
{
    *cursor = (struct subscriber_cursor){ .database = database, .state = state, .last_folded = "" };
}

static bool page_read(struct subscriber_cursor *cursor, struct error *error)
{
    enum statement_result result;
    struct arena page = { 0 };
    const char *last_folded = "";
    struct statement *statement = database_prepare(
        cursor->database,
        COLUMNS "WHERE folded > $1 AND ($2 = 0 OR state = $2) ORDER BY folded LIMIT $3", error);
    statement_bind_text(statement, 1, cursor->last_folded);
    statement_bind_integer(statement, 2, cursor->state);
    statement_bind_integer(statement, 3, PAGE_ROWS);
    cursor->rows = arena_allocate_array(&page, PAGE_ROWS, sizeof *cursor->rows);
    cursor->count = 0;
    cursor->next = 0;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        row_read(statement, &page, &cursor->rows[cursor->count++]);
        if (cursor->count == PAGE_ROWS)
            last_folded = statement_copy_text(statement, FOLDED, &page);
    }
    bool done = result == STATEMENT_DONE;
    for (size_t i = 0; done && i < cursor->count; i++)
        done = subscriptions_load(cursor->database, &page, &cursor->rows[i], error);
    /* The key of the page before was bound from its arena until here. */
    arena_release(&cursor->arena);
    cursor->arena = page;
    cursor->last_folded = last_folded;
    cursor->is_last_page = cursor->count < PAGE_ROWS;
    return done;
}

bool subscriber_cursor_next(struct subscriber_cursor *cursor, const struct subscriber **subscriber,
                            struct error *error)
{
    if (cursor->has_failed)
        return false;
    if (cursor->next == cursor->count) {
        if (cursor->is_last_page)
            return false;
        cursor->has_failed = !page_read(cursor, error);
        if (cursor->has_failed || cursor->count == 0)
            return false;
    }
    *subscriber = &cursor->rows[cursor->next++];
    return true;
}

bool subscriber_cursor_close(struct subscriber_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}

bool subscriber_count(struct database *database, int64_t counts[SUBSCRIBER_STATE_COUNT],
                      struct error *error)
{
    enum statement_result result;
    memset(counts, 0, SUBSCRIBER_STATE_COUNT * sizeof *counts);
    struct statement *statement = database_prepare(
        database, "SELECT state, count(*) FROM subscriber GROUP BY state", error);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t state = statement_integer(statement, 0);
        if (state > 0 && state < SUBSCRIBER_STATE_COUNT)
            counts[state] = statement_integer(statement, 1);
    }
    return result == STATEMENT_DONE;
}
