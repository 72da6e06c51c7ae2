/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"

#include "presentation/presentation.h"
#include "publish/feed_entry.h"
#include "publish/feed_writer.h"
#include "publish/release_output.h"
#include "publish/site.h"
#include "unit/golden.h"

/* A feed with one entry of each sort, against tests/golden/feed/everything.atom, .rss and .json. */

static struct test_site test;

static int setup(void **state)
{
    test_site_open(&test);
    /* Words of our own, so that a better wording changes no golden file. */
    strings_add(test.strings, "da", "withdrawn_title", "Trukket tilbage: {title}");
    strings_add(test.strings, "da", "withdrawn_text", "Nyheden er trukket tilbage.");
    strings_add(test.strings, "da", "withdrawn_reason", "Hvorfor");
    *state = &test;
    return 0;
}

static int teardown(void **state)
{
    test_site_close(*state);
    return 0;
}

static void row_publish(struct release_row *row, const char *slug, int64_t at)
{
    row->slug = slug;
    row->year = 2026;
    row->public_at = row->updated_at = at;
    row->revision = row->public_revision = 1;
}

static void paragraph_add(struct body_node *body, const char *text)
{
    struct body_node *paragraph = body_append(&test.arena, body, BODY_PARAGRAPH);
    body_append_text(&test.arena, paragraph, text, strlen(text));
}

/* Pictures, documents, contacts, another language, and a title that is no markup. */
static const struct feed_entry *entry_full(const struct site *site)
{
    static struct release_asset sheet = { .kind = RELEASE_DOCUMENT,
                                          .file = "Fakta om å.pdf",
                                          .title = "Fakta & tal",
                                          .media_type = "application/pdf",
                                          .size_bytes = 84000 };
    static struct release_asset third = { .kind = RELEASE_IMAGE,
                                          .file = "plads.png",
                                          .caption = "Pladsen",
                                          .media_type = "image/png",
                                          .next = &sheet };
    static struct release_asset second = { .kind = RELEASE_IMAGE,
                                           .file = "b/indgang.JPG",
                                           .alt = "Samme indgang, bagfra",
                                           .media_type = "image/jpeg",
                                           .next = &third };
    static struct release_asset first = { .kind = RELEASE_IMAGE,
                                          .file = "indgang.JPG",
                                          .alt = "Indgangen \"A\" <nord>",
                                          .caption = "Den nye indgang",
                                          .credit = "Karin Holm",
                                          .media_type = "image/jpeg",
                                          .next = &second };
    static struct release_contact contact = { .name = "Karin Holm",
                                              .title = "cheflæge",
                                              .phone = "51 00 00 14" };
    struct presentation *shown = arena_allocate(&test.arena, sizeof *shown);
    struct release *release = test_release(&test, "akut", "da",
                                           "Ét hold & <b>én</b> indgang ]]> 3 < 4");
    struct release_row row = test_row(&test, release, TEST_NOW);
    release->assets = &first;
    release->contacts = &contact;
    release->lead = "Fra 1. september møder alle akutte patienter ét hold & <én> indgang.";
    row.topics = "natur sundhed";
    row.row_id = row.original_row_id = 1;
    row_publish(&row, "et-hold", TEST_NOW);
    presentation_init(shown, &test.arena, &site->presentation, &row, release);
    presentation_name_files(shown, release_output_is_named);
    presentation_measure(
        shown, &shown->files[0],
        (const struct picture_rendition[PICTURE_SIZES]){ { 1600, 1000, 1234567, false },
                                                         { 1200, 750, 123456, false },
                                                         { 640, 400, 45678, false } });
    presentation_measure(
        shown, &shown->files[1],
        (const struct picture_rendition[PICTURE_SIZES]){ { 400, 300, 12345, false } });
    presentation_measure(shown, &shown->files[2],
                         (const struct picture_rendition[PICTURE_SIZES]){
                             { 900, 600, 2200000, false }, { 900, 600, 98765, true } });
    return feed_entry_new(shown);
}

