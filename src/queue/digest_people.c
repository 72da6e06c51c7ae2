/* SPDX-License-Identifier: MIT */
#include "queue/digest.h"

#include "queue/digest_part.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"

#include <stdlib.h>
#include <string.h>

enum { PAST_AT_ONCE = 512 };

/* ---- the subscribers of a step ---- */

/* An index of digest subscriptions alone, and what is owed, in the order of ids: whoever follows at
 * once only is never looked at. */
static const char select_subscribers[] =
    "SELECT w.subscriber, s.state, s.language, p.feed, p.cadence, p.digest_after FROM"
    " (SELECT subscriber FROM subscription WHERE subscriber > $1 AND cadence <> 0 AND state = 1"
    " UNION SELECT subscriber FROM digest_owed WHERE subscriber > $1 ORDER BY 1 LIMIT $2) AS w"
    " LEFT JOIN subscriber s ON s.id = w.subscriber"
    " LEFT JOIN subscription p ON p.subscriber = w.subscriber AND p.state = 1"
    " ORDER BY w.subscriber";

static void subscription_add(struct statement *statement, struct arena *arena,
                             struct queue_digest_subscriber *subscriber)
{
    if (statement_is_null(statement, 3))
        return;
    struct queue_digest_subscription *item = arena_allocate(arena, sizeof *item);
    *item = (struct queue_digest_subscription){ .feed = statement_copy_text(statement, 3, arena),
                                                .cadence = (int)statement_integer(statement, 4),
                                                .after = statement_integer(statement, 5),
                                                .next = subscriber->subscriptions };
    subscriber->subscriptions = item;
}

bool queue_digest_subscribers(struct database *database, struct queue_digest_page *page,
                              struct arena *arena, struct error *error)
{
    enum statement_result result;
    struct queue_digest_subscriber *subscriber = NULL;
    struct queue_digest_subscriber **end = &page->first;
    page->first = NULL;
    page->count = 0;
    struct statement *statement = database_prepare(database, select_subscribers, error);
    statement_bind_integer(statement, 1, page->after);
    statement_bind_integer(statement, 2, (int64_t)page->maximum);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t id = statement_integer(statement, 0);
        if (!subscriber || subscriber->subscriber != id) {
            const char *language = statement_copy_text(statement, 2, arena);
            subscriber = arena_allocate(arena, sizeof *subscriber);
            *subscriber = (struct queue_digest_subscriber){
                .subscriber = id,
                .language = language ? language : "",
                .is_confirmed = statement_integer(statement, 1) == 2
            };
            *end = subscriber;
            end = &subscriber->next;
            page->count++;
        }
        subscription_add(statement, arena, subscriber);
    }
    return result == STATEMENT_DONE;
}

/* ---- what is owed ---- */

bool queue_digest_owes(struct database *database, bool *owes, struct error *error)
{
    int64_t value;
    return DIGEST_ASK(database, "SELECT 1 FROM digest_owed WHERE item > $1 LIMIT 1", &value, owes,
                      error, 0);
}

bool queue_digest_owed_each(struct database *database, int64_t subscriber, int64_t before_at,
                            queue_digest_number_visit *visit, void *payload, struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database, "SELECT item FROM digest_owed WHERE subscriber = $1 AND at <= $2 ORDER BY item",
        error);
    statement_bind_integer(statement, 1, subscriber);
    statement_bind_integer(statement, 2, before_at);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (!visit(payload, statement_integer(statement, 0), error)) {
            statement_reset(statement);
            return false;
        }
    }
    return result == STATEMENT_DONE;
}

bool queue_digest_forgive(struct database *database, int64_t subscriber, int64_t item,
                          struct error *error)
{
    return DIGEST_RUN(database, "DELETE FROM digest_owed WHERE subscriber = $1 AND item = $2",
                      error, subscriber, item);
}

bool queue_digest_forgive_all(struct database *database, int64_t subscriber, struct error *error)
{
    return digest_forget_subscriber(database, subscriber, error);
}

bool queue_digest_postpone(struct database *database, int64_t subscriber, int64_t item, int64_t at,
                           struct error *error)
{
    return DIGEST_RUN(database,
                      "UPDATE digest_owed SET at = $3 WHERE subscriber = $1 AND item = $2"
                      " AND at < $3",
                      error, subscriber, item, at);
}

/* ---- what reached a subscriber already ---- */

struct past_list {
    struct arena *arena;
    int64_t *announcements;
    size_t count;
    size_t capacity;
};

static void past_add(struct past_list *list, int64_t announcement)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        int64_t *more = arena_allocate_array(list->arena, capacity, sizeof *more);
        if (list->count)
            memcpy(more, list->announcements, list->count * sizeof *more);
        list->announcements = more;
        list->capacity = capacity;
    }
    list->announcements[list->count++] = announcement;
}

