/* SPDX-License-Identifier: MIT */
#include "intake/remark.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "database/database.h"
#include "intake/drop_directory.h"
#include "intake/drop_parts.h"
#include "intake/gathered.h"
#include "intake/intake.h"
#include "intake/note.h"
#include "intake/report.h"
#include "intake/report_row.h"
#include "locale/zone.h"
#include "release/release_note.h"
#include "release/release_store.h"

#include <string.h>

/* ---- what is said ---- */

/* A draft that is gone concerns nobody, and neither does what is withdrawn. */
static void say_gone(struct intake_problem_list *problems, const struct zone *zone,
                     const struct release_row *row)
{
    struct intake_message message = { INTAKE_MESSAGE_GONE_PUBLIC,
                                      { intake_value_given(row->title) } };
    if (row->public_at == INSTANT_NONE) {
        if (row->status != RELEASE_READY || row->due_at == INSTANT_NONE)
            return;
        message.id = INTAKE_MESSAGE_GONE_WAITS;
        message.values[1] = intake_value_time(zone, row->due_at);
    }
    intake_problem_add_message(problems, INTAKE_WARNING, 0, &message);
}

static void say_unmailed(struct intake_problem_list *problems, const struct zone *zone,
                         const struct release_row *row)
{
    static const enum intake_message_id messages[] = {
        [RELEASE_UNMAILED_TOO_OLD] = INTAKE_MESSAGE_MAIL_TOO_OLD,
        [RELEASE_UNMAILED_NO_FEED] = INTAKE_MESSAGE_MAIL_NO_FEED,
        [RELEASE_UNMAILED_FORGOTTEN] = INTAKE_MESSAGE_MAIL_FORGOTTEN,
    };
    enum release_unmailed reason = release_unmailed_of(row->announce_note);
    if (!release_unmailed_is_noted(reason))
        return;
    intake_problem_add_message(
        problems, INTAKE_NOTICE, 0,
        &(struct intake_message){
            messages[reason],
            { intake_value_given(row->title), intake_value_time(zone, row->due_at) } });
}

/* Its mailing was made and waits, because more came at once than are sent unasked. */
static bool is_mailing_held(struct database *database, int64_t release, bool *is_held,
                            struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 FROM announcement a JOIN mailing m ON m.announcement = a.row_id"
        " WHERE a.release_row_id = $1 AND m.state = @QUEUE_MAILING_HELD@ LIMIT 1",
        error);
    statement_bind_integer(statement, 1, release);
    bool done = statement_find(statement, is_held, error);
    statement_reset(statement);
    return done;
}

/* Of an original: its versions are in the same mailing. */
static bool say_held(const struct remark_place *place, const struct release_row *row,
                     struct intake_problem_list *problems, struct error *error)
{
    bool is_held = false;
    if (row->public_at == INSTANT_NONE || row->original_row_id != row->row_id)
        return true;
    if (!is_mailing_held(place->database, row->row_id, &is_held, error))
        return false;
    if (is_held)
        intake_problem_add(problems, INTAKE_WARNING, 0, INTAKE_MESSAGE_MAIL_HELD, row->title, NULL);
    return true;
}

static bool say_unmade(const struct remark_place *place, const struct release_row *row,
                       struct intake_problem_list *problems, struct error *error)
{
    struct release_unmade unmade;
    if (!release_find_unmade(place->database, row->row_id, place->arena, &unmade, error))
        return false;
    if (unmade.is_whole)
        intake_problem_add(problems, INTAKE_WARNING, 0, INTAKE_MESSAGE_PAGE_UNMADE, row->title,
                           NULL);
    const char *files = unmade.files;
    while (*files) {
        size_t length = strcspn(files, "\n");
        intake_problem_add(problems, INTAKE_WARNING, 0, INTAKE_MESSAGE_PICTURE_UNMADE,
                           arena_format(place->arena, "%.*s", (int)length, files), row->title);
        files += length + (files[length] != '\0');
    }
    return true;
}

