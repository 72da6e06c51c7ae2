/* SPDX-License-Identifier: MIT */
#include "publish/present.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "publish/manifest.h"
#include "publish/picture_record.h"
#include "publish/publish.h"
#include "publish/release_output.h"
#include "publish/rows_ahead.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"

#include <string.h>

/* ---- versions ---- */

struct versions {
    struct presentation_version *list;
    size_t count;
    size_t capacity;
};

static void version_add(struct versions *versions, struct arena *arena,
                        const struct presentation_version *version)
{
    ARRAY_GROW_IN(arena, versions->list, versions->count, versions->capacity);
    versions->list[versions->count++] = *version;
}

/* The first planned version of an original, by halving: planned is ordered by original. */
static size_t planned_first(const struct planned_version *planned, size_t count, int64_t original)
{
    size_t first = 0;
    while (count) {
        size_t half = count / 2;
        if (planned[first + half].original_row_id < original) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

static bool is_planned(const struct planned_version *planned, size_t count, int64_t row_id)
{
    for (size_t i = 0; i < count; i++)
        if (planned[i].version.row_id == row_id)
            return true;
    return false;
}

bool present_versions(struct presentation *shown, struct database *database,
                      const struct planned_version *planned, size_t planned_count,
                      struct error *error)
{
    struct arena *arena = shown->arena;
    struct versions versions = { 0 };
    const struct planned_version *group = NULL; /* the planned ones of this original */
    size_t count = 0;
    if (planned) {
        size_t first = planned_first(planned, planned_count, shown->original_row_id);
        group = planned + first;
        while (first + count < planned_count &&
               group[count].original_row_id == shown->original_row_id)
            count++;
    }
    struct statement *statement = database_prepare(
        database,
        /* From the cards and not from the releases, because a card is there exactly when the page
         * stands, or will stand before the list that asks does: a link to a version that is not
         * public yet would give its title away. */
        "SELECT row_id, language, title, path FROM publish_card"
        " WHERE original_row_id = $1 AND is_withdrawn = 0 ORDER BY row_id",
        error);
    statement_bind_integer(statement, 1, shown->original_row_id);
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW) {
        struct presentation_version version = { .row_id = statement_integer(statement, 0) };
        /* The card is the old one: what the batch is about to store of this version wins. */
        if (is_planned(group, count, version.row_id))
            continue;
        version.language = statement_copy_text(statement, 1, arena);
        version.title = statement_copy_text(statement, 2, arena);
        version.path = statement_copy_text(statement, 3, arena);
        version_add(&versions, arena, &version);
    }
    if (result != STATEMENT_DONE)
        return false;
    for (size_t i = 0; i < count; i++)
        /* One that this batch withdraws, or does not publish, is linked to by nobody any more. */
        if (group[i].is_shown)
            version_add(&versions, arena, &group[i].version);
    presentation_set_versions(shown, versions.list, versions.count);
    return true;
}

/* ---- a release as it stands ---- */

/* Fills what the record knows of the picture. What an earlier recipe made may stand in the folder
 * of one release and not in another's. */
static bool picture_find(const struct presentation *shown, const struct picture_records *records,
                         struct database *database, struct presentation_file *picture,
                         struct error *error)
{
    struct picture_record record;
    struct hash key;
    bool stands = true;
    picture_key(picture->asset, &key);
    if (!picture_records_find(records, &key, &record, error))
        return false;
    /* Only then is the manifest asked, because what the present recipe made stands in every folder
     * that names the picture. */
    if (record.recipe && (record.recipe != PICTURE_RECIPE || record.failed_recipe) &&
        !manifest_has(database, release_output_owner(shown->arena, shown->row_id),
                      picture->full.path, &stands, error))
        return false;
    picture->is_unreadable = !record.recipe || !stands;
    if (!picture->is_unreadable)
        presentation_measure(shown, picture, record.renditions);
    return true;
}

/* records may be NULL: those of the database. */
static bool files_find(struct presentation *shown, struct database *database,
                       const struct picture_records *records, struct error *error)
{
    if (!records)
        records = picture_records_new(shown->arena, database);
    /* Nothing of a withdrawn one stands but its notice. */
    if (shown->is_withdrawn)
        return true;
    presentation_name_files(shown, release_output_is_named);
    for (size_t i = 0; i < shown->file_count; i++)
        if (shown->files[i].is_picture &&
            !picture_find(shown, records, database, &shown->files[i], error))
            return false;
    return true;
}

static const struct release_row *find_open(struct database *database, struct arena *arena,
                                           int64_t row_id, bool *failed, struct error *error)
{
    struct release_row *row = release_find_by_row_id(database, arena, row_id, failed, error);
    if (row && !*failed)
        *failed = !release_row_show_open(database, row, error);
    return row;
}

const struct presentation *present_load(struct arena *arena, const struct site *site,
                                        int64_t row_id, bool *failed, struct error *error)
{
    const struct release_row *row = rows_ahead_find(site->ahead, row_id);
    *failed = false;
    if (!row)
        row = find_open(site->database, arena, row_id, failed, error);
    /* Checked again, because a list or feed must show nothing that is not public, whatever named
     * it. */
    if (*failed || !row || row->public_at == INSTANT_NONE)
        return NULL;
    /* The public revision, because a newer one may be under an embargo of its own. */
    int64_t revision = row->public_revision ? row->public_revision : row->revision;
    const struct release *release = release_load(site->database, arena, row_id, revision, error);
    if (!release && error->kind == ERROR_INPUT) { /* its page was written when it could be read */
        log_line(LOG_ERROR, "release %s: %s; left out of feeds and front pages", row->public_id,
                 error->message);
        return NULL;
    }
    /* Set until all is there, so that every return in between counts as a failure. */
    *failed = true;
    if (!release)
        return NULL;
    struct presentation *shown = arena_allocate(arena, sizeof *shown);
    presentation_init(shown, arena, &site->presentation, row, release);
    const struct picture_records *pictures = site->ahead ? site->ahead->pictures : NULL;
    bool has_text = presentation_has_text(shown, row);
    if (has_text && (!files_find(shown, site->database, pictures, error) ||
                     !present_versions(shown, site->database, NULL, 0, error)))
        return NULL;
    *failed = false;
    return has_text ? shown : NULL;
}

const struct presentation *publish_present(struct database *database, struct arena *arena,
                                           const struct publish_settings *settings,
                                           const struct release_row *row, int64_t revision,
                                           struct error *error)
{
    const struct release *release = release_load(database, arena, row->row_id, revision, error);
    if (!release)
        return NULL;
    struct presentation_settings *own = arena_allocate(arena, sizeof *own);
    struct presentation *shown = arena_allocate(arena, sizeof *shown);
    *own = site_presentation(arena, settings);
    presentation_init(shown, arena, own, row, release);
    return files_find(shown, database, NULL, error) ? shown : NULL;
}
