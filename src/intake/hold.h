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

/* Inside intake/ only: holds. A release that is to become public is held while its file cannot be
 * used, is being written or is gone, because that file may say that it must wait longer. Reading
 * the file again ends the hold (source_bundle_store.c); so do a withdrawal and, for ever,
 * publication. */

/* Whether the release is one to be held: to become public, and not public yet. */
bool hold_applies(const struct release_row *row);

/* Holds row where hold_applies() says so, and stores it. In the caller's transaction. */
bool hold_row(struct database *database, struct release_row *row, int64_t now_at,
              struct error *error);

/* The same for the release whose file is at path, if there is one. *held is it, in arena; NULL:
 * nothing there to hold. */
bool hold_path(struct database *database, struct arena *arena, const char *path, int64_t now_at,
               struct release_row **held, struct error *error);

/* Holds all that is to come, where no file can be seen at all; a transaction of its own. *count:
 * newly held ones. */
bool hold_all(struct database *database, int64_t now_at, size_t *count, struct error *error);

/* Logs in each run what is held, until somebody decides, and counts it. */
bool hold_report(struct intake_stage *stage, struct error *error);

#endif
