/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_RECORD_H
#define INBOUND_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "inbound/inbound.h"

struct database;
struct error;

/* Inside inbound/ only: what is remembered of messages. Writing wants the caller's transaction. */

/* Where it lies. */
void place_hash(const char *mailbox_name, const char *key, struct hash *hash);

struct message_record {
    struct hash hash;
    int64_t at;
    enum inbound_effect effect;
    int64_t subscriber;   /* 0: none */
    int64_t announcement; /* 0: none */
};

/* *is_new false: it was dealt with before, and nothing is written. */
bool message_record(struct database *database, const struct message_record *record, bool *is_new,
                    struct error *error);

/* Whether it was dealt with. */
bool message_known(struct database *database, const struct hash *hash, bool *is_known,
                   struct error *error);

enum place_state { PLACE_UNKNOWN, PLACE_LEFT, PLACE_DONE };

/* The same with since when it is known there, and why it stays. */
struct place {
    enum place_state state;
    enum inbound_left why;
    int64_t at;
};

bool place_load(struct database *database, const struct hash *hash, struct place *place,
                struct error *error);

bool place_find(struct database *database, const struct hash *hash, enum place_state *state,
                struct error *error);
/* why: LEFT_NOT where it is done. */
bool place_record(struct database *database, const struct hash *hash, enum inbound_left why,
                  int64_t now_at, struct error *error);

/* Forgets places after 90 days (a message still there is read once more) and messages after 2
 * years, in a transaction of its own, where there are any. */
bool record_expire(struct database *database, int64_t now_at, struct error *error);

#endif
