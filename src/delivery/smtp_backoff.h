/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_SMTP_BACKOFF_H
#define DELIVERY_SMTP_BACKOFF_H

#include <stdbool.h>

struct connection;
struct delivery_outcome;
struct error;
struct in_flight_message;
struct smtp_reply;
struct smtp_result;
struct smtp_sender;

/* Inside delivery/ only: what the relay's answers say of the relay itself, and how the sender backs
 * off: it pauses, probes with one message, gives up. */

/* What the answer to a message says of the relay; corrects its outcome where it was not taken for
 * the relay's own reasons: its row goes back as it was. */
void smtp_backoff_note_answer(struct smtp_sender *smtp, const struct in_flight_message *in_flight,
                              const struct smtp_result *result, struct delivery_outcome *outcome);

/* Whether the answer only says that the session is over, which had done its work: noted, and the
 * message counts as not sent. */
bool smtp_backoff_ends_session(struct smtp_sender *smtp, struct connection *connection,
                               const struct smtp_result *result);

/* The relay ended the session with a reply, or broke the protocol; *why says so in words. A relay
 * that cannot keep up with what it offers is asked for less. */
void smtp_backoff_note_broken_session(struct smtp_sender *smtp, struct connection *connection,
                                      struct error *why);

/* A session brought nothing. Several that fail at the same time count once. */
void smtp_backoff_note_fruitless(struct smtp_sender *smtp, const struct error *why);

/* No connection came about: the relay said *reply, or (code 0) *why is all that is known. */
void smtp_backoff_note_unconnected(struct smtp_sender *smtp, const struct smtp_reply *reply,
                                   const struct error *why);

/* In a pause of the relay: what is claimed goes back to the queue, and once it is time a probe is
 * claimed (smtp->is_probing). A pause of over a minute ends the run. */
bool smtp_backoff_probe(struct smtp_sender *smtp, struct error *error);

#endif
