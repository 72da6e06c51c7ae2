/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_REFUSED_ADDRESS_H
#define DELIVERY_REFUSED_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct database;
struct error;
struct queue_result;
struct queue_row;

/* An address that was refused to our face for its own fault counts as one whose mail came back
 * (subscriber/standing.h). In the transaction of the outcome. */
bool refused_address_note(struct database *database, const struct clock *clock,
                          const struct queue_row *row, const struct queue_result *result,
                          struct error *error);

#endif
