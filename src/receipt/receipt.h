/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_RECEIPT_H
#define RECEIPT_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "database/sql_macro.h"

struct announce_settings;
struct arena;
struct clock;
struct database;
struct database_schema;
struct error;
struct intake_settings;
struct mail_attachment;
struct mail_resources;
struct preview;
struct preview_settings;
struct random;
struct receipt_words;
struct token_keys;

/* Mails that tell press officers what became of their releases. Receivers stand in the
 * configuration alone: an address that a release names is never written to. A receipt is a row,
 * which its reply address and its Message-ID name, and a mail that is written when it is queued.
 * Functions that write want the caller's transaction and begin none, unless they say so. */
extern const struct database_schema receipt_schema; /* migrate after those of queue and release */

/* What a receipt tells. The first seven are receipts.at, by these words; the others go out always.
 * Numbers stand in the database: they never change. */
#define RECEIPT_EVENTS(X)                                                                          \
    X(RECEIPT_DROPPED, 1, "dropped")                                                               \
    X(RECEIPT_HELD, 2, "held")                                                                     \
    X(RECEIPT_PUBLIC, 3, "public") /* a correction, too: its hash is the cause */                  \
    X(RECEIPT_HOUR, 4, "1h")                                                                       \
    X(RECEIPT_DAY, 5, "24h")                                                                       \
    X(RECEIPT_REFUSED, 6, "refused")                                                               \
    X(RECEIPT_WITHDRAWN, 7, "withdrawn")                                                           \
    X(RECEIPT_APPROVAL, 8, "approval") /* asks for a yes */                                        \
    X(RECEIPT_REMINDER, 9, "reminder") /* asks again */                                            \
    X(RECEIPT_ANSWER, 10, "answer")    /* says what a reply has caused */                          \
    X(RECEIPT_OPERATOR, 11, "operator")

enum receipt_event { RECEIPT_EVENTS(SQL_NAMED_ENUMERATOR) };

enum { RECEIPT_EVENTS_AT = RECEIPT_WITHDRAWN /* the last one of receipts.at */ };

/* "dropped", "1h" …; "?" for no event. */
const char *receipt_event_name(enum receipt_event event);

/* What was replied to a receipt. Numbers stand in the database: they never change. */
#define RECEIPT_ANSWERS(X)                                                                         \
    X(RECEIPT_ANSWER_NONE, 0)                                                                      \
    X(RECEIPT_ANSWER_STOP, 1)                                                                      \
    X(RECEIPT_ANSWER_YES, 2)                                                                       \
    X(RECEIPT_ANSWER_REASON, 3)                                                                    \
    X(RECEIPT_ANSWER_OTHER, 4)

enum receipt_answer { RECEIPT_ANSWERS(SQL_ENUMERATOR) };

struct receipt_settings;

/* Whether the configuration names the address as one that gets receipts of releases, of all or of
 * those in some folder. */
bool receipt_is_receiver(const struct receipt_settings *settings, const char *address);

struct receipt_address {
    const char *address; /* as typed, checked */
    const char *name;    /* NULL: none is given */
    struct receipt_address *next;
};

/* newsroom.yaml's `receipts`. Filled by config/, borrowed. */
struct receipt_settings {
    const struct receipt_address *to;
    const struct receipt_address *approvers;
    const struct receipt_address *operators;
    unsigned events; /* receipts.at: the bit 1U << event of each */
    bool is_wanted;  /* anybody is to get receipts of releases */
    bool is_read;    /* what is replied is read (mail.inbox) */
    const struct mail_resources *resources;
    const struct announce_settings *announce;
    const struct intake_settings *intake;
};

/* ---- one mail ---- */

/* One receipt to one address. */
struct receipt_message {
    enum receipt_event event;
    int64_t release;                 /* release_row.row_id of the original; 0: none */
    int64_t revision;                /* that it shows; 0: none */
    const struct hash *content_hash; /* of that revision; NULL: not asked for */
    const char *path;                /* of the file, where there is no release; NULL */
    const char *cause;               /* tells those of one event apart; NULL: there is one */
    const char *address;
    const char *answers; /* Message-ID of the mail that it answers, with angle brackets; NULL */
    const struct receipt_words *words;
    int64_t now_at;
};

/* The mail, written, and the row that goes with it; in the arena that it was made in. */
struct receipt_prepared {
    int64_t row_id; /* random */
    const struct receipt_message *message;
    const char *language;
    const char *bytes;
    size_t length;
};

/* Writes the mail, outside a transaction where it has attachments, since that takes a while.
 * message is borrowed for as long. Replies go to an address that names the row, and its Message-ID
 * does, too (TOKEN_RECEIPT, TOKEN_RECEIPT_MAIL), where replies are read. ERROR_USAGE where a
 * template is broken, ERROR_INPUT where the address cannot be written to. */
bool receipt_prepare(const struct receipt_settings *settings, const struct token_keys *keys,
                     struct random *random, struct arena *arena,
                     const struct receipt_message *message, struct receipt_prepared *prepared,
                     struct error *error);

/* Stores the row and queues the mail. *is_new (NULL: not asked) false: this address has been told
 * of this event and cause already, and nothing is done. */
bool receipt_put(struct database *database, const struct receipt_prepared *prepared, bool *is_new,
                 struct error *error);

/* Both: for receipts without large attachments. */
bool receipt_queue(struct database *database, const struct receipt_settings *settings,
                   const struct token_keys *keys, struct random *random, struct arena *arena,
                   const struct receipt_message *message, bool *is_new, struct error *error);

/* What a mail carries of a preview: the mail as readers get it and the page as a file; borrowed
 * from the preview, the list in arena. */
struct mail_attachment *receipt_preview_attachments(struct arena *arena,
                                                    const struct preview *preview);

