/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_TROUBLE_H
#define QUEUE_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address/group.h"
#include "base/arena.h"
#include "database/sql_macro.h"
#include "queue/queue.h"

/* What is refused, returned or complained about, what follows from it for a mailing or a receiving
 * domain, and what the operator is told of it. Functions that write want the caller's transaction,
 * where nothing else is said. */

/* ---- what comes back (feedback.c) ---- */

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
 * a complaint counts for its mailing too (queue_returned_complained). Repeating is harmless. */
bool queue_record_feedback(struct database *database, const struct queue_feedback *feedback,
                           struct queue_feedback_row *row, struct error *error);

/* ---- too much of one mailing (returned.c) ---- */

/* How much of a mailing came back as the addresses' own fault, and how many complained: where it is
 * too much of one mailing, the fault lies elsewhere, or somebody has to look before more leaves. */

/* Bits; numbers stand in the database: they never change. */
#define QUEUE_RETURNED_FINDINGS(X)                                                                 \
    X(QUEUE_RETURNED_HELD, 1)      /* too many addresses are gone: they count against nobody */    \
    X(QUEUE_RETURNED_STOPPED, 2)   /* far too many: the mailing stops */                           \
    X(QUEUE_COMPLAINTS_MANY, 4)    /* a warning */                                                 \
    X(QUEUE_COMPLAINTS_STOPPED, 8) /* the mailing stops */

enum queue_returned_finding { QUEUE_RETURNED_FINDINGS(SQL_ENUMERATOR) };

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
    /* At its last review: */
    int64_t reviewed_at;   /* INSTANT_NONE: never */
    int64_t recipients;    /* of its audience, without who was left out */
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

/* All zeros, but its row id, for a mailing of which nothing came back. */
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

/* Reviews it: findings, and what follows for the mailing. Of one under way, whose subscribers
 * have to be counted, at most once an hour. */
bool queue_returned_review(struct database *database, int64_t mailing, int64_t now_at,
                           struct queue_returned *returned, struct error *error);

