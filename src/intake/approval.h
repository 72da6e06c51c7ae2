/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_APPROVAL_H
#define INTAKE_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct error;

/* Letting go what a run keeps from becoming public until somebody says so (intake.approval). What
 * is public already stays as it is while its newest revision is awaited: its row shows title,
 * language, type, topics, correction and the rest as that has them, until intake_approve(). */

/* A yes to that very revision, in the caller's transaction. What is not public yet is not due
 * before now_at. *approved false: none is awaited, or there is a newer revision. */
bool intake_approve(struct database *database, int64_t row_id, int64_t revision, int64_t now_at,
                    bool *approved, struct error *error);

/* The cause of RELEASE_NOTIFICATION_HELD for a revision that waits as its text has open changes, of
 * the very version; the other one where those who are told were told of it before. */
#define INTAKE_CAUSE_CHANGES "changes"
#define INTAKE_CAUSE_CHANGES_AGAIN "changes again"

/* The same by somebody who gets the release's receipts, where its open changes are all that it
 * waits for. */
bool intake_accept_changes(struct database *database, int64_t row_id, int64_t revision,
                           int64_t now_at, bool *accepted, struct error *error);

/* Keeps from becoming public or being mailed what of a release and its versions is not yet, in the
 * caller's transaction. *count: how many are stopped now that were not. A changed file lets its
 * version go. */
bool intake_stop(struct database *database, int64_t original_row_id, int64_t now_at, size_t *count,
                 struct error *error);

/* Lets it go again, in the caller's transaction: not due before now_at. *count: how many were
 * stopped. */
bool intake_resume(struct database *database, int64_t original_row_id, int64_t now_at,
                   size_t *count, struct error *error);

#endif
