/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_REMARK_H
#define INTAKE_REMARK_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct intake_settings;
struct release_row;
struct report_row;
struct zone;

/* Inside intake/ only: what a note says of the release besides what its file says: that the file is
 * gone, that the release was mailed to nobody or its mailing waits, that its page lacks a picture.
 * It follows from the release's row and what is stored with it. */

struct remark_place {
    const struct intake_settings *settings;
    struct database *database;
    const struct zone *zone;
    struct arena *arena;
};

/* Puts it into report->remarks, in arena. */
bool remark_say(const struct remark_place *place, const struct release_row *row,
                struct report_row *report, struct error *error);

/* Writes the rows and notes of all releases that are marked (release/release_note.h), in
 * transactions of its own; settings as for intake_run(). A note that cannot be written is logged,
 * and its release stays marked where that may be otherwise later. */
bool remark_write_marked(const struct intake_settings *settings, struct database *database,
                         const struct zone *zone, int64_t now_at, struct error *error);

/* Whether a note that stands at that path is one of those that are to stand there, although no file
 * of that name is there. */
bool remark_note_is_wanted(struct database *database, const char *note, bool *is_wanted,
                           struct error *error);

#endif
