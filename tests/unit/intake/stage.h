/* SPDX-License-Identifier: MIT */
#ifndef TESTS_INTAKE_STAGE_H
#define TESTS_INTAKE_STAGE_H

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "digest/digest.h"
#include "intake/intake.h"
#include "intake/report.h"
#include "queue/queue.h"
#include "release/body.h"
#include "release/release_store.h"
#include "unit/notes.h"
#include "unit/reader.h"
#include "unit/words.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A newsroom in a folder of its own, with a store in memory and a clock that stands still. */
struct stage {
    char path[64];
    int releases;
    int state;
    int public;
    struct database *database;
    struct intake_settings settings;
    struct language_words *words;
    struct strings *notes;
    struct clock clock;
    struct random random;
    struct intake_counts counts;
    struct arena arena;
    bool has_foreign_notes; /* or notes that a test takes away: what stands there is no measure */
};

#define AT(text) stage_instant(text)

static inline int64_t stage_instant(const char *text)
{
    int64_t instant = 0;
    assert_true(instant_parse_rfc3339(text, &instant));
    return instant;
}

static inline int stage_folder(const struct stage *stage, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", stage->path, name);
    assert_int_equal(mkdir(path, 0755), 0);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder >= 0);
    return folder;
}

static inline void stage_open_store(struct stage *stage)
{
    static const struct database_settings memory = { .path = ":memory:", .state_directory = -1 };
    const struct database_schema *schemas[] = { &release_schema, &queue_schema, &digest_schema,
                                                &intake_schema };
    struct error error = { 0 };
    stage->database = database_open(&memory, &error);
    assert_non_null(stage->database);
    if (!database_migrate(stage->database, schemas, 4, &error))
        fail_msg("%s", error.message);
}

static inline int stage_setup(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    (void)snprintf(stage->path, sizeof stage->path, "/tmp/intake-test-XXXXXX");
    assert_non_null(mkdtemp(stage->path));
    stage->releases = stage_folder(stage, "releases");
    stage->state = stage_folder(stage, "state");
    stage->public = stage_folder(stage, "public");
    stage_open_store(stage);
    stage->clock = clock_fixed(AT("2026-06-07T10:00:00Z"));
    stage->random = random_seeded(1);
    stage->words = shipped_words();
    stage->notes = shipped_notes();
    stage->settings = (struct intake_settings){ .releases_directory = stage->releases,
                                                .state_directory = stage->state,
                                                .public_directory = stage->public,
                                                .releases_name = "releases",
                                                .language = "da",
                                                .timezone = "Europe/Copenhagen",
                                                .words = stage->words,
                                                .notes = stage->notes,
                                                .reader = &reader_here };
    log_set_level(LOG_ERROR);
    *state = stage;
    return 0;
}

static inline int stage_remove(const char *path, const struct stat *status, int type,
                               struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline int stage_teardown(void **state)
{
    struct stage *stage = *state;
    database_close(stage->database);
    (void)close(stage->releases);
    (void)close(stage->state);
    (void)close(stage->public);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(stage->path, stage_remove, 16, FTW_DEPTH | FTW_PHYS);
    language_words_free(stage->words);
    strings_free(stage->notes);
    arena_release(&stage->arena);
    free(stage);
    return 0;
}

static inline void stage_put_bytes(struct stage *stage, const char *path, const char *bytes,
                                   size_t length)
{
    struct error error = { 0 };
    char folder[256];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = '\0';
        assert_true(file_make_directories(stage->releases, folder, &error));
    }
    if (!file_write_atomic(stage->releases, path, bytes, length, 0644, &error))
        fail_msg("%s", error.message);
}

static inline void stage_put(struct stage *stage, const char *path, const char *text)
{
    stage_put_bytes(stage, path, text, strlen(text));
}

/* A release in Markdown: fields are lines of YAML besides the title. */
static inline void stage_write(struct stage *stage, const char *path, const char *title,
                               const char *fields, const char *body)
{
    stage_put(stage, path,
              arena_format(&stage->arena, "---\ntitle: %s\n%s---\n%s\n", title, fields, body));
}

static inline void stage_remove_file(struct stage *stage, const char *path)
{
    assert_int_equal(unlinkat(stage->releases, path, 0), 0);
}

static inline void stage_rename(struct stage *stage, const char *from, const char *to)
{
    assert_int_equal(renameat(stage->releases, from, stage->releases, to), 0);
}

