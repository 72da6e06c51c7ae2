/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_PREFETCH_H
#define DELIVERY_PREFETCH_H

#include "queue/queue.h"
#include "queue/sending.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct database;
struct error;
struct prefetch_batch;

/* Inside delivery/ only: the rows that this worker holds: claimed in batches, given out one by one,
 * transactional mails first. */
struct prefetch;

struct prefetch_settings {
    struct database *database;
    const struct clock *clock;
    const struct clock *timer; /* one that only runs forward */
    int64_t worker;
    void (*renew)(void *payload); /* called for each batch; NULL: none */
    void *payload;
};

/* A row given out. It lives until prefetch_done(). */
struct prefetched_row {
    const struct queue_row *row;
    struct prefetch_batch *batch;
    bool is_probe; /* of prefetch_probe() */
};

enum { PREFETCH_BATCH = 200 };

/* Settings are copied. Free with prefetch_free(), once all that was given out came back or is done;
 * it takes NULL and gives nothing back to the queue: queue_release() does. */
struct prefetch *prefetch_new(const struct prefetch_settings *settings);
void prefetch_free(struct prefetch *prefetch);

/* Looks for work in transactions of its own. Asks the queue at most five times a second when it
 * had nothing, unless is_pressing; and for transactional mails, while there is other work, within a
 * twentieth of a second of somebody's commit, and twice a second in any case, as some come due by
 * the clock. False: the store failed. */
bool prefetch_refill(struct prefetch *prefetch, bool only_urgent, bool is_pressing,
                     struct error *error);

/* Claims one row alone, a transactional mail before all, else the one that was refused longest ago;
 * for a prefetch that is empty. *found: there was one. */
bool prefetch_probe(struct prefetch *prefetch, bool only_urgent, bool *found, struct error *error);

/* All that waits goes back to the queue, in a transaction of its own. What was given out and not
 * marked must have come back. */
bool prefetch_release(struct prefetch *prefetch, struct error *error);

/* Whether the next row is a transactional mail: nothing may hold that up. */
bool prefetch_is_transactional_next(const struct prefetch *prefetch);

/* The next row; false where none is held. */
bool prefetch_take(struct prefetch *prefetch, struct prefetched_row *item);

/* Gives one back that was not tried: it is the next to be given out. */
void prefetch_return(struct prefetch *prefetch, struct prefetched_row item);

/* Takes the next row of a mailing that matches out of what waits, to be handed back to the queue;
 * false where there is none. */
typedef bool prefetch_match(void *payload, const struct queue_row *row);
bool prefetch_take_where(struct prefetch *prefetch, prefetch_match *match, void *payload,
                         struct prefetched_row *item);

/* The row's outcome is recorded: nobody looks at it any more. */
void prefetch_done(struct prefetched_row item);

/* Whether more rows may be due behind many that wait for held receivers now: look again. */
bool prefetch_is_parking(const struct prefetch *prefetch);

/* Rows held and not given out. */
size_t prefetch_count(const struct prefetch *prefetch);

#endif
