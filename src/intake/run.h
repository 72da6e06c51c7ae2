/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_RUN_H
#define INTAKE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "intake/drop_directory.h"
#include "intake/unit.h"

struct clock;
struct database;
struct error;
struct intake_counts;
struct intake_settings;
struct random;
struct refusal;

/* One run over the drop directory, as its parts (intake.c, comparison.c, batch.c) share it. */

struct entry_queue {
    struct drop_entry **entries;
    size_t count;
    size_t capacity;
};

struct vanished {
    int64_t number;
    const char *path;
};

struct intake_stage {
    const struct intake_settings *settings;
    struct database *database;
    const struct clock *clock;
    struct random *random;
    struct intake_counts *counts;
    struct arena arena; /* of the whole run */
    struct drop_directory look;
    struct unit_context context;
    struct refusal *refusals;
    size_t refusal_count;
    int64_t last_number;       /* releases with higher ones came in this run */
    struct entry_queue first;  /* to be read: originals, and what is not known yet */
    struct entry_queue second; /* then: versions, and what depends on the others */
    struct vanished *vanished;
    size_t vanished_count;
    size_t vanished_capacity;
    struct text named; /* paths of assets that single texts name, each "\npath\n" */
};

void entry_queue_add(struct entry_queue *queue, struct arena *arena, struct drop_entry *entry);

/* Whether a single text names it: a document, or a folder of pictures, is then no release that went
 * wrong. named as in struct intake_stage. */
bool entry_is_named(const struct drop_entry *entry, const struct text *named);

/* Notes the assets that an entry's stamp lists (NULL: none). */
void entry_add_named(struct text *named, const char *stamp);

/* Compares the look with what the store knows: fills the first queue and the vanished ones
 * (comparison.c). */
bool intake_compare(struct intake_stage *stage, struct error *error);

/* Reads and stores everything in queue, in batches that are a transaction each (batch.c). Versions
 * found in the first queue are put into the second. */
bool intake_take_queue(struct intake_stage *stage, struct entry_queue *queue, struct error *error);

#endif
