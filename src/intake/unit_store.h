/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_UNIT_STORE_H
#define INTAKE_UNIT_STORE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct database;
struct error;
struct identity;
struct intake_unit;
struct likeness;
struct random;

enum unit_outcome { UNIT_UNCHANGED, UNIT_ADDED, UNIT_CHANGED };

struct unit_stored {
    enum unit_outcome outcome;
    bool is_withdrawn_now;
    int64_t original_number;   /* of a changed original, whose versions follow it; 0: none */
    bool is_shown_differently; /* something that their pages show of it is another now */
};

/* Where to, and when. */
struct unit_place {
    struct database *database;
    struct random *random; /* for new ids */
    int64_t now_at;
    struct arena *arena;
    struct likeness *likeness; /* of the run */
};

/* Writes what a unit makes of its release: a new row, a new revision, new status and times, or just
 * where its file is now. In the caller's transaction. What its file asks for in vain is added to
 * unit->problems. */
bool unit_store(const struct unit_place *place, struct intake_unit *unit,
                const struct identity *identity, struct unit_stored *stored, struct error *error);

#endif
