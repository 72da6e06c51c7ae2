/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_RECEIPT_REPLY_H
#define INBOUND_RECEIPT_REPLY_H

#include "inbound/effect.h"

struct mime_message;

/* Inside inbound/ only: what press officers reply to a receipt. */

/* Whether the message answers a receipt of ours, as In-Reply-To or References say, where the
 * address that it came to no longer does: fills token. */
bool receipt_reply_answers(const struct inbound_context *context,
                           const struct mime_message *message, struct inbound_reading *reading);

/* Fills effect: STOPPED, APPROVED, or RECEIPT_WORDS for any other words. */
void receipt_reply_read(const struct inbound_context *context, struct inbound_reading *reading);

/* By the receipt that is answered: fills receipt, or leaves the message for a person. */
bool receipt_reply_resolve(const struct effect_job *job, struct inbound_reading *reading,
                           struct error *error);

/* Does it, in the caller's transaction. */
bool receipt_reply_apply(const struct effect_job *job, struct error *error);

#endif
