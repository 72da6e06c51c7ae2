/* SPDX-License-Identifier: MIT */
#ifndef APPROVAL_OUTCOME_H
#define APPROVAL_OUTCOME_H

#include "approval/words.h"

/* Inside approval/ only: what a reply came to, and its writer is told. */
struct outcome {
    const char *subject;
    const char *title;
    const char *text; /* NULL: what becomes of the release now */
};

extern const struct outcome outcome_gone;
extern const struct outcome outcome_no_yes;

/* How long a yes counts. */
#define OUTCOME_COUNTS_FOR_MS (APPROVAL_DAYS * DURATION_DAY)

bool outcome_tell(const struct approval_service *service, struct arena *arena,
                  const struct approval_reply *reply, const struct release_row *row,
                  const struct outcome *outcome, struct error *error);

/* How a yes lets the revision go: intake_approve() or intake_accept_changes(). */
typedef bool outcome_let_go(struct database *database, int64_t row_id, int64_t revision,
                            int64_t now_at, bool *approved, struct error *error);

/* A yes that counts: it lets the revision go, is kept as evidence, and thanked for. */
bool outcome_accept(const struct approval_service *service, struct arena *arena,
                    const struct approval_reply *reply, const struct release_row *row,
                    outcome_let_go *let_go, bool *approved, struct error *error);

#endif