static bool say_all(const struct remark_place *place, const struct release_row *row,
                    struct intake_problem_list *problems, struct error *error)
{
    if (row->status == RELEASE_WITHDRAWN)
        return true;
    if (row->is_missing) {
        say_gone(problems, place->zone, row);
        return true;
    }
    say_unmailed(problems, place->zone, row);
    return say_held(place, row, problems, error) && say_unmade(place, row, problems, error);
}

bool remark_say(const struct remark_place *place, const struct release_row *row,
                struct report_row *report, struct error *error)
{
    const struct intake_settings *settings = place->settings;
    const struct intake_wording wording = intake_wording_of(settings, settings->language);
    struct intake_problem_list problems;
    intake_problem_list_init(&problems, place->arena, row->path);
    if (!say_all(place, row, &problems, error))
        return false;
    report->remarks = note_lines(&wording, row->path, &problems, INTAKE_NOTICE, INTAKE_REFUSED,
                                 place->arena);
    report->remarks_severity = problems.warnings  ? INTAKE_WARNING
                               : problems.notices ? INTAKE_NOTICE
                                                  : INTAKE_ADVICE;
    return true;
}

/* ---- writing them ---- */

/* A batch is one transaction. As in batch.c notes are written before its commit. */
enum { BATCH = 200 };

struct marked {
    const struct intake_settings *settings;
    struct database *database;
    const struct zone *zone;
    int64_t now_at;
    int64_t behind;      /* the last release of the batches before */
    int64_t last;        /* the last one of this run; 0: there was none */
    struct arena arena;  /* of the run */
    const char *trouble; /* why a note could not be written, of the first; NULL */
    bool is_owed;        /* the last one is to be tried again */
};

/* Where the file was: beside it, and of a folder beside the folder, which may be gone too. */
static const char *note_of_gone(const char *path, struct arena *arena)
{
    size_t length = strlen(path);
    length -= length && path[length - 1] == '/';
    return arena_format(arena, "%.*s" DROP_NOTE_ENDING, (int)length, path);
}

/* Of a release that is gone with all its versions, the original's note says enough. */
static bool is_gone_with_original(struct marked *marked, struct release_row *row, bool *failed,
                                  struct error *error)
{
    *failed = false;
    if (!row->is_missing || row->original_row_id == row->row_id)
        return false;
    const struct release_row *original = release_find_by_row_id(
        marked->database, &marked->arena, row->original_row_id, failed, error);
    return original && original->is_missing;
}

static void note_trouble(struct marked *marked, const char *path, bool done,
                         const struct error *error)
{
    marked->is_owed = marked->is_owed || (!done && note_is_owed(marked->settings, path, error));
    if (!done && !marked->trouble)
        marked->trouble = arena_copy(&marked->arena, error->message);
}

static void write_note(struct marked *marked, const struct report_row *before,
                       const struct report_row *report, const char *file, bool is_gone)
{
    struct error error;
    enum note_frame frame = is_gone         ? NOTE_GONE
                            : *report->said ? note_frame_of(report->said_severity)
                                            : NOTE_NOTICE;
    const struct note note = { .path = report->note,
                               .file = file,
                               .frame = frame,
                               .words = report_row_words(report, &marked->arena) };
    bool done = *note.words ? note_write(marked->settings, &note, &error)
                            : note_remove(marked->settings, note.path, &error);
    note_trouble(marked, note.path, done, &error);
    if (before && strcmp(before->note, report->note) != 0)
        note_trouble(marked, before->note, note_remove(marked->settings, before->note, &error),
                     &error);
}

/* Fills where the note stands, and what it calls the file. */
static void place_note(struct marked *marked, const struct release_row *row, bool is_gone,
                       struct report_row *report, const char **file)
{
    struct drop_entry entry;
    *file = row->path;
    if (is_gone) {
        report->note = note_of_gone(row->path, &marked->arena);
    } else if (drop_entry_scan(marked->settings->releases_directory, row->path, marked->settings,
                               &marked->arena, &entry)) {
        report->note = entry.note;
        *file = entry.text ? entry.text : row->path;
    } else if (!report->note) {
        report->note = note_of_gone(row->path, &marked->arena);
    }
}

