/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DRY_RUN_H
#define INTAKE_DRY_RUN_H

#include <stdbool.h>

#include "intake/problem.h"
#include "intake/run.h"

struct intake_checker;

/* Inside intake/ only: a run on a copy of the store, in memory: nothing is logged, noted, copied to
 * state/ or waited for. It reports of a file what a real run would, because it is the same code. */

/* The result of one entry of the scan. */
struct dry_run_result {
    bool is_seen;      /* false: it was not read, or is a part of another release */
    const char *title; /* NULL: nothing could be read */
    struct intake_problem_list problems;
};

struct dry_run {
    struct intake_stage stage;
    struct dry_run_result *results; /* one for each of stage.scan.entries */
};

/* Which entries are read besides those that a run would read. */
struct dry_run_scope {
    bool all;
    const char *name; /* name of one entry, as in the scan, or of a file in its folder */
};

/* Always followed by dry_run_release(). */
bool dry_run_perform(struct dry_run *dry_run, const struct intake_checker *checker,
                     const struct dry_run_scope *scope, struct error *error);
void dry_run_release(struct dry_run *dry_run);

/* The entry that is name, or that name is a file of; NULL: none. */
struct drop_entry *dry_run_find(struct dry_run *dry_run, const char *name);

#endif
