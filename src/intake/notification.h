/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_NOTIFICATION_H
#define INTAKE_NOTIFICATION_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct intake_problem_list;
struct release_row;
struct report_row;
struct source_bundle_stored;

/* Inside intake/ only: what happens to files and releases, for those who are told by mail
 * (release/release_notification.h). All in the caller's transaction. */
struct notification_target {
    struct database *database;
    struct arena *arena;
    int64_t now_at;
};

/* A file was stored. before: its release's row until then; NULL: it is new. original: of a version;
 * NULL: it is none. A release is told once of what came together: what changes before it was told
 * is told with it. */
bool notification_of_stored(const struct notification_target *target,
                            const struct release_row *before, const struct release_row *original,
                            const struct source_bundle_stored *stored, struct error *error);

/* A file was refused: once for each report that says something else, wherever in the file it is.
 * row: the release that has its path; NULL: none. report->told tells what was told last, and is set
 * to what is told now. */
bool notification_of_refused(const struct notification_target *target,
                             const struct intake_problem_list *problems,
                             const struct release_row *row, struct report_row *report,
                             struct error *error);

/* A release was withdrawn with its versions or, of a version, that alone. */
bool notification_of_withdrawn(const struct notification_target *target,
                               const struct release_row *row, struct error *error);

#endif
