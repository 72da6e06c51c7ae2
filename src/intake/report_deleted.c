/* SPDX-License-Identifier: MIT */
#include "intake/report_deleted.h"

#include "base/arena.h"
#include "base/array.h"
#include "database/database.h"
#include "intake/report.h"
#include "intake/report_row.h"
#include "intake/run.h"
#include "release/release_note.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct deleted {
    struct intake_stage *stage;
    struct arena arena;
    const char **paths;
    size_t count;
    size_t capacity;
};

/* One that could not be written is none that somebody took away. */
static bool is_deleted(struct database *database, int directory, const struct intake_report *report,
                       bool *is, struct error *error)
{
    struct stat status;
    bool is_owed = false;
    *is = report->severity != INTAKE_REFUSED &&
          fstatat(directory, report->note, &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
    if (*is && report->release &&
        !release_note_is_marked(database, report->release, &is_owed, error))
        return false;
    *is = *is && !is_owed;
    return true;
}

static bool collect(struct deleted *deleted, struct error *error)
{
    struct intake_report_cursor cursor;
    const struct intake_report *report;
    int directory = deleted->stage->settings->releases_directory;
    intake_report_cursor_open(&cursor, deleted->stage->database);
    bool is = false;
    bool done = true;
    while (done && intake_report_cursor_next(&cursor, &report, error)) {
        done = is_deleted(deleted->stage->database, directory, report, &is, error);
        if (!done || !is)
            continue;
        ARRAY_GROW_IN(&deleted->arena, deleted->paths, deleted->count, deleted->capacity);
        deleted->paths[deleted->count++] = arena_copy(&deleted->arena, report->path);
    }
    return intake_report_cursor_close(&cursor) && done;
}

/* What only advises stays: no note says it. */
static bool forget(struct deleted *deleted, const char *path, struct error *error)
{
    struct report_row before;
    bool found = false;
    struct database *database = deleted->stage->database;
    if (!report_row_find(database, &deleted->arena, path, &before, &found, error))
        return false;
    struct report_row row = before;
    if (strcmp(path, INTAKE_REPORT_MANY) == 0 &&
        !database_execute(database, "DELETE FROM release_gathered", error))
        return false;
    row.said = row.remarks = "";
    row.said_severity = row.remarks_severity = INTAKE_ADVICE;
    return !found || report_row_put(database, &before, &row, error);
}

static bool forget_all(struct deleted *deleted, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < deleted->count; i++)
        done = forget(deleted, deleted->paths[i], error);
    return done;
}

bool report_forget_deleted(struct intake_stage *stage, struct error *error)
{
    struct deleted deleted = { .stage = stage };
    /* where nobody may write, a note that is not there was never written */
    if (faccessat(stage->settings->releases_directory, ".", W_OK, AT_EACCESS) != 0)
        return true;
    bool done = collect(&deleted, error);
    if (done && deleted.count) {
        struct transaction transaction = transaction_of(stage->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, forget_all(&deleted, error), error);
        done = transaction.is_done;
    }
    arena_release(&deleted.arena);
    return done;
}
