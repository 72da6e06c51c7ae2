/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_REPORT_H
#define INBOUND_REPORT_H

#include "inbound/reading.h"

struct mime_field;

/* Inside inbound/ only: reports of servers and providers, and whose mail they are about. */

/* has_token: the message came to a return path of ours, whose token the reading holds already.
 * Fills kind, rule, known_by, recipients, effect and what goes with them; false where it is no
 * report, and the reading is as it was. */
bool report_read(const struct inbound_context *context, struct arena *arena,
                 const struct mime_message *message, bool has_token,
                 struct inbound_reading *reading);

/* A bounce's token: of a delivery, or of a transactional mail. */
bool report_take_token(const struct inbound_context *context, const char *token,
                       struct inbound_reading *reading);

/* The token of a return path of ours. */
bool report_take_path(const struct inbound_context *context, const char *address,
                      struct inbound_reading *reading);

/* ---- feedback reports (complaint.c) ---- */

/* The same for a feedback report (RFC 5965). */
bool complaint_read(const struct inbound_context *context, struct arena *arena,
                    const struct mime_message *message, bool has_token,
                    struct inbound_reading *reading);

/* Whether the message that a report speaks of is a mail of ours: takes its token. fields: that
 * message's header. */
bool report_take_original(const struct inbound_context *context, struct arena *arena,
                          const struct mime_field *fields, struct inbound_reading *reading);

#endif
