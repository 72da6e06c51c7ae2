/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PUBLISH_PUBLISH_TEST_SITE_H
#define TESTS_UNIT_PUBLISH_PUBLISH_TEST_SITE_H

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "publish/publish.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"
#include "template/template.h"
#include "unit/locale/shipped_strings.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The made-up region's site in a folder of its own, with the templates and strings that the
 * program is installed with. */
struct test_site {
    struct arena arena;
    char folder[64];
    int state_directory;
    struct newsroom newsroom;
    struct feed feeds[2];
    struct template_set *templates;
    struct strings *strings;
    struct locale_context *locale;
    struct publish_settings settings;
    struct database *database;
    struct clock clock;
};

/* 2026-06-01T09:30:00+02:00 */
#define TEST_NOW INT64_C(1780299000000)

static inline void test_templates_add(struct test_site *test)
{
    struct error error = { 0 };
    DIR *folder = opendir(TEST_SOURCE_DIRECTORY "/templates");
    assert_non_null(folder);
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        const char *end = strstr(entry->d_name, ".mustache");
        if (!end)
            continue;
        size_t length = 0;
        const char *path = arena_format(&test->arena, TEST_SOURCE_DIRECTORY "/templates/%s",
                                        entry->d_name);
        const char *source = test_read(&test->arena, path, &length);
        const char *name = arena_copy_bytes(&test->arena, entry->d_name,
                                            (size_t)(end - entry->d_name));
        if (!template_add(test->templates, name, source, length, &error))
            fail_msg("%s", error.message);
    }
    (void)closedir(folder);
}

static inline void test_site_connect(struct test_site *test)
{
    struct error error = { 0 };
    const struct database_settings settings = {
        .path = arena_format(&test->arena, "%s/state/pressroom.db", test->folder),
        .state_directory = test->state_directory
    };
    const struct database_schema *schemas[] = { &release_schema, &publish_schema };
    test->database = database_open(&settings, &error);
    if (!test->database || !database_migrate(test->database, schemas, 2, &error))
        fail_msg("%s", error.message);
}

