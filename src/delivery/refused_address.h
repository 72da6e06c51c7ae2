/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_REFUSED_ADDRESS_H
#define DELIVERY_REFUSED_ADDRESS_H

#include <stdbool.h>

struct error;
struct queue_streak_refusal;
struct subscriber_service;

/* Inside delivery/ only: an address that was refused to our face for its own fault counts as one
 * whose mail came back (subscriber/standing.h). Of the service database and clock are asked. */
bool refused_address_count(const struct subscriber_service *service,
                           const struct queue_streak_refusal *refusal, struct error *error);

#endif
