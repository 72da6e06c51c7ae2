/* SPDX-License-Identifier: MIT */
#include "intake/run.h"

#include "base/arena.h"
#include "base/array.h"
#include "intake/debounce.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "intake/refusal.h"
#include "release/release_store.h"

#include <string.h>

void entry_queue_add(struct entry_queue *queue, struct arena *arena, struct drop_entry *entry)
{
    ARRAY_GROW_IN(arena, queue->entries, queue->count, queue->capacity);
    queue->entries[queue->count++] = entry;
}

bool entry_is_rich(const struct drop_entry *entry)
{
    const struct intake_format *format = *entry->folder || entry->has_trouble
                                             ? NULL
                                             : intake_format_of(entry->path);
    return format && format->is_rich;
}

static bool may_be_part(const struct drop_entry *entry)
{
    return entry->has_trouble ? entry->trouble == INTAKE_MESSAGE_FOLDER_NO_TEXT ||
                                    entry->trouble == INTAKE_MESSAGE_FORMAT_UNREAD ||
                                    entry->trouble == INTAKE_MESSAGE_FORMAT_NONE
                              : entry_is_rich(entry);
}

bool entry_is_named(const struct drop_entry *entry, const struct string_builder *named)
{
    if (!may_be_part(entry))
        return false;
    struct arena arena = { 0 };
    const char *end = *entry->folder ? "" : "\n";
    bool is_named = strstr(named->data, arena_format(&arena, "\n%s%s", entry->path, end)) != NULL;
    arena_release(&arena);
    return is_named;
}

void entry_add_named(struct string_builder *named, const char *stat_fingerprint)
{
    const char *assets = stat_fingerprint ? strchr(stat_fingerprint, '\n') : NULL;
    if (assets)
        string_builder_append_format(named, "%s\n", assets);
}

/* The store's paths and the scan's entries, both in byte order, walked side by side. */
struct comparison {
    struct intake_stage *stage;
    size_t next; /* first entry not dealt with */
    struct entry_queue retried;
};

static bool is_closed(const struct drop_directory *scan, const char *path)
{
    for (size_t i = 0; i < scan->closed_count; i++)
        if (strncmp(path, scan->closed[i], strlen(scan->closed[i])) == 0)
            return true;
    return false;
}

static void add_vanished(struct intake_stage *stage, const struct release_path *path)
{
    ARRAY_GROW_IN(&stage->arena, stage->vanished, stage->vanished_count, stage->vanished_capacity);
    stage->vanished[stage->vanished_count++] = (struct vanished){
        .row_id = path->row_id,
        .path = arena_copy(&stage->arena, path->path),
        .is_closed = is_closed(&stage->scan, path->path),
    };
}

/* How long a new folder may be empty before that is reported: whoever makes one fills it next. */
enum { EMPTY_FOLDER_MINUTES = 10 };

/* Whether it is a new folder whose files have not been put in yet. */
static bool is_being_made(const struct intake_stage *stage, const struct drop_entry *entry)
{
    return entry->emptied_ns && debounce_is_within(stage->settings, entry->emptied_ns,
                                                   (int64_t)EMPTY_FOLDER_MINUTES * 60 * 1000);
}

/* Handles an entry that has not changed since it was refused. */
static void pass_refused(struct comparison *comparison, struct drop_entry *entry,
                         const struct refusal *refusal)
{
    struct intake_stage *stage = comparison->stage;
    if (refusal->is_retried)
        entry_queue_add(&comparison->retried, &stage->arena, entry);
    else if (!entry->has_note) /* its note was deleted: read it again so that the note is written
                                  anew */
        entry_queue_add(&stage->first, &stage->arena, entry);
    else
        stage->counts.still_refused++;
}

/* Queues the entry if its stat fingerprint has changed; a refusal's fingerprint counts before that
 * of the stored release, being newer. */
