/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_RECEIVER_H
#define QUEUE_RECEIVER_H

#include "address/group.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct error;

/* Who takes in the mail of a domain or of a great provider (address/group.h), as far as there is
 * trouble: what it refused for our sake, said to our face or in a bounce later, and whether it is
 * held therefore. A receiver with which all is well has no row, so that good news cost nothing.
 *
 * Held means: its waiting deliveries, of this mailing and later ones, are parked with a worker's
 * number below 0, the receiver's own negated. They are in the state they were in and charged no
 * try; no claim meets them, however many there are. Every 30 minutes one of them is tried. After
 * two hours without a refusal, or when somebody says so, they go with the rest. Transactional mails
 * are what one subscriber asked for: they are never parked, and each counts as a probe.
 *
 * Functions that write want the caller's transaction. */

#define QUEUE_RECEIVER_PROBE_MS (INT64_C(30) * 60 * 1000)
#define QUEUE_RECEIVER_FREE_MS (INT64_C(2) * 60 * 60 * 1000)
#define QUEUE_RECEIVER_REMEMBERED_MS (INT64_C(30) * 24 * 60 * 60 * 1000) /* what is over */

enum {
    QUEUE_RECEIVER_REFUSALS_IN_A_ROW = 20, /* then it is held */
    QUEUE_RECEIVER_TRIED_FROM = 400,       /* … or when of so many tried … */
    QUEUE_RECEIVER_REFUSED_PERCENT = 5,    /* … these were refused */
    QUEUE_RECEIVER_REPLY_SIZE = 640
};

/* A message refused for what is ours (net/refusal.h). */
struct queue_receiver_refusal {
    const char *address;     /* whose it was */
    const char *remote_host; /* who refused it (Remote-MTA), where it is known; NULL */
    int code;                /* 0: none */
    const char *enhanced;    /* NULL or "": none */
    const char *text;        /* the same */
    bool is_late;            /* in a bounce, after the relay had accepted it */
    int64_t at;
};

struct queue_receiver_hold {
    bool is_new; /* held since this very refusal: the caller tells the operator, once */
    char name[ADDRESS_GROUP_SIZE];
    char cause[QUEUE_RECEIVER_REPLY_SIZE + 100]; /* "20 messages in a row refused: 550 …" */
    char words[QUEUE_RECEIVER_REPLY_SIZE + 900]; /* the whole line for the operator */
};

/* One more refusal; holds its receiver where it is one too many, and writes the notice of it
 * (queue/notice.h). A host known to be a provider's tells for good who takes the domain's mail. */
bool queue_receiver_note(struct database *database, const struct queue_receiver_refusal *refusal,
                         struct queue_receiver_hold *hold, struct error *error);

/* The same of a message that came back after it was accepted, by what a report said. */
struct queue_receiver_return {
    int64_t announcement;  /* a delivery's; 0: a transactional mail */
    int64_t subscriber;    /* a delivery's */
    int64_t transactional; /* number of the transactional mail; 0: a delivery */
    const char *address;   /* as the report has it; "": it does not say. Another one's than ours was
                              sent on from there, and says nothing of who takes ours in */
    struct queue_receiver_refusal refusal; /* its address is not read */
};

/* Each message counts once. Where its receiver is held, or as soon as it is, the delivery waits for
 * it again, as if it had been refused at once: unless it was sent on, or a correction or withdrawal
 * was announced since. */
bool queue_receiver_returned(struct database *database, const struct queue_receiver_return *back,
                             struct queue_receiver_hold *hold, struct error *error);

/* Whose mail it is, also by what hosts told. */
bool queue_receiver_group(struct database *database, const char *address,
                          char group[ADDRESS_GROUP_SIZE], struct error *error);

/* So many were tried there and not refused for our sake. No effect on a receiver without trouble.
 */
bool queue_receiver_tried(struct database *database, const char *group, int64_t count,
                          bool is_accepted, int64_t at, struct error *error);

/* ---- those with trouble ---- */

struct queue_receiver {
    int64_t number;
    const char *name;
    bool is_held;
    int64_t since_at;  /* held since */
    int64_t refused;   /* messages, since the trouble began */
    const char *reply; /* the last refusal in the receiver's own words; nobody is named */
    int64_t waiting;   /* parked deliveries; by a cursor of only_held alone */
};

/* By name; a cursor as those of queue.h. */
struct queue_receiver_cursor {
    struct database *database;
    bool only_held;
    struct arena arena; /* of the page */
    struct queue_receiver *rows;
    size_t count;
    size_t next;
    bool is_last_page;
    bool has_failed;
};

void queue_receiver_cursor_open(struct queue_receiver_cursor *cursor, struct database *database,
                                bool only_held);
bool queue_receiver_cursor_next(struct queue_receiver_cursor *cursor,
                                const struct queue_receiver **receiver, struct error *error);
bool queue_receiver_cursor_close(struct queue_receiver_cursor *cursor)
    __attribute__((warn_unused_result));

/* The one of that very name. *found false: there is no trouble. */
bool queue_receiver_find(struct database *database, const char *name, int64_t *number,
                         bool *is_held, bool *found, struct error *error);

/* What is held for domain (any domain of a provider) goes with the rest from now on. *waiting: so
 * many deliveries; name: of the receiver. ERROR_INPUT where it is not held. */
bool queue_receiver_free(struct database *database, const char *domain, int64_t now_at,
                         char name[ADDRESS_GROUP_SIZE], int64_t *waiting, struct error *error);

/* A delivery of that worker's that the receiver refused while it is held, handed back already: it
 * waits with the others. */
bool queue_receiver_park(struct database *database, int64_t receiver, int64_t announcement,
                         int64_t subscriber, struct error *error);

#endif
