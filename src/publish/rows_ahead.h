/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_ROWS_AHEAD_H
#define PUBLISH_ROWS_AHEAD_H

#include <stddef.h>
#include <stdint.h>

struct picture_records;
struct release_row;

/* Inside publish/ only: releases whose cards are stored and whose rows are not yet. Lists and feeds
 * that are written in between show them as they will be. */
struct rows_ahead {
    const struct release_row **rows; /* in the order of their row ids */
    size_t count;
    const struct picture_records *pictures; /* those of the database, and theirs */
};

/* Brings the rows into their order. */
void rows_ahead_order(struct rows_ahead *ahead);

/* NULL: none of these. Takes NULL. */
const struct release_row *rows_ahead_find(const struct rows_ahead *ahead, int64_t row_id);

#endif
