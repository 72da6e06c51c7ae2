/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_RECEIVERS_H
#define RECEIPT_RECEIVERS_H

#include "receipt/receipt.h"

/* Inside receipt/ only. */

/* Who is told of the file at that path in the drop directory (NULL: of none):
 * receipts.to and those of its folder, each once however it is written. In arena. */
const struct receipt_address *receivers_of(const struct receipt_settings *settings,
                                           struct arena *arena, const char *path);

/* Who gets that message, its address left aside: the same, and whoever was told of the release
 * before and still stands in the configuration, since its file may have left the folder by now. How
 * it went after an hour and a day, those are told who were told that it is public. */
bool receivers_of_message(const struct receipt_service *service, struct arena *arena,
                          const struct receipt_message *message, const char *path,
                          const struct receipt_address **to, struct error *error);

#endif
