/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_IMPORT_ROWS_H
#define SUBSCRIBER_IMPORT_ROWS_H

#include "base/string_builder.h"
#include "subscriber/import_line.h"

/* Inside subscriber/ only: rows of new subscribers, many with each statement, since a statement
 * costs as much as several rows. What they point to stays until import_rows_end(). */
enum { IMPORT_ROWS_AT_ONCE = 64 };

struct import_subscriber {
    int64_t row_id;
    enum subscriber_state state;
    const struct import_line *line;
};

struct import_event {
    int64_t subscriber;
    enum subscriber_event event;
    const struct import_attributes *attributes;
    const char *feeds; /* "" where nothing is followed */
};

struct import_rows {
    struct database *database;
    int64_t now_at;
    int64_t digest_after; /* of who begins in this transaction */
    size_t event_count;
    size_t subscription_count;
    struct import_event events[IMPORT_ROWS_AT_ONCE];
    struct subscription_row subscriptions[IMPORT_ROWS_AT_ONCE];
    struct string_builder subscriber_sql[2]; /* for one row, for many */
    struct string_builder event_sql[2];
    struct string_builder subscription_sql[2];
};

void import_rows_init(struct import_rows *rows, struct database *database, int64_t now_at);
void import_rows_release(struct import_rows *rows);

/* Behind the beginning of each transaction: others may have written since the one before. */
bool import_rows_begin(struct import_rows *rows, struct error *error);

/* At once, IMPORT_ROWS_AT_ONCE at most, of whom none is known; an id that somebody has is changed.
 */
bool import_rows_subscribers(struct import_rows *rows, struct import_subscriber *subscribers,
                             size_t count, struct error *error);

/* A subscriber's first event. */
bool import_rows_event(struct import_rows *rows, const struct import_event *event,
                       struct error *error);

/* An active subscription, from now on, of somebody who has no other to the feed. */
bool import_rows_subscription(struct import_rows *rows, const struct subscription_row *row,
                              struct error *error);

/* Before the end of each transaction: writes what waits. */
bool import_rows_end(struct import_rows *rows, struct error *error);

#endif
