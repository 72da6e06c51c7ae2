/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_WITHDRAWAL_H
#define INTAKE_WITHDRAWAL_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct arena;
struct error;
struct intake_settings;
struct release_row;

/* Inside intake/ only: withdrawing releases, and what that means for their versions. */

/* Fills the columns of a row that becomes withdrawn now. What nobody has seen yet is never shown,
 * not even as a notice. reason may be NULL. */
void withdrawal_fill(struct release_row *row, const char *reason, int64_t now_at);

/* Takes that back, before anybody was mailed so: what was public is again, at its address. */
void withdrawal_undo(struct release_row *row);

/* Why a release is withdrawn by its place, as long as nobody says it: in its language, in arena. */
const char *withdrawal_default_reason(const struct intake_settings *settings, const char *language,
                                      struct arena *arena);

/* The reason of a withdrawn release for its version in that language: what somebody wrote stays as
 * it is, the words that stand for none are in the version's own. In arena, or the row's. */
const char *withdrawal_reason_in(const struct intake_settings *settings,
                                 const struct release_row *row, const char *language,
                                 struct arena *arena);

/* Cancels what is not sent of the release: of an original with all its versions. In the caller's
 * transaction. */
bool withdrawal_cancel(struct database *database, const struct release_row *row, int64_t now_at,
                       int64_t *cancelled, struct error *error);

/* Of what lies among the drafts although it is public the newest text is not seen once it is
 * withdrawn either: before its place is another. In the caller's transaction. */
bool withdrawal_keep_unseen(struct database *database, const struct release_row *row,
                            struct error *error);

/* Updates a version with its changed original, whatever its own file is like: withdrawn with it,
 * never public before it. *changed says whether it had to. In the caller's transaction. */
bool withdrawal_apply_to_translation(struct database *database, struct release_row *version,
                                     const struct release_row *original, int64_t now_at,
                                     bool *changed, struct error *error);

#endif
