/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_TROUBLE_H
#define DELIVERY_TROUBLE_H

#include "delivery/ledger.h"
#include "queue/streak.h"

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;

/* What outcomes mean beyond their rows: for their mailing, which pauses after refusals in a row
 * (queue/streak.h), and for the receiving domain or provider, which is held (queue/receiver.h).
 * Both are kept in the store; this is what a worker knows of it, so that as long as nothing is
 * refused an outcome costs nothing here.
 *
 * An address that was refused counts against nobody until the row of refusals it stands in ended
 * well, or until its mailing has: then it is handed out, one call of settings.count_address each,
 * in the transaction of the outcome that ended the row. That of a single mail is handed out at
 * once. */
struct trouble;

struct trouble_settings {
    struct database *database;
    queue_streak_count *count_address; /* NULL: nobody keeps count */
    void *count_payload;
};

/* Settings are copied. Free with trouble_free(), which takes NULL. */
struct trouble *trouble_new(const struct trouble_settings *settings);
void trouble_free(struct trouble *trouble);

/* At the beginning of each of the ledger's transactions, also when it is written again: looks at
 * what others found out, and forgets what a rollback undid. */
bool trouble_begin(struct trouble *trouble, struct error *error);

/* The held receiver that the row is for; 0: none. */
bool trouble_holder(struct trouble *trouble, const struct queue_row *row, int64_t *receiver,
                    struct error *error);

/* An outcome that was recorded. was_held: trouble_holder() said so. */
bool trouble_note(struct trouble *trouble, const struct ledger_outcome *outcome, bool was_held,
                  int64_t now_at, struct error *error);

/* At the transaction's end. */
bool trouble_end(struct trouble *trouble, int64_t now_at, struct error *error);

/* After the commit: tells the operator what was paused and held, adds to *paused, and hands back to
 * the queue what the supply holds of them. */
void trouble_tell(struct trouble *trouble, struct ledger *ledger, int64_t *paused);

/* Addresses of mailings that have ended count now. In the caller's transaction. */
bool trouble_settle(struct trouble *trouble, struct error *error);

#endif
