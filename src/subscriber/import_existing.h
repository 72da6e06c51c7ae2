/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_IMPORT_EXISTING_H
#define SUBSCRIBER_IMPORT_EXISTING_H

#include "base/string_builder.h"
#include "subscriber/subscriber.h"

struct statement;

/* Inside subscriber/ only: who of an import's subscribers is known already. Addresses are asked for
 * in their order, so that a list of known subscribers is one walk along the index. */
struct import_existing {
    int64_t row_id; /* 0: not known */
    enum subscriber_state state;
    int64_t changed_at;
    const char *language;
    /* What is followed; of a pending subscriber, what waits. By feed. */
    size_t count;
    struct subscriber_choice *choices;
};

struct import_finder {
    struct database *database;
    struct statement *walk; /* NULL: it begins with the next address */
    bool is_at_end;
    struct import_existing known;
    struct string_builder strings; /* of known */
    size_t capacity;               /* of known.choices */
};

void import_finder_init(struct import_finder *finder, struct database *database);
void import_finder_release(struct import_finder *finder);

/* Ends the walk: before anything is written, and before a transaction ends. */
void import_finder_end_walk(struct import_finder *finder);

/* Finds the subscriber of a folded address; it must not be less than those before it since
 * import_finder_end_walk(). The result is finder->known, until the next call. */
bool import_find(struct import_finder *finder, const char *folded, struct error *error);

/* The same of an id that is known. */
bool import_find_row_id(struct import_finder *finder, int64_t row_id, struct error *error);

#endif
