/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REHEARSAL_H
#define INTAKE_REHEARSAL_H

#include <stdbool.h>

#include "intake/problem.h"
#include "intake/run.h"

struct intake_checker;

/* A run on a copy of the store, in memory: nothing is logged, noted, copied to state/ or waited
 * for. What it says of a file is what a run would say, for it is one. */

/* What became of an entry of the look. */
struct rehearsal_verdict {
    bool is_seen;      /* false: not read, or a part of another's release */
    const char *title; /* NULL: nothing could be read */
    struct intake_problem_list problems;
};

struct rehearsal {
    struct intake_stage stage;
    struct rehearsal_verdict *verdicts; /* one for each of stage.look.entries; in stage.arena */
};

/* Which entries are read besides those that a run would read. */
struct rehearsal_scope {
    bool all;
    const char *name; /* of one, as in the look or as within its folder; NULL: none */
};

/* Always followed by rehearsal_release(). */
bool rehearsal_run(struct rehearsal *rehearsal, const struct intake_checker *checker,
                   const struct rehearsal_scope *scope, struct error *error);
void rehearsal_release(struct rehearsal *rehearsal);

/* The entry that is name, or that name is a file of; NULL: none. */
struct drop_entry *rehearsal_find(struct rehearsal *rehearsal, const char *name);

#endif
