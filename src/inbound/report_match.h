/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_REPORT_MATCH_H
#define INBOUND_REPORT_MATCH_H

#include "inbound/effect.h"

/* Inside inbound/ only. Completes what inbound_read() gave where only an address in the report says
 * whom it is about: finds the subscriber of that address and a recent mail to it, and fills the
 * token as if the return path had named them. Where there is none, the effect becomes
 * INBOUND_NOT_OURS, and a person finds the message in the mailbox. Other readings are left as they
 * are. */
bool report_match(const struct effect_job *job, struct inbound_reading *reading,
                  struct error *error);

#endif
