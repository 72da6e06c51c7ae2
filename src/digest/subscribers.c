/* SPDX-License-Identifier: MIT */
#include "digest/subscribers.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"

/* Two indexes are merged in the order of ids, that of digest subscriptions and the backlog, so that
 * whoever follows at once only costs nothing. */
static const char select_subscribers[] =
    "SELECT w.subscriber, s.row_id, s.language, p.feed, p.is_daily, p.is_weekly, p.digest_after FROM"
    " (SELECT subscriber FROM digest_subscription WHERE subscriber > $1"
    " UNION SELECT subscriber FROM digest_backlog WHERE subscriber > $1 ORDER BY 1 LIMIT $2) AS w"
    " LEFT JOIN mailable_subscriber s ON s.row_id = w.subscriber"
    " LEFT JOIN active_subscription p ON p.subscriber = w.subscriber"
    " ORDER BY w.subscriber";

static void subscription_add(struct statement *statement, struct arena *arena,
                             struct digest_subscriber *subscriber)
{
    /* Somebody who has a backlog and follows nothing any more. */
    if (statement_is_null(statement, 3))
        return;
    struct digest_subscription *item = arena_allocate(arena, sizeof *item);
    *item = (struct digest_subscription){ .feed = statement_copy_text(statement, 3, arena),
                                          .is_daily = statement_integer(statement, 4) != 0,
                                          .is_weekly = statement_integer(statement, 5) != 0,
                                          .after = statement_integer(statement, 6),
                                          .next = subscriber->subscriptions };
    subscriber->subscriptions = item;
}

bool digest_subscribers_read(struct database *database, struct digest_subscriber_page *page,
                             struct arena *arena, struct error *error)
{
    enum statement_result result;
    struct digest_subscriber *subscriber = NULL;
    struct digest_subscriber **end = &page->first;
    page->first = NULL;
    page->count = 0;
    struct statement *statement = database_prepare(database, select_subscribers, error);
    statement_bind_integer(statement, 1, page->after);
    statement_bind_integer(statement, 2, (int64_t)page->maximum);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        int64_t row_id = statement_integer(statement, 0);
        if (!subscriber || subscriber->row_id != row_id) {
            const char *language = statement_copy_text(statement, 2, arena);
            subscriber = arena_allocate(arena, sizeof *subscriber);
            *subscriber = (struct digest_subscriber){ .row_id = row_id,
                                                      .language = language ? language : "",
                                                      .is_confirmed = !statement_is_null(statement,
                                                                                         1) };
            *end = subscriber;
            end = &subscriber->next;
            page->count++;
        }
        subscription_add(statement, arena, subscriber);
    }
    return result == STATEMENT_DONE;
}
