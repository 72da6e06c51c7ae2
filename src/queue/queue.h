/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "database/sql_macro.h"

struct database;
struct database_schema;
struct error;

/* What is to be mailed, to whom, and what became of it. Three kinds of rows:
 *
 *   announcement  what is said: one for each (release, kind, deduplication key), for ever
 *
 *   mailing       one act of saying it to an audience; a second one of the same announcement
 * reaches only those who are in none before
 *
 *   delivery      announcement × subscriber: the key that keeps everybody from being mailed twice
 *
 * and transactional mails (confirmations and the like), which belong to no mailing.
 *
 * Every function that writes wants the caller's transaction (transaction_of) and begins none
 * itself; it returns false with *error filled on failure, and the caller rolls back. Of subscriber/
 * SQL here reads the views alone (mailable_subscriber and its like): whether somebody may still be
 * mailed is asked in the statement that marks his row, not before. */
extern const struct database_schema queue_schema;

/* Numbers stand in the database: they never change. */
#define QUEUE_STATES(X)                                                                            \
    X(QUEUE_QUEUED, 0)   /* waits, or is claimed by a worker */                                    \
    X(QUEUE_SENDING, 1)  /* marked: its last byte may leave at any moment */                       \
    X(QUEUE_SENT, 2)     /* accepted by the next hop */                                            \
    X(QUEUE_DEFERRED, 3) /* tried, to be tried again at next_at */                                 \
    X(QUEUE_FAILED, 4)                                                                             \
    X(QUEUE_SUPPRESSED, 5) /* the subscriber may not be mailed any more */                         \
    X(QUEUE_UNKNOWN, 6)    /* indeterminate: a crash or a lost connection hid the answer */        \
    X(QUEUE_CANCELLED, 7)

enum queue_state { QUEUE_STATES(SQL_ENUMERATOR) QUEUE_STATE_COUNT = 8 };

/* "queued", "sending" … as people see them. */
const char *queue_state_name(enum queue_state state);

/* The number of rows in each state; their sum is the audience, at every moment. */
struct queue_delivery_counts {
    int64_t count[QUEUE_STATE_COUNT]; /* by enum queue_state */
    int64_t audience;
    int64_t bounced;    /* of the sent: came back later */
    int64_t complained; /* of the sent: reported as unwanted */
};

/* ---- announcements and mailings (mailing.c) ---- */

#define QUEUE_KINDS(X)                                                                             \
    X(QUEUE_RELEASE, 0) X(QUEUE_CORRECTION, 1) X(QUEUE_WITHDRAWAL, 2) X(QUEUE_DIGEST, 3)

enum queue_kind { QUEUE_KINDS(SQL_ENUMERATOR) };

const char *queue_kind_name(enum queue_kind kind);

#define QUEUE_MAILING_STATES(X)                                                                    \
    X(QUEUE_MAILING_ACTIVE, 0) /* is sent from starts_at on */                                     \
    X(QUEUE_MAILING_HELD, 1)   /* never began: waits for `mailing resume` */                       \
    X(QUEUE_MAILING_PAUSED, 2) /* stopped on the way, by a person or by 20 refusals in a row */    \
    X(QUEUE_MAILING_FINISHED, 3)                                                                   \
    X(QUEUE_MAILING_CANCELLED, 4)

enum queue_mailing_state { QUEUE_MAILING_STATES(SQL_ENUMERATOR) };

const char *queue_mailing_state_name(enum queue_mailing_state state);

struct queue_announcement {
    int64_t release; /* always the ORIGINAL's number, so that all language versions are one
                        announcement; 0 for a digest */
    enum queue_kind kind;
    /* Tells announcements of one release and kind apart: "" for a release or its withdrawal, the
     * hash of the correction's text, the date ("2026-06-07") of a digest. */
    const char *deduplication_key;
};

/* The announcement's number: the one that is there, or a new one. */
bool queue_announcement_open(struct database *database,
                             const struct queue_announcement *announcement, int64_t *number,
                             bool *is_new, struct error *error);

