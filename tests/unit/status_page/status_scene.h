/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_STATUS_PAGE_STATUS_SCENE_H
#define TESTS_UNIT_STATUS_PAGE_STATUS_SCENE_H

#include "cmocka_all.h"

#include "status_page/status_page.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "intake/intake.h"
#include "intake/report.h"
#include "locale/locale.h"
#include "queue/queue.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release_note.h"
#include "release/release_store.h"
#include "template/template.h"
#include "unit/locale/shipped_strings.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <inttypes.h>
#include <string.h>

#define NOW INT64_C(1781078400000) /* Wednesday, 10 June 2026, 10:00 in Copenhagen */

/* The press office of a made-up region, and what lies in its drop directory. */
struct scene {
    struct arena arena;
    struct database *database;
    struct template_set *templates;
    struct strings *strings;
    struct locale_context *locale;
    struct newsroom newsroom;
    struct status_page_settings settings;
    struct error error;
};

static inline void scene_read_template(struct scene *scene, const char *name)
{
    const char *path = arena_format(&scene->arena, TEST_SOURCE_DIRECTORY "/templates/%s.mustache",
                                    name);
    const char *source = test_read(&scene->arena, path, NULL);
    DONE(template_add(scene->templates, name, source, strlen(source), &scene->error));
}

/* path and directory: as test_store_open(). */
static inline void scene_open(struct scene *scene, const char *language, const char *path,
                              int directory)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &release_schema, &queue_schema,
                                                             &intake_schema, &status_page_schema };
    *scene = (struct scene){ 0 };
    scene->database = test_store_open(path, directory, schemas, sizeof schemas / sizeof schemas[0]);
    scene->newsroom = (struct newsroom){ .name = "Region Nordhav",
                                         .site_url = "https://presse.nordhav.example/",
                                         .endpoint = "https://presse.nordhav.example/",
                                         .language = language,
                                         .timezone = "Europe/Copenhagen" };
    scene->templates = template_set_new();
    scene_read_template(scene, "status");
    scene_read_template(scene, "status-item");
    scene->strings = strings_new("en");
    test_strings_add(scene->strings, &scene->arena, "da");
    test_strings_add(scene->strings, &scene->arena, "en");
    scene->locale = locale_context_new("Europe/Copenhagen", &scene->error);
    assert_non_null(scene->locale);
    scene->settings = (struct status_page_settings){ .newsroom = &scene->newsroom,
                                                     .templates = scene->templates,
                                                     .strings = scene->strings,
                                                     .locale = scene->locale,
                                                     .program = "pressroom 0.2.0",
                                                     .database_path = path };
}

static inline void scene_close(struct scene *scene)
{
    database_close(scene->database);
    locale_context_free(scene->locale);
    strings_free(scene->strings);
    template_set_free(scene->templates);
    arena_release(&scene->arena);
}

