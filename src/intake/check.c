/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include "base/arena.h"
#include "base/error.h"
#include "intake/drop_directory.h"
#include "intake/effective.h"
#include "intake/identity.h"
#include "intake/loose.h"
#include "intake/rehearsal.h"
#include "release/release_store.h"

static int folder_files(const struct intake_settings *settings)
{
    return settings->folder_files_maximum ? settings->folder_files_maximum
                                          : INTAKE_FOLDER_FILES_DEFAULT;
}

/* What a version takes from its original. */
static bool inherit(struct database *database, struct release *release, int64_t original_number,
                    struct arena *arena, struct error *error)
{
    const struct release *original = release_load(database, arena, original_number, 0, error);
    if (!original)
        return false;
    release_inherit(release, original);
    return true;
}

/* ---- one file ---- */

/* A file that the rehearsal took: its release as it was stored there. */
static bool fill_taken(struct rehearsal *rehearsal, const struct drop_entry *entry,
                       struct release *release, struct arena *arena, struct error *error)
{
    struct database *copy = rehearsal->stage.database;
    bool failed = false;
    const struct release_row *row = release_find_by_path(copy, arena, entry->path, &failed, error);
    if (!row || !release)
        return !failed;
    if (!release->id)
        release->id = row->id;
    return row->original_number == row->number ||
           inherit(copy, release, row->original_number, arena, error);
}

/* A file that lies elsewhere: which release it would be, and what of it would not be done. */
static bool fill_elsewhere(struct rehearsal *rehearsal, struct intake_unit *unit,
                           struct arena *arena, struct error *error)
{
    struct identity identity;
    struct release_row row = { 0 };
    struct database *copy = rehearsal->stage.database;
    if (!unit->release || unit->problems.refused)
        return true;
    if (!identity_find(copy, &rehearsal->stage.context, unit, false, &identity, error))
        return false;
    if (unit->problems.refused)
        return true;
    if (identity.row)
        row = *identity.row;
    struct effective_input input = { .release = unit->release,
                                     .row = identity.row,
                                     .original = identity.original,
                                     .now_at = rehearsal->stage.context.now_at,
                                     .problems = &unit->problems };
    effective_fill(arena, &input, &row);
    if (identity.row && !unit->release->id)
        unit->release->id = identity.row->id;
    return !identity.original ||
           inherit(copy, unit->release, identity.original->number, arena, error);
}

static bool check_unit(struct rehearsal *rehearsal, const struct intake_place *place,
                       const struct drop_entry *entry, struct arena *arena,
                       struct intake_check *check, struct error *error)
{
    struct intake_stage *stage = &rehearsal->stage;
    struct unit_context context = stage->context;
    struct rehearsal_verdict *verdict = NULL;
    struct intake_unit unit;
    context.directory = place->directory;
    if (!place->is_drop_directory)
        context.look = NULL;
    if (!unit_read(&context, entry, arena, &unit, error))
        return false;
    if (place->is_drop_directory && rehearsal_find(rehearsal, entry->path))
        verdict =
            &rehearsal->verdicts[rehearsal_find(rehearsal, entry->path) - stage->look.entries];
    if (!verdict || !verdict->is_seen) {
        if (!place->is_drop_directory && !fill_elsewhere(rehearsal, &unit, arena, error))
            return false;
    } else {
        intake_problem_list_copy(&unit.problems, &verdict->problems, arena);
        if (!unit.problems.refused && !fill_taken(rehearsal, entry, unit.release, arena, error))
            return false;
    }
    *check = (struct intake_check){ .name = entry->path,
                                    .title = unit.release ? unit.release->title : NULL,
                                    .release = unit.release,
                                    .folder = entry->folder,
                                    .problems = unit.problems };
    return true;
}

static void tell_not_there(const struct intake_settings *settings, const char *name,
                           struct arena *arena, struct intake_check *check)
{
    *check = (struct intake_check){ .name = name, .folder = "" };
    intake_problem_list_init(&check->problems, arena, settings->language, name);
    intake_problem_add(&check->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_NOT_THERE, NULL, NULL);
}

bool intake_check_file(const struct intake_checker *checker, const struct intake_place *place,
                       struct arena *arena, struct intake_check *check, struct error *error)
{
    const struct intake_settings *settings = checker->settings;
    struct rehearsal_scope scope = { .name = place->is_drop_directory ? place->name : NULL };
    struct rehearsal rehearsal;
    struct drop_entry entry;
    bool done = rehearsal_run(&rehearsal, checker, &scope, error);
    const struct drop_entry *known = done && scope.name ? rehearsal_find(&rehearsal, scope.name)
                                                        : NULL;
    const char *name = known ? arena_copy(arena, known->path) : place->name;
    if (done && drop_entry_look(place->directory, name, folder_files(settings), arena, &entry))
        done = check_unit(&rehearsal, place, &entry, arena, check, error);
    else if (done)
        tell_not_there(settings, place->name, arena, check);
    rehearsal_release(&rehearsal);
    return done;
}

/* ---- all of them ---- */

/* Those that can be read, or those with trouble. */
static bool visit_entries(const struct rehearsal *rehearsal, bool has_trouble,
                          intake_check_visit *visit, void *payload, struct error *error)
{
    const struct drop_directory *look = &rehearsal->stage.look;
    bool done = true;
    for (size_t i = 0; done && i < look->count; i++) {
        const struct rehearsal_verdict *verdict = &rehearsal->verdicts[i];
        if (!verdict->is_seen || look->entries[i].has_trouble != has_trouble)
            continue;
        struct intake_check check = { .name = look->entries[i].path,
                                      .title = verdict->title,
                                      .folder = look->entries[i].folder,
                                      .problems = verdict->problems };
        done = visit(payload, &check, error);
    }
    return done;
}

/* Loose files that no text names. */
static bool visit_loose(struct rehearsal *rehearsal, intake_check_visit *visit, void *payload,
                        struct error *error)
{
    struct intake_stage *stage = &rehearsal->stage;
    const char **names;
    bool done = true;
    size_t count = loose_find(stage->settings, &stage->look, &stage->named, &stage->arena, &names);
    for (size_t i = 0; done && i < count; i++) {
        struct intake_check check = { .name = names[i], .folder = "" };
        intake_problem_list_init(&check.problems, &stage->arena, stage->settings->language,
                                 names[i]);
        intake_problem_add(&check.problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_LOOSE, NULL, NULL);
        done = visit(payload, &check, error);
    }
    return done;
}

bool intake_check_all(const struct intake_checker *checker, intake_check_visit *visit,
                      void *payload, struct error *error)
{
    static const struct rehearsal_scope all = { .all = true };
    struct rehearsal rehearsal;
    bool done = rehearsal_run(&rehearsal, checker, &all, error) &&
                visit_entries(&rehearsal, false, visit, payload, error) &&
                visit_entries(&rehearsal, true, visit, payload, error) &&
                visit_loose(&rehearsal, visit, payload, error);
    rehearsal_release(&rehearsal);
    return done;
}
