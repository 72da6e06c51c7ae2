/* SPDX-License-Identifier: MIT */
#ifndef APPROVAL_CHANGES_H
#define APPROVAL_CHANGES_H

#include "approval/approval.h"

/* Inside approval/ only: what is said to a receipt that shows a text with open changes and asks no
 * approver, by who may accept them. */

bool changes_say_yes(const struct approval_service *service, struct arena *arena,
                     const struct approval_reply *reply, bool *approved, struct error *error);

bool changes_say_other(const struct approval_service *service, struct arena *arena,
                       const struct approval_reply *reply, struct error *error);

#endif
