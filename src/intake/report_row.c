/* SPDX-License-Identifier: MIT */
#include "intake/report_row.h"

#include "base/arena.h"
#include "database/database.h"
#include "intake/intake.h"
#include "intake/note.h"

#include <string.h>

struct report_row report_row_of_none(const char *path)
{
    return (struct report_row){ .path = path, .advice = "", .said = "", .remarks = "", .told = "" };
}

bool report_row_exists(struct database *database, bool *exists, struct error *error)
{
    struct statement *statement = database_prepare(database, "SELECT 1 FROM intake_report LIMIT 1",
                                                   error);
    bool done = statement_find(statement, exists, error);
    statement_reset(statement);
    return done;
}

bool report_row_find(struct database *database, struct arena *arena, const char *path,
                     struct report_row *row, bool *found, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT path, note, COALESCE(release, 0), title, advice, said, said_severity, remarks,"
        " remarks_severity, told, at FROM intake_report WHERE path = $1",
        error);
    statement_bind_text(statement, 1, path);
    *found = false;
    *row = report_row_of_none(path);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        *row = (struct report_row){
            .path = statement_copy_text(statement, 0, arena),
            .note = statement_copy_text(statement, 1, arena),
            .release = statement_integer(statement, 2),
            .title = statement_copy_text(statement, 3, arena),
            .advice = statement_copy_text(statement, 4, arena),
            .said = statement_copy_text(statement, 5, arena),
            .said_severity = (enum intake_severity)statement_integer(statement, 6),
            .remarks = statement_copy_text(statement, 7, arena),
            .remarks_severity = (enum intake_severity)statement_integer(statement, 8),
            .told = statement_copy_text(statement, 9, arena),
            .at = statement_integer(statement, 10),
        };
    statement_reset(statement);
    return true;
}

bool report_row_remove(struct database *database, const char *path, struct error *error)
{
    struct statement *statement = database_prepare(
        database, "DELETE FROM intake_report WHERE path = $1", error);
    statement_bind_text(statement, 1, path);
    return statement_run(statement, error);
}

const char *report_row_words(const struct report_row *row, struct arena *arena)
{
    if (!*row->said || !*row->remarks)
        return *row->said ? row->said : row->remarks;
    return arena_format(arena, "%s\n%s", row->said, row->remarks);
}

static enum intake_severity severity_of(const struct report_row *row)
{
    return row->said_severity > row->remarks_severity ? row->said_severity : row->remarks_severity;
}

static bool is_same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool says_same(const struct report_row *a, const struct report_row *b)
{
    return is_same_text(a->said, b->said) && is_same_text(a->remarks, b->remarks) &&
           is_same_text(a->advice, b->advice) && is_same_text(a->title, b->title);
}

static bool write_row(struct database *database, const struct report_row *row, struct error *error)
{
    struct arena arena = { 0 };
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO intake_report (path, note, release, title, severity, words, advice, said,"
        " said_severity, remarks, remarks_severity, told, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        " ON CONFLICT (path) DO UPDATE SET note = excluded.note, release = excluded.release,"
        " title = excluded.title, severity = excluded.severity, words = excluded.words,"
        " advice = excluded.advice, said = excluded.said, said_severity = excluded.said_severity,"
        " remarks = excluded.remarks, remarks_severity = excluded.remarks_severity,"
        " told = excluded.told, at = excluded.at",
        error);
    statement_bind_text(statement, 1, row->path);
    statement_bind_text(statement, 2, row->note);
    statement_bind_instant(statement, 3, row->release);
    statement_bind_text(statement, 4, row->title ? row->title : "");
    statement_bind_integer(statement, 5, severity_of(row));
    statement_bind_text(statement, 6, report_row_words(row, &arena));
    statement_bind_text(statement, 7, row->advice);
    statement_bind_text(statement, 8, row->said);
    statement_bind_integer(statement, 9, row->said_severity);
    statement_bind_text(statement, 10, row->remarks);
    statement_bind_integer(statement, 11, row->remarks_severity);
    statement_bind_text(statement, 12, row->told);
    statement_bind_integer(statement, 13, row->at);
    arena_release(&arena);
    return statement_run(statement, error);
}

bool report_row_put(struct database *database, const struct report_row *before,
                    struct report_row *row, struct error *error)
{
    if (!*row->said && !*row->remarks && !*row->advice)
        return !before || report_row_remove(database, row->path, error);
    if (before && says_same(before, row))
        row->at = before->at;
    return write_row(database, row, error);
}

/* ---- what problems say ---- */

static enum intake_severity worst(const struct intake_problem_list *problems)
{
    return problems->refused    ? INTAKE_REFUSED
           : problems->warnings ? INTAKE_WARNING
           : problems->notices  ? INTAKE_NOTICE
                                : INTAKE_ADVICE;
}

void report_row_say(struct report_row *row, const struct intake_settings *settings,
                    const char *file, const struct intake_problem_list *problems,
                    struct arena *arena)
{
    const struct intake_wording wording = intake_wording_of(settings, settings->language);
    row->said_severity = worst(problems);
    row->said = note_lines(&wording, file, problems,
                           problems->refused ? INTAKE_REFUSED : INTAKE_NOTICE, INTAKE_REFUSED,
                           arena);
    row->advice = note_lines(&wording, file, problems, INTAKE_ADVICE, INTAKE_ADVICE, arena);
}
