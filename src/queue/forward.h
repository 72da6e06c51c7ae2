/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_FORWARD_H
#define QUEUE_FORWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct database;
struct error;
struct queue_transactional_mail;

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

/* What the transactional mail of that number holds; strings in arena. *found false: it is erased.
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

/* The first of them behind that transactional mail's number, 0: of all; strings in arena. *found
 * false: there is no more. */
bool queue_forward_next_failed(struct database *database, struct arena *arena, int64_t behind,
                               struct queue_forward_failed *failed, bool *found,
                               struct error *error);

/* Removes all that this person wrote and that is not sent yet. */
bool queue_forward_erase_writer(struct database *database, const struct hash *writer,
                                struct error *error);

/* ---- inside queue/ ---- */

/* It is sent: what it held goes, that there was one stays to be counted. */
bool forward_erase_sent(struct database *database, int64_t transactional, struct error *error);

/* The same of what answers this subscriber's mails. */
bool forward_erase_subscriber(struct database *database, int64_t subscriber, struct error *error);

#endif
