/* SPDX-License-Identifier: MIT */
#include "intake/report.h"

#include "database/database.h"

enum { PAGE = 256 };

#define COLUMNS                                                                                    \
    "path, COALESCE(release, 0), title, severity, words, advice, note, at, said_severity"

static const char *text_or_null(struct statement *statement, int column, struct arena *arena)
{
    const char *text = statement_copy_text(statement, column, arena);
    return text && *text ? text : NULL;
}

static struct intake_report read_report(struct statement *statement, struct arena *arena)
{
    return (struct intake_report){
        .path = statement_copy_text(statement, 0, arena),
        .release = statement_integer(statement, 1),
        .title = text_or_null(statement, 2, arena),
        .severity = (enum intake_severity)statement_integer(statement, 3),
        .words = statement_copy_text(statement, 4, arena),
        .advice = statement_copy_text(statement, 5, arena),
        .note = statement_copy_text(statement, 6, arena),
        .at = statement_integer(statement, 7),
        .said_severity = (enum intake_severity)statement_integer(statement, 8),
    };
}

bool intake_report_find(struct database *database, struct arena *arena, const char *path,
                        struct intake_report *report, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT " COLUMNS " FROM intake_report WHERE path = $1", error);
    statement_bind_text(statement, 1, path);
    *found = false;
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        *report = read_report(statement, arena);
    statement_reset(statement);
    return true;
}

/* ---- those that somebody should look at ---- */

void intake_report_cursor_open(struct intake_report_cursor *cursor, struct database *database)
{
    *cursor = (struct intake_report_cursor){ .database = database };
}

static bool read_page(struct intake_report_cursor *cursor, struct error *error)
{
    struct arena page = { 0 };
    struct statement *statement = database_prepare(
        cursor->database,
        "SELECT " COLUMNS " FROM intake_report"
        " WHERE severity >= @INTAKE_NOTICE@ AND path > $1 ORDER BY path LIMIT $2",
        error);
    /* The last path is in the arena of the page before, which is released only now. */
    statement_bind_text(statement, 1, cursor->count ? cursor->reports[cursor->count - 1].path : "");
    statement_bind_integer(statement, 2, PAGE);
    cursor->reports = arena_allocate_array(&page, PAGE, sizeof *cursor->reports);
    cursor->count = 0;
    cursor->next = 0;
    enum statement_result result;
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        cursor->reports[cursor->count++] = read_report(statement, &page);
    statement_reset(statement);
    arena_release(&cursor->arena);
    cursor->arena = page;
    cursor->is_last_page = cursor->count < PAGE;
    return result == STATEMENT_DONE;
}

bool intake_report_cursor_next(struct intake_report_cursor *cursor,
                               const struct intake_report **report, struct error *error)
{
    if (cursor->has_failed)
        return false;
    if (cursor->next == cursor->count) {
        if (cursor->is_last_page)
            return false;
        cursor->has_failed = !read_page(cursor, error);
        if (cursor->has_failed || !cursor->count)
            return false;
    }
    *report = &cursor->reports[cursor->next++];
    return true;
}

bool intake_report_cursor_close(struct intake_report_cursor *cursor)
{
    arena_release(&cursor->arena);
    return !cursor->has_failed;
}
