/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SMTP_TURN_H
#define DELIVERY_SMTP_TURN_H

#include <stdbool.h>

struct error;
struct smtp_sender;

/* Inside delivery/ only: the sending loop over all connections. */

enum { CONNECTIONS_MAXIMUM = 100 };

/* One turn, from claiming rows to hearing answers. *is_over: there is nothing left to do, or the
 * run gave up. False: the store or the system failed. */
bool smtp_turn(struct smtp_sender *smtp, bool *is_over, struct error *error);

/* Ends all sessions: their messages have an outcome, or go back to the prefetch. */
void smtp_turn_end_all(struct smtp_sender *smtp);

#endif