static bool write_one(struct marked *marked, struct release_row *row, struct error *error)
{
    struct report_row before;
    bool found = false;
    bool failed;
    const char *file;
    bool is_silent = is_gone_with_original(marked, row, &failed, error);
    if (failed ||
        !report_row_find(marked->database, &marked->arena, row->path, &before, &found, error))
        return false;
    struct report_row report = before;
    /* a file that came back and is refused is not read, so its release does not know it yet */
    row->is_missing = row->is_missing && !(*before.said && before.said_severity == INTAKE_REFUSED);
    report.release = row->row_id;
    report.title = row->title;
    report.at = marked->now_at;
    if (row->is_missing) {
        report.said = report.advice = "";
        report.said_severity = INTAKE_ADVICE;
    }
    place_note(marked, row, row->is_missing, &report, &file);
    const struct remark_place at = { marked->settings, marked->database, marked->zone,
                                     &marked->arena };
    if (!remark_say(&at, row, &report, error))
        return false;
    if (is_silent)
        report.remarks = "";
    if (!report_row_put(marked->database, found ? &before : NULL, &report, error))
        return false;
    write_note(marked, found ? &before : NULL, &report, file, row->is_missing);
    return true;
}

static bool write_batch(struct marked *marked, struct error *error)
{
    bool failed = false;
    int64_t row_id;
    marked->last = 0;
    marked->trouble = NULL;
    arena_release(&marked->arena);
    int64_t behind = marked->behind;
    for (int i = 0; i < BATCH; i++) {
        if (!release_note_next(marked->database, behind, &row_id, error))
            return false;
        if (!row_id)
            break;
        struct release_row *row = release_find_by_row_id(marked->database, &marked->arena, row_id,
                                                         &failed, error);
        marked->is_owed = false;
        if (failed || (row && row->path && !write_one(marked, row, error)) ||
            (!marked->is_owed && !release_note_unmark(marked->database, row_id, error)))
            return false;
        behind = marked->last = row_id;
    }
    fault_point("notes-commit");
    return release_gathered_renew(marked->database, error);
}

bool remark_write_marked(const struct intake_settings *settings, struct database *database,
                         const struct zone *zone, int64_t now_at, struct error *error)
{
    struct marked marked = {
        .settings = settings, .database = database, .zone = zone, .now_at = now_at
    };
    int64_t row_id;
    bool done = release_note_next(database, 0, &row_id, error);
    while (done && row_id) {
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, write_batch(&marked, error), error);
        done = transaction.is_done;
        if (done && marked.trouble)
            log_line(LOG_WARNING, "%s; going on without the note", marked.trouble);
        marked.behind = marked.last;
        row_id = marked.last;
    }
    arena_release(&marked.arena);
    return done && gathered_write(settings, database, now_at, error);
}

/* ---- notes without a file ---- */

bool remark_note_is_wanted(struct database *database, const char *note, bool *is_wanted,
                           struct error *error)
{
    struct arena arena = { 0 };
    struct report_row row;
    size_t length = strlen(note) - strlen(DROP_NOTE_ENDING);
    const char *paths[] = { arena_format(&arena, "%.*s", (int)length, note),
                            arena_format(&arena, "%.*s/", (int)length, note), INTAKE_REPORT_MANY };
    bool done = true;
    *is_wanted = false;
    for (size_t i = 0; done && !*is_wanted && i < 3; i++) {
        bool found = false;
        done = report_row_find(database, &arena, paths[i], &row, &found, error);
        *is_wanted = found && strcmp(row.note, note) == 0 && (*row.said || *row.remarks);
    }
    arena_release(&arena);
    return done;
}

bool intake_write_notes(const struct intake_settings *settings, struct database *database,
                        const struct clock *clock, struct error *error)
{
    struct zone *zone = zone_open(settings->timezone, error);
    if (!zone)
        return false;
    bool done = remark_write_marked(settings, database, zone, clock_now(clock), error);
    zone_close(zone);
    return done;
}

bool intake_notes_wait(struct database *database, bool *waits, struct error *error)
{
    int64_t row_id;
    bool is_new = false;
    bool done = release_note_next(database, 0, &row_id, error) &&
                release_gathered_is_new(database, &is_new, error);
    *waits = done && (row_id || is_new);
    return done;
}
