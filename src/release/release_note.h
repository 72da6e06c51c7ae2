/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_NOTE_H
#define RELEASE_RELEASE_NOTE_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct error;

/* What the note beside a release's file says of the release itself (its file is gone, it was not
 * mailed …) follows from its row. Whoever changes such a thing marks the release in the same
 * transaction; intake writes the note anew and takes the mark away. So none is forgotten, whoever
 * is killed. */

/* In the caller's transaction. Marking twice is no error. */
bool release_note_mark(struct database *database, int64_t row_id, struct error *error);
bool release_note_unmark(struct database *database, int64_t row_id, struct error *error);

/* The first marked release behind that row id (0: of all); *row_id is 0 for none. Costs nothing
 * where none is marked. */
bool release_note_next(struct database *database, int64_t behind, int64_t *row_id,
                       struct error *error);

/* Why a release that is public was mailed to nobody: what release_row.announce_note says. */
enum release_unmailed {
    RELEASE_UNMAILED_NOT, /* it was mailed, or nothing is known */
    RELEASE_UNMAILED_TOO_OLD,
    RELEASE_UNMAILED_AS_ASKED,
    RELEASE_UNMAILED_NO_FEED,
    RELEASE_UNMAILED_NOBODY,
    RELEASE_UNMAILED_FORGOTTEN
};

/* The text of announce_note; "" for RELEASE_UNMAILED_NOT. */
const char *release_unmailed_text(enum release_unmailed reason);

/* What such a text says; NULL and other texts are RELEASE_UNMAILED_NOT. */
enum release_unmailed release_unmailed_of(const char *announce_note);

/* Whether the note beside the file says so: not of what the file itself asks for, and not where
 * nobody wants such mails. */
bool release_unmailed_is_noted(enum release_unmailed reason);

#endif
