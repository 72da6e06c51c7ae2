/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_EVIDENCE_H
#define INBOUND_EVIDENCE_H

#include "inbound/bounce_address.h"
#include "inbound/reading.h"

struct recipient_list;

/* Inside inbound/ only: why it came back, in the words of a notice. Fills code, enhanced, text and
 * kind of one of the list's recipients; its text is what stands behind its name in a list, and
 * "" where that is nothing. */
void evidence_judge(const struct recipient_list *list, struct span notice,
                    struct inbound_recipient *one, enum inbound_kind kind);

#endif
