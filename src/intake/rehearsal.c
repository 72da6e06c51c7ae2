/* SPDX-License-Identifier: MIT */
#include "intake/rehearsal.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/queue.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

static bool copy_store(struct database *from, struct database *to, struct error *error)
{
    return database_copy_rows(from, "SELECT * FROM release ORDER BY number", to, "release",
                              error) &&
           database_copy_rows(from,
                              "SELECT release_revision.* FROM release_revision JOIN release"
                              " ON number = release_number"
                              " AND release.revision = release_revision.revision",
                              to, "release_revision", error) &&
           database_copy_rows(from, "SELECT * FROM intake_refusal", to, "intake_refusal", error) &&
           database_copy_rows(from, "SELECT * FROM intake_sketch", to, "intake_sketch", error) &&
           database_copy_rows(from, "SELECT * FROM intake_source", to, "intake_source", error) &&
           database_copy_rows(from, "SELECT * FROM intake_adoption", to, "intake_adoption",
                              error) &&
           database_copy_rows(from, "SELECT * FROM intake_picture", to, "intake_picture", error);
}

/* All that a run looks at of the releases; no mailings, so that withdrawing one cancels none. */
static struct database *open_copy(struct database *store, struct error *error)
{
    static const struct database_settings memory = { .path = ":memory:", .state_directory = -1 };
    const struct database_schema *const schemas[] = { &release_schema, &queue_schema,
                                                      &intake_schema };
    struct database *copy = database_open(&memory, error);
    if (!copy)
        return NULL;
    bool done = database_migrate(copy, schemas, sizeof schemas / sizeof schemas[0], error) &&
                database_begin_read(store, error);
    if (done) {
        done = database_begin(copy, error) &&
               database_end(copy, copy_store(store, copy, error), error);
        database_rollback(store);
    }
    if (done)
        return copy;
    database_close(copy);
    return NULL;
}

/* ---- what became of each ---- */

static void observe(void *payload, const struct intake_unit *unit)
{
    struct rehearsal *rehearsal = payload;
    struct arena *arena = &rehearsal->stage.arena;
    size_t index = (size_t)(unit->entry - rehearsal->stage.look.entries);
    struct rehearsal_verdict *verdict = &rehearsal->verdicts[index];
    verdict->is_seen = true;
    if (unit->release && unit->release->title)
        verdict->title = arena_copy(arena, unit->release->title);
    intake_problem_list_copy(&verdict->problems, &unit->problems, arena);
}

/* ---- the run ---- */

static void queue(struct intake_stage *stage, struct drop_entry *entry)
{
    if (entry->is_queued)
        return;
    entry->is_queued = true;
    entry_queue_add(&stage->first, &stage->arena, entry);
}

static void queue_scope(struct rehearsal *rehearsal, const struct rehearsal_scope *scope)
{
    struct intake_stage *stage = &rehearsal->stage;
    struct drop_entry *named = scope->name ? rehearsal_find(rehearsal, scope->name) : NULL;
    if (named)
        queue(stage, named);
    if (!scope->all)
        return;
    stage->first.count = 0; /* in the order of their names, as when all is new */
    for (size_t i = 0; i < stage->look.count; i++) {
        stage->look.entries[i].is_queued = false;
        queue(stage, &stage->look.entries[i]);
    }
}

bool rehearsal_run(struct rehearsal *rehearsal, const struct intake_checker *checker,
                   const struct rehearsal_scope *scope, struct error *error)
{
    struct intake_stage *stage = &rehearsal->stage;
    *rehearsal = (struct rehearsal){ .verdicts = NULL };
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
    stage->observer = rehearsal;
    if (!intake_open_reader(stage, error) || !intake_look(stage, error))
        return false;
    rehearsal->verdicts = arena_allocate_array(&stage->arena, stage->look.count + 1,
                                               sizeof *rehearsal->verdicts);
    queue_scope(rehearsal, scope);
    return intake_take_queue(stage, &stage->first, error) &&
           intake_take_queue(stage, &stage->second, error);
}

void rehearsal_release(struct rehearsal *rehearsal)
{
    struct database *copy = rehearsal->stage.database;
    if (!copy)
        return;
    intake_stage_release(&rehearsal->stage);
    database_close(copy);
}

struct drop_entry *rehearsal_find(struct rehearsal *rehearsal, const char *name)
{
    struct intake_stage *stage = &rehearsal->stage;
    size_t length = strcspn(name, "/");
    struct drop_entry *file = drop_directory_find(&stage->look, name);
    return file ? file
                : drop_directory_find(&stage->look,
                                      arena_format(&stage->arena, "%.*s/", (int)length, name));
}
