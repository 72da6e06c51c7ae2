/* SPDX-License-Identifier: MIT */
#include "digest_scene.h"

/* Where clocks leave out midnight, or the hour before it: one digest a date, and one a week. */

static void live_in(struct scene *scene, const char *zone, int hour, int weekday)
{
    zone_close(scene->zone);
    scene->zone = zone_open(zone, &scene->error);
    assert_non_null(scene->zone);
    scene->settings = (struct digest_settings){ .minute = hour * 60 + 30,
                                                .weekday = weekday,
                                                .zone = scene->zone };
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    add_subscriber(scene, 2, "da");
    follow(scene, 2, "all", WEEKLY);
}

/* Friday 19 June 2009 has no 23:30: its digests are due as Saturday begins. */
static void a_weekly_instant_moved_past_midnight_is_not_missed(void **state)
{
    struct scene *scene = *state;
    live_in(scene, "Asia/Dhaka", 23, 5);
    tell(scene, 10, "all", "2009-06-19T10:00:00Z");
    assert_string_equal(
        utc(scene, digest_next_weekly(&scene->settings, instant("2009-06-19T10:00:00Z"))),
        "2009-06-19T17:00:00Z");
    assert_int_equal(run(scene, "2009-06-19T16:59:59Z"), 0);
    assert_int_equal(run(scene, "2009-06-19T17:00:00Z"), 2);
    assert_string_equal(content(scene, 1, "2009-06-19"), " 1:10 ");
    assert_string_equal(content(scene, 2, "2009-06-19"), " 1:10 ");
    /* Saturday has a digest of its own */
    tell(scene, 11, "all", "2009-06-20T10:00:00Z");
    assert_string_equal(
        utc(scene, digest_next_daily(&scene->settings, instant("2009-06-19T17:00:00Z"))),
        "2009-06-20T16:30:00Z");
    assert_int_equal(run(scene, "2009-06-20T16:30:00Z"), 1);
    assert_string_equal(content(scene, 1, "2009-06-20"), " 2:11 ");
    assert_string_equal(
        utc(scene, digest_next_weekly(&scene->settings, instant("2009-06-19T17:00:00Z"))),
        "2009-06-26T16:30:00Z");
    assert_int_equal(run(scene, "2009-06-26T16:30:00Z"), 1);
    assert_string_equal(content(scene, 2, "2009-06-26"), " 2:11 ");
}

/* Sunday 4 November 2018 began at 01:00. */
static void a_weekly_instant_in_an_hour_left_out_is_not_missed(void **state)
{
    struct scene *scene = *state;
    live_in(scene, "America/Sao_Paulo", 0, 7);
    tell(scene, 10, "all", "2018-11-03T10:00:00Z");
    assert_int_equal(run(scene, "2018-11-04T02:59:59Z"), 0);
    assert_int_equal(run(scene, "2018-11-04T03:00:00Z"), 2);
    assert_string_equal(content(scene, 2, "2018-11-04"), " 1:10 ");
    assert_string_equal(
        utc(scene, digest_next_weekly(&scene->settings, instant("2018-11-04T03:00:00Z"))),
        "2018-11-11T02:30:00Z");
}

/* In Samoa there was no Friday 30 December 2011. */
static void a_weekly_date_left_out_comes_with_the_next(void **state)
{
    struct scene *scene = *state;
    live_in(scene, "Pacific/Apia", 8, 5);
    tell(scene, 10, "all", "2011-12-29T10:00:00Z");
    assert_int_equal(run(scene, "2011-12-30T10:00:00Z"), 2); /* Saturday, 00:00 */
    assert_string_equal(content(scene, 2, "2011-12-30"), " 1:10 ");
    tell(scene, 11, "all", "2011-12-30T12:00:00Z");
    assert_int_equal(run(scene, "2011-12-30T18:30:00Z"), 1); /* Saturday, 08:30 */
    assert_string_equal(content(scene, 1, "2011-12-31"), " 2:11 ");
}

/* Each instant is the last one from then on, until the next. */
static void last_and_next_agree_over_every_change_of_clocks(void **state)
{
    static const char *const zones[] = { "Asia/Dhaka", "America/Sao_Paulo", "Pacific/Apia",
                                         "Europe/Copenhagen" };
    static const char *const begins[] = { "2009-06-18T00:00:00Z", "2018-11-02T00:00:00Z",
                                          "2011-12-28T00:00:00Z", "2026-10-23T00:00:00Z" };
    struct scene *scene = *state;
    for (int i = 0; i < 4 * 24; i++) {
        int64_t at = instant(begins[i / 24]);
        struct zone *zone = zone_open(zones[i / 24], &scene->error);
        const struct digest_settings settings = { .minute = i % 24 * 60 + 30,
                                                  .weekday = 7,
                                                  .zone = zone };
        for (int minute = 0; minute < 4 * 24 * 60; minute += 10, at += 10 * DURATION_MINUTE) {
            int64_t next_at = digest_next_daily(&settings, at);
            const struct digest_day last = digest_last_day(&settings, at, false);
            assert_true(last.at <= at && at < next_at);
            assert_true(digest_last_day(&settings, next_at - 1, false).days == last.days);
            assert_true(digest_last_day(&settings, next_at, false).at == next_at);
            assert_true(digest_last_day(&settings, at, true).at <= last.at);
        }
        zone_close(zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_weekly_instant_moved_past_midnight_is_not_missed),
        TEST(a_weekly_instant_in_an_hour_left_out_is_not_missed),
        TEST(a_weekly_date_left_out_comes_with_the_next),
        TEST(last_and_next_agree_over_every_change_of_clocks),
    };
    return cmocka_run_group_tests_name("when digests are due", tests, NULL, NULL);
}
