/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"

#include "base/hash.h"
#include "confined/confined.h"
#include "presentation/presentation.h"
#include "publish/picture.h"
#include "unit/publish/noise_picture.h"

#define PHOTO TEST_SOURCE_DIRECTORY "/tests/example/newsroom/releases/akutmodtagelse/indgang.jpg"

/* In a comment, where no reader of pictures looks. */
#define MARKER "KILLER"

static int setup(void **state)
{
    static struct test_site test;
    test_site_open(&test);
    confined_set_program(PRESSROOM_PROGRAM);
    *state = &test;
    return 0;
}

static int teardown(void **state)
{
    (void)unsetenv("PRESSROOM_CONFINED_FAULT"); /* NOLINT(concurrency-mt-unsafe) */
    test_site_close(*state);
    return 0;
}

static void readers_die(bool do_they)
{
    if (do_they) /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)setenv("PRESSROOM_CONFINED_FAULT", "picture:crash:" MARKER, 1);
    else
        (void)unsetenv("PRESSROOM_CONFINED_FAULT"); /* NOLINT(concurrency-mt-unsafe) */
}

/* A photograph of 1600 × 1000 with a comment (a COM segment) of less than 250 bytes. */
static void photo_keep(struct test_site *test, struct release_asset *asset, const char *comment)
{
    struct string_builder photo;
    struct string_builder bytes;
    struct error error = { 0 };
    string_builder_init(&photo, 0);
    string_builder_init(&bytes, 0);
    assert_true(file_read(AT_FDCWD, PHOTO, &photo, &error));
    string_builder_append_bytes(&bytes, photo.data, 2);
    string_builder_append_bytes(&bytes, "\xFF\xFE\0", 3);
    string_builder_append_character(&bytes, (char)(2 + strlen(comment)));
    string_builder_append(&bytes, comment);
    string_builder_append_bytes(&bytes, photo.data + 2, photo.length - 2);
    *asset = (struct release_asset){
        .kind = RELEASE_IMAGE, .file = "indgang.jpg", .alt = "Indgangen", .media_type = "image/jpeg"
    };
    test_asset_keep(test, asset, bytes.data, bytes.length);
    string_builder_release(&photo);
    string_builder_release(&bytes);
}

static int64_t pictured_insert(struct test_site *test, const char *public_id, const char *title,
                               struct release_asset *asset)
{
    struct release *release = test_release(test, public_id, "da", title);
    release->assets = asset;
    return test_insert(test, release, TEST_NOW);
}

/* Everything is written again. */
static struct publish_counts publish_anew(struct test_site *test, const char *program)
{
    test->settings.program = program;
    return test_publish(test);
}

static void execute(struct test_site *test, const char *sql)
{
    struct error error = { 0 };
    if (!database_execute(test->database, sql, &error))
        fail_msg("%s", error.message);
}

static int64_t number_of(struct test_site *test, const char *sql)
{
    bool found = false;
    struct error error = { 0 };
    struct statement *statement = database_prepare(test->database, sql, &error);
    assert_true(statement_find(statement, &found, &error));
    int64_t row_id = found ? statement_integer(statement, 0) : -1;
    statement_reset(statement);
    return row_id;
}

static off_t size_of(struct test_site *test, const char *path)
{
    struct stat status;
    assert_int_equal(stat(test_path(test, path), &status), 0);
    return status.st_size;
}

