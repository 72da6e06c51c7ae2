/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SMTP_GIVING_H
#define DELIVERY_SMTP_GIVING_H

#include <stdbool.h>

struct error;
struct smtp_sender;

/* Which message goes to which connection of smtp_sender_run(), and when none does. False: the store
 * or the system failed. */

/* To connections that have nothing to do first, the others' next message behind their present one
 * then; transactional mails in the place of what was not begun. */
bool smtp_giving_out(struct smtp_sender *smtp, struct error *error);

/* In a pause of the relay: what was begun is taken back, and nothing is given out but the probe,
 * once its time has come. A pause of over a minute ends the run. */
bool smtp_giving_hold_back(struct smtp_sender *smtp, struct error *error);

#endif
