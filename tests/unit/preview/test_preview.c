/* SPDX-License-Identifier: MIT */
#include "preview/preview.h"

#include "address/token.h"
#include "base/random.h"
#include "mail/mail.h"
#include "unit/publish/publish_test_site.h"

#include <time.h>

struct scene {
    struct test_site test;
    struct mail_settings mail;
    struct mail_resources resources;
    struct token_keys *keys;
    struct random random;
    struct preview_settings settings;
};

static void open_scene(struct scene *scene)
{
    static const struct database_schema *const schemas[] = { &release_schema, &publish_schema,
                                                             &preview_schema };
    struct error error = { 0 };
    *scene = (struct scene){ .random = random_seeded(7), .keys = token_keys_fixed(1) };
    test_site_open(&scene->test);
    assert_true(database_migrate(scene->test.database, schemas, 3, &error));
    scene->test.newsroom.endpoint = "https://presse.nordhav.example/";
    scene->mail = (struct mail_settings){ .from_address = "presse@nordhav.example",
                                          .replies = "svar@nordhav.example",
                                          .delimiter = "+",
                                          .list_id = "nyheder.nordhav.example" };
    scene->resources = (struct mail_resources){ .newsroom = &scene->test.newsroom,
                                                .settings = &scene->mail,
                                                .templates = scene->test.templates,
                                                .strings = scene->test.strings,
                                                .locale = scene->test.locale };
    scene->settings = (struct preview_settings){ .publish = &scene->test.settings,
                                                 .mail = &scene->resources,
                                                 .keys = scene->keys,
                                                 .random = &scene->random,
                                                 .clock = &scene->test.clock };
}

static void close_scene(struct scene *scene)
{
    token_keys_free(scene->keys);
    test_site_close(&scene->test);
}

static struct preview make(struct scene *scene, int64_t row_id)
{
    struct error error = { 0 };
    struct preview preview;
    if (!preview_make(&scene->settings, scene->test.database, test_find(&scene->test, row_id), 0,
                      &scene->test.arena, &preview, &error))
        fail_msg("%s", error.message);
    return preview;
}

static void store(struct scene *scene, const struct preview *preview)
{
    struct error error = { 0 };
    struct transaction transaction = transaction_of(scene->test.database);
    while (transaction_run(&transaction, &error))
        transaction_end(&transaction, preview_store(scene->test.database, preview, &error), &error);
    if (!transaction.is_done)
        fail_msg("%s", error.message);
}

static struct preview_link find(struct scene *scene, int64_t row_id, int64_t now_at)
{
    struct error error = { 0 };
    struct preview_link link;
    if (!preview_find(scene->test.database, &scene->test.arena, row_id, now_at, &link, &error))
        fail_msg("%s", error.message);
    return link;
}

static void clean(struct scene *scene, int64_t now_at)
{
    struct error error = { 0 };
    if (!preview_clean(scene->test.database, scene->test.settings.state_path, now_at, &error))
        fail_msg("%s", error.message);
}

static bool has_file(struct scene *scene, int64_t row_id)
{
    return faccessat(scene->test.state_directory,
                     arena_format(&scene->test.arena, "previews/%lld.html", (long long)row_id),
                     F_OK, 0) == 0;
}

static int64_t insert_draft(struct scene *scene, const char *title)
{
    struct release *release = test_release(&scene->test, "bro", "da", title);
    struct release_row row = test_row(&scene->test, release, TEST_NOW);
    row.status = RELEASE_DRAFT;
    row.published_at = row.due_at = row.ready_at = INSTANT_NONE;
    return test_insert_row(&scene->test, &row, release);
}

/* Holds I1. The page asks nobody for anything, whatever the newsroom offers. */
static void page_stands_alone(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    scene.test.settings.signup_url = "https://presse.nordhav.example/subscribe";
    scene.test.feeds[0].signup_open = true;
    const struct preview preview = make(&scene, insert_draft(&scene, "Ny bro"));
    static const char *const never[] = { "<link",   "<script",  "<form",   " src=\"http", "srcset",
                                         "<iframe", "og:title", " sizes=", NULL };
    for (size_t i = 0; never[i]; i++) {
        assert_null(strstr(preview.page, never[i]));
        assert_null(strstr(preview.mail_html, never[i]));
    }
    assert_non_null(strstr(preview.page, "Forhåndsvisning – ikke offentliggjort"));
    assert_non_null(strstr(preview.page, "Det er en kladde."));
    assert_non_null(strstr(preview.page, "<h1>Ny bro</h1>"));
    assert_non_null(strstr(preview.page, "Content-Security-Policy"));
    assert_int_equal(preview.page_length, strlen(preview.page));
    assert_string_equal(preview.file_name, "forhaandsvisning-ny-bro.html");
    assert_string_equal(preview.subject, "Ny bro");
    assert_non_null(strstr(preview.mail_text, "Teksten i Ny bro."));
    assert_non_null(strstr(preview.mail_eml, "To: laeser@example.test\r\n"));
    assert_false(test_stands(&scene.test, ""));
    close_scene(&scene);
}

