/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"

#include "presentation/presentation.h"
#include "publish/event.h"
#include "publish/page.h"
#include "publish/site.h"

#include <jansson.h>

static int setup(void **state)
{
    static struct test_site test;
    test_site_open(&test);
    *state = &test;
    return 0;
}

static int teardown(void **state)
{
    test_site_close(*state);
    return 0;
}

static const char *calendar_of(struct test_site *test, struct release *release, int64_t revision)
{
    struct site site;
    struct presentation shown;
    struct string_builder text;
    struct error error = { 0 };
    struct release_row row = test_row(test, release, TEST_NOW);
    row.slug = "a";
    row.year = 2026;
    row.public_at = row.updated_at = TEST_NOW;
    row.revision = revision;
    site_init(&site, &test->settings, NULL, TEST_NOW, NULL, 0);
    presentation_init(&shown, &test->arena, &site.presentation, &row, release);
    string_builder_init(&text, 0);
    assert_true(calendar_write(&site, &shown, &text, &error));
    const char *copy = arena_copy(&test->arena, text.data);
    string_builder_release(&text);
    site_release(&site);
    return copy;
}

static void an_invitation_is_a_calendar(void **state)
{
    struct test_site *test = *state;
    struct release *release = test_release(test, "r1", "da",
                                           "Kom; se, og\nhør \\ DTSTART:19700101T000000Z");
    struct release_event event = { .start_at = TEST_NOW + 10 * DURATION_DAY,
                                   .end_at = TEST_NOW + 10 * DURATION_DAY + DURATION_HOUR,
                                   .place = "Vesterhavn Hospital\nindgang A" };
    release->event = &event;
    const char *calendar = calendar_of(test, release, 3);
    assert_non_null(strstr(calendar, "METHOD:PUBLISH\r\n"));
    assert_non_null(strstr(calendar, "\r\nUID:r1@presse.nordhav.example\r\n"));
    assert_non_null(strstr(calendar, "\r\nSEQUENCE:2\r\n"));
    assert_non_null(strstr(calendar, "\r\nDTSTAMP:20260601T073000Z\r\n"));
    assert_non_null(strstr(calendar, "\r\nDTSTART:20260611T073000Z\r\n"));
    assert_non_null(strstr(calendar, "\r\nDTEND:20260611T083000Z\r\n"));
    assert_non_null(strstr(calendar, "Kom\\; se\\, og\\nhør \\\\ DTSTART:1970"));
    assert_null(strstr(calendar, "\r\nDTSTART:1970"));
    assert_non_null(strstr(calendar, "LOCATION:Vesterhavn Hospital\\nindgang A\r\n"));
    assert_non_null(strstr(calendar, "ORGANIZER;CN=\"Region Nordhav\":mailto:presse@nordhav."));
    assert_null(strstr(calendar, "ATTENDEE"));
}

static void lines_are_short_and_characters_stay_whole(void **state)
{
    struct test_site *test = *state;
    struct release *release = test_release(
        test, "r1", "da",
        "ÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøå"
        "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€");
    struct release_event event = { .start_at = TEST_NOW };
    release->event = &event;
    const char *line = calendar_of(test, release, 1);
    while (*line) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_in_range(end - line, 1, 75);
        assert_true((line[0] & 0xC0) != 0x80); /* never begins inside a character */
        assert_null(memchr(line, '\n', (size_t)(end - line)));
        line = end + 2;
    }
}

/* Midnight of 1 June in the site's zone. */
enum { MIDNIGHT_TO_NOW_MINUTES = 9 * 60 + 30 };

static void an_event_of_days_has_no_clock(void **state)
{
    struct test_site *test = *state;
    int64_t midnight = TEST_NOW - MIDNIGHT_TO_NOW_MINUTES * DURATION_MINUTE;
    struct release_event event = { .start_at = midnight,
                                   .end_at = midnight + 3 * DURATION_DAY,
                                   .is_all_day = true };
    struct release *release = test_release(test, "r1", "da", "Heldagsmøde");
    release->event = &event;
    const char *calendar = calendar_of(test, release, 1);
    assert_non_null(strstr(calendar, "\r\nDTSTART;VALUE=DATE:20260601\r\n"));
    assert_non_null(strstr(calendar, "\r\nDTEND;VALUE=DATE:20260604\r\n"));
    assert_null(strstr(calendar, "DTSTART:"));
}

