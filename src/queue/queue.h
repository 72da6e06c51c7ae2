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
 *                 reaches only those who are in none before
 *
 *   delivery      announcement × subscriber: the key that keeps everybody from being mailed twice
 *
 * and transactional mails (confirmations and the like), which belong to no mailing:
 * transactional_mail.h. How rows are claimed and sent says sending.h; what is refused, returned or
 * complained about, and what the operator is told of it, trouble.h.
 *
 * Every function that writes wants the caller's transaction (transaction_of) and begins none
 * itself; it returns false with *error filled on failure, and the caller rolls back. Of subscriber/
 * SQL here reads the views alone (mailable_subscriber and its like): whether somebody may still be
 * mailed is asked in the statement that marks his row, not before. */
extern const struct database_schema queue_schema;

/* Numbers stand in the database: they never change. */
#define QUEUE_STATES(X)                                                                            \
    X(QUEUE_QUEUED, 0, "queued")     /* waits, or is claimed by a worker */                        \
    X(QUEUE_SENDING, 1, "sending")   /* marked: its last byte may leave at any moment */           \
    X(QUEUE_SENT, 2, "sent")         /* accepted by the next hop */                                \
    X(QUEUE_DEFERRED, 3, "deferred") /* tried, to be tried again at next_at */                     \
    X(QUEUE_FAILED, 4, "failed")                                                                   \
    X(QUEUE_SUPPRESSED, 5, "suppressed") /* the subscriber may not be mailed any more */           \
    X(QUEUE_UNKNOWN, 6, "unknown")       /* a crash or a lost connection hid the answer */         \
    X(QUEUE_CANCELLED, 7, "cancelled")

enum queue_state { QUEUE_STATES(SQL_NAMED_ENUMERATOR) QUEUE_STATE_COUNT = 8 };

/* "queued", "sending" … as they are shown. */
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
    X(QUEUE_RELEASE, 0, "release")                                                                 \
    X(QUEUE_CORRECTION, 1, "correction")                                                           \
    X(QUEUE_WITHDRAWAL, 2, "withdrawal")                                                           \
    X(QUEUE_DIGEST, 3, "digest")

enum queue_kind { QUEUE_KINDS(SQL_NAMED_ENUMERATOR) };

const char *queue_kind_name(enum queue_kind kind);

#define QUEUE_MAILING_STATES(X)                                                                    \
    X(QUEUE_MAILING_ACTIVE, 0, "active") /* is sent from starts_at on */                           \
    X(QUEUE_MAILING_HELD, 1, "held")     /* never began: waits for `mailing resume` */             \
    X(QUEUE_MAILING_PAUSED, 2, "paused") /* by somebody, or by 20 refusals in a row */             \
    X(QUEUE_MAILING_FINISHED, 3, "finished")                                                       \
    X(QUEUE_MAILING_CANCELLED, 4, "cancelled")

enum queue_mailing_state { QUEUE_MAILING_STATES(SQL_NAMED_ENUMERATOR) };

const char *queue_mailing_state_name(enum queue_mailing_state state);

struct queue_announcement {
    int64_t release; /* always the ORIGINAL's row id, so that all language versions are one
                        announcement; 0 for a digest */
    enum queue_kind kind;
    /* Tells announcements of one release and kind apart: "" for a release or its withdrawal, the
     * hash of the correction's text, the date ("2026-06-07") of a digest. */
    const char *deduplication_key;
};

/* The announcement's row id: the one that is there, or a new one. */
bool queue_announcement_open(struct database *database,
                             const struct queue_announcement *announcement, int64_t *row_id,
                             bool *is_new, struct error *error);

