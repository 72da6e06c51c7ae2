/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_TRANSFER_H
#define SUBSCRIBER_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct error;
struct subscriber_office;

/* Lists of subscribers in and out, as CSV (import.c, export.c); memory does not grow with their
 * length.
 *
 * Columns: address, and optionally feeds (names with a space between; none: every feed that is open
 * for sign-up), cadence (one for all feeds, or one each), language, state, confirmed_at (RFC 3339
 * or a date), evidence. state is pending where it is not said. confirmed demands confirmed_at and
 * evidence; unsubscribed, bounced and complained are taken over so that they are never mailed.
 * Other columns are ignored. */

struct subscriber_import {
    /* Each refused line, in order; "reason" as a person understands it. May stop the import by
     * returning false with *error filled. */
    bool (*refuse)(void *payload, int64_t line, const char *address, const char *reason,
                   struct error *error);
    /* After each chunk, with counts->lines of then; may be NULL. No transaction is open. */
    void (*progress)(void *payload, int64_t lines);
    void *payload;
    int64_t pending_pace_ms; /* between the confirmation mails of pending ones; 0 means 1 s */
};

/* Of what was written for good, or refused: also where the import failed in the end. */
struct subscriber_import_counts {
    int64_t lines; /* added and refused ones */
    int64_t added;
    int64_t confirmed; /* of the added */
    int64_t pending;   /* of the added */
    int64_t refused;
};

/* Reads stream to its end, 250,000 lines at a time, and writes them by address in transactions of
 * 20,000. A line that is refused harms no other; of equal addresses the first line goes in.
 * ERROR_INPUT for the whole: no header line, no column address, a line over 64 kB; what was
 * written before stays. */
bool subscriber_import_csv(const struct subscriber_office *office, FILE *stream,
                           const struct subscriber_import *import,
                           struct subscriber_import_counts *counts, struct error *error);

/* Writes all subscribers, with a header line, so that subscriber_import_csv() reads it. */
bool subscriber_export_csv(const struct subscriber_office *office, FILE *stream, int64_t *count,
                           struct error *error);

#endif
