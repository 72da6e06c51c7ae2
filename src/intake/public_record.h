/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PUBLIC_RECORD_H
#define INTAKE_PUBLIC_RECORD_H

#include <stdbool.h>

struct arena;

/* Inside intake/ only: the release.json files in public/. */

/* One public/releases/YYYY/SLUG/release.json: what publish writes beside a page so that a store
 * that is lost is not missed. */
struct public_record {
    struct arena *arena; /* dies after the visit */
    const void *object;  /* its JSON; for public_record_text() */
    const char *year;
    const char *slug;
};

/* A member that is a text, as one line in the record's arena; NULL where it is not there. */
const char *public_record_text(const struct public_record *record, const char *name);

/* Calls visit for every one that can be read as JSON, until it returns false; then so does this. */
typedef bool public_record_visit(void *payload, const struct public_record *record);
bool public_record_each(int public_directory, public_record_visit *visit, void *payload);

#endif
