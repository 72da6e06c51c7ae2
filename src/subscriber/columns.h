/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_COLUMNS_H
#define SUBSCRIBER_COLUMNS_H

/* Inside subscriber/ only: the columns of a list, in the order in which it is written. */
enum column {
    COLUMN_ADDRESS,
    COLUMN_FEEDS,
    COLUMN_CADENCE,
    COLUMN_LANGUAGE,
    COLUMN_STATE,
    COLUMN_CONFIRMED_AT,
    COLUMN_EVIDENCE,
    COLUMN_COUNT
};

extern const char *const transfer_columns[COLUMN_COUNT];

#endif
