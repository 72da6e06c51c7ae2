/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_OUTCOME_H
#define DELIVERY_OUTCOME_H

#include "delivery/prefetch.h"
#include "net/refusal.h"
#include "net/smtp.h"
#include "queue/queue.h"
#include "queue/sending.h"

#include <stdbool.h>
#include <stdint.h>

struct mail_phrases;

/* Inside delivery/ only: the one place that decides what an answer of the relay, or its absence,
 * means for the message, for the session and for the mailing. */

enum {
    OUTCOME_TRIES_MAXIMUM = 12,     /* the schedule of OUTCOME_LATER spans 2 days */
    OUTCOME_OURS_TRIES_MAXIMUM = 11 /* that of OUTCOME_OURS 2 days after its first two tries */
};

/* Why it is so, and what follows beyond the row. */
enum outcome_class {
    OUTCOME_ACCEPTED,
    OUTCOME_LATER,   /* not now, and it is this message's: greylisting, a full mailbox; deferred */
    OUTCOME_RELAY,   /* the relay's own trouble: back in the queue, charged no try; from when on it
                        goes again is for who knows the relay */
    OUTCOME_ADDRESS, /* this address does not take mail: failed, counted against it */
    OUTCOME_OURS,    /* who sends, how or what, now or for good: deferred, then failed, counted
                        against nobody */
    OUTCOME_UNABLE,  /* this message can never go to this address by this relay: failed */
    OUTCOME_LOST,    /* the session ended at this message before it was handed over */
    OUTCOME_UNTRIED, /* the session ended, and not at this message */
    OUTCOME_INDETERMINATE /* handed over, and no answer heard */
};

struct outcome_circumstances {
    int attempts;    /* tries before this one */
    bool was_useful; /* the session had brought an answer to a message before it ended */
    bool is_first;   /* of the messages in the session: the one that it ended at */
    int64_t now_at;
    const struct mail_phrases *phrases; /* what is known of servers' words */
};

/* What became of a message, from the relay's answer to its row: outcome_decide() fills what the
 * answer means, the sender adds which row it is of and what the relay's state changes about it, and
 * the commit batch writes it. */
struct delivery_outcome {
    struct prefetched_row item;
    int64_t revision;         /* of the release that the message held */
    bool is_marked;           /* its mark `sending` was committed before */
    enum queue_mark mark;     /* made in the commit of the outcome itself, where it was not */
    enum queue_state written; /* in that commit: `state`, or QUEUED as its receiver is held */

    enum outcome_class class;
    struct refusal refusal; /* of a refusal, its kind at this step: a 4.7.x at RCPT is the
                               mailbox's */
    bool is_of_receiver;    /* refused for what is ours by who takes the address's mail in */
    enum queue_state state; /* that the row gets */
    int64_t next_at;        /* not before; INSTANT_NONE: at once, or never */
    struct smtp_reply reply;
};

/* Decides: fills class, refusal, is_of_receiver, state, next_at and reply, and zeroes the others.
 * OUTCOME_LATER comes again after 5 min, 15 min, 1 h, 4 h, then every 6 h; OUTCOME_OURS after
 * 30 min, 2 h, then every 6 h. As only tries at a relay that was there count, hours without one do
 * not. */
void outcome_decide(const struct smtp_result *result,
                    const struct outcome_circumstances *circumstances,
                    struct delivery_outcome *outcome);

/* How long to wait after that many tries (1: the first); -1: no more tries. */
int64_t outcome_retry_ms(int tries);
int64_t outcome_ours_retry_ms(int tries);

#endif
