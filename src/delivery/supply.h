/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SUPPLY_H
#define DELIVERY_SUPPLY_H

#include "queue/queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct database;
struct error;
struct supply_batch;

/* The rows that this worker holds: claimed in batches, given out one by one, single mails first. */
struct supply;

struct supply_settings {
    struct database *database;
    const struct clock *clock;
    const struct clock *timer; /* one that only runs forward */
    int64_t worker;
    void (*renew)(void *payload); /* called for each batch; NULL: none */
    void *payload;
};

/* A row given out. It lives until supply_done(). */
struct supply_item {
    const struct queue_row *row;
    struct supply_batch *batch;
    bool is_probe; /* of supply_probe() */
};

enum { SUPPLY_BATCH = 200 };

/* Settings are copied. Free with supply_free(), once all that was given out came back or is done;
 * it takes NULL and gives nothing back to the queue: queue_release() does. */
struct supply *supply_new(const struct supply_settings *settings);
void supply_free(struct supply *supply);

/* Looks for work in transactions of its own. Asks the queue at most five times a second when it
 * had nothing, unless is_pressing; and for single mails, while there is other work, within a
 * twentieth of a second of somebody's commit, and twice a second in any case, as some come due by
 * the clock. False: the store failed. */
bool supply_refill(struct supply *supply, bool only_urgent, bool is_pressing, struct error *error);

/* Claims one row alone, a single mail before all, else the one that was refused longest ago; for a
 * supply that is empty. *found: there was one. */
bool supply_probe(struct supply *supply, bool only_urgent, bool *found, struct error *error);

/* All that waits goes back to the queue, in a transaction of its own. What was given out and not
 * marked must have come back. */
bool supply_hand_back(struct supply *supply, struct error *error);

/* Whether the next row is a single mail: nothing may hold that up. */
bool supply_is_single_next(const struct supply *supply);

/* The next row; false where none is held. */
bool supply_take(struct supply *supply, struct supply_item *item);

/* Gives one back that was not tried: it is the next to be given out. */
void supply_return(struct supply *supply, struct supply_item item);

/* Takes the next row of a mailing that matches out of what waits, to be handed back to the queue;
 * false where there is none. */
typedef bool supply_match(void *payload, const struct queue_row *row);
bool supply_take_where(struct supply *supply, supply_match *match, void *payload,
                       struct supply_item *item);

/* The row's outcome is recorded: nobody looks at it any more. */
void supply_done(struct supply_item item);

/* Whether more rows may be due behind many that wait for held receivers now: look again. */
bool supply_is_parking(const struct supply *supply);

/* Rows held and not given out. */
size_t supply_waiting(const struct supply *supply);

#endif
