/* SPDX-License-Identifier: MIT */
#ifndef DIGEST_ITEM_H
#define DIGEST_ITEM_H

#include "digest/digest.h"

/* Inside digest/ only: records items, in the caller's transaction. */

/* " AND it may be in an issue" of an item i at the instant that parameter names. */
#define DIGEST_ITEM_IS_OPEN(now)                                                                   \
    " AND i.voided_at IS NULL AND i.stopped_at IS NULL AND i.ripe_at <= " now                      \
    " AND NOT EXISTS (SELECT 1 FROM mailing m WHERE m.row_id = i.mailing"                          \
    " AND m.state IN (@QUEUE_MAILING_HELD@, @QUEUE_MAILING_PAUSED@, @QUEUE_MAILING_CANCELLED@))"

/* Digests that can still change: what waits of them is made when it is sent, and what is
 * indeterminate may be sent again. */
#define OPEN_DIGESTS                                                                               \
    "(SELECT a.row_id FROM announcement a WHERE a.kind = @QUEUE_DIGEST@"                           \
    " AND a.row_id IN @OPEN_ANNOUNCEMENTS@)"

/* Records the item with the feeds that select it; news->deduplication_key is not read. *row_id 0:
 * it is recorded already. */
bool digest_item_insert(struct database *database, const struct digest_news *news,
                        const char *deduplication_key, const struct queue_candidates *candidates,
                        int64_t *row_id, struct error *error);

/* Messages of open digests that a worker has made already are made again. */
bool digest_remake(struct database *database, struct error *error);

#endif
