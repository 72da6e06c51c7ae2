/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_DELIVER_H
#define DELIVERY_DELIVER_H

#include "base/clock.h"
#include "net/smtp.h"
#include "queue/sending.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct database;
struct delivery_message;
struct epoll_event;
struct error;
struct feed;
struct mail_phrases;
struct mail_resources;
struct publish_settings;
struct queue_row;
struct subscriber_service;
struct zone;

/* The stage that sends: one loop over all connections. Rows are claimed in batches, composed,
 * marked and recorded in commits that all connections share. The final dot of a message leaves only
 * after a commit with its row's mark `sending` and its connection's previous outcome; so a process
 * killed at any instruction leaves at most one message a connection indeterminate. */

/* ---- what is sent (message_source.c) ---- */

/* Makes the message of a claimed row. Keeps the compositions of the mailings under way (by mailing,
 * version, revision and language), so that a row costs a splice; a correction or withdrawal in
 * between is seen by its revision and composed anew. */
struct message_source;

struct message_source_settings {
    const struct mail_resources *resources;
    const struct publish_settings *publish; /* what releases are presented with */
    const struct feed *feeds;
    const char *bounces;   /* base address of VERP return paths */
    const char *delimiter; /* between its local part and the mark of the delivery */
};

/* Database and keys are the service's. Everything is borrowed until message_source_close(). */
struct message_source *message_source_open(const struct message_source_settings *settings,
                                           const struct subscriber_service *service,
                                           struct error *error);

/* Takes NULL. */
void message_source_close(struct message_source *source);

/* ---- sending ---- */

/* Makes the message of a row, as a message source does; borrowed until its next call.
 * ERROR_INPUT fails that row, everything else stops the run. */
typedef bool deliver_compose(void *payload, const struct queue_row *row,
                             struct delivery_message *message, struct error *error);

/* Called for each batch of rows claimed: what the composer knows may be old by now. */
typedef void deliver_renew(void *payload);

struct deliver_totals {
    int64_t total; /* rows that waited when the run began, due or not; 0: not counted */
    int64_t sent;
    int64_t deferred;
    int64_t failed;
    int64_t suppressed; /* who left in between */
    int64_t unknown;    /* indeterminate: handed over, and no answer heard */
    int64_t set_aside;  /* of them for the last time: they are not sent again */
    int64_t rate;       /* messages a second, lately */
    int64_t recovered;  /* rows that dead runs had left claimed or indeterminate */
    int64_t finished;   /* mailings that came to their end */
    int64_t paused;     /* mailings paused after too many refusals in a row */
};

typedef void deliver_progress(void *payload, const struct deliver_totals *totals);

/* Where a test's time comes from. */
struct deliver_time {
    struct clock timer;      /* milliseconds that only run forward */
    int64_t (*now_ns)(void); /* since 1970: pace.h */
    /* As epoll_wait(). is_expecting: the relay owes an answer. */
    int (*wait)(int epoll, struct epoll_event *events, int maximum, int wait_ms, bool is_expecting);
};

struct deliver_settings {
    struct smtp_session_settings smtp;
    const char *maildir; /* write into this Maildir instead; NULL: smtp */
    int connections;     /* 1 … 100 */
    int64_t interval_ns; /* between two messages, over all workers; 0: no limit */
    int hours_from;      /* bulk mail leaves from this hour … */
    int hours_until; /* … until this, 1 … 24, in zone; below hours_from: over midnight; 0 and 24:
                        always */
    const struct zone *zone;
    const struct mail_phrases *phrases; /* what relays say when they refuse */
    bool resend_unknown;
    int64_t patience_ms; /* longest wait for an answer of the relay; 0: as RFC 5321 says */
    int64_t pause_ms;    /* the first pause where the relay has trouble, and before connecting again
                            after a session that brought nothing, doubled each time; 0: 1 s */
    bool stays; /* whoever calls comes again when the relay's pause is over: it is no failure */
    const struct deliver_time *time; /* NULL: the system's */
    deliver_compose *compose;
    deliver_renew *renew;       /* NULL: none */
    void *compose_payload;      /* of both */
    deliver_progress *progress; /* about once a second; NULL: none */
    void *progress_payload;
    const volatile sig_atomic_t *stop; /* set by SIGTERM: running transactions end, the rest is
                                          given back; NULL: never */
};

/* Sets compose and renew to those of a message source, which must stay open for the run. */
void deliver_use_source(struct deliver_settings *settings, struct message_source *source);

/* Frees the rows of dead runs, sends all that is due now and returns. *totals is filled in any
 * case. Logs what a press officer should know. net_initialize() comes first.
 * ERROR_TEMPORARY: the relay could not be reached, did nothing of use in three sessions in a row,
 * or takes no mail for longer than a minute (unless settings.stays); the rows wait.
 * ERROR_PERMANENT: it refuses our password or cannot be trusted; the rows wait. ERROR_SYSTEM: the
 * store failed. */
bool deliver_run(struct database *database, const struct deliver_settings *settings,
                 const struct clock *clock, struct deliver_totals *totals, struct error *error);

/* ---- looking on (deliver_view.c) ---- */

/* Whether bulk mail may leave at that instant (mail.hours). */
bool deliver_is_open(const struct deliver_settings *settings, int64_t at);

enum { DELIVER_RATE_SIZE = 24 };

/* What is known of the relay at an instant. */
struct deliver_relay {
    struct queue_relay row;
    bool is_closed;                         /* nothing leaves but a probe, at row.next_at */
    char suggested_rate[DELIVER_RATE_SIZE]; /* mail.rate that would fit: "27/m"; "" not known */
};

/* A Maildir is a relay that takes all. */
bool deliver_find_relay(struct database *database, const struct deliver_settings *settings,
                        int64_t now_at, struct deliver_relay *relay, struct error *error);

#endif
