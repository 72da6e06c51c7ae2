/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_ANNOUNCEMENT_H
#define DELIVERY_ANNOUNCEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "queue/queue.h"

struct announce_settings;
struct announce_totals;
struct database;
struct error;
struct release_row;

/* Inside delivery/ only: one run of announce, and what its steps share. */
struct announce_batch {
    struct database *database;
    const struct announce_settings *settings;
    struct announce_totals *totals;
    int64_t now_at;
    bool is_whole;     /* the whole run is one transaction, its mailings are held until its end */
    int64_t *mailings; /* numbers of those made by the run */
    size_t mailing_count;
    size_t mailing_capacity;
    int64_t told;       /* number of the mailing that announce_tell() made last; 0: none */
    struct arena arena; /* of the run */
};

/* Begins and ends one step: a transaction, or nothing where the run is one. */
bool announce_begin(struct announce_batch *batch, struct error *error);
bool announce_end(struct announce_batch *batch, bool done, struct error *error);

/* What is to be said to whom: either the candidates' followers, or those who were mailed. */
struct announce_telling {
    struct queue_announcement announcement;
    bool is_urgent;
    int64_t delay_ms;
    int64_t at; /* when it became known, without delay: which digest it belongs to */
    const struct queue_candidates *candidates; /* NULL: see mailed */
    bool is_again; /* of the candidates' followers, those too whom an ended mailing missed */
    const struct queue_mailed *mailed;
};

/* First in a step: makes a mailing with its rows. *added 0: there was nobody to tell, and no trace
 * of it is left (the step begins anew). */
bool announce_tell(struct announce_batch *batch, const struct announce_telling *telling,
                   int64_t *added, struct error *error);

/* Behind it: writes the same down for digests, which followers of the candidates' feeds get. */
bool announce_for_digests(struct announce_batch *batch, const struct announce_telling *telling,
                          const struct queue_candidates *candidates, struct error *error);

/* What announce remembers of a release that it has dealt with. */
struct announce_mark {
    int64_t number;
    const char *note;   /* why it was not mailed, "" where it was; NULL: leave */
    bool is_first;      /* it was announced now, or never will be */
    int64_t revision;   /* up to which changes are told; 0: leave */
    bool is_withdrawal; /* its withdrawal was told */
};

/* Looks the row up again, for it may have changed since it was collected. What an earlier
 * announcement has written stays. */
bool announce_write(struct announce_batch *batch, const struct announce_mark *mark,
                    struct error *error);

/* The second half of a run (announce_change.c): corrections and withdrawals. Collected first, so
 * that the run knows how many mailings may come of it. */
struct announce_change {
    int64_t number;
    int64_t revision; /* the public one */
    bool is_telling;  /* else the revision is only noted */
    struct announce_change *next;
};

bool announce_collect_changes(struct announce_batch *batch, struct announce_change **changes,
                              size_t *tellings, struct error *error);
bool announce_tell_changes(struct announce_batch *batch, const struct announce_change *changes,
                           struct error *error);

/* Notes without mailing, many a transaction. */
bool announce_write_all(struct announce_batch *batch, const struct announce_mark *marks,
                        size_t count, struct error *error);

#endif
