/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_RUN_H
#define INTAKE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/drop_directory.h"
#include "intake/intake.h"
#include "intake/source_bundle.h"

struct clock;
struct database;
struct document_reader;
struct error;
struct random;
struct refusal;
struct spelling;
struct zone;

/* Inside intake/ only: one run over the drop directory, as its parts (intake.c, comparison.c,
 * batch.c) share it. */

struct entry_queue {
    struct drop_entry **entries;
    size_t count;
    size_t capacity;
};

struct vanished {
    int64_t row_id;
    const char *path;
    bool is_closed; /* it lies in a container that cannot be read, so it need not be gone */
};

/* In a dry run, called with each bundle that was taken or refused, instead of the log and the
 * notes. The bundle lives for the call. */
typedef void intake_observe(void *payload, const struct source_bundle *bundle);

struct intake_stage {
    const struct intake_settings *settings;
    struct database *database;
    const struct clock *clock;
    struct random *random;
    struct intake_counts counts;
    struct arena arena; /* of the whole run */
    struct drop_directory scan;
    struct zone *zone;
    struct source_bundle_context context;
    struct refusal *refusals;
    size_t refusal_count;
    int64_t last_row_id;       /* releases with higher ones came in this run */
    struct entry_queue first;  /* to be read: originals, and what is not known yet */
    struct entry_queue second; /* then: versions, and what depends on the others */
    struct vanished *vanished;
    size_t vanished_count;
    size_t vanished_capacity;
    struct string_builder named; /* paths of assets that single texts name, each "\npath\n" */
    bool has_reports;            /* something is said of some file, so of any it must be asked */
    struct spelling *spelling;   /* ours; NULL until a text is proof-read */
    struct document_reader *documents; /* ours; NULL until a PDF is looked into */
    intake_observe *observe;           /* NULL: no dry run */
    void *observer;
};

/* settings and the rest are borrowed. False where the time zone cannot be opened. */
bool intake_stage_init(struct intake_stage *stage, const struct intake_settings *settings,
                       struct database *database, const struct clock *clock, struct random *random,
                       struct error *error);
void intake_stage_release(struct intake_stage *stage);

/* Scans the drop directory, recovers a new store, compares, and marks what has vanished before
 * anything is read, so that its content is recognised under a new name (intake.c). */
bool intake_scan(struct intake_stage *stage, struct error *error);

/* Before the first text is read. Without the reader or the words of embargoes no text may be read,
 * and all that waits is held (intake.c). */
bool intake_open_reader(const struct intake_stage *stage, struct error *error);

void entry_queue_add(struct entry_queue *queue, struct arena *arena, struct drop_entry *entry);

/* Whether it is a single text with a format of its own (Word). */
bool entry_is_rich(const struct drop_entry *entry);

/* Whether a single text names it: a document, also one that could be a text itself (Word), or a
 * folder of pictures, is then no release. named as in struct intake_stage. */
bool entry_is_named(const struct drop_entry *entry, const struct string_builder *named);

/* Adds the assets that a stat fingerprint lists (NULL: none). */
void entry_add_named(struct string_builder *named, const char *stat_fingerprint);

/* Compares the scan with what the store knows: fills the first queue and the vanished ones
 * (comparison.c). */
bool intake_compare(struct intake_stage *stage, struct error *error);

/* Reads and stores everything in queue, in batches that are a transaction each (batch.c). Versions
 * found in the first queue are put into the second. */
bool intake_take_queue(struct intake_stage *stage, struct entry_queue *queue, struct error *error);

#endif