static void compare_entry(struct comparison *comparison, struct drop_entry *entry,
                          const struct release_path *path)
{
    struct intake_stage *stage = comparison->stage;
    const struct refusal *refusal = refusal_find(stage->refusals, stage->refusal_count,
                                                 entry->path);
    if (!path && !refusal && is_being_made(stage, entry))
        return;
    const char *stat_fingerprint = refusal                     ? refusal->stat_fingerprint
                                   : path && !path->is_missing ? path->stat_fingerprint
                                                               : NULL;
    if (path)
        entry_add_named(&stage->named, path->stat_fingerprint);
    if (refusal)
        entry_add_named(&stage->named, refusal->stat_fingerprint);
    if (!stat_fingerprint || !drop_entry_has_stat_fingerprint(stage->settings->releases_directory,
                                                              entry, stat_fingerprint))
        entry_queue_add(&stage->first, &stage->arena, entry);
    else if (refusal)
        pass_refused(comparison, entry, refusal);
    else
        stage->counts.unchanged++;
}

static void compare_path(struct comparison *comparison, const struct release_path *path)
{
    struct drop_directory *scan = &comparison->stage->scan;
    while (comparison->next < scan->count &&
           strcmp(scan->entries[comparison->next].path, path->path) < 0)
        compare_entry(comparison, &scan->entries[comparison->next++], NULL);
    if (comparison->next < scan->count &&
        strcmp(scan->entries[comparison->next].path, path->path) == 0)
        compare_entry(comparison, &scan->entries[comparison->next++], path);
    else if (!path->is_missing)
        add_vanished(comparison->stage, path);
}

/* Removes from the queue what a text names, because it is a part of that release. */
static void forget_named(struct intake_stage *stage)
{
    size_t kept = 0;
    for (size_t i = 0; i < stage->first.count; i++)
        if (!entry_is_named(stage->first.entries[i], &stage->named))
            stage->first.entries[kept++] = stage->first.entries[i];
    stage->counts.unchanged += (int64_t)(stage->first.count - kept);
    stage->first.count = kept;
}

/* Word files go behind the others, which may name them as their documents. */
static void queue_rich_last(struct intake_stage *stage)
{
    struct entry_queue *queue = &stage->first;
    struct entry_queue rich = { 0 };
    size_t kept = 0;
    for (size_t i = 0; i < queue->count; i++)
        if (entry_is_rich(queue->entries[i]))
            entry_queue_add(&rich, &stage->arena, queue->entries[i]);
        else
            queue->entries[kept++] = queue->entries[i];
    if (rich.count)
        memcpy(queue->entries + kept, rich.entries, rich.count * sizeof(struct drop_entry *));
}

bool intake_compare(struct intake_stage *stage, struct error *error)
{
    struct comparison comparison = { .stage = stage };
    struct release_path_cursor cursor;
    const struct release_path *path;
    if (!refusal_load(stage->database, &stage->arena, &stage->refusals, &stage->refusal_count,
                      error))
        return false;
    release_path_cursor_open(&cursor, stage->database);
    while (release_path_cursor_next(&cursor, &path, error))
        compare_path(&comparison, path);
    if (!release_path_cursor_close(&cursor))
        return false;
    stage->context.refusals = stage->refusals;
    stage->context.refusal_count = stage->refusal_count;
    while (comparison.next < stage->scan.count)
        compare_entry(&comparison, &stage->scan.entries[comparison.next++], NULL);
    forget_named(stage);
    /* What was refused because of other files can only be right now if some other file has
     * changed. */
    bool is_news = stage->first.count > 0 || stage->vanished_count > 0;
    for (size_t i = 0; !is_news && i < stage->refusal_count; i++)
        is_news = !drop_directory_find(&stage->scan, stage->refusals[i].path);
    for (size_t i = 0; i < comparison.retried.count; i++) {
        if (is_news)
            entry_queue_add(&stage->first, &stage->arena, comparison.retried.entries[i]);
        else
            stage->counts.still_refused++;
    }
    queue_rich_last(stage);
    for (size_t i = 0; i < stage->first.count; i++)
        stage->first.entries[i]->is_queued = true;
    return true;
}
