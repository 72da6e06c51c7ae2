/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_DUE_H
#define RECEIPT_DUE_H

#include "receipt/receipt.h"

/* Inside receipt/ only: what is to be told at a time. In the caller's transaction. */
struct receipt_due {
    int64_t release;          /* RECEIPT_DROPPED: release_row.row_id of the version that changed */
    enum receipt_event event; /* RECEIPT_DROPPED: what was told of has changed since */
    int64_t at;
};

/* One that is there stays as it is. */
bool due_add(struct database *database, const struct receipt_due *due, struct error *error);

/* The same; one that is there gets that time. */
bool due_put(struct database *database, const struct receipt_due *due, struct error *error);

/* The first that is due by now_at; *found false: none is. */
bool due_next(struct database *database, int64_t now_at, struct receipt_due *due, bool *found,
              struct error *error);

/* Not where it has another time by now: somebody put it off meanwhile. */
bool due_remove(struct database *database, const struct receipt_due *due, struct error *error);

#endif
