/* SPDX-License-Identifier: MIT */
#include "queue/digest.h"

#include "queue/digest_part.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "database/database.h"

#include <inttypes.h>

enum { PAST_MAXIMUM = 1500 };

/* ---- the people of a step ---- */

/* An index of digest subscriptions alone, and what is owed, in the order of ids: whoever follows at
 * once only is never looked at. */
static const char select_people[] =
    "SELECT w.subscriber, s.state, s.language, p.feed, p.cadence, p.digest_after FROM"
    " (SELECT subscriber FROM subscription WHERE subscriber > $1 AND cadence <> 0 AND state = 1"
    " UNION SELECT subscriber FROM digest_owed WHERE subscriber > $1 ORDER BY 1 LIMIT $2) AS w"
    " LEFT JOIN subscriber s ON s.id = w.subscriber"
    " LEFT JOIN subscription p ON p.subscriber = w.subscriber AND p.state = 1"
    " ORDER BY w.subscriber";

static void subscription_add(struct statement *statement, struct arena *arena,
                             struct queue_digest_person *person)
{
    if (statement_is_null(statement, 3))
        return;
    struct queue_digest_subscription *item = arena_allocate(arena, sizeof *item);
    *item = (struct queue_digest_subscription){ .feed = statement_copy_text(statement, 3, arena),
                                                .cadence = (int)statement_integer(statement, 4),
                                                .after = statement_integer(statement, 5),
                                                .next = person->subscriptions };
    person->subscriptions = item;
}

bool queue_digest_people(struct database *database, struct queue_digest_page *page,
                         struct arena *arena, struct error *error)
{
    enum statement_result result;
    struct queue_digest_person *person = NULL;
    struct queue_digest_person **end = &page->first;
    page->first = NULL;
    page->count = 0;
    struct statement *statement = database_prepare(database, select_people, error);
    statement_bind_integer(statement, 1, page->after);
    statement_bind_integer(statement, 2, (int64_t)page->maximum);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t subscriber = statement_integer(statement, 0);
        if (!person || person->subscriber != subscriber) {
            const char *language = statement_copy_text(statement, 2, arena);
            person = arena_allocate(arena, sizeof *person);
            *person = (struct queue_digest_person){ .subscriber = subscriber,
                                                    .language = language ? language : "",
                                                    .is_confirmed = statement_integer(statement,
                                                                                      1) == 2 };
            *end = person;
            end = &person->next;
            page->count++;
        }
        subscription_add(statement, arena, person);
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

/* ---- what reached a person already ---- */

struct past_list {
    int64_t *announcements;
    size_t count;
};

static void past_add(struct past_list *list, int64_t announcement)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->announcements[i] == announcement)
            return;
    if (announcement && list->count < PAST_MAXIMUM)
        list->announcements[list->count++] = announcement;
}

/* Digests in which a release of this edition can have been: since it was first told. */
static bool past_add_digests(struct database *database, const struct queue_digest_edition *edition,
                             const struct queue_digest_item *item, struct past_list *list,
                             struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(
        database,
        "SELECT announcement FROM digest_edition WHERE announcement IS NOT NULL AND number <> $1"
        " AND daily_at >= (SELECT MIN(i.at) FROM digest_item i WHERE i.release_number = $2"
        " AND i.kind = 0) ORDER BY number DESC LIMIT 500",
        error);
    statement_bind_integer(statement, 1, edition->number);
    statement_bind_integer(statement, 2, item->release);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        past_add(list, statement_integer(statement, 0));
    return result == STATEMENT_DONE;
}

static const char *past_sql(struct arena *arena, size_t count)
{
    struct text sql;
    text_init(&sql, 0);
    text_append(&sql, "SELECT d.announcement, k.items FROM delivery d LEFT JOIN digest_content k"
                      " ON k.number = d.version AND k.announcement = d.announcement"
                      " WHERE d.announcement IN (");
    for (size_t i = 0; i < count; i++)
        text_append_format(&sql, "%s$%zu", i ? ", " : "", i + 2);
    text_append(&sql, ") AND d.subscriber = $1 AND (d.state IN (0, 1, 2, 3, 6) OR d.doubts > 0)");
    const char *copy = arena_copy(arena, sql.data);
    text_release(&sql);
    return copy;
}

bool queue_digest_past_make(struct database *database, const struct queue_digest_edition *edition,
                            const struct queue_digest_items *items, struct arena *arena,
                            struct queue_digest_past *past, struct error *error)
{
    struct past_list list = { .announcements = arena_allocate_array(arena, PAST_MAXIMUM,
                                                                    sizeof(int64_t)) };
    for (size_t i = 0; i < items->count; i++) {
        if (items->items[i].kind != QUEUE_RELEASE)
            continue;
        past_add(&list, items->items[i].announcement);
        if (!past_add_digests(database, edition, &items->items[i], &list, error))
            return false;
    }
    *past = (struct queue_digest_past){ .announcements = list.announcements,
                                        .count = list.count,
                                        .sql = past_sql(arena, list.count) };
    return true;
}

bool queue_digest_past_each(struct database *database, const struct queue_digest_past *past,
                            int64_t subscriber, queue_digest_past_visit *visit, void *payload,
                            struct error *error)
{
    enum statement_result result;
    if (past->count == 0)
        return true;
    struct statement *statement = database_prepare(database, past->sql, error);
    statement_bind_integer(statement, 1, subscriber);
    for (size_t i = 0; i < past->count; i++)
        statement_bind_integer(statement, (int)i + 2, past->announcements[i]);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        if (!visit(payload, statement_integer(statement, 0), statement_text(statement, 1), error)) {
            statement_reset(statement);
            return false;
        }
    }
    return result == STATEMENT_DONE;
}

bool queue_digest_release_of(struct database *database, int64_t item, int64_t *release,
                             struct error *error)
{
    bool found = false;
    return DIGEST_ASK(database,
                      "SELECT release_number FROM digest_item WHERE number = $1 AND kind = 0",
                      release, &found, error, item);
}
