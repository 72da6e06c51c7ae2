/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_RELEASE_NOTE_H
#define RELEASE_RELEASE_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "database/sql_macro.h"

struct arena;
struct database;
struct error;

/* What the note beside a release's file says of the release itself (its file is gone, it was not
 * mailed …) follows from its row. Whoever changes such a thing marks the release in the same
 * transaction; intake writes the note anew and takes the mark away. So none is forgotten, whoever
 * is killed. */

/* In the caller's transaction. Marking twice is no error. */
bool release_note_mark(struct database *database, int64_t row_id, struct error *error);
bool release_note_unmark(struct database *database, int64_t row_id, struct error *error);

bool release_note_is_marked(struct database *database, int64_t row_id, bool *is_marked,
                            struct error *error);

/* The first marked release behind that row id (0: of all); *row_id is 0 for none. Costs nothing
 * where none is marked. */
bool release_note_next(struct database *database, int64_t behind, int64_t *row_id,
                       struct error *error);

/* ---- many at once ---- */

/* Of more than so many at once that the same is to be said of, one note says it of all: a folder is
 * no place for hundreds. */
enum { RELEASE_NOTES_MAXIMUM = 20 };

/* What is said of them. Numbers stand in the database: they never change. */
#define RELEASE_GATHERED_KINDS(X)                                                                  \
    X(RELEASE_GATHERED_GONE, 1)     /* the file is gone */                                         \
    X(RELEASE_GATHERED_HELD, 2)     /* its mailing waits for somebody to let it go */              \
    X(RELEASE_GATHERED_STRAY, 3)    /* a file that belongs to no release */                        \
    X(RELEASE_GATHERED_UNMAILED, 4) /* mailed to nobody: enum release_unmailed */

enum release_gathered { RELEASE_GATHERED_KINDS(SQL_ENUMERATOR) };

/* In the caller's transaction: one of many. release: its row id, name ""; 0: of a file that name
 * stands for. Twice is no error. Intake writes the note, and leaves out what is mended by then. */
bool release_gather(struct database *database, enum release_gathered kind, int64_t release,
                    const char *name, struct error *error);

/* In the caller's transaction: something changed, and the note may have to be another. No effect
 * where nothing is gathered. */
bool release_gathered_renew(struct database *database, struct error *error);

/* Whether the note is to be written anew. Costs nothing where it is not. */
bool release_gathered_is_new(struct database *database, bool *is_new, struct error *error);

/* ---- what a page lacks ---- */

/* What publishing could not make of a release. */
struct release_unmade {
    const char *files; /* pictures that its page lacks, as lines; "": none */
    bool is_whole;     /* the page itself: what stood there stays */
};

/* In the caller's transaction. Marks the release (release_note_mark()) where that is news. */
bool release_set_unmade(struct database *database, int64_t row_id,
                        const struct release_unmade *unmade, struct error *error);

/* Strings in arena. */
bool release_find_unmade(struct database *database, int64_t row_id, struct arena *arena,
                         struct release_unmade *unmade, struct error *error);

/* ---- mailed to nobody ---- */

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