static inline void test_site_open(struct test_site *test)
{
    static struct localized_text about_en = {
        "en", "Region Nordhav runs the hospitals in Vesterhavn, Lillesund and Ådal.", NULL
    };
    static struct localized_text about = {
        "da", "Region Nordhav driver hospitalerne i Vesterhavn, Lillesund og Ådal.", &about_en
    };
    static struct localized_text title_english = { "en", "Press releases", NULL };
    static struct localized_text title_all = { "da", "Alt fra R&D <nordpå>", NULL };
    static const struct feed_name english = { "en", NULL };
    static struct release_contact contact = { .name = "Pressevagten",
                                              .phone = "51 00 00 11",
                                              .email = "presse@nordhav.example" };
    struct error error = { 0 };
    *test = (struct test_site){ 0 };
    /* In memory where there is such a place: every flush waits for the disk. */
    (void)snprintf(test->folder, sizeof test->folder, "%s/pressroom-publish-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(test->folder));
    const char *state = arena_format(&test->arena, "%s/state", test->folder);
    assert_int_equal(mkdir(state, 0700), 0);
    test->state_directory = file_open_directory(AT_FDCWD, state, &error);
    test->newsroom = (struct newsroom){ .name = "Region Nordhav",
                                        .country = "DK",
                                        .about = &about,
                                        .address = "Havnepladsen 1\n9990 Vesterhavn",
                                        .contacts = &contact,
                                        .site_url = "https://presse.nordhav.example/",
                                        .language = "da",
                                        .timezone = "Europe/Copenhagen",
                                        .tag_authority = "presse.nordhav.example",
                                        .tag_date = "2026-05-01" };
    test->feeds[0] = (struct feed){ .id = "all",
                                    .title = &title_all,
                                    .formats = FEED_ATOM | FEED_RSS | FEED_JSON,
                                    .entries = 3,
                                    .next = &test->feeds[1] };
    test->feeds[1] = (struct feed){ .id = "english",
                                    .title = &title_english,
                                    .languages = &english,
                                    .formats = FEED_ATOM,
                                    .entries = 3 };
    test->templates = template_set_new();
    test_templates_add(test);
    test->strings = strings_new("en");
    test_strings_add(test->strings, &test->arena, "da");
    test_strings_add(test->strings, &test->arena, "en");
    test->locale = locale_context_new("Europe/Copenhagen", &error);
    test->clock = clock_fixed(TEST_NOW);
    test->settings = (struct publish_settings){
        .newsroom = &test->newsroom,
        .feeds = test->feeds,
        .templates = test->templates,
        .strings = test->strings,
        .locale = test->locale,
        .style = "body{}",
        .style_length = 6,
        .signup_address = "svar@nordhav.example",
        .person_address = "presse@nordhav.example",
        .public_path = arena_format(&test->arena, "%s/public", test->folder),
        .state_path = state,
        .program = "pressroom test",
    };
    test_site_connect(test);
}

static inline int test_remove(const char *path, const struct stat *status, int kind,
                              struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline void test_site_close(struct test_site *test)
{
    database_close(test->database);
    template_set_free(test->templates);
    strings_free(test->strings);
    locale_context_free(test->locale);
    (void)close(test->state_directory);
    (void)nftw(test->folder, test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    arena_release(&test->arena);
}

/* ---- releases ---- */

static inline struct release *test_release(struct test_site *test, const char *public_id,
                                           const char *language, const char *title)
{
    struct release *release = arena_allocate(&test->arena, sizeof *release);
    release->public_id = public_id;
    release->title = title;
    release->language = language;
    release->body = body_new(&test->arena);
    struct body_node *paragraph = body_append(&test->arena, release->body, BODY_PARAGRAPH);
    const char *text = arena_format(&test->arena, "Teksten i %s.", title);
    body_append_text(&test->arena, paragraph, text, strlen(text));
    return release;
}

static inline struct release_row test_row(struct test_site *test, const struct release *release,
                                          int64_t due_at)
{
    struct release_row row = {
        .public_id = release->public_id,
        .path = arena_format(&test->arena, "%s.md", release->public_id),
        .stat_fingerprint = "",
        .title = release->title,
        .language = release->language,
        .type = release->event ? "invitation" : "press-release",
        .topics = "sundhed",
        .status = RELEASE_READY,
        .published_at = due_at,
        .due_at = due_at,
        .ready_at = due_at,
        .mail = true,
        .correction = release->correction ? release->correction : "",
        .announce_note = "",
    };
    release_content_hash(release, &row.content_hash);
    return row;
}

static inline int64_t test_insert_row(struct test_site *test, struct release_row *row,
                                      const struct release *release)
{
    struct error error = { 0 };
    bool done = database_begin(test->database, &error) &&
                release_insert(test->database, row, release, row->due_at, &error);
    if (!database_end(test->database, done, &error))
        fail_msg("%s", error.message);
    return row->row_id;
}

static inline int64_t test_insert(struct test_site *test, const struct release *release,
                                  int64_t due_at)
{
    struct release_row row = test_row(test, release, due_at);
    return test_insert_row(test, &row, release);
}

static inline struct release_row *test_find(struct test_site *test, int64_t row_id)
{
    bool failed = false;
    struct error error = { 0 };
    struct release_row *row = release_find_by_row_id(test->database, &test->arena, row_id, &failed,
                                                     &error);
    assert_non_null(row);
    return row;
}

/* Writes a row back; with a release, as its new revision. */
static inline void test_change(struct test_site *test, struct release_row *row,
                               const struct release *release)
{
    struct error error = { 0 };
    if (release)
        release_content_hash(release, &row->content_hash);
    bool done = database_begin(test->database, &error) &&
                (release ? release_add_revision(test->database, row, release, TEST_NOW, &error)
                         : release_update(test->database, row, &error));
    if (!database_end(test->database, done, &error))
        fail_msg("%s", error.message);
}

/* The copy that intake keeps. */
static inline void test_asset_keep(struct test_site *test, struct release_asset *asset,
                                   const void *bytes, size_t length)
{
    char hex[HASH_HEX_SIZE];
    struct error error = { 0 };
    hash_bytes(bytes, length, &asset->hash);
    hash_to_hex(&asset->hash, hex);
    asset->size_bytes = (int64_t)length;
    const char *folder = arena_format(&test->arena, "assets/%.2s", hex);
    assert_true(file_make_directories(test->state_directory, folder, &error));
    assert_true(file_write_atomic(test->state_directory,
                                  arena_format(&test->arena, "%s/%s", folder, hex), bytes, length,
                                  0600, &error));
}

static inline struct publish_counts test_publish(struct test_site *test)
{
    struct error error = { 0 };
    struct publish_counts counts;
    if (!publish_run(test->database, &test->settings, &test->clock, &counts, NULL, &error))
        fail_msg("%s", error.message);
    return counts;
}

/* ---- what stands in public/ ---- */

static inline const char *test_path(struct test_site *test, const char *path)
{
    return arena_format(&test->arena, "%s/public/%s", test->folder, path);
}

static inline bool test_stands(struct test_site *test, const char *path)
{
    return access(test_path(test, path), F_OK) == 0;
}

static inline const char *test_file(struct test_site *test, const char *path)
{
    return test_read(&test->arena, test_path(test, path), NULL);
}

static inline bool test_says(struct test_site *test, const char *path, const char *words)
{
    return strstr(test_file(test, path), words) != NULL;
}

#endif
