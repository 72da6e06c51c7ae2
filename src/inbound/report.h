/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_REPORT_H
#define INBOUND_REPORT_H

#include "inbound/reading.h"

/* Inside inbound/ only: reports of servers and providers, and whose mail they are about. */

/* has_token: the message came to a return path of ours, whose token the reading holds already.
 * Fills kind, rule, known_by, recipients, effect and what goes with them; false where it is no
 * report, and the reading is as it was. */
bool report_read(const struct inbound_context *context, struct arena *arena,
                 const struct mime_message *message, bool has_token,
                 struct inbound_reading *reading);

/* ---- feedback reports (complaint.c) ---- */

/* The same for a feedback report (RFC 5965). */
bool complaint_read(const struct inbound_context *context, struct arena *arena,
                    const struct mime_message *message, bool has_token,
                    struct inbound_reading *reading);

#endif
