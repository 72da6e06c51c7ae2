/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_EFFECT_H
#define INBOUND_EFFECT_H

#include "base/log.h"
#include "inbound/reading.h"
#include "inbound/record.h"

struct address;
struct mime_reader;
struct subscriber_service;

/* Inside inbound/ only: what a message causes, within the caller's transaction. */

/* A line that is logged behind the transaction, because its run may be undone. */
struct effect_line {
    enum log_level level;
    const char *text;
    struct effect_line *next;
};

struct effect_job {
    const struct inbound_settings *settings;
    const struct subscriber_service *service;
    struct arena *arena;        /* of this message */
    struct mime_reader *reader; /* for what of our own is compared with it */
    const struct mime_message *message;
    const struct inbound_reading *reading;
    const char *bytes; /* the message as it lay in the mailbox */
    size_t length;
    bool is_cut; /* it is longer than these */
    int64_t now_at;
    struct effect_line **lines; /* effect_log() appends to them */
};

void effect_log(const struct effect_job *job, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The address of who wrote or is mailed, by the rules for known addresses: who subscribed under
 * older ones is still the same. NULL: it is none, or NULL. */
const struct address *effect_address(struct arena *arena, const char *address);

/* Its Message-ID, with angle brackets, where it may stand in a field of ours; NULL: it may not, or
 * there is none. */
const char *effect_message_id(const struct effect_job *job);

/* Whose mail it is about: fills subscriber and announcement of record. */
bool effect_resolve(const struct effect_job *job, struct message_record *record,
                    struct error *error);

/* Does it. *effect: what came of it, where that is not what the message said (a yes to a request
 * that is too old asks for a new mail). ERROR_INPUT: what it asks for cannot be. */
bool effect_apply(const struct effect_job *job, const struct message_record *record,
                  enum inbound_effect *effect, struct error *error);

/* ---- what came back (effect_bounce.c) ---- */

/* A mail came back for good. */
bool effect_bounce(const struct effect_job *job, const struct message_record *record,
                   struct error *error);

/* A mail was reported as unwanted. */
bool effect_complaint(const struct effect_job *job, const struct message_record *record,
                      struct error *error);

/* ---- notices to the operator (effect_report.c) ---- */

bool effect_reported(const struct effect_job *job, struct error *error);

/* ---- asking to join (joining.c) ---- */

bool joining_ask(const struct effect_job *job, struct error *error);

/* The same once more for a request whose confirmation came too late. */
bool joining_repeat(const struct effect_job *job, int64_t request, bool *asked,
                    struct error *error);

/* Whether the answer comes from the address that the request is for. *is_own false: from another
 * one, or the request is not known any more. */
bool joining_is_own(const struct effect_job *job, int64_t request, bool *is_own,
                    struct error *error);

/* What the confirmation mail of a request said, without its token: kept as proof. NULL where it
 * cannot be made any more. */
const char *joining_wording(const struct effect_job *job, int64_t request);

/* Whether all that the answer holds without a mark stands in the confirmation mail of a request. */
bool joining_quotes(const struct effect_job *job, int64_t request);

/* Where it came from, as evidence: sender, Message-ID and first line; about: whose request or
 * subscription it is, NULL for unknown. Nobody else's address stands in it. */
const char *joining_evidence(const struct effect_job *job, const char *about);

#endif
