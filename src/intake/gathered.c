/* SPDX-License-Identifier: MIT */
#include "intake/gathered.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/drop_parts.h"
#include "intake/intake.h"
#include "intake/note.h"
#include "intake/problem.h"
#include "intake/report.h"
#include "intake/report_row.h"
#include "release/release_note.h"

#include <inttypes.h>
#include <string.h>

/* Named of each kind; of the others only how many they are. */
enum { NAMED_MAXIMUM = 20 };

struct gathering {
    const struct intake_settings *settings;
    struct database *database;
    int64_t now_at;
    struct arena arena;
    struct intake_problem_list problems;
    const char *trouble; /* why the note could not be written; NULL */
};

/* ---- what is mended ---- */

/* The release of the row, as long as the same is to be said of it, and no note says it already. */
#define STANDS(condition)                                                                          \
    " AND NOT EXISTS (SELECT 1 FROM release r WHERE r.row_id = release_gathered.release"           \
    " AND r.status <> @RELEASE_WITHDRAWN@ AND " condition                                          \
    " AND NOT EXISTS (SELECT 1 FROM intake_report p WHERE p.path = r.path AND p.remarks <> ''))"

static const char forget_gone[] =
    "DELETE FROM release_gathered WHERE kind = @RELEASE_GATHERED_GONE@" STANDS("r.is_missing = 1");

static const char forget_held[] =
    "DELETE FROM release_gathered WHERE kind = @RELEASE_GATHERED_HELD@" STANDS(
        "EXISTS (SELECT 1 FROM announcement a JOIN mailing m ON m.announcement = a.row_id"
        " WHERE a.release_row_id = r.row_id AND m.state = @QUEUE_MAILING_HELD@)");

static const char forget_unmailed[] =
    "DELETE FROM release_gathered WHERE kind = @RELEASE_GATHERED_UNMAILED@" STANDS(
        "r.announce_note IN ($1, $2, $3)");

/* A key of intake_reported_file is five characters and the path, or a hash for a name that cannot
 * be read (orphan.c). */
static const char forget_stray[] =
    "DELETE FROM release_gathered WHERE kind = @RELEASE_GATHERED_STRAY@"
    " AND (NOT EXISTS (SELECT 1 FROM intake_reported_file f WHERE f.key = release_gathered.name)"
    " OR EXISTS (SELECT 1 FROM intake_report p WHERE p.path = substr(release_gathered.name, 6)"
    " AND p.said <> ''))";

static bool forget_mended(struct database *database, struct error *error)
{
    if (!database_execute(database, forget_gone, error) ||
        !database_execute(database, forget_held, error) ||
        !database_execute(database, forget_stray, error))
        return false;
    struct statement *statement = database_prepare(database, forget_unmailed, error);
    statement_bind_text(statement, 1, release_unmailed_text(RELEASE_UNMAILED_TOO_OLD));
    statement_bind_text(statement, 2, release_unmailed_text(RELEASE_UNMAILED_NO_FEED));
    statement_bind_text(statement, 3, release_unmailed_text(RELEASE_UNMAILED_FORGOTTEN));
    return statement_run(statement, error);
}

/* ---- what is said ---- */

static bool count_kind(struct gathering *gathering, enum release_gathered kind, int64_t *count,
                       struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        gathering->database, "SELECT count(*) FROM release_gathered WHERE kind = $1", error);
    statement_bind_integer(statement, 1, kind);
    bool done = statement_find(statement, &found, error);
    *count = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return done;
}

static void say_name(struct gathering *gathering, const char *path, const char *title)
{
    intake_problem_add(&gathering->problems, INTAKE_NOTICE, 0,
                       *title ? INTAKE_MESSAGE_MANY_FILE : INTAKE_MESSAGE_MANY_PATH, path, title);
}

/* Columns: path and title. */
static bool say_names(struct gathering *gathering, const char *sql, enum release_gathered kind,
                      struct error *error)
{
    enum statement_result result;
    struct statement *statement = database_prepare(gathering->database, sql, error);
    statement_bind_integer(statement, 1, kind);
    statement_bind_integer(statement, 2, NAMED_MAXIMUM);
    while ((result = statement_step(statement, error)) == STATEMENT_ROW)
        say_name(gathering, statement_copy_text(statement, 0, &gathering->arena),
                 statement_copy_text(statement, 1, &gathering->arena));
    return result == STATEMENT_DONE;
}

static const char name_releases[] =
    "SELECT COALESCE(r.path, r.public_id), r.title FROM release_gathered g"
    " JOIN release r ON r.row_id = g.release WHERE g.kind = $1 ORDER BY g.release LIMIT $2";