/* A photograph beside the text, a heavy picture of few pixels within it. */
static void pictures_are_shown_light_and_offered_whole(void **state)
{
    struct test_site *test = *state;
    struct string_builder png;
    struct release_asset photo;
    struct release_asset within = { .kind = RELEASE_IMAGE,
                                    .file = "plads.png",
                                    .media_type = "image/png" };
    photo_keep(test, &photo, "");
    string_builder_init(&png, 0);
    noise_png(&png, 900, 600, 40, -1);
    test_asset_keep(test, &within, png.data, png.length);
    string_builder_release(&png);
    photo.next = &within;
    struct release *release = test_release(test, "r1", "da", "Nyhed");
    struct body_node *figure = body_append(&test->arena, release->body, BODY_FIGURE);
    struct body_node *image = body_append(&test->arena, figure, BODY_IMAGE);
    image->target = "plads.png";
    image->text = "Pladsen";
    release->assets = &photo;
    (void)test_insert(test, release, TEST_NOW);
    assert_int_equal(test_publish(test).published, 1);

    const char *page = "releases/2026/nyhed/index.html";
    assert_true(
        test_says(test, page,
                  "indgang-1200.jpg\" srcset=\"https://presse.nordhav.example/releases/"
                  "2026/nyhed/indgang-640.jpg 640w, https://presse.nordhav.example/"
                  "releases/2026/nyhed/indgang-1200.jpg 1200w\" sizes=\"" PRESENTATION_PICTURE_SIZES
                  "\" width=\"1200\" height=\"750\" alt=\"Indgangen\""));
    assert_true(
        test_says(test, page,
                  "plads_1200.jpg\" alt=\"Pladsen\" width=\"900\" height=\"600\" srcset="
                  "\"https://presse.nordhav.example/releases/2026/nyhed/plads_640.jpg 640w,"
                  " https://presse.nordhav.example/releases/2026/nyhed/plads_1200.jpg 900w\""
                  " sizes=\"" PRESENTATION_PICTURE_SIZES "\"/>"));
    assert_true(test_says(test, page,
                          "<figcaption><a class=\"download\" href=\"https://presse.nordhav.example/"
                          "releases/2026/nyhed/plads.png\" download=\"\">Hent billedet i fuld "
                          "størrelse <span class=\"size\">(PNG, "));
    assert_true(size_of(test, "releases/2026/nyhed/plads_1200.jpg") <
                size_of(test, "releases/2026/nyhed/plads.png") / 3);
    const char *light = arena_format(
        &test->arena, "indgang-1200.jpg\" length=\"%lld\" type=\"image/jpeg\"/>",
        (long long)size_of(test, "releases/2026/nyhed/indgang-1200.jpg"));
    assert_true(test_says(test, "feeds/all.rss", light));
    assert_int_equal(test_publish(test).files_written, 0);
}

static void a_picture_that_is_none_keeps_no_news_back(void **state)
{
    struct test_site *test = *state;
    struct release_asset asset = { .kind = RELEASE_IMAGE,
                                   .file = "billede.jpg",
                                   .media_type = "image/jpeg" };
    test_asset_keep(test, &asset, "no picture", strlen("no picture"));
    (void)pictured_insert(test, "r1", "Nyhed", &asset);
    struct publish_counts counts = test_publish(test);
    assert_int_equal(counts.published, 1);
    assert_true(test_stands(test, "releases/2026/nyhed/index.html"));
    assert_false(test_stands(test, "releases/2026/nyhed/billede.jpg"));
}

/* It would be read well the second time: it is not read. */
static void a_picture_that_its_reader_dies_of_is_read_once(void **state)
{
    struct test_site *test = *state;
    struct release_asset deadly;
    struct release_asset good;
    struct release_asset other;
    photo_keep(test, &deadly, MARKER);
    photo_keep(test, &good, "");
    (void)pictured_insert(test, "a", "Dødelig", &deadly);
    (void)pictured_insert(test, "b", "God", &good);
    readers_die(true);
    struct publish_counts counts = test_publish(test);
    assert_int_equal(counts.published, 2);
    assert_int_equal(counts.failed, 0);
    assert_false(test_stands(test, "releases/2026/doedelig/indgang.jpg"));
    assert_false(test_says(test, "releases/2026/doedelig/index.html", "indgang"));
    assert_true(test_says(test, "releases/2026/god/index.html", "indgang-1200.jpg"));
    readers_die(false);
    (void)publish_anew(test, "pressroom later");
    assert_false(test_stands(test, "releases/2026/doedelig/indgang.jpg"));
    photo_keep(test, &other, "changed" MARKER);
    struct release *release = test_release(test, "a", "da", "Dødelig");
    release->assets = &other;
    test_change(test, test_find(test, 1), release);
    (void)test_publish(test);
    assert_true(test_says(test, "releases/2026/doedelig/index.html", "indgang-1200.jpg"));
}