static const struct feed_entry *entry_corrected(const struct site *site)
{
    static struct release_event event = { .start_at = TEST_NOW + 10 * DURATION_DAY,
                                          .end_at = TEST_NOW + 10 * DURATION_DAY + DURATION_HOUR,
                                          .place = "Vesterhavn Hospital" };
    struct presentation *shown = arena_allocate(&test.arena, sizeof *shown);
    struct release *release = test_release(&test, "visit", "en", "Press visit");
    release->event = &event;
    release->correction = "It is on Thursday, not on Friday.";
    paragraph_add(release->body, "Bring a \x1d camera; mind \"quotes\" & 'apostrophes'.");
    struct release_row row = test_row(&test, release, TEST_NOW - DURATION_DAY);
    row_publish(&row, "press-visit", TEST_NOW - DURATION_DAY);
    row.updated_at = TEST_NOW - DURATION_HOUR;
    presentation_init(shown, &test.arena, &site->presentation, &row, release);
    return feed_entry_new(shown);
}

static const struct feed_entry *entry_withdrawn(const struct site *site)
{
    struct presentation *shown = arena_allocate(&test.arena, sizeof *shown);
    struct release *release = test_release(&test, "forkert", "da", "Forkert");
    struct release_row row = test_row(&test, release, TEST_NOW - 2 * DURATION_DAY);
    row_publish(&row, "forkert", TEST_NOW - 2 * DURATION_DAY);
    row.status = RELEASE_WITHDRAWN;
    row.withdrawn_at = row.updated_at = TEST_NOW - 2 * DURATION_HOUR;
    row.withdrawal_reason = "Tallene var <forkerte>.";
    presentation_init(shown, &test.arena, &site->presentation, &row, release);
    return feed_entry_new(shown);
}

static void compare(const char *extension, const char *have)
{
    assert_true(golden_is(arena_format(&test.arena, "feed/everything.%s", extension), have));
}

static void every_format_says_the_same(void **state)
{
    (void)state;
    struct site site;
    struct error error = { 0 };
    static const char *const languages[] = { "en" };
    site_init(&site, &test.settings, NULL, TEST_NOW, languages, 1);
    const struct feed_entry *const entries[] = { entry_full(&site), entry_corrected(&site),
                                                 entry_withdrawn(&site) };
    for (size_t i = 0; i < feed_format_count; i++) {
        struct string_builder text;
        const struct feed_document document = {
            .site = &site,
            .id = "all",
            .title = "Alt fra R&D <nordpå>",
            .description = "Region Nordhav",
            .language = "da",
            .home_url = "https://presse.nordhav.example/",
            .self_url = arena_format(&test.arena, "https://presse.nordhav.example/feeds/all.%s",
                                     feed_formats[i].extension),
            .updated_at = TEST_NOW,
            .entries = entries,
            .entry_count = 3,
        };
        string_builder_init(&text, 0);
        assert_true(feed_writer(feed_formats[i].format)(&document, &text, &error));
        compare(feed_formats[i].extension, text.data);
        string_builder_release(&text);
    }
    site_release(&site);
}

static void a_feed_names_a_file_for_each_of_its_formats(void **state)
{
    (void)state;
    struct feed feed = { .id = "all", .formats = FEED_RSS | FEED_JSON };
    assert_string_equal(publish_feed_path(&test.arena, &feed, 0), "feeds/all.rss");
    assert_string_equal(publish_feed_path(&test.arena, &feed, 1), "feeds/all.json");
    assert_null(publish_feed_path(&test.arena, &feed, 2));
    feed.formats = 0;
    assert_null(publish_feed_path(&test.arena, &feed, 0));
}

static void a_long_line_is_cut_at_a_word(void **state)
{
    (void)state;
    assert_string_equal(wording_cut(&test.arena, "kort", 10), "kort");
    assert_string_equal(wording_cut(&test.arena, "blåbær og æbler", 12), "blåbær og…");
    assert_string_equal(wording_cut(&test.arena, "blåbær, æbler", 8), "blåbær…");
    assert_string_equal(wording_cut(&test.arena, "ææææææææææææ", 4), "ææææ…");
    assert_string_equal(wording_cut(&test.arena, "a b c ", 6), "a b c ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_format_says_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(a_feed_names_a_file_for_each_of_its_formats, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_long_line_is_cut_at_a_word, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
