/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PUBLIC_RECORD_H
#define INTAKE_PUBLIC_RECORD_H

#include "base/arena.h"

#include <dirent.h>
#include <stdbool.h>

/* Inside intake/ only: the release.json files in public/. */

/* One public/releases/YYYY/SLUG/release.json: what publish writes beside a page so that a store
 * that is lost is not missed. */
struct public_record {
    struct arena *arena; /* lives until the next record is read */
    const void *object;  /* its JSON; for public_record_text() */
    const char *year;
    const char *slug;
};

/* A member that is a text, as one line in the record's arena; NULL where it is not there. */
const char *public_record_text(const struct public_record *record, const char *name);

/* Goes through all records that can be read as JSON; public_record_close() always follows. */
struct public_record_cursor {
    int public_directory; /* borrowed */
    struct arena arena;   /* of the present record */
    void *object;         /* its JSON */
    DIR *years;
    DIR *slugs; /* of the present year; NULL: none is open */
    char year[5];
};

void public_record_open(struct public_record_cursor *cursor, int public_directory);

/* The next record, which lives until the next call; false at the end. */
bool public_record_next(struct public_record_cursor *cursor, struct public_record *record);
void public_record_close(struct public_record_cursor *cursor);

#endif
