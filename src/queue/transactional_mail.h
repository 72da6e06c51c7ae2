/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_TRANSACTIONAL_MAIL_H
#define QUEUE_TRANSACTIONAL_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "database/sql_macro.h"
#include "queue/queue.h"

/* Mails to one address that belong to no mailing: what a subscriber asked for, receipts for press
 * officers, and what is forwarded to them. Functions that write want the caller's transaction. */

/* Numbers stand in the database: they never change. */
#define QUEUE_TRANSACTIONAL_KINDS(X)                                                               \
    X(QUEUE_TRANSACTIONAL_CONFIRMATION, 1, "confirmation") /* request */                           \
    X(QUEUE_TRANSACTIONAL_WELCOME, 2, "welcome")                                                   \
    X(QUEUE_TRANSACTIONAL_ALREADY, 3, "already")         /* subscribed already */                  \
    X(QUEUE_TRANSACTIONAL_PREFERENCES, 4, "preferences") /* a fresh link */                        \
    X(QUEUE_TRANSACTIONAL_MY_DATA, 5, "my-data")         /* request */                             \
    X(QUEUE_TRANSACTIONAL_ERASE, 6, "erase")             /* request */                             \
    X(QUEUE_TRANSACTIONAL_RECEIPT, 7, "receipt")         /* to a press officer: address */         \
    X(QUEUE_TRANSACTIONAL_PROBE, 8, "probe")     /* whether who refused mail takes it again */     \
    X(QUEUE_TRANSACTIONAL_FORWARD, 9, "forward") /* to a press officer: address; below */          \
    X(QUEUE_TRANSACTIONAL_UNSUBSCRIBE_LINK, 10, "leave-link") /* to who wrote that he may want to  \
                                                                leave: how to */                   \
    X(QUEUE_TRANSACTIONAL_CONFIRM_HINT, 11, "confirm-hint") /* request: how to say yes so that it  \
                                                              is understood */

enum queue_transactional_kind { QUEUE_TRANSACTIONAL_KINDS(SQL_NAMED_ENUMERATOR) };

/* "confirmation" …, for who asks what was sent to him. */
const char *queue_transactional_kind_name(enum queue_transactional_kind kind);

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
                             int64_t *row_id, struct error *error);

/* Kind, subscriber, request, time and state of a transactional mail, by the row id in its return
 * path; the strings stay NULL. *found false: there is none. */
bool queue_transactional_find(struct database *database, int64_t row_id,
                              struct queue_transactional_mail *mail, bool *found,
                              struct error *error);

/* Whether the transactional mail of that row id went to this address, which is no subscriber's. */
bool queue_transactional_was_to(struct database *database, int64_t row_id, const char *address,
                                bool *was, struct error *error);

/* Unsent mails of that request become suppressed. */
bool queue_suppress_request(struct database *database, int64_t request, int64_t now_at,
                            struct error *error);

/* The mail becomes suppressed where it is not sent. */
bool queue_suppress_transactional(struct database *database, int64_t row_id, int64_t now_at,
                                  struct error *error);

bool queue_counts_of_transactional(struct database *database, struct queue_delivery_counts *counts,
                                   struct error *error);

/* Whether a transactional mail of that kind was queued for the subscriber, or for the request where
 * that is not 0, since then. */
bool queue_transactional_since(struct database *database,
                               const struct queue_transactional_mail *like, int64_t since_at,
                               bool *found, struct error *error);

/* ---- what is written when it is queued (prepared.c) ---- */

/* The message of a transactional mail of QUEUE_TRANSACTIONAL_RECEIPT as it goes over the wire: with
 * its header, dot-stuffed, in ASCII, without the final dot line. It stands in the queue only until
 * it is sent or refused for good. */
struct queue_prepared {
    const char *bytes;
    size_t length;
};

/* Queues mail with that message, in the caller's transaction. */
bool queue_prepared_add(struct database *database, const struct queue_transactional_mail *mail,
                        const struct queue_prepared *prepared, int64_t *row_id,
                        struct error *error);

/* Its bytes in arena. *found false: it is erased. */
bool queue_prepared_find(struct database *database, struct arena *arena, int64_t transactional,
                         struct queue_prepared *prepared, bool *found, struct error *error);

/* ---- what is forwarded (forward.c) ---- */

/* What a person wrote to the newsroom and who is responsible is to read: a transactional mail of
 * QUEUE_TRANSACTIONAL_FORWARD, with that message inside. The message stands in the queue only until
 * its mail is sent. */
struct queue_forward {
    struct hash writer;  /* keyed: who wrote it, so that no address is kept to count by */
    int64_t subscriber;  /* whose mail it answers; 0: not known */
    const char *address; /* of the writer: where an answer goes */
    const char *title;   /* of the release that is answered; NULL: none in particular */
    const char *page;    /* its address; NULL */
    const char *answers; /* Message-ID of the message, with its angle brackets; NULL */
    const char *bytes;   /* the message, as it came; or the words in it, where is_whole is false */
    size_t length;
    bool is_whole; /* false: it is too large to be sent on, and stays in the mailbox */
};

enum {
    QUEUE_FORWARDS_AN_HOUR = 10,    /* of one writer */
    QUEUE_FORWARDS_OF_ONE = 20,     /* of answers to one subscriber's mails, whoever writes them */
    QUEUE_FORWARDS_OF_NOBODY = 100, /* of what answers none */
    QUEUE_FORWARD_OCTETS_MAXIMUM = 128 * 1024 * 1024, /* of all that wait */
};

/* Whether one more may wait. */
struct queue_forward_room {
    bool is_eager; /* its writer, or whoever answers this subscriber's mails, had as many as one may
                      in an hour */
    bool is_full;  /* what waits is too much already */
};

/* subscriber 0: it answers nobody's mails. */
bool queue_forward_room(struct database *database, const struct hash *writer, int64_t subscriber,
                        int64_t now_at, struct queue_forward_room *room, struct error *error);

/* Queues mail, which is of QUEUE_TRANSACTIONAL_FORWARD with the address of who is to read it, in
 * the caller's transaction. */
bool queue_forward_add(struct database *database, const struct queue_transactional_mail *mail,
                       const struct queue_forward *forward, struct error *error);

/* What the transactional mail of that row id holds; strings in arena. *found false: it is erased.
 */
bool queue_forward_find(struct database *database, struct arena *arena, int64_t transactional,
                        struct queue_forward *forward, bool *found, struct error *error);

/* One that failed and is kept still, whole as it came. */
struct queue_forward_failed {
    int64_t transactional;
    int64_t at;
    const char *bytes;
    size_t length;
};

/* The first of them behind that transactional mail's row id, 0: of all; strings in arena. *found
 * false: there is no more. */
bool queue_forward_next_failed(struct database *database, struct arena *arena, int64_t behind,
                               struct queue_forward_failed *failed, bool *found,
                               struct error *error);

/* Removes all that this person wrote and that is not sent yet. */
bool queue_forward_erase_writer(struct database *database, const struct hash *writer,
                                struct error *error);

#endif
