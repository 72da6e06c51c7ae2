/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"
#include "unit/locale/shipped_strings.h"

#include <string.h>

/* 2026-06-01T09:30:00+02:00 */
#define TEST_NOW INT64_C(1780299000000)

/* Midnight of that day in the newsroom's zone. */
#define TEST_MIDNIGHT (TEST_NOW - 9 * DURATION_HOUR - 30 * DURATION_MINUTE)

static struct arena arena;
static struct strings *strings;
static struct locale_context *locale;
static struct presentation_settings settings;

static int setup(void **state)
{
    static struct release_contact press = { .name = "Pressevagten", .phone = "51 00 00 11" };
    static struct newsroom newsroom = { .name = "Region Nordhav",
                                        .contacts = &press,
                                        .site_url = "https://presse.nordhav.example/",
                                        .country = "DK",
                                        .language = "da",
                                        .tag_authority = "presse.nordhav.example",
                                        .tag_date = "2026-05-01" };
    static const struct localized_text title = { "da", "Natur og miljø", NULL };
    static const struct newsroom_topic topic = { .name = "natur", .title = &title };
    struct error error;
    strings = strings_new("en");
    test_strings_add(strings, &arena, "da");
    test_strings_add(strings, &arena, "en");
    locale = locale_context_new("Europe/Copenhagen", &error);
    settings = (struct presentation_settings){ .newsroom = &newsroom,
                                               .strings = strings,
                                               .locale = locale,
                                               .topics = &topic,
                                               .home = newsroom.site_url,
                                               .home_language = "da" };
    (void)state;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    locale_context_free(locale);
    strings_free(strings);
    arena_release(&arena);
    return 0;
}

static bool is_taken(const char *name)
{
    return strcmp(name, "index.html") == 0 || strcmp(name, "text.txt") == 0;
}

static struct release_row row_of(const struct release *release)
{
    return (struct release_row){ .row_id = 1,
                                 .original_row_id = 1,
                                 .public_id = "akut",
                                 .path = "akut.md",
                                 .title = release->title,
                                 .language = "da",
                                 .type = "press-release",
                                 .topics = "akut natur",
                                 .topic_labels = "akut Akut hjælp\n",
                                 .status = RELEASE_READY,
                                 .correction = "",
                                 .revision = 1,
                                 .public_at = TEST_NOW,
                                 .updated_at = TEST_NOW + 5,
                                 .slug = "et-hold",
                                 .year = 2026 };
}

static struct release release_of(const char *text)
{
    struct release release = { .title = "Ét hold", .body = body_new(&arena) };
    body_append_text(&arena, body_append(&arena, release.body, BODY_PARAGRAPH), text, strlen(text));
    return release;
}

static void a_release_has_addresses_times_and_topics(void **state)
{
    (void)state;
    struct presentation shown;
    struct release release = release_of("Fra 1. september.");
    const struct release_row row = row_of(&release);
    release.correction = "Nobody has seen what this corrects.";
    presentation_init(&shown, &arena, &settings, &row, &release);
    assert_string_equal(shown.tag, "tag:presse.nordhav.example,2026-05-01:release/akut");
    assert_string_equal(shown.url, "https://presse.nordhav.example/releases/2026/et-hold/");
    assert_string_equal(shown.lead, "Fra 1. september.");
    assert_true(shown.lead_is_first_paragraph);
    assert_string_equal(shown.published_datetime, "2026-06-01T09:30:00+02:00");
    assert_false(shown.is_updated);
    assert_null(shown.correction);
    assert_int_equal(shown.topic_count, 2);
    assert_string_equal(shown.topics[0].title, "Akut hjælp");
    assert_string_equal(shown.topics[1].title, "Natur og miljø");
    assert_string_equal(shown.topics[1].url, "https://presse.nordhav.example/topics/natur/");
    assert_string_equal(presentation_type_name(&shown, "en"), "Press release");
    assert_string_equal(presentation_date(&shown, "en", shown.public_at), "1 June 2026 at 09:30");
    assert_false(shown.has_own_contacts);
    assert_string_equal(shown.contacts.list[0].phone_url, "tel:+4551000011");
    assert_null(shown.event);
}