static void link_dies_at_publication(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    struct release *release = test_release(&scene.test, "bro", "da", "Ny bro");
    int64_t release_id = test_insert(&scene.test, release, TEST_NOW - 1000);
    const struct preview preview = make(&scene, release_id);
    assert_true(has_file(&scene, preview.row_id));
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_UNKNOWN);
    store(&scene, &preview);
    clean(&scene, TEST_NOW);
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_SHOWN);
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW + 7 * DURATION_DAY).state,
                     PREVIEW_UNKNOWN);
    assert_int_equal(test_publish(&scene.test).published, 1);
    struct preview_link link = find(&scene, preview.row_id, TEST_NOW);
    assert_int_equal(link.state, PREVIEW_PUBLISHED);
    assert_string_equal(link.page_path, "releases/2026/ny-bro/");
    clean(&scene, TEST_NOW);
    assert_false(has_file(&scene, preview.row_id));
    /* What is public has no link of its own. */
    assert_null(make(&scene, release_id).url);
    /* Neither has it while its page is to be written again. */
    struct release_row *row = test_find(&scene.test, release_id);
    row->public_revision = 0;
    test_change(&scene.test, row, NULL);
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_PUBLISHED);
    close_scene(&scene);
}

static void link_dies_of_a_newer_revision(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    int64_t release_id = insert_draft(&scene, "Ny bro");
    const struct preview preview = make(&scene, release_id);
    store(&scene, &preview);
    test_change(&scene.test, test_find(&scene.test, release_id),
                test_release(&scene.test, "bro", "da", "Endnu en bro"));
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_OUTDATED);
    clean(&scene, TEST_NOW);
    assert_false(has_file(&scene, preview.row_id));
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_OUTDATED);
    const struct preview next = make(&scene, release_id);
    assert_non_null(strstr(next.page, "Endnu en bro"));
    assert_int_equal(next.revision, 2);
    close_scene(&scene);
}

/* What was taken back is shown to nobody more, nor after it came back. */
static void link_dies_of_a_withdrawal(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    int64_t release_id = insert_draft(&scene, "Ny bro");
    const struct preview preview = make(&scene, release_id);
    store(&scene, &preview);
    struct release_row *row = test_find(&scene.test, release_id);
    row->status = RELEASE_WITHDRAWN;
    test_change(&scene.test, row, NULL);
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_UNKNOWN);
    clean(&scene, TEST_NOW);
    assert_false(has_file(&scene, preview.row_id));
    row = test_find(&scene.test, release_id);
    row->status = RELEASE_DRAFT;
    test_change(&scene.test, row, NULL);
    assert_int_equal(find(&scene, preview.row_id, TEST_NOW).state, PREVIEW_OUTDATED);
    close_scene(&scene);
}

/* What is public stays as it is; who is asked for a yes sees what it would become. */
static void awaiting_revision_is_what_is_shown(void **state)
{
    (void)state;
    struct scene scene;
    struct error error = { 0 };
    open_scene(&scene);
    struct release *release = test_release(&scene.test, "bro", "da", "Ny bro");
    int64_t release_id = test_insert(&scene.test, release, TEST_NOW - 1000);
    assert_int_equal(test_publish(&scene.test).published, 1);
    test_change(&scene.test, test_find(&scene.test, release_id),
                test_release(&scene.test, "bro", "da", "Endnu en bro"));
    bool done = database_begin(scene.test.database, &error) &&
                release_set_approval(scene.test.database, release_id, RELEASE_APPROVAL_AWAITED,
                                     &error);
    assert_true(database_end(scene.test.database, done, &error));
    const struct preview preview = make(&scene, release_id);
    assert_int_equal(preview.revision, 2);
    assert_non_null(strstr(preview.page, "<h1>Endnu en bro</h1>"));
    assert_non_null(strstr(preview.page, "Den venter på et ja."));
    assert_string_equal(preview.subject, "Endnu en bro");
    assert_non_null(strstr(preview.mail_html, "Endnu en bro"));
    assert_non_null(preview.url);
    assert_int_equal(test_publish(&scene.test).published, 0);
    close_scene(&scene);
}

/* Killed between file and row: the file goes by itself, as that of a row that is over does. */
static void what_is_left_goes(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    int64_t release_id = insert_draft(&scene, "Ny bro");
    const struct preview kept = make(&scene, release_id);
    const struct preview left = make(&scene, release_id);
    store(&scene, &kept);
    /* Files have the kernel's times, whatever the test's clock says. */
    int64_t real_at = (int64_t)time(NULL) * DURATION_SECOND;
    struct error error = { 0 };
    assert_true(database_execute(
        scene.test.database,
        arena_format(&scene.test.arena, "UPDATE preview SET made_at = %lld", (long long)real_at),
        &error));
    clean(&scene, real_at);
    assert_true(has_file(&scene, left.row_id));
    clean(&scene, real_at + DURATION_HOUR + DURATION_MINUTE);
    assert_false(has_file(&scene, left.row_id));
    assert_true(has_file(&scene, kept.row_id));
    clean(&scene, real_at + 7 * DURATION_DAY);
    assert_false(has_file(&scene, kept.row_id));
    assert_int_equal(find(&scene, kept.row_id, real_at).state, PREVIEW_UNKNOWN);
    close_scene(&scene);
}

static void without_endpoint_no_link(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    scene.test.newsroom.endpoint = NULL;
    const struct preview preview = make(&scene, insert_draft(&scene, "Ny bro"));
    assert_null(preview.url);
    assert_int_equal(preview.row_id, 0);
    assert_int_not_equal(faccessat(scene.test.state_directory, "previews", F_OK, 0), 0);
    store(&scene, &preview);
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_stands_alone),
        cmocka_unit_test(link_dies_at_publication),
        cmocka_unit_test(link_dies_of_a_newer_revision),
        cmocka_unit_test(link_dies_of_a_withdrawal),
        cmocka_unit_test(awaiting_revision_is_what_is_shown),
        cmocka_unit_test(what_is_left_goes),
        cmocka_unit_test(without_endpoint_no_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
