/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_SENDING_H
#define QUEUE_SENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "database/sql_macro.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"

/* What a worker does with rows: claims them, marks each before its last byte may leave, writes down
 * its outcome, and recovers those of workers that died; and what all workers share of pace and
 * relay. Functions that write want the caller's transaction. */

/* ---- claiming and sending (claim.c, sending.c) ---- */

/* One row that a worker holds: a delivery, or a transactional mail (transactional ≠ 0). */
struct queue_row {
    int64_t worker; /* who holds it */
    int64_t claim;  /* of a delivery: which one of the row; let go and taken again, it is another */
    int64_t transactional; /* row id of the transactional mail; 0: a delivery */
    enum queue_transactional_kind transactional_kind;
    int64_t request;
    const char *payload;
    int64_t announcement; /* delivery */
    enum queue_kind kind; /* of its mailing */
    int64_t mailing;
    int64_t version; /* of a digest: its content (digest/digest.h) */
    int64_t subscriber;
    const char *address;
    const char *language;    /* the subscriber's */
    int attempts;            /* tries before this one */
    int indeterminate_count; /* how often it may have arrived already */
    int64_t created_at;      /* transactional mail; its Date */
};

struct queue_batch {
    struct queue_row *rows;
    size_t count;
    size_t parked;     /* rows that were due and wait now, as their receiver is held (trouble.h) */
    const char *freed; /* a receiver that takes mail again, as it turned out; NULL: none */
};

struct queue_claim {
    int64_t worker; /* database_worker_number() */
    int64_t now_at;
    size_t maximum;   /* rows, at most 1000 */
    bool only_urgent; /* outside mail.hours: transactional mails and urgent mailings alone */
    bool only_transactional;
    bool is_probe;       /* of all mailings the one whose row was refused longest ago */
    bool resend_unknown; /* mail.unknown; for queue_next_due() alone */
};

/* Takes due rows: transactional mails first, then deliveries of releases, corrections and
 * withdrawals, then digests; the mailings of one class take turns, one a call. count and parked 0:
 * nothing is due. The batch lives in arena. */
bool queue_claim(struct database *database, const struct queue_claim *claim, struct arena *arena,
                 struct queue_batch *batch, struct error *error);

enum queue_mark {
    QUEUE_MARK_SENDING,    /* marked: once committed, its last byte may leave */
    QUEUE_MARK_SUPPRESSED, /* the subscriber may not be mailed any more: the row says so now */
    QUEUE_MARK_RELEASED,   /* its mailing is paused: back in the queue, or cancelled; or it may have
                              arrived, and its correction was sent: it stays indeterminate */
    QUEUE_MARK_GONE /* not this claim's any more: cancelled, suppressed or let go meanwhile */
};

/* Marks a claimed row `sending` in one statement, which also asks whether its subscriber is still
 * confirmed (a transactional mail's request still good) and its mailing active. revision: of the
 * version that the message was made of; 0 for a transactional mail or digest. */
bool queue_mark_sending(struct database *database, const struct queue_row *row, int64_t revision,
                        int64_t now_at, enum queue_mark *mark, struct error *error);

/* So often a row may be left indeterminate: then it is set aside, for a person to look at. */
#define QUEUE_LIMITS(X) X(QUEUE_INDETERMINATE_MAXIMUM, 3)

enum { QUEUE_LIMITS(SQL_ENUMERATOR) };

struct queue_result {
    enum queue_state state; /* SENT, DEFERRED, FAILED, UNKNOWN (indeterminate once more), or QUEUED:
                               handed back untried (not an attempt) */
    int64_t next_at;        /* DEFERRED, QUEUED and UNKNOWN: not before */
    int smtp_code;          /* 0: none */
    const char *enhanced;   /* "5.1.1"; NULL */
    const char *text;       /* NULL; at most 500 octets are kept */
    bool is_ours;           /* DEFERRED: refused for what is ours (net/refusal.h) */
};

/* Writes the outcome of a row that this claim marked (or, with QUEUED, holds). A row cancelled on
 * the way is cancelled instead of deferred or queued. */
bool queue_record(struct database *database, const struct queue_row *row,
                  const struct queue_result *result, int64_t now_at, struct error *error);

/* next_at of a row that the relay refused for reasons of its own then: due at once, and before all
 * that was not tried. */
#define QUEUE_REFUSED_BEFORE_MS INT64_C(1000000000000000)
int64_t queue_refused_then(int64_t refused_at);

