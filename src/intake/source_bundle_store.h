/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_SOURCE_BUNDLE_STORE_H
#define INTAKE_SOURCE_BUNDLE_STORE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct identity;
struct source_bundle;
struct release_row;
struct similarity_index;
struct intake_settings;
struct random;

/* Inside intake/ only: storing what a source bundle says. */

enum source_bundle_outcome { SOURCE_BUNDLE_UNCHANGED, SOURCE_BUNDLE_ADDED, SOURCE_BUNDLE_CHANGED };

struct source_bundle_stored {
    enum source_bundle_outcome outcome;
    const struct release_row *row; /* as it is stored now; in the target's arena */
    bool is_withdrawn_now;
    bool wants_revision;       /* the same text counts as a new revision, since a yes to it is asked
                                  for again, or what is open in it is something else */
    bool asks_for_changes;     /* it waits for its open changes, and nobody was told yet */
    int64_t original_row_id;   /* of a changed original, whose versions must be updated */
    bool is_shown_differently; /* the pages of its versions show something else now */
};

/* Where a bundle is stored. */
struct source_bundle_target {
    struct database *database;
    struct random *random; /* for new ids */
    int64_t now_at;
    struct arena *arena;
    struct similarity_index *similarity; /* of the run */
    bool needs_approval;                 /* intake.approval */
    const struct intake_settings *settings;
};

/* Stores what a bundle makes of its release: a new row, a new revision, new status and times, or
 * just where its file is now. In the caller's transaction. What its file asks for in vain is added
 * to bundle->problems. */
bool source_bundle_store(const struct source_bundle_target *place, struct source_bundle *bundle,
                         const struct identity *identity, struct source_bundle_stored *stored,
                         struct error *error);

#endif
