/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_DELIVERY_COUNTS_H
#define QUEUE_DELIVERY_COUNTS_H

#include "queue/queue.h"

/* Inside queue/ only: queue_finish() without the mailing that is just being filled (0: none). */
bool counts_finish(struct database *database, int64_t now_at, int64_t except, int64_t *finished,
                   struct error *error);

#endif
