/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_ANSWER_H
#define INBOUND_ANSWER_H

#include <stdbool.h>

#include "inbound/effect.h"

struct error;
struct message_record;

/* Inside inbound/ only: what people write back. */

/* Who is to read it, and what it is about. */
struct answer_target {
    const char *address; /* of the release's contact, else of the publisher's; checked */
    const char *title;   /* of the release; NULL: of several, or of none */
    const char *page;    /* its address; NULL */
};

/* ---- what it says (answer.c): a function of the message alone ---- */

/* An answer to a mail that asks for a yes: a yes, or something that is none. */
void answer_read_confirmation(const struct inbound_context *context, struct arena *arena,
                              const struct mime_message *message, struct inbound_reading *reading);

/* Any other message of a person's. is_addressed: it came to answer-TOKEN. */
void answer_read(const struct inbound_context *context, struct arena *arena,
                 const struct mime_message *message, bool is_addressed,
                 struct inbound_reading *reading);

/* ---- what the store knows of it (answer_resolve.c) ---- */

/* To be called with what inbound_read() gave: finds whose delivery it answers, who is to read it,
 * and what can be done; where nothing can, the effect becomes INBOUND_NOT_OURS and a person finds
 * the message in the mailbox. */
bool answer_resolve(const struct effect_job *job, struct inbound_reading *reading,
                    struct error *error);

/* ---- what it causes (effect_answer.c): in the caller's transaction ---- */

/* INBOUND_HUMAN, INBOUND_LEAVE_HINT, INBOUND_CONFIRM_HINT. ERROR_INPUT: nothing of it can be done
 * now. */
bool effect_answer(const struct effect_job *job, const struct message_record *record,
                   struct error *error);

enum answer_end {
    ANSWER_QUEUED,       /* it will be sent on */
    ANSWER_AUTOMATIC,    /* no person wrote it, or we did */
    ANSWER_NOBODY,       /* it names no sender, or there is no contact to send it to */
    ANSWER_OURS,         /* the contact's address is one that this mailbox reads */
    ANSWER_RATE_LIMITED, /* this writer had as many sent on as one may in an hour */
    ANSWER_QUEUE_FULL,   /* too much waits already */
    ANSWER_CAME_BACK     /* it reports that what was sent on to the same contact came back */
};

/* Why it is not sent on, in words. */
const char *answer_end_text(enum answer_end end);

/* Sends any message on to the publisher's contact, whatever it says: for messages that are kept
 * nowhere. job->reading is what inbound_read() gave. *end says what became of it. */
bool answer_forward(const struct effect_job *job, enum answer_end *end, struct error *error);

/* ---- inside the answer files ---- */

/* Of an answer to what was mailed. */
enum inbound_effect answer_effect(const struct inbound_reading *reading);

/* Whether the mailbox reads what goes there. */
bool answer_is_ours(const struct effect_job *job, const char *address);

/* Where an answer to the message goes: its Reply-To, else its sender; NULL: nowhere, or to us. */
const char *answer_writer(const struct effect_job *job);

/* The contact of the delivery that reading->token names, or the publisher's where it names none;
 * NULL with *end where it may not be sent on. */
bool answer_find_target(const struct effect_job *job, const struct inbound_reading *reading,
                        const struct answer_target **target, enum answer_end *end,
                        struct error *error);

#endif
