/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "intake/drop_directory.h"
#include "intake/effective.h"
#include "intake/identity.h"
#include "intake/loose.h"
#include "intake/run.h"
#include "locale/zone.h"
#include "release/release_store.h"

static int folder_files(const struct intake_settings *settings)
{
    return settings->folder_files_maximum ? settings->folder_files_maximum
                                          : INTAKE_FOLDER_FILES_DEFAULT;
}

struct checking {
    struct unit_context context;
    struct database *database; /* NULL: none */
    struct text named;         /* as in struct intake_stage */
};

/* What the store has to say of it: which release it is, what of it would not be done, and what a
 * version inherits. */
static bool check_identity(const struct checking *checking, struct intake_unit *unit,
                           struct arena *arena, struct error *error)
{
    struct identity identity;
    struct release_row row = { 0 };
    bool is_in_place = checking->context.look != NULL;
    if (!identity_find(checking->database, &checking->context, unit, is_in_place, &identity, error))
        return false;
    if (unit->problems.refused)
        return true;
    if (identity.row)
        row = *identity.row;
    struct effective_input input = { .release = unit->release,
                                     .row = identity.row,
                                     .original = identity.original,
                                     .problems = &unit->problems };
    effective_fill(arena, &input, &row);
    if (identity.row && !unit->release->id)
        unit->release->id = identity.row->id;
    if (!identity.original)
        return true;
    const struct release *original = release_load(checking->database, arena,
                                                  identity.original->number, 0, error);
    if (!original)
        return false;
    release_inherit(unit->release, original);
    return true;
}

static bool check_entry(struct checking *checking, const struct drop_entry *entry,
                        struct arena *arena, struct intake_check *check, struct error *error)
{
    struct intake_unit unit;
    if (!unit_read(&checking->context, entry, arena, &unit, error))
        return false;
    entry_add_named(&checking->named, unit.stamp);
    if (checking->database && unit.release && !unit.problems.refused &&
        !check_identity(checking, &unit, arena, error))
        return false;
    *check = (struct intake_check){ .name = entry->path,
                                    .release = unit.release,
                                    .folder = entry->folder,
                                    .problems = unit.problems };
    return true;
}

static struct checking begin(const struct intake_settings *settings, struct database *database,
                             const struct zone *zone, int directory)
{
    struct checking checking = { .context = { .settings = settings,
                                              .zone = zone,
                                              .directory = directory,
                                              .state_directory = -1 },
                                 .database = database };
    text_init(&checking.named, 0);
    return checking;
}

bool intake_check_file(const struct intake_settings *settings, struct database *database,
                       const struct intake_place *place, struct arena *arena,
                       struct intake_check *check, struct error *error)
{
    struct drop_directory look = { 0 };
    struct drop_entry entry;
    bool done = true;
    struct zone *zone = zone_open(settings->timezone, error);
    if (!zone)
        return false;
    struct checking checking = begin(settings, database, zone, place->directory);
    if (place->is_drop_directory) {
        done = drop_directory_look(place->directory, folder_files(settings), arena, &look, error);
        checking.context.look = &look;
    }
    if (done &&
        drop_entry_look(place->directory, place->name, folder_files(settings), arena, &entry)) {
        const struct drop_entry *seen = drop_directory_find(&look, place->name);
        entry.stray_sidecar = seen ? seen->stray_sidecar : NULL;
        done = check_entry(&checking, &entry, arena, check, error);
    } else if (done) {
        *check = (struct intake_check){ .name = place->name, .folder = "" };
        intake_problem_list_init(&check->problems, arena, settings->language, place->name);
        intake_problem_add(&check->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_NOT_THERE, NULL,
                           NULL);
    }
    text_release(&checking.named);
    zone_close(zone);
    return done;
}

/* One pass: entries that can be read, or those with trouble, which may be a part of another. */
static bool check_pass(struct checking *checking, bool has_trouble, intake_check_visit *visit,
                       void *payload, struct error *error)
{
    const struct drop_directory *look = checking->context.look;
    bool done = true;
    for (size_t i = 0; done && i < look->count; i++) {
        const struct drop_entry *entry = &look->entries[i];
        struct arena own = { 0 };
        struct intake_check check;
        if (entry->has_trouble == has_trouble && !entry_is_named(entry, &checking->named))
            done = check_entry(checking, entry, &own, &check, error) &&
                   visit(payload, &check, error);
        arena_release(&own);
    }
    return done;
}

/* Loose files that no text names. */
static bool check_loose(struct checking *checking, struct arena *arena, intake_check_visit *visit,
                        void *payload, struct error *error)
{
    const struct intake_settings *settings = checking->context.settings;
    const char **names;
    bool done = true;
    size_t count = loose_find(settings, checking->context.look, &checking->named, arena, &names);
    for (size_t i = 0; done && i < count; i++) {
        struct intake_check check = { .name = names[i], .folder = "" };
        intake_problem_list_init(&check.problems, arena, settings->language, names[i]);
        intake_problem_add(&check.problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_LOOSE, NULL, NULL);
        done = visit(payload, &check, error);
    }
    return done;
}

bool intake_check_all(const struct intake_settings *settings, struct database *database,
                      intake_check_visit *visit, void *payload, struct error *error)
{
    struct arena arena = { 0 };
    struct drop_directory look;
    struct zone *zone = zone_open(settings->timezone, error);
    if (!zone)
        return false;
    struct checking checking = begin(settings, database, zone, settings->releases_directory);
    checking.context.look = &look;
    bool done = drop_directory_look(settings->releases_directory, folder_files(settings), &arena,
                                    &look, error) &&
                check_pass(&checking, false, visit, payload, error) &&
                check_pass(&checking, true, visit, payload, error) &&
                check_loose(&checking, &arena, visit, payload, error);
    text_release(&checking.named);
    arena_release(&arena);
    zone_close(zone);
    return done;
}
