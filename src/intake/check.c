/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "intake/drop_directory.h"
#include "intake/dry_run.h"
#include "intake/effective.h"
#include "intake/identity.h"
#include "intake/orphan.h"
#include "release/release_store.h"

#include <stdlib.h>

/* Fills in what a version takes from its original. */
static bool inherit(struct database *database, struct release *release, int64_t original_row_id,
                    struct arena *arena, struct error *error)
{
    const struct release *original = release_load(database, arena, original_row_id, 0, error);
    if (!original)
        return false;
    release_inherit(release, original);
    return true;
}

/* ---- one file ---- */

/* A file that the dry run accepted: fills in its release as the dry run stored it. */
static bool fill_taken(struct dry_run *dry_run, const struct drop_entry *entry,
                       struct release *release, struct arena *arena, struct error *error)
{
    struct database *copy = dry_run->stage.database;
    bool failed = false;
    const struct release_row *row = release_find_by_path(copy, arena, entry->path, &failed, error);
    if (!row || !release)
        return !failed;
    if (!release->public_id)
        release->public_id = row->public_id;
    /* Where it lies says so, too. */
    release->status = row->status;
    return row->original_row_id == row->row_id ||
           inherit(copy, release, row->original_row_id, arena, error);
}

/* A file outside the drop directory: finds out which release it would be and what of it would be
 * ignored. */
static bool fill_elsewhere(struct dry_run *dry_run, struct source_bundle *bundle,
                           struct arena *arena, struct error *error)
{
    struct identity identity;
    struct release_row row = { 0 };
    struct database *copy = dry_run->stage.database;
    if (!bundle->release || bundle->problems.refused)
        return true;
    if (!identity_find(copy, &dry_run->stage.context, bundle, false, &identity, error))
        return false;
    if (bundle->problems.refused)
        return true;
    if (identity.row)
        row = *identity.row;
    struct effective_input input = { .release = bundle->release,
                                     .row = identity.row,
                                     .original = identity.original,
                                     .now_at = dry_run->stage.context.now_at,
                                     .problems = &bundle->problems };
    effective_fill(arena, &input, &row);
    if (identity.row && !bundle->release->public_id)
        bundle->release->public_id = identity.row->public_id;
    return !identity.original ||
           inherit(copy, bundle->release, identity.original->row_id, arena, error);
}

static bool check_bundle(struct dry_run *dry_run, const struct intake_place *place,
                         const struct drop_entry *entry, struct arena *arena,
                         struct intake_check *check, struct error *error)
{
    struct intake_stage *stage = &dry_run->stage;
    struct source_bundle_context context = stage->context;
    struct dry_run_result *verdict = NULL;
    struct source_bundle bundle;
    context.directory = place->directory;
    if (!place->is_drop_directory)
        context.scan = NULL;
    if (!source_bundle_read(&context, entry, arena, &bundle, error))
        return false;
    if (place->is_drop_directory && dry_run_find(dry_run, entry->path))
        verdict = &dry_run->results[dry_run_find(dry_run, entry->path) - stage->scan.entries];
    if (!verdict || !verdict->is_seen) {
        if (!place->is_drop_directory && !fill_elsewhere(dry_run, &bundle, arena, error))
            return false;
    } else {
        intake_problem_list_copy(&bundle.problems, &verdict->problems, arena);
        if (!bundle.problems.refused && !fill_taken(dry_run, entry, bundle.release, arena, error))
            return false;
    }
    *check = (struct intake_check){ .name = entry->path,
                                    .title = bundle.release ? bundle.release->title : NULL,
                                    .release = bundle.release,
                                    .folder = entry->folder,
                                    .parts = bundle.parts,
                                    .problems = bundle.problems };
    return true;
}

static void report_not_there(const char *name, struct arena *arena, struct intake_check *check)
{
    *check = (struct intake_check){ .name = name, .folder = "" };
    intake_problem_list_init(&check->problems, arena, name);
    intake_problem_add(&check->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_NOT_THERE, NULL, NULL);
}

bool intake_check_file(const struct intake_checker *checker, const struct intake_place *place,
                       struct arena *arena, struct intake_check *check, struct error *error)
{
    const struct intake_settings *settings = checker->settings;
    struct dry_run_scope scope = { .name = place->is_drop_directory ? place->name : NULL };
    struct dry_run dry_run;
    struct drop_entry entry;
    bool done = dry_run_perform(&dry_run, checker, &scope, error);
    const struct drop_entry *known = done && scope.name ? dry_run_find(&dry_run, scope.name) : NULL;
    const char *name = known ? arena_copy(arena, known->path) : place->name;
    if (done && drop_entry_scan(place->directory, name, settings, arena, &entry))
        done = check_bundle(&dry_run, place, &entry, arena, check, error);
    else if (done)
        report_not_there(place->name, arena, check);
    dry_run_release(&dry_run);
    return done;
}

/* ---- all of them ---- */

/* The order in which the results are given. */
enum check_part { PART_TEXTS, PART_TROUBLED, PART_ORPHANS };

struct intake_check_cursor {
    struct dry_run dry_run;
    enum check_part part;
    size_t next; /* within the part */
    const char **orphans;
    size_t orphan_count;
};

struct intake_check_cursor *intake_check_open(const struct intake_checker *checker,
                                              struct error *error)
{
    static const struct dry_run_scope all = { .all = true };
    struct intake_check_cursor *cursor = memory_allocate(sizeof *cursor);
    *cursor = (struct intake_check_cursor){ .part = PART_TEXTS };
    if (dry_run_perform(&cursor->dry_run, checker, &all, error)) {
        struct intake_stage *stage = &cursor->dry_run.stage;
        cursor->orphan_count = orphan_find(stage->settings, &stage->scan, &stage->named,
                                           &stage->arena, &cursor->orphans);
        return cursor;
    }
    intake_check_close(cursor);
    return NULL;
}

/* The next entry that is a text, or with has_trouble the next that cannot be one. */
static bool next_entry(struct intake_check_cursor *cursor, bool has_trouble,
                       struct intake_check *check)
{
    const struct drop_directory *scan = &cursor->dry_run.stage.scan;
    while (cursor->next < scan->count) {
        const struct drop_entry *entry = &scan->entries[cursor->next];
        const struct dry_run_result *result = &cursor->dry_run.results[cursor->next++];
        if (!result->is_seen || entry->has_trouble != has_trouble)
            continue;
        *check = (struct intake_check){ .name = entry->path,
                                        .title = result->title,
                                        .folder = entry->folder,
                                        .problems = result->problems };
        return true;
    }
    return false;
}

static bool next_orphan(struct intake_check_cursor *cursor, struct intake_check *check)
{
    struct intake_stage *stage = &cursor->dry_run.stage;
    if (cursor->next == cursor->orphan_count)
        return false;
    *check = (struct intake_check){ .name = cursor->orphans[cursor->next++], .folder = "" };
    intake_problem_list_init(&check->problems, &stage->arena, check->name);
    intake_problem_add(&check->problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_ORPHAN, NULL, NULL);
    return true;
}

bool intake_check_next(struct intake_check_cursor *cursor, struct intake_check *check)
{
    for (; cursor->part < PART_ORPHANS; cursor->part++, cursor->next = 0)
        if (next_entry(cursor, cursor->part == PART_TROUBLED, check))
            return true;
    return next_orphan(cursor, check);
}

void intake_check_close(struct intake_check_cursor *cursor)
{
    if (!cursor)
        return;
    dry_run_release(&cursor->dry_run);
    free(cursor);
}
