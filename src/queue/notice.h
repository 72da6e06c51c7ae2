/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_NOTICE_H
#define QUEUE_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "database/sql_macro.h"

struct database;
struct error;

/* What the operator is told once is also a row, from when it began until it was over: so it can be
 * looked up later, and is told once however many workers meet it. Functions that write want the
 * caller's transaction. */

/* Numbers stand in the database: they never change. The subject is the number of the mailing where
 * nothing else is said. */
#define QUEUE_NOTICE_KINDS(X)                                                                      \
    X(QUEUE_NOTICE_RELAY, 1)      /* the relay takes nothing for now; subject "" */                \
    X(QUEUE_NOTICE_DOMAIN, 2)     /* a receiving domain or provider is held; subject: its name */  \
    X(QUEUE_NOTICE_REFUSALS, 3)   /* a mailing paused after refusals in a row */                   \
    X(QUEUE_NOTICE_RECIPIENTS, 4) /* a mailing paused: everybody is unknown */                     \
    X(QUEUE_NOTICE_BOUNCES, 5)    /* too many of a mailing came back */                            \
    X(QUEUE_NOTICE_COMPLAINTS, 6) /* too many complained about a mailing */                        \
    X(QUEUE_NOTICE_DMARC, 7)      /* somebody sends in our name; subject: the domain */            \
    X(QUEUE_NOTICE_FORGERY, 8)    /* a provider reported such a mail; subject: the domain */

enum queue_notice_kind { QUEUE_NOTICE_KINDS(SQL_ENUMERATOR) };

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
    int64_t after_at; /* when the last one of the page began, and its number */
    int64_t after_number;
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