static void an_update_is_one_of_a_later_second(void **state)
{
    (void)state;
    struct presentation shown;
    struct release release = release_of("Fra 1. september.");
    struct release_row row = row_of(&release);
    row.updated_at = TEST_NOW + DURATION_SECOND;
    release.correction = "It is the 1st.";
    presentation_init(&shown, &arena, &settings, &row, &release);
    assert_string_equal(shown.updated_datetime, "2026-06-01T09:30:01+02:00");
    assert_string_equal(shown.correction, "It is the 1st.");
    row.updated_at = TEST_NOW - DURATION_DAY;
    presentation_init(&shown, &arena, &settings, &row, &release);
    assert_int_equal(shown.updated_at, TEST_NOW);
}

/* The row already tells of a newer one, which need not be public yet. */
static void what_is_said_is_the_revisions_own(void **state)
{
    (void)state;
    struct presentation shown;
    const struct release release = release_of("Fra 1. september.");
    struct release_row row = row_of(&release);
    row.title = "Not yet";
    row.correction = "Nor is this.";
    row.updated_at = TEST_NOW + DURATION_SECOND;
    presentation_init(&shown, &arena, &settings, &row, &release);
    assert_string_equal(shown.title, release.title);
    assert_null(shown.correction);
}

static void of_a_withdrawn_release_no_word_of_its_text_is_left(void **state)
{
    (void)state;
    struct presentation shown;
    struct release_event event = { .start_at = TEST_NOW };
    struct release release = release_of("Fra 1. september.");
    struct release_row row = row_of(&release);
    release.event = &event;
    row.status = RELEASE_WITHDRAWN;
    row.withdrawn_at = TEST_NOW + DURATION_HOUR;
    row.withdrawal_reason = "Tallene var forkerte.";
    presentation_init(&shown, &arena, &settings, &row, &release);
    assert_string_equal(shown.lead, "");
    assert_null(shown.lead_paragraph);
    assert_null(shown.event);
    assert_string_equal(shown.reason, "Tallene var forkerte.");
    assert_string_equal(shown.withdrawn_datetime, "2026-06-01T10:30:00+02:00");
}

static void times_are_told_in_words(void **state)
{
    (void)state;
    struct presentation_event told;
    struct release_event event = { .start_at = TEST_NOW, .end_at = TEST_NOW + DURATION_HOUR };
    presentation_tell_event(&settings, &arena, "en", &event, &told);
    assert_string_equal(told.when, "Monday, 1 June 2026, 09:30–10:30");
    event.end_at = INSTANT_NONE;
    presentation_tell_event(&settings, &arena, "en", &event, &told);
    assert_string_equal(told.when, "Monday, 1 June 2026 at 09:30");
    assert_null(told.end);
    event.end_at = TEST_NOW + DURATION_DAY;
    presentation_tell_event(&settings, &arena, "en", &event, &told);
    assert_string_equal(told.when, "Monday, 1 June 2026 at 09:30 to Tuesday, 2 June 2026 at 09:30");
    assert_string_equal(told.start, "2026-06-01T09:30:00+02:00");
}

static void an_event_of_days_has_no_clock(void **state)
{
    (void)state;
    struct presentation_event told;
    struct release_event event = { .start_at = TEST_MIDNIGHT,
                                   .end_at = TEST_MIDNIGHT + DURATION_DAY,
                                   .is_all_day = true };
    presentation_tell_event(&settings, &arena, "en", &event, &told);
    assert_string_equal(told.when, "Monday, 1 June 2026");
    assert_string_equal(told.start, "2026-06-01");
    assert_string_equal(told.end, "2026-06-01");
    event.end_at = TEST_MIDNIGHT + 3 * DURATION_DAY;
    presentation_tell_event(&settings, &arena, "en", &event, &told);
    assert_string_equal(told.when, "Monday, 1 June 2026 to Wednesday, 3 June 2026");
    assert_string_equal(told.end, "2026-06-03");
}

