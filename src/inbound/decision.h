/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_DECISION_H
#define INBOUND_DECISION_H

#include "inbound/effect.h"

/* Inside inbound/ only: what becomes of a message, once it is known what it says. */
struct decision {
    struct effect_job job;
    struct inbound_reading reading; /* with what the store knows */
    struct effect_line *lines;
    enum inbound_effect effect;
    enum inbound_left why; /* it stays where it is for a person, also where it has its effect */
    bool stays;            /* nothing is done about it */
    bool is_refused;       /* what it asks for cannot be */
    bool is_new;           /* false: it was dealt with before */
};

/* job is filled but for its reading and lines; its message is NULL where it cannot be read. Makes
 * the rest anew, so that it may be called again. */
bool decision_make(struct decision *decision, const struct inbound_reading *read,
                   struct error *error);

/* Does it, once for each message, in the caller's transaction. Where what it asks for cannot be
 * done, that is logged, and the message stays as if nothing had been begun. */
bool decision_apply(struct decision *decision, struct error *error);

/* Logs its lines: behind the transaction. */
void decision_log(const struct decision *decision);

#endif
