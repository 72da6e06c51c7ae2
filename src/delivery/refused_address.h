/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_REFUSED_ADDRESS_H
#define DELIVERY_REFUSED_ADDRESS_H

#include <stdbool.h>

struct error;
struct queue_streak_refusal;

/* Inside delivery/ only: an address that was refused to our face for its own fault counts as one
 * whose mail came back (subscriber/standing.h). For struct commit_batch_settings; payload: a struct
 * subscriber_service of which database and clock are set. */
bool refused_address_count(void *payload, const struct queue_streak_refusal *refusal,
                           struct error *error);

#endif
