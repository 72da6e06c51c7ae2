/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_RELAY_H
#define QUEUE_RELAY_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;

/* What all workers know of the relay: one row. What it means, delivery/throttle.h says. */

enum { QUEUE_RELAY_REPLY_SIZE = 600, QUEUE_RELAY_URL_SIZE = 300 };

enum queue_relay_state {
    QUEUE_RELAY_FREE = 0,
    QUEUE_RELAY_PAUSED = 1,     /* nothing is given out but one probe, from next_at on */
    QUEUE_RELAY_EASING = 2,     /* mail is taken again: by a timetable that grows */
    QUEUE_RELAY_UNREACHABLE = 3 /* a connection is tried from next_at on, without a message */
};

/* "free", "paused", "easing", "unreachable". */
const char *queue_relay_state_name(enum queue_relay_state state);

/* A rate is messages in a million seconds; 0: none. All zero: a relay that nothing is known of. */
struct queue_relay {
    char url[QUEUE_RELAY_URL_SIZE]; /* of which it holds: another relay is another matter */
    int64_t version;                /* of the row; 0: there is none */
    enum queue_relay_state state;
    int64_t since_at;                   /* of the state */
    int64_t next_at;                    /* of the next probe; INSTANT_NONE: in no pause */
    int pauses;                         /* one behind the other, beyond the first */
    bool is_quota;                      /* it spoke of a day's quota */
    bool is_rate;                       /* it spoke of a rate, or had trouble shortly before */
    int64_t taken;                      /* messages accepted in the time before the pause … */
    int64_t taken_from;                 /* … which began then */
    int64_t burst;                      /* rate over the last ten seconds before the pause */
    bool was_easing;                    /* when the pause began */
    int64_t proven;                     /* rate that was held for a while then; 0: none */
    int64_t base;                       /* rate that easing is a part of */
    int64_t suggested;                  /* rate that would have fitted */
    int connections;                    /* so many it takes at once; 0: not told */
    int64_t capped_at;                  /* when that was learnt */
    int session;                        /* messages it takes in one session; 0: not told */
    char reply[QUEUE_RELAY_REPLY_SIZE]; /* its last words of trouble; "" */
};

/* What is known of the relay at that url; all zero but the url where nothing is. */
bool queue_relay_read(struct database *database, const char *url, struct queue_relay *relay,
                      struct error *error);

/* In a transaction, after reading in it: the row gets relay->version, which is one more. */
bool queue_relay_write(struct database *database, struct queue_relay *relay, struct error *error);

#endif
