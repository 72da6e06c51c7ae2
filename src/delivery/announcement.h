/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_ANNOUNCEMENT_H
#define DELIVERY_ANNOUNCEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "database/database.h"
#include "queue/queue.h"

struct announce_settings;
struct announce_totals;
struct error;
struct release_row;

/* Inside delivery/ only: one run of announce, and what its steps share. */
struct announce_batch {
    struct database *database;
    const struct announce_settings *settings;
    struct announce_totals *totals;
    int64_t now_at;
    bool is_whole;     /* the whole run is one transaction, its mailings are held until its end */
    int64_t *mailings; /* row ids of those made by the run */
    size_t mailing_count;
    size_t mailing_capacity;
    struct arena arena; /* of the run */
};

/* One step: a transaction with at most one mailing, or part of one where the run is one. As
 * `struct transaction`, and its function may run again as well:
 *
 *     struct announce_step step = announce_step_of(batch);
 *     while (announce_step_run(&step, error))
 *         announce_step_end(&step, write_group(&step, …), error);
 *     if (!step.transaction.is_done)
 *         return false;
 *
 * Its mailing is counted once it is done. */
struct announce_step {
    struct announce_batch *batch;
    struct transaction transaction;
    bool is_for_nobody; /* it had made a mailing of nobody, was undone, and goes without one */
    enum queue_kind kind;
    int64_t mailing; /* made in this run; 0: none */
    int64_t added;   /* its rows */
};

struct announce_step announce_step_of(struct announce_batch *batch);
bool announce_step_run(struct announce_step *step, struct error *error);
/* Whether this run made a mailing of nobody, so that it fails on purpose, without an error. */
bool announce_step_is_undone(const struct announce_step *step);
void announce_step_end(struct announce_step *step, bool done, struct error *error);

/* What is to be said to whom: either the candidates' followers, or those who were mailed. */
struct announce_plan {
    struct queue_announcement announcement;
    bool is_urgent;
    int64_t delay_ms;
    int64_t at; /* when it became known, without delay: which digest it belongs to */
    const struct queue_candidates *candidates; /* NULL: see mailed */
    bool is_again; /* of the candidates' followers, those too whom an ended mailing missed */
    const struct queue_mailed *mailed;
};

/* Makes the step's mailing with its rows. False is no failure where nobody would get it: the step
 * ends then, no trace of the mailing is left, and it runs once more without. */
bool announce_mail(struct announce_step *step, const struct announce_plan *plan,
                   struct error *error);

/* Behind it: writes the same down for digests, which followers of the candidates' feeds get. */
bool announce_for_digests(const struct announce_step *step, const struct announce_plan *plan,
                          const struct queue_candidates *candidates, struct error *error);

/* What is known of a release's mailings, and of the digests that it was in. */
struct announce_history {
    bool is_announced;
    bool is_forgotten; /* whom it was sent to */
};

bool announce_history_read(const struct announce_batch *batch, int64_t release,
                           struct announce_history *history, struct error *error);

/* What announce remembers of a release that it has dealt with. */
struct announce_mark {
    int64_t row_id;
    const char *note;    /* why it was not mailed, "" where it was; NULL: leave */
    bool is_one_of_many; /* neither the note beside its file nor a receipt repeats that */
    bool is_first;       /* it was announced now, or never will be */
    int64_t revision;    /* up to which changes are announced; 0: leave */
    bool is_withdrawal;  /* its withdrawal was announced */
    int64_t too_old;     /* the original's row id: who waits for it is told that it is too old to be
                            mailed; 0: nobody is */
};

/* Looks the row up again, for it may have changed since it was collected. What an earlier
 * announcement has written stays. */
bool announce_write(struct announce_batch *batch, const struct announce_mark *mark,
                    struct error *error);

/* The second half of a run (announce_change.c): corrections and withdrawals. Collected first, so
 * that the run knows how many mailings may come of it. */
struct announce_change {
    int64_t row_id;
    int64_t revision; /* the public one */
    bool is_news;     /* else the revision is only noted */
    struct announce_change *next;
};

bool announce_collect_changes(struct announce_batch *batch, struct announce_change **changes,
                              size_t *news, struct error *error);
bool announce_changes(struct announce_batch *batch, const struct announce_change *changes,
                      struct error *error);

/* Notes without mailing, many a transaction. */
bool announce_write_all(struct announce_batch *batch, const struct announce_mark *marks,
                        size_t count, struct error *error);

#endif
