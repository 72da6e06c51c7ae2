/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "endpoint/file_type.h"
#include "http/http.h"

static void dates_are_written_and_read_in_all_three_forms(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int64_t want; /* -1: refused */
    } cases[] = {
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
        { "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
        { "Sun Nov  6 08:49:37 1994", 784111777 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "Sun, 06 Nov 1994 08:49:37", -1 },
        { "Sun, 31 Feb 1994 08:49:37 GMT", -1 },
        { "Sun, 06 Nov 1994 24:49:37 GMT", -1 },
        { "Sun, 06 Nov 1994 08:49:37 GMT ", -1 },
        { "", -1 },
        { "yesterday", -1 },
        { "Sun, ", -1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds = -1;
        (void)http_date_parse(cases[i].text, &seconds);
        assert_int_equal(seconds, cases[i].want);
    }
    char text[HTTP_DATE_SIZE];
    http_date_format(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    http_date_format(1796000000, text);
    int64_t seconds = 0;
    assert_true(http_date_parse(text, &seconds));
    assert_int_equal(seconds, 1796000000);
}

static void an_entity_tag_decides_before_a_date(void **state)
{
    (void)state;
    const struct validator validator = { "\"abc\"", 784111777 };
    static const char old[] = "Sun, 06 Nov 1994 08:49:36 GMT";
    static const char same[] = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_true(condition_not_modified(&validator, "\"abc\"", NULL));
    assert_true(condition_not_modified(&validator, "W/\"abc\"", old));
    assert_true(condition_not_modified(&validator, "\"x\", \"abc\"", NULL));
    assert_true(condition_not_modified(&validator, "*", NULL));
    assert_false(condition_not_modified(&validator, "\"abc-gz\"", same));
    assert_false(condition_not_modified(&validator, "abc", NULL));
    assert_false(condition_not_modified(&validator, "\"abc", NULL));
    assert_false(condition_not_modified(&validator, NULL, NULL));
    assert_true(condition_not_modified(&validator, NULL, same));
    assert_false(condition_not_modified(&validator, NULL, old));
    assert_false(condition_not_modified(&validator, NULL, "nonsense"));
}

static void a_range_counts_for_this_very_representation(void **state)
{
    (void)state;
    const struct validator validator = { "\"abc\"", 784111777 };
    assert_true(condition_range_counts(&validator, NULL));
    assert_true(condition_range_counts(&validator, "\"abc\""));
    assert_false(condition_range_counts(&validator, "W/\"abc\""));
    assert_false(condition_range_counts(&validator, "\"abd\""));
    assert_true(condition_range_counts(&validator, "Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_false(condition_range_counts(&validator, "Sun, 06 Nov 1994 08:49:38 GMT"));
}

static void one_range_is_understood(void **state)
{
    (void)state;

    static const struct {
        const char *range;
        enum range_result want;
        uint64_t first;
        uint64_t last;
    } cases[] = {
        { "bytes=0-9", RANGE_PART, 0, 9 },
        { "bytes=10-", RANGE_PART, 10, 99 },
        { "bytes=-10", RANGE_PART, 90, 99 },
        { "bytes=-1000", RANGE_PART, 0, 99 },
        { "bytes=0-1000", RANGE_PART, 0, 99 },
        { "BYTES= 5-5", RANGE_PART, 5, 5 },
        { "bytes=100-", RANGE_UNSATISFIABLE, 0, 0 },
        { "bytes=-0", RANGE_UNSATISFIABLE, 0, 0 },
        { "bytes=9-5", RANGE_WHOLE, 0, 0 },
        { "bytes=0-1,3-4", RANGE_WHOLE, 0, 0 },
        { "bytes=-", RANGE_WHOLE, 0, 0 },
        { "bytes=", RANGE_WHOLE, 0, 0 },
        { "bytes=99999999999999999999-", RANGE_WHOLE, 0, 0 },
        { "lines=0-9", RANGE_WHOLE, 0, 0 },
        { NULL, RANGE_WHOLE, 0, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t first = 0;
        uint64_t last = 0;
        assert_int_equal(range_parse(cases[i].range, 100, &first, &last), cases[i].want);
        assert_int_equal(first, cases[i].first);
        assert_int_equal(last, cases[i].last);
    }
    uint64_t first;
    uint64_t last;
    assert_int_equal(range_parse("bytes=0-", 0, &first, &last), RANGE_UNSATISFIABLE);
}

static void gzip_is_taken_where_it_is_liked_no_less(void **state)
{
    (void)state;

    static const struct {
        const char *accepted;
        bool want;
    } cases[] = {
        { "gzip", true },
        { "br, GZIP;q=0.5", true },
        { "*", true },
        { "x-gzip", true },
        { "gzip, deflate, br, zstd", true },
        { "gzip, identity", true },
        { "gzip;q=1.0, identity;q=0.5, *;q=0", true },
        { "identity;q=0.5, *;q=0.8", true },
        { "gzip ; q=0.001", true },
        { "identity;q=0, *;q=0.1", true },
        { NULL, false },
        { "", false },
        { "identity", false },
        { "gzip;q=0.5, identity", false },
        { "identity, gzip;q=0.5", false },
        { "gzip;q=0.5, identity;q=0.501", false },
        { "gzip;q=0.5, *", false },
        { "gzip;q=0", false },
        { "gzip;q=0.000, *", false },
        { "*;q=0", false },
        { "br, deflate", false },
        { "gzipped", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(prefers_gzip(cases[i].accepted), cases[i].want);
}

static void files_have_their_media_types(void **state)
{
    (void)state;

    static const struct {
        const char *path;
        const char *type;
    } cases[] = {
        { "index.html", "text/html; charset=utf-8" },
        { "feeds/a.atom", "application/atom+xml; charset=utf-8" },
        { "feeds/a.rss", "application/rss+xml; charset=utf-8" },
        { "feeds/a.json", "application/feed+json" },
        { "releases/2026/a/release.json", "application/json" },
        { "releases/2026/a/event.ics", "text/calendar; charset=utf-8" },
        { "feeds.opml", "text/x-opml; charset=utf-8" },
        { "releases/2026/a/data.xml", "application/xml" },
        { "releases/2026/a/tal.csv", "text/csv; charset=utf-8" },
        { "robots.txt", "text/plain; charset=utf-8" },
        { "a.b/none", "application/octet-stream" },
        { "a.JPG", "image/jpeg" },
        { "sitemap.xml", "application/xml; charset=utf-8" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(file_type_of(cases[i].path), cases[i].type);
    assert_string_equal(cache_control_of("feeds/a.atom"), "public, max-age=300");
    assert_string_equal(cache_control_of("index.html"), "public, max-age=60");
    assert_string_equal(cache_control_of("assets/style-abc.css"),
                        "public, max-age=31536000, immutable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_written_and_read_in_all_three_forms),
        cmocka_unit_test(an_entity_tag_decides_before_a_date),
        cmocka_unit_test(a_range_counts_for_this_very_representation),
        cmocka_unit_test(one_range_is_understood),
        cmocka_unit_test(gzip_is_taken_where_it_is_liked_no_less),
        cmocka_unit_test(files_have_their_media_types),
    };
    return cmocka_run_group_tests_name("condition", tests, NULL, NULL);
}
