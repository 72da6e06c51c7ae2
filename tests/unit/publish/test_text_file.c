/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"

#include "presentation/presentation.h"
#include "publish/release_output.h"
#include "publish/site.h"
#include "publish/text_file.h"
#include "unit/golden.h"

/* A release with all that a release can have, against tests/golden/text_file/everything.txt. */

static struct test_site test;

static int setup(void **state)
{
    test_site_open(&test);
    *state = &test;
    return 0;
}

static int teardown(void **state)
{
    test_site_close(*state);
    return 0;
}

static void paragraph_add(struct body_node *body, enum body_kind kind, const char *text)
{
    struct body_node *paragraph = body_append(&test.arena, body, kind);
    body_append_text(&test.arena, paragraph, text, strlen(text));
}

static struct release *release_full(void)
{
    static struct release_asset sheet = { .kind = RELEASE_DOCUMENT,
                                          .file = "text.txt",
                                          .title = "Fakta & tal",
                                          .media_type = "text/plain",
                                          .size_bytes = 84000 };
    static struct release_asset second = { .kind = RELEASE_IMAGE,
                                           .file = "plads.png",
                                           .alt = "Pladsen, bagfra",
                                           .media_type = "image/png",
                                           .next = &sheet };
    static struct release_asset first = { .kind = RELEASE_IMAGE,
                                          .file = "indgang.jpg",
                                          .alt = "Indgangen <nord>",
                                          .caption = "Den nye indgang",
                                          .credit = "Karin Holm",
                                          .media_type = "image/jpeg",
                                          .next = &second };
    static struct release_contact contact = { .name = "Karin Holm",
                                              .title = "cheflæge",
                                              .phone = "51 00 00 14",
                                              .email = "karin@nordhav.example" };
    static struct release_event event = { .start_at = TEST_NOW + 10 * DURATION_DAY,
                                          .end_at = TEST_NOW + 10 * DURATION_DAY + DURATION_HOUR,
                                          .place = "Vesterhavn Hospital, indgang A" };
    struct release *release = test_release(&test, "akut", "da", "Ét hold & <b>én</b> indgang");
    release->lead = "Fra 1. september møder alle akutte patienter ét hold & <én> indgang.";
    release->correction = "Det er torsdag, ikke fredag.";
    release->assets = &first;
    release->contacts = &contact;
    release->event = &event;
    paragraph_add(release->body, BODY_HEADING, "Derfor");
    struct body_node *figure = body_append(&test.arena, release->body, BODY_FIGURE);
    struct body_node *image = body_append(&test.arena, figure, BODY_IMAGE);
    image->target = "indgang.jpg";
    image->text = "Indgangen <nord>";
    struct body_node *last = body_append(&test.arena, release->body, BODY_PARAGRAPH);
    struct body_node *link = body_append(&test.arena, last, BODY_LINK);
    link->target = "https://nordhav.example/plan";
    body_append_text(&test.arena, link, "Læs planen", strlen("Læs planen"));
    return release;
}

static void everything_is_said_in_plain_text(void **state)
{
    (void)state;
    struct site site;
    struct presentation shown;
    struct string_builder text;
    struct error error = { 0 };
    const struct release *release = release_full();
    struct release_row row = test_row(&test, release, TEST_NOW);
    row.slug = "et-hold";
    row.year = 2026;
    row.public_at = TEST_NOW;
    row.updated_at = TEST_NOW + DURATION_HOUR;
    site_init(&site, &test.settings, NULL, TEST_NOW, NULL, 0);
    presentation_init(&shown, &test.arena, &site.presentation, &row, release);
    presentation_name_files(&shown, release_output_is_named);
    presentation_measure(&shown, &shown.files[0],
                         (const struct picture_rendition[PICTURE_SIZES]){
                             { 1600, 1000, 1234567, false }, { 1200, 750, 123456, false } });
    presentation_measure(
        &shown, &shown.files[1],
        (const struct picture_rendition[PICTURE_SIZES]){ { 400, 300, 12345, false } });
    string_builder_init(&text, 0);
    assert_true(text_write(&site, &shown, &text, &error));
    assert_true(golden_is("text_file/everything.txt", text.data));
    string_builder_release(&text);
    site_release(&site);
}

static void it_stands_beside_the_page_until_the_release_is_withdrawn(void **state)
{
    (void)state;
    const char *path = "releases/2026/nyhed/text.txt";
    int64_t id = test_insert(&test, test_release(&test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(&test);
    assert_true(test_says(&test, path, "Teksten i Nyhed."));
    assert_true(test_stands(&test, "releases/2026/nyhed/text.txt.gz"));
    assert_true(test_says(&test, "releases/2026/nyhed/index.html",
                          "href=\"https://presse.nordhav.example/releases/2026/nyhed/text.txt\""));
    struct release_row *row = test_find(&test, id);
    row->status = RELEASE_WITHDRAWN;
    row->public_revision = 0;
    test_change(&test, row, NULL);
    (void)test_publish(&test);
    assert_true(test_stands(&test, "releases/2026/nyhed/index.html"));
    assert_false(test_stands(&test, path));
    assert_false(test_stands(&test, "releases/2026/nyhed/text.txt.gz"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_is_said_in_plain_text, setup, teardown),
        cmocka_unit_test_setup_teardown(it_stands_beside_the_page_until_the_release_is_withdrawn,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
