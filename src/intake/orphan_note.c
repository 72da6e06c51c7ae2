/* SPDX-License-Identifier: MIT */
#include "intake/orphan_note.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "intake/drop_directory.h"
#include "intake/drop_list.h"
#include "intake/format_advice.h"
#include "intake/note.h"
#include "intake/report_row.h"
#include "intake/run.h"
#include "release/release_store.h"

#include <string.h>
#include <strings.h>

/* ---- which release it probably belongs to ---- */

/* Of "bus-1.jpg" and of "bus/" the part before the ending. */
static size_t stem_length(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot ? (size_t)(dot - path) : strcspn(path, "/");
}

enum { STEM_LEAST = 4, NEAR_MINUTES = 10 };

/* How much of the names is the same from the beginning, where one begins with all of the other; 0:
 * they are different. */
static size_t likeness(const char *a, const char *b)
{
    size_t a_length = stem_length(a);
    size_t b_length = stem_length(b);
    size_t least = a_length < b_length ? a_length : b_length;
    bool is_whole = a_length == b_length;
    return (is_whole || least >= STEM_LEAST) && memcmp(a, b, least) == 0 ? least + is_whole : 0;
}

static const struct drop_entry *find_by_name(const struct drop_directory *scan, const char *name)
{
    const struct drop_entry *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < scan->count; i++) {
        size_t like = scan->entries[i].text ? likeness(scan->entries[i].path, name) : 0;
        if (like <= most)
            continue;
        most = like;
        best = &scan->entries[i];
    }
    return best;
}

/* The one text that came with it, if it was one only. */
static const struct drop_entry *find_by_time(const struct drop_directory *scan,
                                             const struct drop_file *file)
{
    const int64_t near_ns = (int64_t)NEAR_MINUTES * 60 * 1000 * 1000 * 1000;
    const struct drop_entry *found = NULL;
    for (size_t i = 0; i < scan->count; i++) {
        const struct drop_entry *entry = &scan->entries[i];
        int64_t apart_ns = entry->newest_ns - file->changed_ns;
        if (!entry->text || apart_ns > near_ns || apart_ns < -near_ns)
            continue;
        if (found)
            return NULL;
        found = entry;
    }
    return found;
}

/* ---- what is said ---- */

/* Somebody may have packed a whole release into it. */
static bool is_packed(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcasecmp(path + length - 4, ".zip") == 0;
}

static bool is_status_page(const char *path)
{
    return strcmp(path, INTAKE_STATUS_PAGE) == 0;
}

struct intake_message orphan_message(struct arena *arena, const char *path)
{
    if (!is_status_page(path) && format_advice_is_due(path))
        return (struct intake_message){ INTAKE_MESSAGE_ORPHAN_PDF, { format_wanted(arena) } };
    return (struct intake_message){ .id = is_status_page(path) ? INTAKE_MESSAGE_STATUS_PAGE_TAKEN
                                          : is_packed(path)    ? INTAKE_MESSAGE_ORPHAN_PACKED
                                                               : INTAKE_MESSAGE_ORPHAN };
}

static bool say(struct intake_stage *stage, const char *path, const struct drop_file *file,
                struct intake_problem_list *problems, struct error *error)
{
    bool failed = false;
    if (!file) {
        intake_problem_add(problems, INTAKE_WARNING, 0, INTAKE_MESSAGE_NAME_BAD, NULL, NULL);
        return true;
    }
    bool is_page = is_status_page(path);
    const struct drop_entry *near = is_page ? NULL : find_by_name(&stage->scan, path);
    near = near || is_page ? near : find_by_time(&stage->scan, file);
    const struct release_row *row = near ? release_find_by_path(stage->database, &stage->arena,
                                                                near->path, &failed, error)
                                         : NULL;
    const struct intake_message alone = orphan_message(&stage->arena, path);
    if (row)
        intake_problem_add(problems, INTAKE_WARNING, 0, INTAKE_MESSAGE_ORPHAN_NEAR, near->path,
                           row->title);
    else
        intake_problem_add_message(problems, INTAKE_WARNING, 0, &alone);
    return !failed;
}

static const char *note_of(struct intake_stage *stage, const char *path)
{
    return arena_format(&stage->arena, "%s" DROP_NOTE_ENDING, path);
}

bool orphan_note_write(struct intake_stage *stage, const char *path, const struct drop_file *file,
                       struct error *error)
{
    struct error trouble;
    struct intake_problem_list problems;
    struct report_row before;
    bool found = false;
    intake_problem_list_init(&problems, &stage->arena, path);
    if (!say(stage, path, file, &problems, error) ||
        !report_row_find(stage->database, &stage->arena, path, &before, &found, error))
        return false;
    if (!file && found) /* another file has the name that is left of this one */
        return true;
    struct report_row row = before;
    row.note = note_of(stage, path);
    row.at = clock_now(stage->clock);
    report_row_say(&row, stage->settings, path, &problems, &stage->arena);
    if (!report_row_put(stage->database, found ? &before : NULL, &row, error))
        return false;
    const struct note note = {
        .path = row.note, .file = path, .frame = NOTE_STRAY, .words = row.said
    };
    if (!note_write(stage->settings, &note, &trouble))
        log_line(LOG_WARNING, "%s; going on without the note", trouble.message);
    return true;
}

bool orphan_note_remove(struct intake_stage *stage, const char *path, struct error *error)
{
    struct error trouble;
    if (!report_row_remove(stage->database, path, error))
        return false;
    if (!note_remove(stage->settings, note_of(stage, path), &trouble))
        log_line(LOG_WARNING, "%s; leaving it", trouble.message);
    return true;
}