struct queue_mailing {
    int64_t number; /* never given again */
    int64_t announcement;
    int64_t release; /* of the announcement */
    enum queue_kind kind;
    const char *deduplication_key;
    enum queue_mailing_state state;
    const char *note; /* why it is held, paused or cancelled; "" */
    bool is_urgent;   /* leaves outside mail.hours too */
    int64_t created_at;
    int64_t starts_at;                   /* nothing leaves before */
    int64_t message_at;                  /* the Date of its messages */
    int64_t started_at;                  /* first claim; INSTANT_NONE: not yet */
    int64_t finished_at;                 /* INSTANT_NONE: not yet */
    bool is_forgotten;                   /* who was sent it is not known any more (queue_retain) */
    struct queue_delivery_counts counts; /* filled by queue_mailing_find and a cursor with_counts */
};

/* Reads announcement, state, note, is_urgent, created_at and starts_at of *mailing, writes number
 * and message_at. */
bool queue_mailing_create(struct database *database, struct queue_mailing *mailing,
                          struct error *error);

/* Removes a mailing that reached nobody, and its announcement if no other mailing has it. */
bool queue_mailing_discard(struct database *database, int64_t number, struct error *error);

/* NULL and *failed false where there is none. */
struct queue_mailing *queue_mailing_find(struct database *database, struct arena *arena,
                                         int64_t number, bool *failed, struct error *error);

/* The same without its counts, which are counted row by row until it has ended. */
struct queue_mailing *queue_mailing_head(struct database *database, struct arena *arena,
                                         int64_t number, bool *failed, struct error *error);

/* Mailings, the newest first. As with all cursors of queue/, rows are read in pages and nothing is
 * held open between two of them: what is changed meanwhile may be met as it was or as it is, and
 * nothing is met twice.
 *
 *     queue_mailing_cursor_open(&cursor, database, release, true);
 *     while (queue_mailing_cursor_next(&cursor, &mailing, error))
 *         …
 *     if (!queue_mailing_cursor_close(&cursor))
 *         return false;
 */
struct queue_mailing_cursor {
    struct database *database;
    int64_t release;
    bool with_counts;
    struct arena arena; /* of the page */
    struct queue_mailing *rows;
    size_t count;
    size_t next;
    int64_t before; /* the mailing read last */
    bool is_last_page;
    bool has_failed;
};

/* release 0: those of all. Without their counts it is much quicker, as they are counted row by row
 * until a mailing has ended. */
void queue_mailing_cursor_open(struct queue_mailing_cursor *cursor, struct database *database,
                               int64_t release, bool with_counts);

/* *mailing lives until the next call. False at the end and on failure. */
bool queue_mailing_cursor_next(struct queue_mailing_cursor *cursor,
                               const struct queue_mailing **mailing, struct error *error);

/* Releases; false where reading failed, with the error of queue_mailing_cursor_next(). */
bool queue_mailing_cursor_close(struct queue_mailing_cursor *cursor)
    __attribute__((warn_unused_result));

/* Active → paused, and so a finished one of which something indeterminate may go again; no effect
 * on another state. */
bool queue_mailing_pause(struct database *database, int64_t number, const char *note,
                         struct error *error);

/* Held or paused → active. A held one is dated anew (message_at). ERROR_INPUT where it is neither
 * these nor active. */
bool queue_mailing_resume(struct database *database, int64_t number, int64_t now_at,
                          struct error *error);

/* All that is not sent becomes cancelled; a row that is just being sent ends as its answer says,
 * and neither that nor what is indeterminate is tried again. ERROR_INPUT where it is finished and
 * nothing goes again. *count: rows cancelled now; of a finished one those that do
 * not go again. */
bool queue_mailing_cancel(struct database *database, int64_t number, const char *note,
                          int64_t now_at, int64_t *count, struct error *error);

struct queue_cancellation {
    int64_t release; /* the original's number */
    int64_t version; /* 0: every version */
    const char *note;
    int64_t now_at;
};

/* Cancels what is not sent of a release: all its mailings but those that tell of its withdrawal
 * (version 0), or only the rows that were to get one language version. */
