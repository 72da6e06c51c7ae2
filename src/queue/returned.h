/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_RETURNED_H
#define QUEUE_RETURNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct error;

/* How much of a mailing came back as the addresses' own fault, and how many complained: where it is
 * too much of one mailing, the fault lies elsewhere, or somebody has to look before more leaves.
 * Writing wants the caller's transaction. */

/* Bits; numbers stand in the database: they never change. */
enum queue_returned_finding {
    QUEUE_RETURNED_HELD = 1,      /* too many addresses are gone: they count against nobody */
    QUEUE_RETURNED_STOPPED = 2,   /* far too many: the mailing stops */
    QUEUE_COMPLAINTS_MANY = 4,    /* a warning */
    QUEUE_COMPLAINTS_STOPPED = 8, /* the mailing stops */
    QUEUE_RETURNED_FINDINGS = 15
};

enum {
    QUEUE_RETURNED_HELD_FROM = 10,
    QUEUE_RETURNED_HELD_PER_MILLE = 20, /* more than these */
    QUEUE_RETURNED_STOPPED_FROM = 20,
    QUEUE_RETURNED_STOPPED_PER_MILLE = 50,
    QUEUE_COMPLAINTS_MANY_PER_MILLE = 1,
    QUEUE_COMPLAINTS_STOPPED_FROM = 5,
    QUEUE_COMPLAINTS_STOPPED_PER_MILLE = 3
};

struct queue_returned {
    int64_t mailing;
    int64_t refused;    /* subscribers whose address is gone, as the answer or a bounce said */
    int64_t complained; /* subscribers who did */
    int64_t unproven; /* of the refused: anybody may have written that bounce, it names the address
                         alone; they stop no mailing */
    /* When it was looked at last: */
    int64_t looked_at;     /* INSTANT_NONE: never */
    int64_t people;        /* its audience without who was left out */
    int64_t waiting;       /* … of whom nothing is known yet */
    int64_t tried;         /* … who were tried, to the end */
    int64_t sent;          /* … of whom the message was accepted */
    bool is_ended;         /* nothing more is sent */
    bool is_accepted;      /* somebody looked, and said that the addresses are gone indeed */
    int findings;          /* bits of enum queue_returned_finding, for ever */
    int reported_findings; /* those of them that were reported */
};

/* What the bounces of a mailing mean for its subscribers. */
enum queue_returned_verdict {
    QUEUE_RETURNED_WAITS,  /* it cannot be known yet whether it will be too many */
    QUEUE_RETURNED_COUNTS, /* against the addresses */
    QUEUE_RETURNED_NOBODY  /* against nobody */
};

enum queue_returned_verdict queue_returned_verdict(const struct queue_returned *returned);

/* All zeros, but its number, for a mailing of which nothing came back. */
bool queue_returned_find(struct database *database, int64_t mailing,
                         struct queue_returned *returned, struct error *error);

/* One more subscriber of the mailing, refused or complaining; stops the mailing where that is one
 * too many. The caller knows that the subscriber was not counted before. */
bool queue_returned_refused(struct database *database, int64_t mailing, bool is_certain,
                            int64_t now_at, struct error *error);
bool queue_returned_complained(struct database *database, int64_t mailing, int64_t now_at,
                               struct error *error);

/* The next mailing above `after` of which something came back since it was last looked at in full,
 * 0 for none; only reads. */
bool queue_returned_next(struct database *database, int64_t after, int64_t *mailing,
                         struct error *error);

/* Looks at it anew: findings, and what follows for the mailing. Of one under way, whose subscribers
 * have to be counted, at most once an hour. */
bool queue_returned_look(struct database *database, int64_t mailing, int64_t now_at,
                         struct queue_returned *returned, struct error *error);

/* The addresses are gone indeed: they count. */
bool queue_returned_accept(struct database *database, int64_t mailing, int64_t now_at,
                           struct error *error);

/* Inside queue/: a mailing that was stopped goes on, or is cancelled: what was told of it is over.
 */
bool queue_returned_resumed(struct database *database, int64_t mailing, int64_t now_at,
                            struct error *error);

/* What was told 30 days ago is over: bounces that old count for nothing. In a transaction of its
 * own, where there is any. */
bool queue_returned_expire(struct database *database, int64_t now_at, struct error *error);

/* The next mailing above `after` of which something was found that is not told yet. */
bool queue_returned_next_unreported(struct database *database, int64_t after,
                                    struct queue_returned *returned, bool *found,
                                    struct error *error);

/* What was found of it is told. In a transaction of its own. */
bool queue_returned_set_reported(struct database *database, const struct queue_returned *returned,
                                 struct error *error);

/* The newest mailings of which something was found, newest first, at most 100. *rows, in arena, has
 * *count of them. */
bool queue_returned_read_newest(struct database *database, struct arena *arena,
                                struct queue_returned **rows, size_t *count, struct error *error);

#endif
