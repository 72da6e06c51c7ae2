/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_CHALLENGE_H
#define INBOUND_CHALLENGE_H

struct arena;
struct mail_phrases;
struct mime_message;

/* Inside inbound/ only: the short name of the system that asks whoever wrote to a mailbox to prove
 * that he is a person, before it hands out what he wrote; NULL where the message is none such. */
const char *challenge_rule(const struct mail_phrases *phrases, struct arena *arena,
                           const struct mime_message *message);

#endif
