/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_EVENTS_H
#define RECEIPT_EVENTS_H

#include "receipt/receipt.h"

struct release_notification;

/* Inside receipt/ only: which receipt tells of it; 0: none. */
enum receipt_event receipt_event_of(const struct release_notification *event);

/* By receipts.at; false for 0. */
bool receipt_event_is_wanted(const struct receipt_settings *settings, enum receipt_event event);

#endif