static void renditions_have_names_of_their_own(void **state)
{
    (void)state;
    const struct presentation shown = { .arena = &arena, .settings = &settings };
    const struct release_asset picture = { .kind = RELEASE_IMAGE };
    const struct picture_rendition recoded[PICTURE_SIZES] = { { 1600, 1000, 3000000, false },
                                                              { 1200, 750, 90000, true },
                                                              { 0, 0, 0, false } };
    const struct picture_rendition light[PICTURE_SIZES] = { { 400, 300, 9000, false } };
    const struct picture_rendition small[PICTURE_SIZES] = { { 900, 600, 90000, false },
                                                            { 0, 0, 0, false },
                                                            { 640, 427, 50000, false } };
    struct presentation_file file = { .asset = &picture,
                                      .full = { .path = "r/a.png", .media_type = "image/png" },
                                      .is_picture = true };
    presentation_measure(&shown, &file, recoded);
    assert_string_equal(file.full.path, "r/a.png");
    assert_string_equal(file.full.media_type, "image/png");
    assert_string_equal(file.web.path, "r/a_1200.jpg");
    assert_string_equal(file.web.url, "https://presse.nordhav.example/r/a_1200.jpg");
    assert_string_equal(file.web.media_type, "image/jpeg");
    assert_string_equal(file.small.path, "r/a_1200.jpg");
    assert_int_equal(file.full.size_bytes, 3000000);
    assert_true(presentation_is_shown_smaller(&file));
    presentation_measure(&shown, &file, light);
    assert_string_equal(file.web.path, "r/a.png");
    assert_string_equal(file.small.path, "r/a.png");
    assert_false(presentation_is_shown_smaller(&file));
    presentation_measure(&shown, &file, small);
    assert_string_equal(file.web.path, "r/a.png");
    assert_string_equal(file.small.path, "r/a-640.png");
    assert_int_equal(file.small.height, 427);
}

static void what_a_picture_is_shown_as_is_known(void **state)
{
    (void)state;

    static const struct {
        const char *media_type;
        const char *shown_type;
        enum picture_format shown;
    } cases[] = {
        { "image/jpeg", NULL, PICTURE_JPEG },
        { "image/png", NULL, PICTURE_PNG },
        { "image/gif", NULL, PICTURE_PNG },
        { "image/webp", NULL, PICTURE_JPEG },
        { NULL, NULL, PICTURE_JPEG },
        { "image/webp", "image/png", PICTURE_PNG },
        { "image/png", "image/jpeg", PICTURE_JPEG },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct release_asset asset = { .media_type = cases[i].media_type,
                                             .shown_type = cases[i].shown_type };
        assert_int_equal(picture_shown(&asset), cases[i].shown);
    }
}

static void no_file_takes_the_name_of_another(void **state)
{
    (void)state;
    struct release_asset last = { .kind = RELEASE_DOCUMENT, .file = "b/Fakta.pdf" };
    struct release_asset text = { .kind = RELEASE_DOCUMENT, .file = "text.txt", .next = &last };
    struct release_asset fact = { .kind = RELEASE_DOCUMENT, .file = "Fakta.pdf", .next = &text };
    struct release_asset like = { .kind = RELEASE_IMAGE, .file = "ø-640.jpg", .next = &fact };
    struct presentation shown;
    struct release release = release_of("Fra 1. september.");
    struct release_row row = row_of(&release);
    release.assets = &like;
    presentation_init(&shown, &arena, &settings, &row, &release);
    presentation_name_files(&shown, is_taken);
    assert_int_equal(shown.file_count, 4);
    assert_string_equal(shown.files[0].full.path, "releases/2026/et-hold/oe-640-2.jpg");
    assert_string_equal(shown.files[1].full.path, "releases/2026/et-hold/fakta.pdf");
    assert_string_equal(shown.files[2].full.path, "releases/2026/et-hold/text-2.txt");
    assert_string_equal(shown.files[3].full.path, "releases/2026/et-hold/fakta-2.pdf");
}

