/* SPDX-License-Identifier: MIT */
#ifndef DELIVERY_COMMIT_BATCH_H
#define DELIVERY_COMMIT_BATCH_H

#include "delivery/outcome.h"
#include "delivery/prefetch.h"
#include "queue/sending.h"
#include "queue/trouble.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct database;
struct deliver_totals;
struct error;
struct pace;
struct relay_share;

/* Inside delivery/ only: all that one turn of the sending loop writes: outcomes of messages that
 * are done, and marks of those whose final dot wants to leave, of all connections, written in one
 * commit. */
struct commit_batch;

struct commit_batch_settings {
    struct database *database;
    const struct clock *clock;
    struct prefetch *prefetch;
    struct deliver_totals *totals;
    const struct subscriber_service *service; /* as in struct refusal_tracker_settings */
    struct relay_share *relay; /* what became known of the relay; NULL: there is none */
    struct pace *pace; /* how many marks a commit may have, together with all other workers' */
};

/* A message whose final dot waits for its mark; in the owner's memory until commit_batch_write().
 */
struct commit_mark {
    const struct queue_row *row;
    int64_t revision;
    bool is_early;        /* out: its time has not come; nothing is written, ask again */
    enum queue_mark mark; /* out, unless it is early */
};

/* Settings are copied. Free with commit_batch_free(), which takes NULL and writes nothing. */
struct commit_batch *commit_batch_new(const struct commit_batch_settings *settings);
void commit_batch_free(struct commit_batch *batch);

/* To be written with the next commit. The outcome is copied and its item given to the batch. */
void commit_batch_add_outcome(struct commit_batch *batch, const struct delivery_outcome *outcome);

/* The mark must stay where it is until the next commit. */
void commit_batch_add_mark(struct commit_batch *batch, struct commit_mark *mark);

/* Rows of the mailing that wait in the prefetch go back to the queue with the next commit. */
void commit_batch_release(struct commit_batch *batch, int64_t mailing);

/* After a commit that failed: the marks asked for are not wanted any more. */
void commit_batch_drop_marks(struct commit_batch *batch);

bool commit_batch_is_empty(const struct commit_batch *batch);

/* Writes all in one durable commit, and counts it. What refusals mean beyond their rows is
 * refusal_tracker.h's; a message that a held receiver refuses is charged no try and waits with the
 * others. On failure everything stays to be written again. */
bool commit_batch_write(struct commit_batch *batch, struct error *error);

/* Addresses refused that count, as their mailings have ended. In the caller's transaction. */
bool commit_batch_close_streaks(struct commit_batch *batch, struct error *error);

#endif
