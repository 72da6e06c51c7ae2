/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_SUBSCRIBERS_H
#define DIGEST_SUBSCRIBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct error;

/* Inside digest/ only: who may get something in a digest, in pages. */

struct digest_subscription {
    const char *feed;
    bool is_daily;
    bool is_weekly; /* neither: at once */
    int64_t after;
    struct digest_subscription *next;
};

struct digest_subscriber {
    int64_t row_id;
    const char *language;
    bool is_confirmed;
    struct digest_subscription *subscriptions;
    struct digest_subscriber *next;
};

struct digest_subscriber_page {
    int64_t after;  /* given: the last subscriber dealt with */
    size_t maximum; /* given: subscribers at most */
    struct digest_subscriber *first;
    size_t count; /* below maximum: there are no more */
};

/* The next ones, in the order of their ids, who follow daily or weekly or have a backlog. In arena.
 */
bool digest_subscribers_read(struct database *database, struct digest_subscriber_page *page,
                             struct arena *arena, struct error *error);

#endif
