/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_INBOUND_H
#define INBOUND_INBOUND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "database/sql_macro.h"

struct arena;
struct database;
struct database_schema;
struct error;
struct language_words;
struct mail_phrases;
struct mail_resources;
struct mailbox;
struct mime_message;
struct receipt_settings;
struct subscriber_service;

/* The way back: what the newsroom's mailbox holds becomes outcomes of deliveries (bounces,
 * complaints) and steps of opt-in (yes by reply, leaving, asking to join).
 * DEVIATIONS.md names where mail in the wild is read otherwise than an RFC says. */
extern const struct database_schema inbound_schema;

/* What was made of a message. Numbers stand in the database: they never change. */
#define INBOUND_EFFECTS(X)                                                                         \
    X(INBOUND_NOT_OURS, 0)   /* a person should read it: it stays untouched */                     \
    X(INBOUND_BOUNCED, 1)    /* came back for good */                                              \
    X(INBOUND_DELAYED, 2)    /* a bounce that is none yet: no effect */                            \
    X(INBOUND_COMPLAINED, 3) /* a feedback report */                                               \
    X(INBOUND_CONFIRMED, 4)  /* yes */                                                             \
    X(INBOUND_UNSUBSCRIBED, 5)                                                                     \
    X(INBOUND_ASKED, 6)          /* wants to join */                                               \
    X(INBOUND_AUTOMATIC, 7)      /* an automatic answer, or a mail of our own that came back: no   \
                                    effect */                                                      \
    X(INBOUND_HUMAN, 8)          /* a person's answer to what was mailed: sent on to who is        \
                                    responsible */                                                 \
    X(INBOUND_CHALLENGE, 9)      /* wants proof that a person sits here: no effect */              \
    X(INBOUND_DMARC, 10)         /* an aggregate report on who sends in our name */                \
    X(INBOUND_DELIVERED, 11)     /* it arrived, or was passed on: no effect */                     \
    X(INBOUND_LEAVE_HINT, 12)    /* one that says no more than that its writer may want to leave:  \
                                    gets a mail with the link */                                   \
    X(INBOUND_CONFIRM_HINT, 13)  /* an answer to a confirmation mail that is no yes: gets a mail   \
                                    that says how */                                               \
    X(INBOUND_REPORTED, 14)      /* a feedback report about a forged or unsigned mail: a notice to \
                                    the operator */                                                \
    X(INBOUND_STOPPED, 15)       /* STOP to a receipt */                                           \
    X(INBOUND_APPROVED, 16)      /* a yes to a receipt that asks for one */                        \
    X(INBOUND_RECEIPT_WORDS, 17) /* other words to a receipt that asks for a yes: told so */       \
    X(INBOUND_REASON, 18)        /* why a release was withdrawn: to the receipt that asks it */

enum inbound_effect { INBOUND_EFFECTS(SQL_ENUMERATOR) INBOUND_EFFECT_COUNT };

/* Why a message stays where it is, with the words for a person. Numbers stand in the database: they
 * never change. */
#define INBOUND_LEFTS(X)                                                                           \
    X(LEFT_NOT, 0, "it was left before reasons were kept") /* or it does not stay */               \
    X(LEFT_UNKNOWN, 1, "nothing in it says what it is")                                            \
    X(LEFT_PERSON, 2, "a person wrote it")                                                         \
    X(LEFT_AUTOMATIC, 3, "a program answered") /* an address that people write to */               \
    X(LEFT_REPORT, 4, "a report about no mail of ours that is known")                              \
    X(LEFT_CHALLENGE, 5, "it asks for proof that a person sits here")                              \
    X(LEFT_YES, 6, "a yes, but not shown to come from the one who was asked")                      \
    X(LEFT_REFUSED, 7, "what it asks for cannot be done")                                          \
    X(LEFT_MORE, 8, "seen to, and it says more than that")                                         \
    X(LEFT_UNREADABLE, 9, "its reader died of it")                                                 \
    X(LEFT_UNSENT, 10, "a person wrote it; it could not be sent on to a contact")                  \
    X(LEFT_CAME_BACK, 11, "what was sent on to a contact came back")                               \
    X(LEFT_FAILED, 12, "a person wrote it; the contact's server did not take it") /* in the store  \
                                                                                   */

enum inbound_left { INBOUND_LEFTS(SQL_NAMED_ENUMERATOR) LEFT_COUNT };

/* In words, for a person. */
const char *inbound_left_text(enum inbound_left why);

struct inbound_settings {
    const char *replies;   /* mail.replies: base of confirm-TOKEN, unsubscribe-TOKEN, subscribe */
    const char *bounces;   /* mail.bounces: base of VERP return paths */
    const char *delimiter; /* mail.delimiter */
    const char *from;      /* mail.from; NULL: not known */
    const char *inbox_address;               /* that mail.inbox logs in as; NULL: not known */
    const char *mailbox_name;                /* mail.inbox, so that messages of two do not mix */
    const struct language_words *words;      /* of every language: what people answer */
    const struct mail_phrases *phrases;      /* what programs and servers write */
    const struct mail_resources *resources;  /* words of the confirmation mail, kept as proof */
    const struct receipt_settings *receipts; /* whose replies are read; NULL: nobody's */
    const volatile sig_atomic_t *stop; /* set: the rest is for the next run; NULL: never set */
};

