/* SPDX-License-Identifier: MIT */
#include "intake/dry_run.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "digest/digest.h"
#include "queue/queue.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

static bool copy_store(struct database *from, struct database *to, struct error *error)
{
    return database_copy_rows(from, "SELECT * FROM release ORDER BY row_id", to, "release",
                              error) &&
           database_copy_rows(from,
                              "SELECT release_revision.* FROM release_revision JOIN release"
                              " ON row_id = release_row_id"
                              " AND release.revision = release_revision.revision",
                              to, "release_revision", error) &&
           database_copy_rows(from, "SELECT * FROM intake_refusal", to, "intake_refusal", error) &&
           database_copy_rows(from, "SELECT * FROM intake_sketch", to, "intake_sketch", error) &&
           database_copy_rows(from, "SELECT * FROM intake_source", to, "intake_source", error) &&
           database_copy_rows(from, "SELECT * FROM intake_recovery", to, "intake_recovery",
                              error) &&
           database_copy_rows(from, "SELECT * FROM intake_picture", to, "intake_picture", error);
}

/* Copies what a run reads of releases. Mailings are left out, so that withdrawing a release in the
 * copy cancels none. */
static struct database *open_copy(struct database *store, struct error *error)
{
    static const struct database_settings memory = { .path = ":memory:", .state_directory = -1 };
    const struct database_schema *const schemas[] = { &release_schema, &queue_schema,
                                                      &digest_schema, &intake_schema };
    struct database *copy = database_open(&memory, error);
    if (!copy)
        return NULL;
    bool done = database_migrate(copy, schemas, sizeof schemas / sizeof schemas[0], error) &&
                database_begin_read(store, error);
    if (done) {
        struct transaction transaction = transaction_of(copy);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, copy_store(store, copy, error), error);
        database_end_read(store);
        done = transaction.is_done;
    }
    if (done)
        return copy;
    database_close(copy);
    return NULL;
}

/* ---- the result of each entry ---- */

static void observe(void *payload, const struct source_bundle *bundle)
{
    struct dry_run *dry_run = payload;
    struct arena *arena = &dry_run->stage.arena;
    size_t index = (size_t)(bundle->entry - dry_run->stage.scan.entries);
    struct dry_run_result *verdict = &dry_run->results[index];
    verdict->is_seen = true;
    if (bundle->release && bundle->release->title)
        verdict->title = arena_copy(arena, bundle->release->title);
    intake_problem_list_copy(&verdict->problems, &bundle->problems, arena);
}

/* ---- the run ---- */

static void queue(struct intake_stage *stage, struct drop_entry *entry)
{
    if (entry->is_queued)
        return;
    entry->is_queued = true;
    entry_queue_add(&stage->first, &stage->arena, entry);
}

static void queue_scope(struct dry_run *dry_run, const struct dry_run_scope *scope)
{
    struct intake_stage *stage = &dry_run->stage;
    struct drop_entry *named = scope->name ? dry_run_find(dry_run, scope->name) : NULL;
    if (named)
        queue(stage, named);
    if (!scope->all)
        return;
    stage->first.count = 0; /* by name, the order in which a run would read them if all were new */
    for (size_t i = 0; i < stage->scan.count; i++) {
        stage->scan.entries[i].is_queued = false;
        queue(stage, &stage->scan.entries[i]);
    }
}

bool dry_run_perform(struct dry_run *dry_run, const struct intake_checker *checker,
                     const struct dry_run_scope *scope, struct error *error)
{
    struct intake_stage *stage = &dry_run->stage;
    *dry_run = (struct dry_run){ .results = NULL };
    struct database *copy = open_copy(checker->database, error);
    if (!copy)
        return false;
    if (!intake_stage_init(stage, checker->settings, copy, checker->clock, checker->random,
                           error)) {
        database_close(copy);
        stage->database = NULL;
        return false;
    }
    stage->context.state_directory = -1;
    stage->observe = observe;
    stage->observer = dry_run;
    if (!intake_open_reader(stage, error) || !intake_scan(stage, error))
        return false;
    dry_run->results = arena_allocate_array(&stage->arena, stage->scan.count + 1,
                                            sizeof *dry_run->results);
    queue_scope(dry_run, scope);
    return intake_take_queue(stage, &stage->first, error) &&
           intake_take_queue(stage, &stage->second, error);
}

void dry_run_release(struct dry_run *dry_run)
{
    struct database *copy = dry_run->stage.database;
    if (!copy)
        return;
    intake_stage_release(&dry_run->stage);
    database_close(copy);
}

struct drop_entry *dry_run_find(struct dry_run *dry_run, const char *name)
{
    struct intake_stage *stage = &dry_run->stage;
    struct drop_entry *file = drop_directory_find(&stage->scan, name);
    for (size_t length = strlen(name); !file && length > 0; length--)
        if (name[length - 1] == '/' || name[length] == '\0')
            file = drop_directory_find(&stage->scan,
                                       arena_format(&stage->arena, "%.*s%s", (int)length, name,
                                                    name[length - 1] == '/' ? "" : "/"));
    return file;
}
