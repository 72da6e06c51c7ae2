/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_RECEIVER_STATE_H
#define QUEUE_RECEIVER_STATE_H

#include "address/group.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/trouble.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside queue/ only: what claims do for held receivers (trouble.h), in their own transaction. */

/* Numbers stand in the database: they never change. */
#define RECEIVER_STATES(X)                                                                         \
    X(RECEIVER_WATCHED, 0)                                                                         \
    X(RECEIVER_HELD, 1)                                                                            \
    X(RECEIVER_FREED, 2) /* what was parked is being given back, some at each claim */

enum receiver_state { RECEIVER_STATES(SQL_ENUMERATOR) };

/* A mailing m that is under way; the first condition is that of the index, or every mailing that
 * there ever was is looked at. */
#define MAILING_IS_ACTIVE "m.state IN (@QUEUE_MAILING_OPEN@) AND m.state = @QUEUE_MAILING_ACTIVE@"

/* Whether a mailing m has deliveries that are parked: by the few receivers that park any, as the
 * index of what is held has the announcement behind the worker. */
#define MAILING_HAS_PARKED                                                                         \
    "EXISTS (SELECT 1 FROM receiver r CROSS JOIN delivery d"                                       \
    " WHERE r.state IN (@RECEIVER_PARKING@) AND d.worker <> 0 AND d.worker = -r.row_id"            \
    " AND d.announcement = m.announcement AND d.mailing = m.row_id)"

/* Firms that must have told of the same provider, before what their bounces tell counts. */
enum { RECEIVER_DOMAINS_TO_LEARN = 3 };

/* The domain of an address, in small letters. */
void receiver_domain_of(const char *address, char domain[ADDRESS_GROUP_SIZE]);

/* Held → freed; the notice is over. */
bool receiver_let_go(struct database *database, int64_t receiver, const char *name, int64_t now_at,
                     struct error *error);

/* What came back from one that is held waits for it again. */
bool receiver_take_back(struct database *database, const char *receiver, int64_t at,
                        struct error *error);

/* What it refused for our reasons before it was held waits with the rest, and is charged one try
 * less. Called once, when the hold begins and is written. */
bool receiver_park_refused(struct database *database, int64_t row_id, const char *receiver,
                           int64_t now_at, struct error *error);

/* Forgets it; nothing of it is parked. */
bool receiver_drop(struct database *database, int64_t receiver, struct error *error);

/* Those that park, or did; in the arena of the claim. */
struct parking;

/* Before deliveries are claimed: lets go who was quiet for two hours, gives back some of what was
 * parked for those let go, and moves on the time of probes due; the deliveries to probe with are
 * put into batch, claimed. *first NULL: nobody parks, as nearly always. */
bool receivers_tend(struct database *database, const struct queue_claim *claim, struct arena *arena,
                    struct queue_batch *batch, struct parking **first, struct error *error);

/* Parks those of the rows from the one numbered from on, just claimed, whose receiver is held, and
 * takes them out of the batch. */
bool receivers_park(struct database *database, const struct parking *first,
                    struct queue_batch *batch, size_t from, struct error *error);

#endif