struct inbound_totals {
    int64_t count[INBOUND_EFFECT_COUNT]; /* by enum inbound_effect; [INBOUND_NOT_OURS]: all that
                                            lie there untouched, seen before or not */
    int64_t repeated;   /* done already by a run that died before it could remove them */
    int64_t unreadable; /* among those not ours: their reader died of them */
    int64_t refused;    /* among those not ours: what they ask for cannot be done (no such feed) */
    int64_t unsent;     /* answers that could not be sent on to a contact */
    const char *unsent_why; /* of the last of them; NULL: none */
};

/* How many people's answers to what was mailed of that announcement were sent on. */
bool inbound_count_answers(struct database *database, int64_t announcement, int64_t *count,
                           struct error *error);

/* Reads every message once. Each effect is recorded together with the note that its message was
 * handled, those of some messages in one transaction; only then are they put away. So a crash in
 * between repeats nothing but the putting away. Stops at the first failure of mailbox or store;
 * totals hold what was done. */
bool inbound_run(const struct inbound_settings *settings, const struct subscriber_service *service,
                 struct mailbox *mailbox, struct inbound_totals *totals, struct error *error)
    __attribute__((warn_unused_result));

/* ---- what stays, for a person ---- */

enum { INBOUND_ID_SIZE = 13 }; /* of a message in this mailbox, the same every time */

struct inbound_message {
    const char *id;
    int64_t at; /* when it was first read; INSTANT_NONE: not known */
    enum inbound_left why;
    const struct mime_message *message; /* NULL: it cannot be read */
};

/* Every message that earlier runs left in the mailbox, in its order, and every one that could not
 * be sent on to a contact and is kept for that alone. Nothing is done about any of them. */
struct inbound_left_cursor;

/* id: that one alone, NULL: all. mailbox NULL: none is read. All of them live as long as the
 * cursor. */
struct inbound_left_cursor *inbound_left_open(const struct inbound_settings *settings,
                                              struct database *database, struct mailbox *mailbox,
                                              const char *id);

/* *message lives until the next call. False at the end and on failure. */
bool inbound_left_next(struct inbound_left_cursor *cursor, struct inbound_message *message,
                       struct error *error);

/* Frees; false where reading failed, with the error of inbound_left_next(). */
bool inbound_left_close(struct inbound_left_cursor *cursor) __attribute__((warn_unused_result));

/* ---- one that is kept nowhere ---- */

/* One message that was handed over. True: all of it is recorded; what no effect was found for, or a
 * person should read as well, is on its way to the publisher's contact. False: nothing is recorded,
 * ERROR_INPUT where that is so because of the message; whoever handed it over still has it.
 * is_cut: it is longer than that. */
bool inbound_receive(const struct inbound_settings *settings,
                     const struct subscriber_service *service, const char *bytes, size_t length,
                     bool is_cut, struct inbound_totals *totals, struct error *error)
    __attribute__((warn_unused_result));

/* ---- who sends in our name ---- */

/* What aggregate reports (RFC 9990) say of who sends in the newsroom's name. Whoever can write to
 * the mailbox can forge one: figures to look at, and nothing that is done by itself. */
enum {
    INBOUND_DMARC_DAYS = 30,
    INBOUND_DMARC_ROWS_A_DAY = 1000, /* of different ones; more are counted together */
    INBOUND_DMARC_REPORTERS = 3,     /* that are named of a source */
    /* From so many messages on that did not pass, and such a part of all, a notice is opened. */
    INBOUND_DMARC_FAILED_PERCENT = 5,
    INBOUND_DMARC_FAILED_LEAST = 10
};

/* What was sent from one address of a network. */
struct inbound_dmarc_source {
    const char *source; /* the address; "": all those beyond INBOUND_DMARC_ROWS_A_DAY */
    int64_t messages;
    int64_t dkim;   /* of them with a good signature of the newsroom's domain */
    int64_t spf;    /* of them whose return path is aligned and whose address may send for it */
    int64_t passed; /* either: all that DMARC asks for */
    int64_t signed_by_another; /* with a good signature, but of another domain */
    int64_t sent_for_another;  /* SPF is good, but for another domain */
    int64_t forwarded;         /* not passed, and the reporter knows a forwarder or a list */
    int64_t quarantined;
    int64_t rejected;
    const char *reporters; /* "google.com, Yahoo and 2 more" */
    int64_t reporter_count;
    struct inbound_dmarc_source *next;
};

struct inbound_dmarc {
    int64_t reports;  /* in these days */
    int64_t messages; /* of all sources */
    int64_t passed;
    const struct inbound_dmarc_source *sources; /* the most messages first */
};

/* How many did not pass and were not sent on by a forwarder or a list. */
int64_t inbound_dmarc_failed(const struct inbound_dmarc_source *source);

/* Of the INBOUND_DMARC_DAYS days that end now. Lives in arena. */
bool inbound_dmarc_read(struct database *database, struct arena *arena, int64_t now_at,
                        struct inbound_dmarc *summary, struct error *error);

#endif
