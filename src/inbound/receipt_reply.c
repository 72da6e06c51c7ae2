/* SPDX-License-Identifier: MIT */
#include "inbound/receipt_reply.h"

#include "approval/approval.h"
#include "base/arena.h"
#include "base/hash.h"
#include "inbound/reply.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "receipt/receipt.h"
#include "release/release_store.h"
#include "subscriber/subscriber.h"

#include <ctype.h>
#include <string.h>

/* ---- what it says ---- */

/* A receipt's Message-ID among those in value, the last one first: others of the thread may stand
 * before it. */
static bool take_message_id(const struct inbound_context *context, const char *value,
                            struct inbound_reading *reading)
{
    struct token token;
    const char *at = value ? value + strlen(value) : NULL;
    while (at && at > value) {
        if (*--at != '<')
            continue;
        size_t length = 0;
        while (isalnum((unsigned char)at[1 + length]))
            length++;
        if (context->keys && at[1 + length] == '@' &&
            token_read(context->keys, TOKEN_RECEIPT_MAIL, at + 1, length, &token)) {
            reading->token = (struct token){ .purpose = TOKEN_RECEIPT, .row_id = token.row_id };
            return true;
        }
    }
    return false;
}

/* The message answered is In-Reply-To or, without it, the last of References: a later mail of the
 * thread was written by somebody else, and what is said to that is not said to us. */
bool receipt_reply_answers(const struct inbound_context *context,
                           const struct mime_message *message, struct inbound_reading *reading)
{
    const char *parent = mime_field(message->fields, "In-Reply-To");
    const char *references = mime_field(message->fields, "References");
    if (parent && *parent)
        return take_message_id(context, parent, reading);
    const char *last = references ? strrchr(references, '<') : NULL;
    return last && take_message_id(context, last, reading);
}

void receipt_reply_read(const struct inbound_context *context, struct inbound_reading *reading)
{
    if (!reading->from || !*reading->own_text)
        return;
    if (reply_begins_with_stop(context->words, reading->own_text))
        reading->effect = INBOUND_STOPPED;
    else if (reply_is_nothing_but_yes(context->words, reading->own_text))
        reading->effect = INBOUND_APPROVED;
    else
        reading->effect = INBOUND_RECEIPT_WORDS;
}

/* ---- what it is about ---- */

static bool asks(const struct receipt *receipt)
{
    return receipt->event == RECEIPT_APPROVAL || receipt->event == RECEIPT_REMINDER;
}

/* Words to a receipt that asks why a release was withdrawn are its reason; to one that asks
 * nothing they may be any, and are for a person to read. */
static bool find_reason(const struct effect_job *job, const struct receipt *receipt,
                        struct inbound_reading *reading, struct error *error)
{
    bool failed = false;
    if (reading->effect != INBOUND_RECEIPT_WORDS || !receipt_asks_reason(receipt) ||
        !approval_is_receiver(receipt, reading->from))
        return true;
    const struct release_row *row = release_find_by_row_id(job->service->database, job->arena,
                                                           receipt->release, &failed, error);
    bool is_by_place = row &&
                       (row->place == RELEASE_PLACE_WITHDRAWN || row->status != RELEASE_WITHDRAWN);
    if (is_by_place && *reply_paragraph(job->arena, job->settings->words, reading->own_text))
        reading->effect = INBOUND_REASON;
    return !failed;
}

/* What a stranger says to a mail that asks for a yes counts for nothing, and a person reads it. */
static bool counts(const struct effect_job *job, const struct receipt *receipt,
                   const struct inbound_reading *reading, bool *counts, struct error *error)
{
    *counts = reading->effect == INBOUND_STOPPED;
    if (*counts || !receipt->release) {
        *counts = *counts && (receipt->release || receipt->is_about_many);
        return true;
    }
    *counts = reading->effect == INBOUND_REASON ||
              (asks(receipt) && approval_is_approver(job->settings->receipts, reading->from));
    return *counts ||
           approval_may_accept_changes(job->settings->receipts, job->service->database, job->arena,
                                       receipt, reading->from, counts, error);
}

bool receipt_reply_resolve(const struct effect_job *job, struct inbound_reading *reading,
                           struct error *error)
{
    bool found = false;
    struct receipt *receipt = arena_allocate(job->arena, sizeof *receipt);
    if (reading->effect != INBOUND_STOPPED && reading->effect != INBOUND_APPROVED &&
        reading->effect != INBOUND_RECEIPT_WORDS)
        return true;
    if (job->settings->receipts && !receipt_find(job->service->database, job->arena,
                                                 reading->token.row_id, receipt, &found, error))
        return false;
    if (found && receipt->release && !find_reason(job, receipt, reading, error))
        return false;
    bool is_for_us = false;
    if (found && !counts(job, receipt, reading, &is_for_us, error))
        return false;
    if (!is_for_us && reading->effect == INBOUND_APPROVED)
        reading->left = LEFT_YES;
    if (!is_for_us)
        reading->effect = INBOUND_NOT_OURS;
    reading->receipt = is_for_us ? receipt : NULL;
    return true;
}

/* ---- what it causes ---- */

bool receipt_reply_apply(const struct effect_job *job, struct error *error)
{
    struct hash hash;
    bool approved = false;
    mailbox_content_hash(job->bytes, job->length, &hash);
    const struct approval_service service = { .database = job->service->database,
                                              .receipts = job->settings->receipts,
                                              .keys = job->service->keys,
                                              .random = job->service->random };
    const struct approval_reply reply = { .receipt = job->reading->receipt,
                                          .from = job->reading->from,
                                          .message_id = effect_message_id(job),
                                          .hash = &hash,
                                          .now_at = job->now_at };
    if (job->reading->effect == INBOUND_STOPPED)
        return approval_stop(&service, &reply, error);
    if (job->reading->effect == INBOUND_APPROVED)
        return approval_say_yes(&service, &reply, &approved, error);
    if (job->reading->effect == INBOUND_REASON)
        return approval_say_reason(
            &service, &reply,
            reply_paragraph(job->arena, job->settings->words, job->reading->own_text), error);
    return approval_say_other(&service, &reply, error);
}