/* The addresses are gone indeed: they count. */
bool queue_returned_accept(struct database *database, int64_t mailing, int64_t now_at,
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

/* ---- refusals in a row (streak.c) ---- */

/* Refusals of one mailing in a row, kept in the store: so none is forgotten, however many mailings
 * run, workers work and runs end. An acceptance ends the row.
 *
 * - Refused for what is ours, over several domains: the relay does not want the mailing, which
 *   pauses. (One domain alone is held instead: see below.)
 * - The address unknown, for everybody over several domains: then not the addresses are wrong but
 *   the list of them that the relay asks. The mailing pauses, and the row's messages wait again.
 *
 * Therefore an address that was refused counts against nobody until the row it stands in has ended
 * well, or its mailing has. */

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

/* When a row has ended well, the addresses that stand in it count: each is taken, until *found is
 * false, and is there no more. Its texts are in arena, or NULL. */
bool queue_streak_take_address(struct database *database, int64_t mailing, struct arena *arena,
                               struct queue_streak_refusal *refusal, bool *found,
                               struct error *error);

/* A message of the mailing was accepted, and the addresses of its row were taken. */
bool queue_streak_break(struct database *database, int64_t mailing, struct error *error);

/* An ended mailing that still has a row; 0: none, which is cheap to find out. *counts: its
 * addresses are to be taken; else all of a long row were unknown, and they count against nobody. */
bool queue_streak_find_ended(struct database *database, int64_t *mailing, bool *counts,
                             struct error *error);

/* The row of an ended mailing, and the addresses that are left in it. */
bool queue_streak_remove(struct database *database, int64_t mailing, struct error *error);

/* The next mailing above `after` that has a row; 0: none. */
bool queue_streak_next(struct database *database, int64_t after, int64_t *mailing,
                       struct error *error);

/* ---- receivers (receiver.c) ---- */

/* Who takes in the mail of a domain or of a great provider (address/group.h), as far as there is
 * trouble: what it refused for our sake, said to our face or in a bounce later, and whether it is
 * held therefore. A receiver with which all is well has no row, so that good news cost nothing.
 *
 * Held means: its waiting deliveries, of this mailing and later ones, are parked with a worker's
 * number below 0, the receiver's own row id negated. They are in the state they were in and charged
 * no try; no claim meets them, however many there are. Every 30 minutes one of them is tried. After
 * two hours without a refusal, or when somebody says so, they go with the rest. Transactional mails
 * are what one subscriber asked for: they are never parked, and each counts as a probe. */

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
 * (queue_notice_open). A host known to be a provider's tells for good who takes the domain's mail.
 */
bool queue_receiver_note(struct database *database, const struct queue_receiver_refusal *refusal,
                         struct queue_receiver_hold *hold, struct error *error);

/* The same of a message that came back after it was accepted, by what a report said. */
struct queue_receiver_return {
    int64_t announcement;  /* a delivery's; 0: a transactional mail */
    int64_t subscriber;    /* a delivery's */
    int64_t transactional; /* row id of the transactional mail; 0: a delivery */
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

struct queue_receiver {
    int64_t row_id;
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
bool queue_receiver_find(struct database *database, const char *name, int64_t *row_id,
                         bool *is_held, bool *found, struct error *error);

/* What is held for domain (any domain of a provider) goes with the rest from now on. *waiting: so
 * many deliveries; name: of the receiver. ERROR_INPUT where it is not held. */
bool queue_receiver_free(struct database *database, const char *domain, int64_t now_at,
                         char name[ADDRESS_GROUP_SIZE], int64_t *waiting, struct error *error);

/* A delivery of that worker's that the receiver refused while it is held, handed back already: it
 * waits with the others. */
bool queue_receiver_park(struct database *database, int64_t receiver, int64_t announcement,
                         int64_t subscriber, struct error *error);

/* ---- what the operator is told (notice.c) ---- */

/* What the operator is told once is also a row, from when it began until it was over: so it can be
 * looked up later, and is told once however many workers meet it. */

/* Numbers stand in the database: they never change. The subject is the row id of the mailing where
 * nothing else is said. */
#define QUEUE_NOTICE_KINDS(X)                                                                      \
    X(QUEUE_NOTICE_RELAY, 1, "relay") /* the relay takes nothing for now; subject "" */            \
    X(QUEUE_NOTICE_DOMAIN, 2,                                                                      \
      "domain") /* a receiving domain or provider is held; subject: its name */                    \
    X(QUEUE_NOTICE_REFUSALS, 3, "refusals")     /* a mailing paused after refusals in a row */     \
    X(QUEUE_NOTICE_RECIPIENTS, 4, "recipients") /* a mailing paused: everybody is unknown */       \
    X(QUEUE_NOTICE_BOUNCES, 5, "bounces")       /* too many of a mailing came back */              \
    X(QUEUE_NOTICE_COMPLAINTS, 6, "complaints") /* too many complained about a mailing */          \
    X(QUEUE_NOTICE_DMARC, 7, "dmarc")     /* somebody sends in our name; subject: the domain */    \
    X(QUEUE_NOTICE_FORGERY, 8, "forgery") /* a provider reported such a mail; subject: the domain  \
                                           */

enum queue_notice_kind { QUEUE_NOTICE_KINDS(SQL_NAMED_ENUMERATOR) };

struct queue_notice {
    enum queue_notice_kind kind;
    const char *subject;
    const char *cause; /* in words, with what the server said; at most 1,000 octets are kept */
    int64_t since_at;
    int64_t until_at; /* INSTANT_NONE: not over */
};

/* "relay", "domain" …, for JSON. */
const char *queue_notice_kind_name(enum queue_notice_kind kind);

/* Writes it down, unless one of that kind and subject is open: then only its cause is renewed.
 * *is_new (NULL: not asked): it was not open. until_at is not read. */
bool queue_notice_open(struct database *database, const struct queue_notice *notice, bool *is_new,
                       struct error *error);

/* It is over. *was_open (NULL: not asked) false: there was none. */
bool queue_notice_close(struct database *database, enum queue_notice_kind kind, const char *subject,
                        int64_t at, bool *was_open, struct error *error);

/* Whether one of that kind and subject is open. */
bool queue_notice_is_open(struct database *database, enum queue_notice_kind kind,
                          const char *subject, bool *is_open, struct error *error);

/* In the order in which they began; a cursor as those of queue.h. */
struct queue_notice_cursor {
    struct database *database;
    bool only_open;
    struct arena arena; /* of the page */
    struct queue_notice *rows;
    size_t count;
    size_t next;
    int64_t after_at; /* when the last one of the page began, and its row id */
    int64_t after_row_id;
    bool is_last_page;
    bool has_failed;
};

void queue_notice_cursor_open(struct queue_notice_cursor *cursor, struct database *database,
                              bool only_open);
bool queue_notice_cursor_next(struct queue_notice_cursor *cursor,
                              const struct queue_notice **notice, struct error *error);
bool queue_notice_cursor_close(struct queue_notice_cursor *cursor)
    __attribute__((warn_unused_result));

#endif