static json_t *json_ld_of(struct test_site *test, struct release *release, const char **text)
{
    struct site site;
    struct presentation shown;
    json_error_t problem;
    struct release_row row = test_row(test, release, TEST_NOW);
    row.slug = "a";
    row.year = 2026;
    row.public_at = row.updated_at = TEST_NOW;
    site_init(&site, &test->settings, NULL, TEST_NOW, NULL, 0);
    presentation_init(&shown, &test->arena, &site.presentation, &row, release);
    *text = json_ld_write(&shown);
    site_release(&site);
    assert_non_null(*text);
    json_t *document = json_loads(*text, 0, &problem);
    if (!document)
        fail_msg("%s: %s", problem.text, *text);
    return document;
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void search_engines_are_told_of_an_invitation_as_of_an_event(void **state)
{
    struct test_site *test = *state;
    const char *text;
    struct release *release = test_release(test, "r1", "en", "Come & see </script><!-- it");
    struct release_event event = { .start_at = TEST_NOW + 10 * DURATION_DAY,
                                   .end_at = TEST_NOW + 10 * DURATION_DAY + DURATION_HOUR,
                                   .place = "Vesterhavn Hospital </script>" };
    release->event = &event;
    json_t *document = json_ld_of(test, release, &text);
    assert_null(strchr(text, '<'));
    assert_string_equal(member(document, "@context"), "https://schema.org");
    const json_t *graph = json_object_get(document, "@graph");
    assert_int_equal(json_array_size(graph), 2);
    const json_t *article = json_array_get(graph, 0);
    const json_t *told = json_array_get(graph, 1);
    assert_string_equal(member(article, "@type"), "NewsArticle");
    assert_string_equal(member(told, "@type"), "Event");
    assert_string_equal(member(json_object_get(article, "about"), "@id"), member(told, "@id"));
    assert_string_equal(member(told, "name"), "Come & see </script><!-- it");
    assert_string_equal(member(told, "startDate"), "2026-06-11T09:30:00+02:00");
    assert_string_equal(member(told, "endDate"), "2026-06-11T10:30:00+02:00");
    const json_t *place = json_object_get(told, "location");
    assert_string_equal(member(place, "@type"), "Place");
    assert_string_equal(member(place, "name"), "Vesterhavn Hospital </script>");
    assert_string_equal(member(place, "address"), "Vesterhavn Hospital </script>");
    assert_string_equal(member(json_object_get(told, "organizer"), "name"), "Region Nordhav");
    assert_string_equal(member(told, "url"), member(article, "url"));
    assert_string_equal(member(told, "description"), member(article, "description"));
    assert_string_equal(member(told, "inLanguage"), "en");
    json_decref(document);
}

static void what_is_not_said_of_an_event_is_not_told(void **state)
{
    struct test_site *test = *state;
    const char *text;
    struct release *release = test_release(test, "r1", "da", "Kom og se");
    json_t *document = json_ld_of(test, release, &text);
    assert_string_equal(member(document, "@type"), "NewsArticle");
    assert_null(json_object_get(document, "about"));
    json_decref(document);
    struct release_event event = { .start_at = TEST_NOW, .end_at = INSTANT_NONE };
    release->event = &event;
    document = json_ld_of(test, release, &text);
    const json_t *told = json_array_get(json_object_get(document, "@graph"), 1);
    assert_string_equal(member(told, "startDate"), "2026-06-01T09:30:00+02:00");
    assert_null(json_object_get(told, "endDate"));
    assert_null(json_object_get(told, "location"));
    json_decref(document);
    event.is_all_day = true;
    event.end_at = TEST_NOW + DURATION_DAY;
    document = json_ld_of(test, release, &text);
    told = json_array_get(json_object_get(document, "@graph"), 1);
    assert_string_equal(member(told, "startDate"), "2026-06-01");
    assert_string_equal(member(told, "endDate"), "2026-06-02");
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_invitation_is_a_calendar, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_are_short_and_characters_stay_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(an_event_of_days_has_no_clock, setup, teardown),
        cmocka_unit_test_setup_teardown(search_engines_are_told_of_an_invitation_as_of_an_event,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_said_of_an_event_is_not_told, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
