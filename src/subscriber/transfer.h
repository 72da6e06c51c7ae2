/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_TRANSFER_H
#define SUBSCRIBER_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "list/list.h"

struct error;
struct subscriber_service;

/* Lists of subscribers in and out (import.c, export.c); list/list.h says what a file may look like.
 *
 * What a line says of a subscriber: feeds (none: to who is new, every feed that is open for
 * sign-up), cadence (one for all feeds, or one each), language, state, confirmed_at, evidence.
 * - Who is new and confirmed wants confirmed_at and evidence. Who is new and has no state, or is
 *   pending, is asked to confirm, whatever else the line says.
 * - unsubscribed, bounced and complained are taken over so that they are never mailed, and take
 *   out who is known, with or without is_update.
 * - Who is known keeps what the line does not say. Nobody who left, bounced, complained or never
 *   answered comes back, and nobody who was erased. */

enum subscriber_import_kind {
    IMPORT_CONFIRMED, /* new: with consent and its evidence */
    IMPORT_ASKED,     /* new: a confirmation mail waits */
    IMPORT_KEPT_OUT,  /* new, as one who left, bounced or complained */
    IMPORT_CHANGED,   /* known; the reason says what changed */
    IMPORT_TAKEN_OUT, /* known, and from now on one who left, bounced or complained */
    IMPORT_SAME,      /* known, and nothing else is said */
    IMPORT_OTHER,     /* known, differs, and is_update is not set; the reason says how */
    IMPORT_REFUSED,   /* the reason says why */
    IMPORT_KIND_COUNT
};

/* Lives as long as the lines it is of. */
struct subscriber_import_line {
    int64_t line;        /* in the file, from 1 */
    const char *address; /* "" where none could be read */
    enum subscriber_import_kind kind;
    const char *reason; /* as a person understands it; NULL: there is none */
};

/* A list that would ask more subscribers than that is refused as a whole, unless may_ask is set. */
enum { SUBSCRIBER_ASKED_AT_ONCE = 20, SUBSCRIBER_IMPORT_LINES = 5000000 };

struct subscriber_import {
    struct list_settings list;
    bool is_dry_run;      /* decides alike, and writes nothing */
    bool is_update;       /* feeds, cadence and language of who is known change */
    bool may_ask;         /* more than SUBSCRIBER_ASKED_AT_ONCE */
    const char *evidence; /* the operator's word for everybody whose line proves no consent and does
                             not say "pending": where and how it was given. NULL: none. The time is
                             the line's confirmed_at, else now */
    /* After each chunk, with how many lines are done; may be NULL. No transaction is open. */
    void (*progress)(void *payload, int64_t lines);
    void *payload;
    int64_t pending_pace_ms; /* between the confirmation mails; 0 means 1 s */
    size_t lines_maximum;    /* a file of more is refused as a whole; 0: SUBSCRIBER_IMPORT_LINES */
};

/* Of what was written for good, or refused: also where the import failed in the end. In a dry run,
 * of what would be. */
struct subscriber_import_counts {
    int64_t lines; /* of all kinds */
    int64_t count[IMPORT_KIND_COUNT];
    int64_t asking_ms; /* until the last of the confirmation mails leaves, at their pace */
    bool wants_ask;    /* too many to ask without may_ask: nothing was written, or would be */
};

/* What became of the lines of an import, in the order of the file. */
struct subscriber_import_lines;

/* Reads stream to its end, and writes its subscribers by address in transactions of 20,000. A line
 * that is refused harms no other; of equal addresses the first line counts. Needs about 200 octets
 * a line. ERROR_INPUT for the whole, before anything is written: a header line that cannot be
 * understood, too many lines, too many to ask, a line over 64 kB.
 *
 * *lines, which the caller frees: each line that was written (in a dry run: would be) or refused,
 * also where the import failed in the end; none where it was refused as a whole. lines may be
 * NULL. */
bool subscriber_import_csv(const struct subscriber_service *service, FILE *stream,
                           const struct subscriber_import *import,
                           struct subscriber_import_counts *counts,
                           struct subscriber_import_lines **lines, struct error *error);

/* The next line; false at the end. */
bool subscriber_import_lines_next(struct subscriber_import_lines *lines,
                                  struct subscriber_import_line *line);

void subscriber_import_lines_free(struct subscriber_import_lines *lines);

/* Writes all subscribers, with a header line, so that subscriber_import_csv() reads it and changes
 * nothing by it: what a confirmed subscriber has not confirmed yet is left out. for_excel: in the
 * form that a spreadsheet opens as it is where decimals have a comma. */
bool subscriber_export_csv(const struct subscriber_service *service, FILE *stream, bool for_excel,
                           int64_t *count, struct error *error);

#endif
