/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_DUE_H
#define RECEIPT_DUE_H

#include "receipt/receipt.h"

/* Inside receipt/ only: what is to be told at a time. In the caller's transaction. */
struct receipt_due {
    int64_t release;
    enum receipt_event event;
    int64_t at;
};

/* One that is there stays as it is. */
bool due_add(struct database *database, const struct receipt_due *due, struct error *error);

/* The first that is due by now_at; *found false: none is. */
bool due_next(struct database *database, int64_t now_at, struct receipt_due *due, bool *found,
              struct error *error);

bool due_remove(struct database *database, const struct receipt_due *due, struct error *error);

#endif