/* The timetable of mail.rate, which all workers share: when the next message may leave, in
 * nanoseconds since 1970; 0 where none ever did. Read and written in the transaction of the marks
 * that it lets through. */
bool queue_pace_read(struct database *database, int64_t *next_ns, struct error *error);
bool queue_pace_write(struct database *database, int64_t next_ns, struct error *error);

/* Gives back what the worker holds and has not marked. */
bool queue_release(struct database *database, int64_t worker, struct error *error);

struct queue_recovery {
    int64_t released;  /* claimed rows of dead workers, back in the queue */
    int64_t unknown;   /* indeterminate rows found now */
    int64_t resent;    /* indeterminate rows put back, to be sent again with the same Message-ID, as
                          their time has come */
    int64_t set_aside; /* indeterminate rows for the third time: they stay unknown */
};

/* Frees the rows of dead workers. resend: `mail.unknown`. Also asks resend of those left unknown by
 * an earlier run; but none whose subscriber was sent a later mail about the release, a correction
 * or withdrawal: that stays unknown for good. A finished mailing with rows put back is active
 * again.
 */
bool queue_recover(struct database *database, bool resend, int64_t now_at,
                   struct queue_recovery *recovery, struct error *error);

/* The earliest instant after which queue_claim() would find something; now_at or earlier where it
 * would at once; INSTANT_NONE: nothing waits. */
bool queue_next_due(struct database *database, const struct queue_claim *claim, int64_t *due_at,
                    struct error *error);

/* Whether a worker would find nothing at all to do at now_at: no row due or left by somebody, no
 * mailing to finish. Only reads, and no row that is over with. resend: as in queue_recover(). */
bool queue_is_idle(struct database *database, bool resend, int64_t now_at, bool *is_idle,
                   struct error *error);

/* ---- the relay (relay.c) ---- */

/* What all workers know of it: one row. What it means, delivery/throttle.h says. */

enum { QUEUE_RELAY_REPLY_SIZE = 600, QUEUE_RELAY_URL_SIZE = 300 };

/* Numbers stand in the database: they never change. */
#define QUEUE_RELAY_STATES(X)                                                                      \
    X(QUEUE_RELAY_FREE, 0, "free")                                                                 \
    X(QUEUE_RELAY_PAUSED, 1, "paused") /* nothing is given out but one probe, from next_at on */   \
    X(QUEUE_RELAY_EASING, 2, "easing") /* mail is taken again: by a timetable that grows */        \
    X(QUEUE_RELAY_UNREACHABLE, 3, "unreachable") /* a connection is tried from next_at on, without \
                                                    a message */

enum queue_relay_state { QUEUE_RELAY_STATES(SQL_NAMED_ENUMERATOR) };

const char *queue_relay_state_name(enum queue_relay_state state);

/* A rate is messages in a million seconds; 0: none. All zero: a relay that nothing is known of. */
struct queue_relay {
    char url[QUEUE_RELAY_URL_SIZE]; /* of which it holds: another relay is another matter */
    int64_t version;                /* of the row; 0: there is none */
    enum queue_relay_state state;
    int64_t since_at;                   /* of the state */
    int64_t next_at;                    /* of the next probe; INSTANT_NONE: in no pause */
    int pauses;                         /* one behind the other, beyond the first */
    bool is_quota;                      /* it spoke of a day's quota */
    bool is_rate;                       /* it spoke of a rate, or had trouble shortly before */
    int64_t taken;                      /* messages accepted in the time before the pause … */
    int64_t taken_from;                 /* … which began then */
    int64_t burst;                      /* rate over the last ten seconds before the pause */
    bool was_easing;                    /* when the pause began */
    int64_t proven;                     /* rate that was held for a while then; 0: none */
    int64_t base;                       /* rate that easing is a part of */
    int64_t suggested;                  /* rate that would have fitted */
    int connections;                    /* so many it takes at once; 0: not known */
    int64_t capped_at;                  /* when that was learnt */
    int session;                        /* messages it takes in one session; 0: not known */
    char reply[QUEUE_RELAY_REPLY_SIZE]; /* its last words of trouble; "" */
};

/* What is known of the relay at that url; all zero but the url where nothing is. */
bool queue_relay_read(struct database *database, const char *url, struct queue_relay *relay,
                      struct error *error);

/* In a transaction, after reading in it: the row gets relay->version, which is one more. */
bool queue_relay_write(struct database *database, struct queue_relay *relay, struct error *error);

#endif