/* The text with one picture of 2000 × 1000 pixels, which pages show at 1200. */
static const char *written(const struct presentation_form *form)
{
    static struct release_asset picture = { .kind = RELEASE_IMAGE,
                                            .file = "a.jpg",
                                            .caption = "Indgangen",
                                            .credit = "Karin Holm",
                                            .media_type = "image/jpeg" };
    const struct picture_rendition sizes[PICTURE_SIZES] = { { 2000, 1000, 1200000, false },
                                                            { 1200, 600, 90000, false } };
    struct presentation shown;
    struct string_builder text;
    struct release release = release_of("Fra 1. september.");
    struct release_row row = row_of(&release);
    struct body_node *figure = body_append(&arena, release.body, BODY_FIGURE);
    struct body_node *image = body_append(&arena, figure, BODY_IMAGE);
    image->target = "a.jpg";
    image->text = "En dør";
    release.assets = &picture;
    presentation_init(&shown, &arena, &settings, &row, &release);
    presentation_name_files(&shown, is_taken);
    presentation_measure(&shown, &shown.files[0], sizes);
    assert_true(shown.files[0].is_in_text);
    string_builder_init(&text, 0);
    presentation_write(&shown, form, release.body, &text);
    const char *copy = arena_copy(&arena, text.data);
    string_builder_release(&text);
    return copy;
}

static void the_words_around_a_text_are_the_readers(void **state)
{
    (void)state;
    const struct presentation_form page = { .medium = PRESENTATION_PAGE };
    const struct presentation_form mail = { .medium = PRESENTATION_MAIL, .language = "en" };
    const struct presentation_form plain = { .medium = PRESENTATION_TEXT,
                                             .width = 72,
                                             .skip_first_paragraph = true };
    const char *html = written(&page);
    assert_non_null(strstr(html, "releases/2026/et-hold/a-1200.jpg"));
    assert_non_null(strstr(html, "Hent billedet i fuld størrelse"));
    html = written(&mail);
    assert_non_null(strstr(html, "Credit: Karin Holm"));
    assert_non_null(strstr(html, "Download the picture in full size"));
    assert_non_null(strstr(html, "https://presse.nordhav.example/releases/2026/et-hold/a.jpg"));
    assert_null(strstr(written(&plain), "Fra 1. september."));
}

static void the_original_is_offered_first_and_each_language_once(void **state)
{
    (void)state;
    struct presentation_version versions[] = {
        { .row_id = 3, .language = "en", .title = "One team", .path = "releases/2026/one-team/" },
        { .row_id = 4, .language = "en", .title = "A team", .path = "releases/2026/a-team/" },
        { .row_id = 7, .language = "da", .title = "Ét hold", .path = "releases/2026/et-hold/" },
    };
    struct presentation shown = { .arena = &arena, .settings = &settings, .original_row_id = 7 };
    presentation_set_versions(&shown, versions, 3);
    assert_int_equal(shown.version_count, 2);
    assert_int_equal(shown.versions[0].row_id, 7);
    assert_int_equal(shown.versions[1].row_id, 3);
    assert_string_equal(shown.versions[1].invite, "Read in English");
    assert_string_equal(shown.versions[1].url,
                        "https://presse.nordhav.example/releases/2026/one-team/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_has_addresses_times_and_topics),
        cmocka_unit_test(an_update_is_one_of_a_later_second),
        cmocka_unit_test(what_is_said_is_the_revisions_own),
        cmocka_unit_test(of_a_withdrawn_release_no_word_of_its_text_is_left),
        cmocka_unit_test(times_are_told_in_words),
        cmocka_unit_test(an_event_of_days_has_no_clock),
        cmocka_unit_test(renditions_have_names_of_their_own),
        cmocka_unit_test(what_a_picture_is_shown_as_is_known),
        cmocka_unit_test(no_file_takes_the_name_of_another),
        cmocka_unit_test(the_words_around_a_text_are_the_readers),
        cmocka_unit_test(the_original_is_offered_first_and_each_language_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
