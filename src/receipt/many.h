/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_MANY_H
#define RECEIPT_MANY_H

#include "receipt/receipt.h"

/* Inside receipt/ only. The same that happened to more files than this in one run is told each
 * receiver in one mail, which names the first of his. */
enum { RECEIPT_MANY = 20 };

/* Tells, each in one transaction, of all that waits in such a number, and takes it away: nothing is
 * told of those after an hour and a day. Leaves all else. */
bool many_tell(const struct receipt_service *service, struct receipt_totals *totals,
               struct error *error);

#endif
