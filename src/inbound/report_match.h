/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_REPORT_MATCH_H
#define INBOUND_REPORT_MATCH_H

#include "inbound/effect.h"

/* To be called with what inbound_read() gave, where it is known by a report or a free form alone:
 * finds the subscriber whom the address named is, and the mail of late that it is about, and puts
 * them into the token, as if the return path had said so. Where there is none the effect becomes
 * INBOUND_NOT_OURS and a person finds the message in the mailbox. Others are left as they are. */
bool report_match(const struct effect_job *job, struct inbound_reading *reading,
                  struct error *error);

#endif
