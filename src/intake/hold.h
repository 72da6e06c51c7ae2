/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HOLD_H
#define INTAKE_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct intake_stage;
struct release_row;

/* Inside intake/ only: what is to become public but is not yet, and whose file cannot be used, is
 * being written or is gone, is held: perhaps that file says that it must wait longer. Taking the
 * file in again lets it go (source_bundle_store.c); so do a withdrawal and, for ever,
 * publication. */

/* Whether it is of that kind. */
bool hold_applies(const struct release_row *row);

/* Holds row where it is of that kind, and stores it. In the caller's transaction. */
bool hold_row(struct database *database, struct release_row *row, int64_t now_at,
              struct error *error);

/* The same for the release whose file is at path, if there is one. *held is it, in arena; NULL:
 * nothing there to hold. */
bool hold_path(struct database *database, struct arena *arena, const char *path, int64_t now_at,
               struct release_row **held, struct error *error);

/* Holds all that is to come, where no file can be seen at all; a transaction of its own. *count:
 * newly held ones. */
bool hold_all(struct database *database, int64_t now_at, size_t *count, struct error *error);

/* Says in each run what is held, and counts it: until somebody decides. */
bool hold_report(struct intake_stage *stage, struct error *error);

#endif