static inline void scene_execute(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

/* A ready original that is due now, in Danish. */
static inline struct release_row scene_row(const char *path, const char *title)
{
    return (struct release_row){ .public_id = path,
                                 .path = path,
                                 .title = title,
                                 .language = "da",
                                 .type = "news",
                                 .status = RELEASE_READY,
                                 .published_at = NOW,
                                 .due_at = NOW,
                                 .ready_at = NOW,
                                 .mail = true };
}

/* The same, public. */
static inline struct release_row scene_public_row(const char *path, const char *title, int64_t at)
{
    struct release_row row = scene_row(path, title);
    row.published_at = row.due_at = row.public_at = at;
    row.public_revision = row.text_revision = 1;
    row.slug = path;
    row.year = 2026;
    return row;
}

/* Its row id. */
static inline int64_t scene_insert(struct scene *scene, struct release_row row)
{
    struct release *release = arena_allocate(&scene->arena, sizeof *release);
    release->title = row.title;
    release->status = row.status;
    release->body = body_new(&scene->arena);
    struct transaction transaction = transaction_of(scene->database);
    while (transaction_run(&transaction, &scene->error)) {
        row.row_id = 0;
        transaction_end(
            &transaction,
            release_insert(scene->database, &row, release, NOW, &scene->error) &&
                (row.approval == RELEASE_APPROVAL_NONE ||
                 release_set_approval(scene->database, row.row_id, row.approval, &scene->error)) &&
                (row.changes == RELEASE_CHANGES_NONE ||
                 release_set_changes(scene->database, row.row_id, row.changes, &scene->error)) &&
                (row.stopped_at == INSTANT_NONE ||
                 release_set_stopped(scene->database, row.row_id, row.stopped_at, &scene->error)),
            &scene->error);
    }
    DONE(transaction.is_done);
    return row.row_id;
}

static inline void scene_report(struct scene *scene, const struct intake_report *report)
{
    struct statement *statement = database_prepare(
        scene->database,
        "INSERT INTO intake_report (path, release, title, severity, words, advice, note, at, said,"
        " said_severity, remarks, remarks_severity, told)"
        " VALUES ($1, $2, $3, $4, $5, '', $1, 1, $5, $6, '', 0, '')",
        &scene->error);
    statement_bind_text(statement, 1, report->path);
    statement_bind_instant(statement, 2, report->release);
    statement_bind_text(statement, 3, report->title ? report->title : "");
    statement_bind_integer(statement, 4, report->severity);
    statement_bind_text(statement, 5, report->words);
    statement_bind_integer(statement, 6, report->said_severity);
    DONE(statement_run(statement, &scene->error));
}

/* A mailing of that release to count people, of whom as many as given were sent it, and were not
 * reached; the others wait. */
struct scene_mailing {
    int64_t release;
    enum queue_kind kind;
    enum queue_mailing_state state;
    int64_t audience;
    int64_t sent;
    int64_t failed;
};

/* Of five subscribers four are at one provider. */
static inline void scene_mail(struct scene *scene, const struct scene_mailing *mailing)
{
    int64_t row_id = test_store_number(scene->database,
                                       "SELECT COALESCE(MAX(row_id), 0) + 1 FROM mailing");
    int64_t announcement = row_id;
    bool has_begun = mailing->sent || mailing->failed;
    bool has_ended = mailing->state == QUEUE_MAILING_FINISHED ||
                     mailing->state == QUEUE_MAILING_CANCELLED;
    scene_execute(scene,
                  arena_format(&scene->arena,
                               "INSERT INTO announcement (row_id, release_row_id, kind,"
                               " deduplication_key) VALUES (%" PRId64 ", %" PRId64 ", %d, '')",
                               announcement, mailing->release, (int)mailing->kind));
    scene_execute(scene,
                  arena_format(&scene->arena,
                               "INSERT INTO mailing (row_id, announcement, state, note, is_urgent,"
                               " created_at, starts_at, message_at, started_at, finished_at)"
                               " VALUES (%" PRId64 ", %" PRId64 ", %d, '', 0, 1, %" PRId64
                               ", 1, %s, %s)",
                               row_id, announcement, (int)mailing->state, NOW + INT64_C(600000),
                               has_begun ? "1" : "NULL", has_ended ? "1" : "NULL"));
    scene_execute(
        scene,
        arena_format(&scene->arena,
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                     " WHERE i < %" PRId64 ") INSERT INTO delivery (announcement, subscriber,"
                     " mailing, version, state, next_at, updated_at) SELECT %" PRId64 ", i,"
                     " %" PRId64 ", 1, CASE WHEN i <= %" PRId64 " THEN 2 WHEN i <= %" PRId64
                     " THEN 4 ELSE 0 END, 1, 1 FROM n",
                     mailing->audience, announcement, row_id, mailing->sent,
                     mailing->sent + mailing->failed));
    scene_execute(scene,
                  arena_format(&scene->arena,
                               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                               " WHERE i < %" PRId64 ") INSERT OR IGNORE INTO subscriber SELECT i,"
                               " 'laeser' || i || CASE WHEN i %% 5 = 0 THEN '@avisen.example'"
                               " ELSE '@outlook.com' END, 'da', 2 FROM n",
                               mailing->audience));
}

/* The page, in the scene's arena. */
static inline const char *scene_page(struct scene *scene, bool hides_unpublished)
{
    struct string_builder page;
    string_builder_init(&page, STATUS_PAGE_MAXIMUM);
    DONE(status_page_make(&scene->settings, scene->database, NOW, hides_unpublished, &page,
                          &scene->error));
    const char *text = arena_copy_bytes(&scene->arena, page.data, page.length);
    string_builder_release(&page);
    return text;
}

static inline size_t scene_count(const char *page, const char *words)
{
    size_t count = 0;
    for (; (page = strstr(page, words)); page += strlen(words))
        count++;
    return count;
}

#endif