struct queue_mailing {
    int64_t row_id; /* never given again */
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

/* Reads announcement, state, note, is_urgent, created_at and starts_at of *mailing, writes row_id
 * and message_at. */
bool queue_mailing_create(struct database *database, struct queue_mailing *mailing,
                          struct error *error);

/* Removes a mailing that reached nobody, and its announcement if no other mailing has it. */
bool queue_mailing_discard(struct database *database, int64_t row_id, struct error *error);

/* NULL and *failed false where there is none. */
struct queue_mailing *queue_mailing_find(struct database *database, struct arena *arena,
                                         int64_t row_id, bool *failed, struct error *error);

/* The same without its counts, which are counted row by row until it has ended. */
struct queue_mailing *queue_mailing_head(struct database *database, struct arena *arena,
                                         int64_t row_id, bool *failed, struct error *error);

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
    bool only_open;     /* active, held and paused ones */
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

/* Those that have not ended, of all releases, without counts: as cheap as they are few. */
void queue_mailing_cursor_open_unfinished(struct queue_mailing_cursor *cursor,
                                          struct database *database);

/* *mailing lives until the next call. False at the end and on failure. */
bool queue_mailing_cursor_next(struct queue_mailing_cursor *cursor,
                               const struct queue_mailing **mailing, struct error *error);

/* Releases; false where reading failed, with the error of queue_mailing_cursor_next(). */
bool queue_mailing_cursor_close(struct queue_mailing_cursor *cursor)
    __attribute__((warn_unused_result));

#define QUEUE_HELD_NOTE "more new mailings in one run than announce.max_new"
#define QUEUE_STOPPED_NOTE "stopped by a reply to a receipt" /* until its release goes on */

/* Active → paused, and so a finished one of which something indeterminate may go again; no effect
 * on another state. */
bool queue_mailing_pause(struct database *database, int64_t row_id, const char *note,
                         struct error *error);

/* Writes QUEUE_STOPPED_NOTE on a held one, or that it is only held again; no effect on another
 * state. Nothing of it leaves either way. */
bool queue_mailing_mark_stopped(struct database *database, int64_t row_id, bool is_stopped,
                                struct error *error);

/* Held or paused → active. A held one is dated anew (message_at). ERROR_INPUT where it is neither
 * these nor active. */
bool queue_mailing_resume(struct database *database, int64_t row_id, int64_t now_at,
                          struct error *error);

/* All that is not sent becomes cancelled; a row that is just being sent ends as its answer says,
 * and neither that nor what is indeterminate is tried again. ERROR_INPUT where it is finished and
 * nothing goes again. *count: rows cancelled now; of a finished one those that do
 * not go again. */
bool queue_mailing_cancel(struct database *database, int64_t row_id, const char *note,
                          int64_t now_at, int64_t *count, struct error *error);

struct queue_cancellation {
    int64_t release; /* the original's row id */
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
    int64_t version;      /* row id of the version's release, below 10^12 */
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
    int64_t release;  /* the original's row id */
    int64_t version;  /* 0: every version */
    int64_t revision; /* only who got an older one than this; 0: any */
};

/* For a correction or a withdrawal: those still confirmed to whom the release was sent, or may have
 * been, whatever became of the row since. They get the same version as then. */
bool queue_add_mailed(struct database *database, const struct queue_mailing *mailing,
                      const struct queue_mailed *mailed, int64_t *added, struct error *error);

/* ---- when a subscriber changes (transactional_mail.c, selection.c, erasure.c) ---- */

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

/* Removes all rows of a subscriber who is to be forgotten. The counts of ended mailings stay as
 * they are. */
bool queue_erase_subscriber(struct database *database, int64_t subscriber, struct error *error);

/* ---- what is not kept (retention.c) ---- */

/* Zeroed at first; then it says how far the last step came. */
struct queue_retention {
    int64_t texts_before_at;   /* of mailings that ended before: the relays' texts are forgotten */
    int64_t rows_before_at;    /* … who was sent them; their counts stay */
    int64_t trouble_before_at; /* what is known of receivers' trouble (trouble.h) */
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

/* ---- what became of it (delivery_counts.c) ---- */

bool queue_counts_of_mailing(struct database *database, int64_t mailing,
                             struct queue_delivery_counts *counts, struct error *error);

/* What somebody who looks on wants to know of one that is under way: half the work of all counts,
 * as fewer are asked of each row. */
struct queue_progress {
    int64_t audience;
    int64_t sent;
    int64_t undelivered; /* failed, or sent and returned */
    int64_t unknown;     /* indeterminate */
    int64_t tried; /* sent, failed and indeterminate: who was to get it and was not left out */
};

/* Of one that has ended it costs nothing. */
bool queue_progress_of_mailing(struct database *database, int64_t mailing,
                               struct queue_progress *progress, struct error *error);

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
    int64_t release;  /* its row id; 0: a transactional mail, or of several */
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
    int64_t after;         /* row id of the announcement, or transactional mail, read last */
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
    int64_t release; /* row id of the original; 0: a digest */
    enum queue_kind kind;
    int64_t version; /* of a digest: its content (digest/digest.h); 0: not known any more */
};

/* *found false: there was no such announcement. */
bool queue_delivered_find(struct database *database, int64_t announcement, int64_t subscriber,
                          struct queue_delivered *delivered, bool *found, struct error *error);

/* The row ids of the newest announcements, newest first, at most maximum. */
bool queue_newest_announcements(struct database *database, int64_t *row_ids, size_t maximum,
                                size_t *count, struct error *error);

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

/* Who takes in the mail (address/group.h) of those whom a mailing did not reach: failed, or
 * returned. A group of one or two is no provider that is known, and would name somebody: they are
 * one row with the name NULL. */
struct queue_undelivered {
    const char *group;
    int64_t count;
};

/* The most first, NULL last. Reads all rows of the mailing. *rows, in arena, has *count of them. */
bool queue_undelivered_read(struct database *database, struct arena *arena, int64_t mailing,
                            struct queue_undelivered **rows, size_t *count, struct error *error);

/* Since when the row that has waited longest has been due; INSTANT_NONE: none waits. */
bool queue_oldest_waiting(struct database *database, int64_t now_at, int64_t *since_at,
                          struct error *error);

#endif