bool queue_cancel_release(struct database *database, const struct queue_cancellation *cancellation,
                          int64_t *count, struct error *error);

/* Active mailings of which nothing is queued, being sent or deferred become finished, and the
 * counts of finished and cancelled ones are written down, so that looking at them costs nothing. */
bool queue_finish(struct database *database, int64_t now_at, int64_t *finished,
                  struct error *error);

/* ---- audience (audience.c) ---- */

/* One language version of the release in one feed that selects it. */
struct queue_candidate {
    const char *feed;
    int64_t version;      /* number of the version's release row, below 10^12 */
    const char *language; /* of the version */
    bool is_original;
};

struct queue_candidates {
    const struct queue_candidate *items;
    size_t count; /* at most QUEUE_CANDIDATES_MAXIMUM */
};

enum { QUEUE_CANDIDATES_MAXIMUM = 500 };

/* How well a version fits a reader, the least best: in the reader's language, in that of another
 * region, the original, then the others in the order given. place: 0 for the original, then from 1.
 * The one order of mailings and digests. */
int64_t queue_version_rank(const char *language, int64_t place, const char *reader);

/* Of one of the candidates: 0 the original, then in the order given. */
int64_t queue_candidate_place(const struct queue_candidates *candidates, size_t index);

/* Queues one row for each confirmed subscriber with an active immediate subscription to any
 * candidate's feed who is in no mailing of the announcement yet. Of the versions in his feeds he
 * gets the one in his language (region ignored where there is no exact match), else the original,
 * else the first in the order given. *added: rows made. ERROR_INPUT beyond
 * QUEUE_CANDIDATES_MAXIMUM. */
bool queue_add_audience(struct database *database, const struct queue_mailing *mailing,
                        const struct queue_candidates *candidates, int64_t *added,
                        struct error *error);

/* One of the subscribers that queue_add_audience() would queue. */
struct queue_audience_member {
    int64_t subscriber;
    const char *address;
    const char *language;
    int64_t version;
};

/* Those subscribers without queueing anything (works when reading only), in the order of their ids;
 * as queue_mailing_cursor. */
struct queue_audience_cursor {
    struct database *database;
    int64_t announcement;
    const struct queue_candidates *candidates;
    struct queue_version_choice *choice; /* made of the candidates for the first page */
    struct arena arena;                  /* of the page */
    struct queue_audience_member *rows;
    size_t count;
    size_t next;
    int64_t after; /* subscribers up to this one were read */
    bool is_last_page;
    bool has_failed;
};

/* announcement not 0: without those who are in one of its mailings. The candidates are read until
 * the cursor is closed. */
void queue_audience_cursor_open(struct queue_audience_cursor *cursor, struct database *database,
                                int64_t announcement, const struct queue_candidates *candidates);
bool queue_audience_cursor_next(struct queue_audience_cursor *cursor,
                                const struct queue_audience_member **member, struct error *error);
bool queue_audience_cursor_close(struct queue_audience_cursor *cursor)
    __attribute__((warn_unused_result));

struct queue_version_count {
    int64_t version;
    int64_t subscribers;
};

struct queue_version_counts {
    struct queue_version_count *items;
    size_t count;
};

/* How many of those subscribers get which version, in the order of the first subscriber of each; in
 * arena. */
bool queue_audience_count(struct database *database, struct arena *arena, int64_t announcement,
                          const struct queue_candidates *candidates,
                          struct queue_version_counts *counts, struct error *error);

/* Moves to this new mailing those rows of its announcement that ended failed, suppressed or
 * cancelled and whose subscriber is in the audience of the candidates today, and adds who is not in
 * the announcement yet. Sent ones and those that were ever indeterminate stay alone. */
bool queue_add_missed(struct database *database, const struct queue_mailing *mailing,
                      const struct queue_candidates *candidates, int64_t *added,
                      struct error *error);

struct queue_mailed {
    int64_t release;  /* the original's number */
    int64_t version;  /* 0: every version */
    int64_t revision; /* only who got an older one than this; 0: any */
};

