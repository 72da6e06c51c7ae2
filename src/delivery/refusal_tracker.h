/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_REFUSAL_TRACKER_H
#define DELIVERY_REFUSAL_TRACKER_H

#include "delivery/outcome.h"
#include "queue/sending.h"
#include "queue/trouble.h"

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;
struct subscriber_service;

/* Inside delivery/ only: what outcomes mean beyond their rows: for their mailing, which pauses
 * after refusals in a row (queue/trouble.h), and for the receiving domain or provider, which is
 * held (the same). Both are kept in the store; this is what a worker knows of it, so that as long
 * as nothing is refused an outcome costs nothing here.
 *
 * An address that was refused counts against nobody until the row of refusals it stands in ended
 * well, or until its mailing has: then it counts (refused_address.h), in the transaction of the
 * outcome that ended the row. That of a transactional mail counts at once. */
struct refusal_tracker;

struct refusal_tracker_settings {
    struct database *database;
    const struct subscriber_service *service; /* that keeps count; borrowed; NULL: nobody does */
};

/* Settings are copied. Free with refusal_tracker_free(), which takes NULL. */
struct refusal_tracker *refusal_tracker_new(const struct refusal_tracker_settings *settings);
void refusal_tracker_free(struct refusal_tracker *tracker);

/* At the beginning of each of the batch's transactions, also when it is written again: looks at
 * what others found out, and forgets what a rollback undid. */
bool refusal_tracker_begin(struct refusal_tracker *tracker, struct error *error);

/* The held receiver that the row is for; 0: none. */
bool refusal_tracker_find_hold(struct refusal_tracker *tracker, const struct queue_row *row,
                               int64_t *receiver, struct error *error);

/* An outcome that was recorded. was_held: refusal_tracker_find_hold() said so. */
bool refusal_tracker_note(struct refusal_tracker *tracker, const struct delivery_outcome *outcome,
                          bool was_held, int64_t now_at, struct error *error);

/* At the transaction's end. */
bool refusal_tracker_end(struct refusal_tracker *tracker, int64_t now_at, struct error *error);

/* What was stopped in a commit: its rows wait in no prefetch any more. */
struct refusal_stop {
    int64_t mailing;      /* paused; 0: a receiver is held */
    const char *receiver; /* its name, until the next refusal_tracker_begin() */
};

/* After the commit, until false: the next mailing that was paused or receiver that is held by it,
 * once it was logged for the operator. */
bool refusal_tracker_next_stop(struct refusal_tracker *tracker, struct refusal_stop *stop);

/* Addresses of mailings that have ended count now. In the caller's transaction. */
bool refusal_tracker_close_ended(struct refusal_tracker *tracker, struct error *error);

#endif
