/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_APPROVAL_ROW_H
#define INTAKE_APPROVAL_ROW_H

#include <stdbool.h>

#include "release/release_store.h"

struct error;
struct intake_settings;
struct source_bundle;
struct source_bundle_target;

/* Inside intake/ only: what a file that is stored means for approval and stop of its release. */
struct approval_change {
    enum release_approval approval; /* as it will be */
    enum release_changes changes;   /* the same */
    bool asks;                      /* a yes is awaited that nobody has been asked for */
    bool wants_revision; /* the same text is a new revision: what was shown of it, or said to it,
                            was another file */
    bool is_let_go;      /* it was stopped, and its file is another now */
};

/* Finds it for row as it is about to be stored, and makes row keep what is public where its newest
 * revision may not be seen. before: the stored one; NULL: a new release. */
bool approval_prepare(const struct source_bundle_target *place, const struct release_row *before,
                      const struct source_bundle *bundle, struct release_row *row,
                      struct approval_change *change, struct error *error);

/* Writes it, once the row is stored, in the same transaction. */
bool approval_store(const struct source_bundle_target *place, const struct release_row *before,
                    const struct release_row *row, const struct approval_change *change,
                    struct error *error);

/* By settings->needs_approval as it is now: where approval is needed, what waits and no approver
 * was asked for is asked for; where it is not, what is awaited is let go, but for open changes,
 * which somebody else is asked for then. In transactions of its own, none where there is nothing of
 * that.
 */
bool approval_follow_setting(struct database *database, const struct intake_settings *settings,
                             int64_t now_at, struct error *error);

#endif
