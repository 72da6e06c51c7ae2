/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_RECEIVERS_H
#define RECEIPT_RECEIVERS_H

#include "receipt/receipt.h"

/* Inside receipt/ only: who is told of the file at that path in the drop directory (NULL: of none):
 * receipts.to and those of its folder, each once however it is written. In arena. */
const struct receipt_address *receivers_of(const struct receipt_settings *settings,
                                           struct arena *arena, const char *path);

#endif