static const char name_strays[] =
    "SELECT CASE WHEN f.key LIKE 'file:%' THEN substr(f.key, 6) ELSE f.stat_fingerprint END, ''"
    " FROM release_gathered g JOIN intake_reported_file f ON f.key = g.name WHERE g.kind = $1"
    " ORDER BY f.key LIMIT $2";

struct kind_words {
    enum release_gathered kind;
    enum intake_message_id heading;
    enum intake_severity severity;
    const char *names;
};

static const struct kind_words all_kinds[] = {
    { RELEASE_GATHERED_GONE, INTAKE_MESSAGE_MANY_GONE, INTAKE_WARNING, name_releases },
    { RELEASE_GATHERED_HELD, INTAKE_MESSAGE_MANY_HELD, INTAKE_WARNING, name_releases },
    { RELEASE_GATHERED_STRAY, INTAKE_MESSAGE_MANY_STRAY, INTAKE_WARNING, name_strays },
    { RELEASE_GATHERED_UNMAILED, INTAKE_MESSAGE_MANY_UNMAILED, INTAKE_NOTICE, name_releases },
};

static bool say_kind(struct gathering *gathering, const struct kind_words *kind,
                     struct error *error)
{
    int64_t count = 0;
    struct arena *arena = &gathering->arena;
    if (!count_kind(gathering, kind->kind, &count, error))
        return false;
    if (!count)
        return true;
    intake_problem_add(&gathering->problems, kind->severity, 0, kind->heading,
                       arena_format(arena, "%" PRId64, count), NULL);
    if (!say_names(gathering, kind->names, kind->kind, error))
        return false;
    if (count > NAMED_MAXIMUM)
        intake_problem_add(&gathering->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_MANY_MORE,
                           arena_format(arena, "%" PRId64, count - NAMED_MAXIMUM), NULL);
    return true;
}

static bool say_all(struct gathering *gathering, struct error *error)
{
    for (size_t i = 0; i < sizeof all_kinds / sizeof all_kinds[0]; i++)
        if (!say_kind(gathering, &all_kinds[i], error))
            return false;
    return true;
}

/* ---- the note ---- */

static bool put_note(struct gathering *gathering, const struct report_row *before,
                     const struct report_row *row, struct error *error)
{
    const struct note note = {
        .path = row->note, .file = row->title, .frame = NOTE_MANY, .words = row->said
    };
    /* Under another name where the newsroom's language is another by now. */
    if (before && strcmp(before->note, row->note) != 0 &&
        !note_remove(gathering->settings, before->note, error))
        return false;
    return *row->said ? note_write(gathering->settings, &note, error)
                      : note_remove(gathering->settings, row->note, error);
}

static bool renew(struct gathering *gathering, struct error *error)
{
    bool found = false;
    struct error trouble;
    struct report_row before;
    struct arena *arena = &gathering->arena;
    const struct intake_wording wording = intake_wording_of(gathering->settings,
                                                            gathering->settings->language);
    if (!report_row_find(gathering->database, arena, INTAKE_REPORT_MANY, &before, &found, error))
        return false;
    struct report_row row = before;
    row.title = intake_message_pattern(INTAKE_MESSAGE_MANY_NAME, &wording);
    row.note = arena_format(arena, "%s" DROP_NOTE_ENDING, row.title);
    row.at = gathering->now_at;
    intake_problem_list_init(&gathering->problems, arena, row.title);
    if (!say_all(gathering, error))
        return false;
    report_row_say(&row, gathering->settings, row.title, &gathering->problems, arena);
    if (!report_row_put(gathering->database, found ? &before : NULL, &row, error))
        return false;
    if (!put_note(gathering, found ? &before : NULL, &row, &trouble))
        gathering->trouble = arena_copy(arena, trouble.message);
    return true;
}

static bool write(struct gathering *gathering, struct error *error)
{
    arena_release(&gathering->arena);
    gathering->trouble = NULL;
    if (!forget_mended(gathering->database, error) || !renew(gathering, error) ||
        !database_execute(gathering->database,
                          "UPDATE release_gathered SET is_told = 1 WHERE is_told = 0", error))
        return false;
    fault_point("notes-gathered");
    return true;
}

bool gathered_write(const struct intake_settings *settings, struct database *database,
                    int64_t now_at, struct error *error)
{
    bool is_new = false;
    struct gathering gathering = { .settings = settings, .database = database, .now_at = now_at };
    if (!release_gathered_is_new(database, &is_new, error))
        return false;
    if (!is_new)
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, write(&gathering, error), error);
    if (transaction.is_done && gathering.trouble)
        log_line(LOG_WARNING, "%s; going on without the note", gathering.trouble);
    arena_release(&gathering.arena);
    return transaction.is_done;
}