/* For a correction or a withdrawal: those still confirmed to whom the release was sent, or may have
 * been, whatever became of the row since. They get the same version as then. */
bool queue_add_mailed(struct database *database, const struct queue_mailing *mailing,
                      const struct queue_mailed *mailed, int64_t *added, struct error *error);

/* ---- what is not kept (retention.c) ---- */

/* Zeroed at first; then it says how far the last step came. */
struct queue_retention {
    int64_t texts_before_at;   /* of mailings that ended before: the relays' texts are forgotten */
    int64_t rows_before_at;    /* … who was sent them; their counts stay */
    int64_t trouble_before_at; /* what is known of receivers' trouble (receiver.h) */
    int64_t mailing;
    int64_t announcement;
    int64_t after; /* the last subscriber dealt with */
    int level;
};

/* Whether anything is to be forgotten: only reads, so that where nothing is, nobody who sends waits
 * at all. What it finds, the next step forgets. */
bool queue_retain_find(struct database *database, struct queue_retention *retention, bool *found,
                       struct error *error);

/* One small step, so that nobody who sends waits long. Transactional mails go by the same times.
 * *count: rows changed; *more false: nothing is left to forget. *retention goes on with the step:
 * who runs it again begins with a copy of the one before. */
bool queue_retain(struct database *database, struct queue_retention *retention, int64_t *count,
                  bool *more, struct error *error);

/* ---- transactional mails (transactional_mail.c) ---- */

/* Numbers stand in the database: they never change. */
enum queue_transactional_kind {
    QUEUE_TRANSACTIONAL_CONFIRMATION = 1, /* request */
    QUEUE_TRANSACTIONAL_WELCOME = 2,
    QUEUE_TRANSACTIONAL_ALREADY = 3,     /* "you are subscribed already" */
    QUEUE_TRANSACTIONAL_PREFERENCES = 4, /* a fresh link */
    QUEUE_TRANSACTIONAL_MY_DATA = 5,     /* request */
    QUEUE_TRANSACTIONAL_ERASE = 6,       /* request */
    QUEUE_TRANSACTIONAL_RECEIPT = 7,     /* to a press officer: address */
    QUEUE_TRANSACTIONAL_PROBE = 8,       /* whether an address that refused mail takes it again */
    QUEUE_TRANSACTIONAL_FORWARD = 9, /* to a press officer: address; forward.h has what it holds */
    QUEUE_TRANSACTIONAL_UNSUBSCRIBE_LINK = 10, /* how to leave, to who wrote that he may want to */
    QUEUE_TRANSACTIONAL_CONFIRM_HINT = 11 /* request: how to say yes so that it is understood */
};

struct queue_transactional_mail {
    enum queue_transactional_kind kind;
    int64_t subscriber; /* 0: none */
    int64_t request; /* 0: none; the mail is suppressed once the request is void, used or expired */
    const char *address; /* only where there is no subscriber */
    const char *language;
    const char *payload; /* what the message needs besides, as its maker writes it; NULL: nothing */
    int64_t created_at;
    int64_t not_before_at; /* INSTANT_NONE: at once */
    /* Found, not made: */
    enum queue_state state;
    int64_t state_at;
};

bool queue_add_transactional(struct database *database, const struct queue_transactional_mail *mail,
                             int64_t *number, struct error *error);

/* Kind, subscriber, request, time and state of a transactional mail, by the number in its return
 * path; the strings stay NULL. *found false: there is none. */
bool queue_transactional_find(struct database *database, int64_t number,
                              struct queue_transactional_mail *mail, bool *found,
                              struct error *error);

/* Whether the transactional mail of that number went to this address, which is no subscriber's. */
bool queue_transactional_was_to(struct database *database, int64_t number, const char *address,
                                bool *was, struct error *error);

/* Whatever is not sent to this subscriber becomes suppressed at once: transactional mails and
 * deliveries of all unfinished mailings. For who leaves, bounces or complains. */