/* The file's text, NULL where it is not there. */
static inline const char *stage_read(struct stage *stage, const char *path)
{
    struct string_builder text;
    struct error error;
    string_builder_init(&text, 0);
    const char *result = NULL;
    if (faccessat(stage->releases, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 &&
        file_read(stage->releases, path, &text, &error))
        result = arena_copy_bytes(&stage->arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

static int stage_notes; /* counted by stage_count_note() */

static inline int stage_count_note(const char *path, const struct stat *status, int type,
                                   struct FTW *walk)
{
    static const char mark[] = "-- pressroom --\n";
    char begin[sizeof mark] = "";
    (void)status;
    (void)walk;
    size_t length = strlen(path);
    static const char ending[] = ".problems.txt";
    if (type != FTW_F || length < strlen(ending) ||
        strcmp(path + length - strlen(ending), ending) != 0)
        return 0;
    FILE *file = fopen(path, "re");
    if (file) {
        stage_notes += fread(begin, 1, sizeof begin - 1, file) > 0 && strcmp(begin, mark) == 0;
        (void)fclose(file);
    }
    return 0;
}

/* The notes that stand in the drop directory are those that there are rows for, and say what these
 * do. */
static inline void stage_assert_notes_agree(struct stage *stage)
{
    struct error error = { 0 };
    struct intake_report_cursor cursor;
    const struct intake_report *report;
    int rows = 0;
    intake_report_cursor_open(&cursor, stage->database);
    while (intake_report_cursor_next(&cursor, &report, &error)) {
        const char *note = stage_read(stage, report->note);
        if (!note)
            fail_msg("%s: there is a row, but no note", report->path);
        char *words = arena_copy(&stage->arena, report->words);
        for (char *rest = words, *line; (line = strsep(&rest, "\n"));)
            if (!strstr(note, arena_format(&stage->arena, "  %s\n", line)))
                fail_msg("%s: the note does not say “%s”:\n%s", report->path, line, note);
        rows++;
    }
    assert_true(intake_report_cursor_close(&cursor));
    stage_notes = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(arena_format(&stage->arena, "%s/releases", stage->path), stage_count_note, 16,
               FTW_PHYS);
    if (stage_notes != rows)
        fail_msg("%d notes stand there, and there are rows for %d", stage_notes, rows);
}

static inline const struct intake_counts *stage_run(struct stage *stage)
{
    struct error error = { 0 };
    if (!intake_run(&stage->settings, stage->database, &stage->clock, &stage->random,
                    &stage->counts, &error))
        fail_msg("%s", error.message);
    if (!stage->has_foreign_notes)
        stage_assert_notes_agree(stage);
    return &stage->counts;
}

static inline struct release_row *stage_row(struct stage *stage, const char *path)
{
    bool failed = false;
    struct error error = { 0 };
    struct release_row *row = release_find_by_path(stage->database, &stage->arena, path, &failed,
                                                   &error);
    assert_false(failed);
    return row;
}

static inline struct release_row *stage_row_of(struct stage *stage, const char *public_id)
{
    bool failed = false;
    struct error error = { 0 };
    struct release_row *row = release_find_by_public_id(stage->database, &stage->arena, public_id,
                                                        &failed, &error);
    assert_false(failed);
    return row;
}

static inline const struct release *stage_release(struct stage *stage, const char *path)
{
    struct error error = { 0 };
    const struct release_row *row = stage_row(stage, path);
    assert_non_null(row);
    const struct release *release = release_load(stage->database, &stage->arena, row->row_id, 0,
                                                 &error);
    assert_non_null(release);
    return release;
}

/* What publish does to a row, as far as intake looks at it. */
static inline void stage_publish(struct stage *stage, const char *path)
{
    struct error error = { 0 };
    struct release_row *row = stage_row(stage, path);
    assert_non_null(row);
    row->public_at = row->due_at;
    row->public_revision = row->revision;
    row->text_revision = row->revision;
    row->slug = path;
    row->year = 2026;
    assert_true(database_begin(stage->database, &error));
    assert_true(release_update(stage->database, row, &error));
    assert_true(database_commit(stage->database, &error));
}

/* Nothing was taken in, and the note beside the file says so in these words. */
static inline void stage_assert_refused(struct stage *stage, const char *path, const char *words)
{
    const char *note = stage_read(stage, arena_format(&stage->arena, "%s.problems.txt", path));
    assert_int_equal(stage->counts.refused, 1);
    assert_non_null(note);
    if (!strstr(note, words))
        fail_msg("the note does not say “%s”:\n%s", words, note);
}

#endif
