/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_RELAY_SHARE_H
#define DELIVERY_RELAY_SHARE_H

#include "delivery/throttle.h"

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct database;
struct error;

/* Inside delivery/ only: what this worker knows of the relay, and how the others hear of it: its
 * own events count at once and are written with the next commit; the others' are read ten times a
 * second. */

enum { RELAY_REFUSALS_IN_A_ROW = 5, RELAY_DOMAINS = 3, RELAY_EVENTS = 12 };

enum relay_event_kind {
    RELAY_REFUSED,
    RELAY_JOINED, /* another worker's pause: what this one had accepted counts in it */
    RELAY_TAKEN,
    RELAY_ACCEPTED,
    RELAY_ANSWERED,
    RELAY_UNREACHABLE,
    RELAY_REACHED,
    RELAY_CAPPED,
    RELAY_SESSION
};

/* What happened here since the row was last written: where another worker wrote it meanwhile, it is
 * done once more, to what stands there. */
struct relay_event {
    enum relay_event_kind kind;
    bool is_probe;
    bool is_quota;
    bool is_rate;
    int count; /* TAKEN, CAPPED, SESSION */
    int64_t at;
    struct throttle_measure measure; /* REFUSED, JOINED */
    char reply[QUEUE_RELAY_REPLY_SIZE];
};

struct relay_share {
    struct database *database;
    const struct clock *clock;
    const struct clock *timer;
    const char *url;
    int64_t unit_ms; /* the first pause */
    struct queue_relay relay;
    struct queue_relay written; /* by relay_share_write(): it stands once that is committed */
    bool eases_with_others;     /* the same: another worker's probe was accepted */
    struct throttle_measure measure;
    struct relay_event events[RELAY_EVENTS];
    int event_count;
    bool is_dirty;                   /* to be written */
    int64_t read_ms;                 /* when the row was read; 0: never */
    int refused_in_a_row;            /* messages that heard a 4xx of their own */
    uint64_t domains[RELAY_DOMAINS]; /* hashes of theirs; a great provider's are one */
    int domain_count;
    int last_session; /* messages in the session that the relay ended last */
};

/* Reads the row. unit_ms 0: a second. */
bool relay_share_open(struct relay_share *share, struct error *error);

/* Takes in what others wrote, where it is time to ask. */
bool relay_share_read(struct relay_share *share, struct error *error);

/* Writes what changed, in the transaction of a commit, which may run again: relay_share_written()
 * once that is done, and until then all here is as it was. */
bool relay_share_write(struct relay_share *share, struct error *error);
void relay_share_written(struct relay_share *share);

/* Once the pause is over: *is_mine where no other worker went to probe before. In a transaction of
 * its own. */
bool relay_share_begin_probe(struct relay_share *share, bool *is_mine, struct error *error);

bool relay_share_is_closed(const struct relay_share *share);
int64_t relay_share_wait_ms(const struct relay_share *share);
int64_t relay_share_rate(const struct relay_share *share);
int relay_share_connections(const struct relay_share *share, int wanted);

/* ---- what happened ---- */

void relay_share_accepted(struct relay_share *share, bool is_probe);
void relay_share_refused(struct relay_share *share, const struct throttle_refusal *refusal,
                         bool is_probe);

/* An answer that says nothing against the relay. A probe that got one is followed by the next. */
void relay_share_answered(struct relay_share *share, bool is_probe);

/* A 4xx of that message's own. True: so many heard one that it is the relay's. */
bool relay_share_later(struct relay_share *share, const char *recipient);

void relay_share_unreachable(struct relay_share *share, const char *why);
void relay_share_reached(struct relay_share *share);

/* It takes no more than so many connections. */
void relay_share_cap(struct relay_share *share, int connections);

/* It ended a session after so many messages. is_stated: and said that these were too many. */
void relay_share_session_ended(struct relay_share *share, int messages, bool is_stated);

#endif
