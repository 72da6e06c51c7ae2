/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_DMARC_STORE_H
#define INBOUND_DMARC_STORE_H

#include "inbound/effect.h"

/* Inside inbound/ only: aggregate reports, from their messages into the store. */

/* Whether the message holds one: fills reading where it does. It has an effect where it is of a
 * domain of the newsroom's. */
bool dmarc_take(const struct inbound_context *context, struct arena *arena,
                const struct mime_message *message, struct inbound_reading *reading);

/* Its rows of the newsroom's domains, once however often it comes, within the caller's transaction.
 */
bool dmarc_store(const struct effect_job *job, struct error *error);

/* Says so where a message that stays is one, and too long to be read. */
void dmarc_log_cut(const struct mime_message *message);

/* Tells the operator, once, where more than a little did not pass, and ends that where it is over.
 * has_news: reports came. A transaction of its own, where there is anything to write. */
bool dmarc_update_notice(const struct inbound_context *context, struct arena *arena,
                         struct database *database, int64_t now_at, bool has_news,
                         struct error *error);

/* Forgets what is older than is shown, in a transaction of its own, where there is any. */
bool dmarc_expire(struct database *database, int64_t now_at, struct error *error);

#endif