/* The other digests that brought a release of this edition to somebody. */
static bool past_add_digests(struct database *database, const struct queue_digest_edition *edition,
                             const struct queue_digest_item *item, struct past_list *list,
                             struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT DISTINCT h.announcement FROM digest_item i JOIN digest_holding h"
        " ON h.item = i.number WHERE i.release_number = $1 AND i.kind = 0 AND h.announcement <> $2",
        error);
    statement_bind_integer(statement, 1, item->release);
    statement_bind_integer(statement, 2, edition->announcement);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        past_add(list, statement_integer(statement, 0));
    return result == STATEMENT_DONE;
}

static int compare_numbers(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void past_sort(struct past_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->announcements, list->count, sizeof *list->announcements, compare_numbers);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->announcements[i] != list->announcements[kept - 1])
            list->announcements[kept++] = list->announcements[i];
    list->count = kept;
}

static const char *past_sql(struct arena *arena, size_t count)
{
    struct string_builder sql;
    string_builder_init(&sql, 0);
    string_builder_append(
        &sql, "SELECT d.announcement, k.items FROM delivery d LEFT JOIN digest_content k"
              " ON k.number = d.version AND k.announcement = d.announcement"
              " WHERE d.announcement IN (");
    for (size_t i = 0; i < count; i++)
        string_builder_append_format(&sql, "%s$%zu", i ? ", " : "", i + 2);
    string_builder_append(
        &sql, ") AND d.subscriber = $1 AND (d.state IN (0, 1, 2, 3, 6) OR d.doubts > 0)");
    const char *copy = arena_copy(arena, sql.data);
    string_builder_release(&sql);
    return copy;
}

bool queue_digest_past_make(struct database *database, const struct queue_digest_edition *edition,
                            const struct queue_digest_items *items, struct arena *arena,
                            struct queue_digest_past *past, struct error *error)
{
    struct past_list list = { .arena = arena };
    for (size_t i = 0; i < items->count; i++) {
        if (items->items[i].kind != QUEUE_RELEASE)
            continue;
        if (items->items[i].announcement)
            past_add(&list, items->items[i].announcement);
        if (!past_add_digests(database, edition, &items->items[i], &list, error))
            return false;
    }
    past_sort(&list);
    size_t at_once = 1; /* few different sizes: each is a statement that is kept */
    while (at_once < list.count && at_once < PAST_AT_ONCE)
        at_once *= 2;
    *past = (struct queue_digest_past){ .announcements = list.announcements,
                                        .count = list.count,
                                        .at_once = at_once,
                                        .sql = past_sql(arena, at_once) };
    return true;
}

/* Asks for those from `first` on, as many as fit; where fewer are left, the last one fills the
 * rest.
 */
static struct statement *past_ask(struct database *database, const struct queue_digest_past *past,
                                  size_t first, int64_t subscriber, struct error *error)
{
    struct statement *statement = database_prepare(database, past->sql, error);
    statement_bind_integer(statement, 1, subscriber);
    for (size_t i = 0; i < past->at_once; i++) {
        size_t index = first + i < past->count ? first + i : past->count - 1;
        statement_bind_integer(statement, (int)i + 2, past->announcements[index]);
    }
    return statement;
}

bool queue_digest_past_each(struct database *database, const struct queue_digest_past *past,
                            int64_t subscriber, queue_digest_past_visit *visit, void *payload,
                            struct error *error)
{
    enum statement_result result = STATEMENT_DONE;
    for (size_t first = 0; result == STATEMENT_DONE && first < past->count;
         first += past->at_once) {
        struct statement *statement = past_ask(database, past, first, subscriber, error);
        while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
            int64_t announcement = statement_integer(statement, 0);
            if (!visit(payload, announcement, statement_text(statement, 1), error)) {
                statement_reset(statement);
                return false;
            }
        }
    }
    return result == STATEMENT_DONE;
}

bool queue_digest_history(struct database *database, int64_t release,
                          struct queue_digest_history *history, struct error *error)
{
    int64_t value;
    if (!DIGEST_ASK(database, "SELECT 1 FROM digest_forgotten WHERE release_number = $1", &value,
                    &history->is_forgotten, error, release) ||
        !DIGEST_ASK(database,
                    "SELECT 1 FROM digest_item i JOIN digest_holding h ON h.item = i.number"
                    " WHERE i.release_number = $1 AND i.kind = 0 LIMIT 1",
                    &value, &history->is_told, error, release))
        return false;
    history->is_told = history->is_told || history->is_forgotten;
    return true;
}

bool queue_digest_release_of(struct database *database, int64_t item, int64_t *release,
                             struct error *error)
{
    bool found = false;
    return DIGEST_ASK(database,
                      "SELECT release_number FROM digest_item WHERE number = $1 AND kind = 0",
                      release, &found, error, item);
}
