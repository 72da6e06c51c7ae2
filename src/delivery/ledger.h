/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_LEDGER_H
#define DELIVERY_LEDGER_H

#include "delivery/outcome.h"
#include "delivery/supply.h"
#include "queue/streak.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct database;
struct deliver_totals;
struct error;
struct pace;
struct relay_share;

/* The books of one tick of the loop: outcomes of messages that are done, and marks of those whose
 * final dot wants to leave, of all connections, written in one commit. */
struct ledger;

struct ledger_settings {
    struct database *database;
    const struct clock *clock;
    struct supply *supply;
    struct deliver_totals *totals;
    queue_streak_count *count_address; /* trouble.h; NULL: nobody keeps count */
    void *count_payload;
    struct relay_share *relay; /* what became known of the relay; NULL: there is none */
    struct pace *pace; /* how many marks a commit may have, together with all other workers' */
};

/* A message whose final dot waits for its mark; in the owner's memory until ledger_commit(). */
struct ledger_mark {
    const struct queue_row *row;
    int64_t revision;
    bool is_early;        /* out: its time has not come; nothing is written, ask again */
    enum queue_mark mark; /* out, unless it is early */
};

/* What is known of a message that is done. */
struct ledger_outcome {
    struct supply_item item;
    int64_t revision;
    bool is_marked;       /* by a ledger_mark that was committed */
    enum queue_mark mark; /* the ledger's own, where it was not */
    enum outcome_class class;
    bool is_of_receiver; /* as struct delivery_outcome says */
    enum queue_state state;
    int64_t next_at;
    struct smtp_reply reply;
};

/* Settings are copied. Free with ledger_free(), which takes NULL and writes nothing. */
struct ledger *ledger_new(const struct ledger_settings *settings);
void ledger_free(struct ledger *ledger);

/* To be written with the next commit. The outcome is copied and its item given to the ledger. */
void ledger_add_outcome(struct ledger *ledger, const struct ledger_outcome *outcome);

/* The mark must stay where it is until the next commit. */
void ledger_add_mark(struct ledger *ledger, struct ledger_mark *mark);

/* Rows of the mailing that wait in the supply go back to the queue with the next commit. */
void ledger_hand_back(struct ledger *ledger, int64_t mailing);

/* The same of the rows of mailings that match. */
void ledger_hand_back_where(struct ledger *ledger, supply_match *match, void *payload);

/* After a commit that failed: the marks asked for are not wanted any more. */
void ledger_drop_marks(struct ledger *ledger);

bool ledger_is_empty(const struct ledger *ledger);

/* Writes all in one durable commit, and counts it. What refusals mean beyond their rows is
 * trouble.h's; a message that a held receiver refuses is charged no try and waits with the others.
 * On failure everything stays to be written again. */
bool ledger_commit(struct ledger *ledger, struct error *error);

/* Addresses refused that count, as their mailings have ended. In the caller's transaction. */
bool ledger_settle(struct ledger *ledger, struct error *error);

#endif
