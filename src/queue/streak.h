/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_STREAK_H
#define QUEUE_STREAK_H

#include "queue/queue.h"

#include <stdbool.h>
#include <stdint.h>

/* Refusals of one mailing in a row, kept in the store: so none is forgotten, however many mailings
 * run, workers work and runs end. An acceptance ends the row.
 *
 * - Refused for what is ours, over several domains: the relay does not want the mailing, which
 *   pauses. (One domain alone is held instead, queue/receiver.h.)
 * - The address unknown, for everybody over several domains: then not the addresses are wrong but
 *   the list of them that the relay asks. The mailing pauses, and the row's messages wait again.
 *
 * Therefore an address that was refused counts against nobody until the row it stands in has ended
 * well, or its mailing has. Functions that write want the caller's transaction. */

enum {
    QUEUE_STREAK_REFUSALS = 20, /* in a row: the mailing pauses */
    QUEUE_STREAK_DOMAINS = 3    /* over so many domains or providers */
};

struct queue_streak_refusal {
    int64_t mailing;
    int64_t transactional; /* 0: of a mailing; a transactional mail stands in no row */
    int64_t announcement;
    int64_t subscriber;
    const char *address;
    bool is_address;   /* nobody is there; else it is ours */
    bool is_of_sender; /* said before the recipient was named: of every domain */
    int code;
    const char *enhanced; /* "" */
    const char *text;     /* "" */
    int64_t at;
};

struct queue_streak_end {
    bool is_paused; /* by this refusal: the caller tells the operator */
    char note[700]; /* "20 refusals in a row: 554 5.7.1 …" */
};

/* One more. Where it pauses the mailing, that is done, and its notice is written. An address row
 * pauses it anew only after four times as many as before: somebody has looked, and let it go on. */
bool queue_streak_note(struct database *database, const struct queue_streak_refusal *refusal,
                       struct queue_streak_end *end, struct error *error);

/* An address whose refusal counts now; its text may be NULL. */
typedef bool queue_streak_count(void *payload, const struct queue_streak_refusal *refusal,
                                struct error *error);

/* A message of the mailing was accepted. */
bool queue_streak_break(struct database *database, int64_t mailing, queue_streak_count *count,
                        void *payload, struct error *error);

/* Rows of mailings that have ended: their addresses count, unless all of a long row were unknown.
 * Cheap where there is nothing to do. */
bool queue_streak_settle(struct database *database, queue_streak_count *count, void *payload,
                         struct error *error);

/* The next mailing above `after` that has a row; 0: none. */
bool queue_streak_next(struct database *database, int64_t after, int64_t *mailing,
                       struct error *error);

/* Inside queue/: a mailing that was paused goes on, or is cancelled: what was told is over. */
bool streak_resumed(struct database *database, int64_t mailing, int64_t now_at,
                    struct error *error);

#endif