bool queue_suppress_subscriber(struct database *database, int64_t subscriber, int64_t now_at,
                               int64_t *count, struct error *error);

/* After a subscriber's subscriptions changed: deliveries of releases that wait and that no active
 * immediate subscription of the subscriber selects become suppressed at once, those just being sent
 * are not tried again; who still follows another feed gets the version that is in it. *count: rows
 * suppressed. */
bool queue_suppress_unselected(struct database *database, int64_t subscriber, int64_t now_at,
                               int64_t *count, struct error *error);

/* Removes all rows of a subscriber who is to be forgotten. Books of ended mailings stay as they
 * are. */
bool queue_erase_subscriber(struct database *database, int64_t subscriber, struct error *error);

/* Unsent mails of that request become suppressed. */
bool queue_suppress_request(struct database *database, int64_t request, int64_t now_at,
                            struct error *error);

/* The mail becomes suppressed where it is not sent. */
bool queue_suppress_transactional(struct database *database, int64_t number, int64_t now_at,
                                  struct error *error);

/* ---- claiming and sending (claim.c) ---- */

/* One row that a worker holds: a delivery, or a transactional mail (transactional ≠ 0). */
struct queue_row {
    int64_t worker; /* who holds it */
    int64_t claim;  /* of a delivery: which one of the row; let go and taken again, it is another */
    int64_t transactional; /* number of the transactional mail; 0: a delivery */
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
    size_t parked;     /* rows that were due and wait now, as their receiver is held (receiver.h) */
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

/* So often a row may be left indeterminate: it is for a person to look at then. No enum, as it
 * stands in SQL too (queue/indeterminate.h). */
#define QUEUE_INDETERMINATE_MAXIMUM 3

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

/* ---- after sending, and looking on (delivery_counts.c) ---- */

/* Bits. Numbers stand in the database: they never change. */
#define QUEUE_FEEDBACK_KINDS(X)                                                                    \
    X(QUEUE_NO_FEEDBACK, 0)                                                                        \
    X(QUEUE_BOUNCED, 1) X(QUEUE_COMPLAINED, 2) X(QUEUE_BOUNCED_COMPLAINED, 3)

enum queue_feedback_kind { QUEUE_FEEDBACK_KINDS(SQL_ENUMERATOR) };

struct queue_feedback {
    enum queue_feedback_kind kind;
    int64_t announcement;
    int64_t subscriber;
    int smtp_code;        /* 0: none */
    const char *enhanced; /* NULL: none */
    const char *text;     /* NULL: none */
    int64_t at;
};

/* The delivery that it is about. */
struct queue_feedback_row {
    bool is_there;   /* false: nothing was sent, and nothing is written */
    bool is_new;     /* it was not written down before */
    int64_t mailing; /* its */
    int64_t sent_at; /* when it was accepted, as far as is known */
};

/* A sent delivery (or an indeterminate one, which is sent then) came back or was complained about;
 * a complaint counts for its mailing too (returned.h). Repeating is harmless. */
bool queue_record_feedback(struct database *database, const struct queue_feedback *feedback,
                           struct queue_feedback_row *row, struct error *error);

bool queue_counts_of_mailing(struct database *database, int64_t mailing,
                             struct queue_delivery_counts *counts, struct error *error);
bool queue_counts_of_transactional(struct database *database, struct queue_delivery_counts *counts,
                                   struct error *error);

struct queue_recipient {
    int64_t subscriber;
    const char *address; /* NULL: erased since */
    int64_t version;
    enum queue_state state;
    int attempts;
    int64_t next_at;
    int64_t updated_at;
    int64_t revision;
    int smtp_code;
    const char *enhanced; /* NULL */
    const char *text;     /* NULL */
    bool is_bounced;
    bool is_complained;
};

/* The recipients of a mailing in the order of subscribers' ids, as queue_mailing_cursor. */
struct queue_recipient_cursor {
    struct database *database;
    int64_t mailing;
    enum queue_state state;
    struct arena arena; /* of the page */
    struct queue_recipient *rows;
    size_t count;
    size_t next;
    int64_t after; /* the subscriber read last */
    bool is_last_page;
    bool has_failed;
};

/* state QUEUE_STATE_COUNT: every state. */
void queue_recipient_cursor_open(struct queue_recipient_cursor *cursor, struct database *database,
                                 int64_t mailing, enum queue_state state);
bool queue_recipient_cursor_next(struct queue_recipient_cursor *cursor,
                                 const struct queue_recipient **recipient, struct error *error);
bool queue_recipient_cursor_close(struct queue_recipient_cursor *cursor)
    __attribute__((warn_unused_result));

/* ---- what one subscriber was sent (subscriber_mail.c) ---- */

struct queue_subscriber_mail {
    int64_t release;  /* number of its row; 0: a transactional mail, or of several */
    const char *kind; /* "release", "correction" …, "confirmation" … */
    enum queue_state state;
    int64_t at; /* of the state */
    bool is_bounced;
    bool is_complained;
};

/* Mailings in the order in which they were announced, then transactional mails in that of their
 * making; as queue_mailing_cursor. */
struct queue_subscriber_mail_cursor {
    struct database *database;
    int64_t subscriber;
    struct arena arena; /* of the page */
    struct queue_subscriber_mail *rows;
    size_t count;
    size_t next;
    bool is_transactional; /* the next page is of transactional mails */
    int64_t after;         /* number of the announcement, or transactional mail, read last */
    bool is_last_page;
    bool has_failed;
};

void queue_subscriber_mail_cursor_open(struct queue_subscriber_mail_cursor *cursor,
                                       struct database *database, int64_t subscriber);
bool queue_subscriber_mail_cursor_next(struct queue_subscriber_mail_cursor *cursor,
                                       const struct queue_subscriber_mail **mail,
                                       struct error *error);
bool queue_subscriber_mail_cursor_close(struct queue_subscriber_mail_cursor *cursor)
    __attribute__((warn_unused_result));

/* The newest announcement that was sent, or may have been, to the subscriber since then; 0: only a
 * transactional mail was. *found false: nothing was. */
bool queue_mailed_since(struct database *database, int64_t subscriber, int64_t since_at,
                        int64_t *announcement, bool *found, struct error *error);

/* What a delivery was about. */
struct queue_delivered {
    int64_t release; /* number of the original's row; 0: a digest */
    enum queue_kind kind;
    int64_t version; /* of a digest: its content (digest/digest.h); 0: not known any more */
};

/* *found false: there was no such announcement. */
bool queue_delivered_find(struct database *database, int64_t announcement, int64_t subscriber,
                          struct queue_delivered *delivered, bool *found, struct error *error);

/* The numbers of the newest announcements, newest first, at most maximum. */
bool queue_newest_announcements(struct database *database, int64_t *numbers, size_t maximum,
                                size_t *count, struct error *error);

/* Whether a transactional mail of that kind was queued for the subscriber, or for the request where
 * that is not 0, since then. */
bool queue_transactional_since(struct database *database,
                               const struct queue_transactional_mail *like, int64_t since_at,
                               bool *found, struct error *error);

/* Whether a mailing's message to the subscriber was accepted from from_at on and before until_at,
 * and did not come back. */
bool queue_subscriber_accepted(struct database *database, int64_t subscriber, int64_t from_at,
                               int64_t until_at, bool *accepted, struct error *error);

enum { QUEUE_REASONS_MAXIMUM = 20 };

/* Why rows of a mailing are deferred or failed. */
struct queue_reason {
    enum queue_state state;
    int smtp_code;
    const char *enhanced;
    const char *text; /* one of them */
    int64_t count;
};

/* The commonest first. *reasons, in arena, has *count of them. */
bool queue_reasons_read(struct database *database, struct arena *arena, int64_t mailing,
                        struct queue_reason **reasons, size_t *count, struct error *error);

/* Since when the row that has waited longest has been due; INSTANT_NONE: none waits. */
bool queue_oldest_waiting(struct database *database, int64_t now_at, int64_t *since_at,
                          struct error *error);

#endif