/* As an older program left it: made by another recipe, nothing known of renditions' lengths. */
static void make_old(struct test_site *test, const struct release_asset *asset, const char *folder)
{
    static const char *const names[PICTURE_SIZES] = { "indgang.jpg", "indgang-1200.jpg",
                                                      "indgang-640.jpg" };
    struct error error = { 0 };
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        struct hash hash;
        picture_rendition_hash(&asset->hash, size, 1, &hash);
        struct statement *statement = database_prepare(
            test->database, "UPDATE publish_file SET hash = $1 WHERE path = $2", &error);
        statement_bind_bytes(statement, 1, hash.bytes, HASH_SIZE);
        statement_bind_text(statement, 2, arena_format(&test->arena, "%s%s", folder, names[size]));
        assert_true(statement_run(statement, &error));
    }
    execute(test, "UPDATE publish_picture SET recipe = 1, web_bytes = 0, small_bytes = 0");
}

static void what_was_published_is_made_anew_once(void **state)
{
    struct test_site *test = *state;
    struct release_asset asset;
    photo_keep(test, &asset, "");
    (void)pictured_insert(test, "a", "Nyhed", &asset);
    (void)test_publish(test);
    make_old(test, &asset, "releases/2026/nyhed/");
    assert_true(publish_anew(test, "pressroom later").files_written >= PICTURE_SIZES);
    assert_int_equal(number_of(test, "SELECT recipe FROM publish_picture"), PICTURE_RECIPE);
    assert_int_equal(number_of(test, "SELECT COUNT(*) FROM publish_picture WHERE web_bytes = 0"),
                     0);
}

static void what_cannot_be_made_anew_stays_public(void **state)
{
    struct test_site *test = *state;
    struct release_asset asset;
    photo_keep(test, &asset, MARKER);
    (void)pictured_insert(test, "a", "Nyhed", &asset);
    (void)test_publish(test);
    off_t length = size_of(test, "releases/2026/nyhed/indgang-1200.jpg");
    make_old(test, &asset, "releases/2026/nyhed/");
    readers_die(true);
    (void)pictured_insert(test, "b", "Siden", &asset);
    for (int i = 0; i < 2; i++) {
        struct publish_counts counts = publish_anew(test, i ? "pressroom last" : "pressroom later");
        assert_int_equal(counts.failed, 0);
        assert_int_equal(size_of(test, "releases/2026/nyhed/indgang-1200.jpg"), length);
        assert_true(test_stands(test, "releases/2026/nyhed/indgang.jpg"));
        assert_true(test_stands(test, "releases/2026/nyhed/indgang-640.jpg"));
        assert_true(test_says(test, "releases/2026/nyhed/index.html", "indgang-1200.jpg"));
        assert_true(test_says(test, "feeds/all.rss",
                              arena_format(&test->arena, "nyhed/indgang-1200.jpg\" length=\"%lld\"",
                                           (long long)length)));
        /* Of the same bytes: nothing stands there. */
        assert_false(test_stands(test, "releases/2026/siden/indgang.jpg"));
        assert_false(test_says(test, "releases/2026/siden/index.html", "indgang"));
        assert_false(test_says(test, "feeds/all.rss", "siden/indgang"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pictures_are_shown_light_and_offered_whole, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_picture_that_is_none_keeps_no_news_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_picture_that_its_reader_dies_of_is_read_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_was_published_is_made_anew_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_made_anew_stays_public, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
