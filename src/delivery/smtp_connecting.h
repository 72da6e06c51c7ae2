/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SMTP_CONNECTING_H
#define DELIVERY_SMTP_CONNECTING_H

#include <stdbool.h>

struct connection;
struct error;
struct smtp_sender;

/* Inside delivery/ only: when the sender connects to the relay. */

/* Opens one connection at first, to see whether the relay is there; then as many as there is work
 * for. False: the system failed. */
bool smtp_connecting_start(struct smtp_sender *smtp, struct error *error);

/* A connection being made stands, or did not come about. */
void smtp_connecting_finish(struct smtp_sender *smtp, struct connection *connection);

#endif