/* ---- the stage ---- */

struct receipt_service {
    const struct receipt_settings *settings;
    struct database *database;
    const struct token_keys *keys;
    struct random *random;
    const struct clock *clock;
    const struct preview_settings
        *preview;           /* what is not public yet is shown so; NULL: it is not */
    const char *status_url; /* of the page that says what became of each file; NULL: it is not on
                               the web */
    bool has_status_file;   /* it lies in the drop directory */
    /* How many people answered a mailing's announcement; NULL: nobody reads answers. */
    bool (*count_answers)(struct database *database, int64_t announcement, int64_t *count,
                          struct error *error);
};

struct receipt_totals {
    int64_t receipts; /* mails queued */
};

/* Tells what happened (release/release_notification.h) and what is due: each in a transaction that
 * queues the mails and takes the notification away, so that a kill loses and doubles none. Leaves
 * RELEASE_NOTIFICATION_APPROVAL to others. */
bool receipt_run(const struct receipt_service *service, struct receipt_totals *totals,
                 struct error *error);

/* When something is next to be told that waits for its time; INSTANT_NONE: nothing. */
bool receipt_next_due(struct database *database, int64_t *due_at, struct error *error);

/* ---- operators ---- */

/* What keeps a newsroom from working, each told once a day for as long as it lasts. */
enum receipt_trouble_kind {
    RECEIPT_TROUBLE_RELAY,   /* takes nothing, or refuses us */
    RECEIPT_TROUBLE_DOMAINS, /* receivers are held */
    RECEIPT_TROUBLE_CLOCK,   /* nothing keeps it right */
    RECEIPT_TROUBLE_CLOCK_BACK,
    RECEIPT_TROUBLE_ROOM,
    RECEIPT_TROUBLE_RETURNED, /* receipts that nobody got */
    RECEIPT_TROUBLE_COUNT
};

struct receipt_trouble {
    const char *place;    /* a receiver's name, a directory, an address; NULL: none */
    int64_t waiting;      /* messages; 0: none */
    int64_t room_mb;      /* that is left; -1: not asked */
    bool is_out_of_files; /* hardly any more can be made there */
    int64_t since_at;     /* INSTANT_NONE: not known; of a clock: what was written down last */
    const char *reply;    /* a server's words; NULL */
    const struct receipt_trouble *next;
};

/* Whether that kind was told today, by the newsroom's calendar. */
bool receipt_trouble_was_told(const struct receipt_service *service, enum receipt_trouble_kind kind,
                              bool *was_told, struct error *error);

/* One mail to each operator about all of the list, in a transaction of its own. *count: mails
 * queued. */
bool receipt_tell_trouble(const struct receipt_service *service, enum receipt_trouble_kind kind,
                          const struct receipt_trouble *trouble, int64_t *count,
                          struct error *error);

/* The transactional mail of that row id came back, for a reason in words of ours; in the caller's
 * transaction. *is_receipt false: it is no receipt, and nothing is noted. */
bool receipt_note_returned(struct database *database, int64_t mail, const char *words,
                           int64_t now_at, bool *is_receipt, struct error *error);

/* Puts before *list the addresses that did not get a receipt, as it came back or was refused, each
 * reason once: since operators were told last, at most for a week; in arena. */
bool receipt_find_returned(struct database *database, struct arena *arena, int64_t now_at,
                           struct receipt_trouble **list, struct error *error);

/* When the newest receipt was made; INSTANT_NONE: there is none. */
bool receipt_newest_at(struct database *database, int64_t *at, struct error *error);

/* ---- rows ---- */

struct receipt {
    int64_t row_id;
    enum receipt_event event;
    int64_t release;    /* 0: none, or many */
    bool is_about_many; /* receipt_releases() */
    int64_t revision;
    bool has_content_hash;
    struct hash content_hash;
    const char *path;  /* "" where there is a release */
    const char *cause; /* "" for none */
    const char *address;
    int64_t mail; /* transactional_mail.row_id */
    int64_t created_at;
    int64_t answered_at; /* the first time; INSTANT_NONE: not yet */
    enum receipt_answer answer;
};

/* By the row id of its token; strings in arena. *found false: there is none, or it was forgotten.
 */
bool receipt_find(struct database *database, struct arena *arena, int64_t row_id,
                  struct receipt *receipt, bool *found, struct error *error);

/* How the cause of a receipt begins that asks why a release was withdrawn. */
#define RECEIPT_CAUSE_ASKS_REASON "asked"

/* Whether what is replied to it is that reason, which readers get to see. */
bool receipt_asks_reason(const struct receipt *receipt);

/* Notes that a receipt about many is about that release, too. */
bool receipt_add_release(struct database *database, int64_t row_id, int64_t release,
                         struct error *error);

/* The releases (row_id of the original) that a receipt about many is about, in arena. */
bool receipt_releases(struct database *database, struct arena *arena, int64_t row_id,
                      int64_t **releases, size_t *count, struct error *error);

/* Notes what was replied. A later answer takes the place of an earlier one; its time stays. */
bool receipt_answer(struct database *database, int64_t row_id, enum receipt_answer answer,
                    int64_t now_at, struct error *error);

/* Whether one was made for that release, event and cause (NULL: any), to anybody. */
bool receipt_was_made(struct database *database, int64_t release, enum receipt_event event,
                      const char *cause, bool *was_made, struct error *error);

/* Whether any was made before that. */
bool receipt_retain_find(struct database *database, int64_t before_at, bool *found,
                         struct error *error);

/* Forgets receipts made before that, at most 1,000. *more: there may be more of them. */
bool receipt_retain(struct database *database, int64_t before_at, int64_t *count, bool *more,
                    struct error *error);

#endif
