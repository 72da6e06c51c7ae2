/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_OUTCOME_H
#define DELIVERY_OUTCOME_H

#include "net/smtp_transaction.h"
#include "queue/queue.h"

#include <stdbool.h>
#include <stdint.h>

/* The one place that decides what an answer of the relay, or its absence, means for the message,
 * for the session and for the mailing. */

enum {
    OUTCOME_TRIES_MAXIMUM = 12,    /* the schedule below spans 2 days */
    OUTCOME_REFUSALS_IN_A_ROW = 20 /* that blame nobody: then the mailing pauses */
};

/* Why it is so, and what follows beyond the row. */
enum outcome_class {
    OUTCOME_ACCEPTED,
    OUTCOME_LATER,    /* 4xx at this message: greylisting, a full mailbox */
    OUTCOME_THROTTLE, /* 421, 4.7.x: the relay has had enough of us for now */
    OUTCOME_ADDRESS,  /* this address does not take mail: failed, counted against it */
    OUTCOME_UNABLE,   /* this message can never go to this address by this relay: failed */
    OUTCOME_NOBODY,   /* any other 5xx: says nothing about the address; in a row they pause the
                         mailing */
    OUTCOME_LOST,     /* the session ended at this message before it was handed over */
    OUTCOME_UNTRIED,  /* the session ended, and not at this message */
    OUTCOME_DOUBT     /* handed over, and no answer heard */
};

struct outcome_circumstances {
    int attempts;    /* tries before this one */
    bool was_useful; /* the session had brought an answer to a message before it ended */
    bool is_first;   /* of the messages in the session: the one that it ended at */
    int64_t now_at;
};

struct delivery_outcome {
    enum outcome_class class;
    struct queue_result result; /* its strings point into the smtp_result */
};

/* Decides. *result must outlive *outcome.
 * Retries come after 5 min, 15 min, 1 h, 4 h, then every 6 h; as only tries at a relay that was
 * there count, hours without one do not. */
void outcome_decide(const struct smtp_result *result,
                    const struct outcome_circumstances *circumstances,
                    struct delivery_outcome *outcome);

/* How long to wait after that many tries (1: the first); -1: no more tries. */
int64_t outcome_retry_ms(int tries);

#endif
