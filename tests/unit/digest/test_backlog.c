/* SPDX-License-Identifier: MIT */
#include "digest_scene.h"

#include "digest/issue.h"

/* What is in the backlog comes, all of it, and is no reason for digests that bring nothing. */

/* So many releases, 1000 on, that are over for all digests, but in the backlog of subscriber 1. */
static void add_backlog(struct scene *scene, int count)
{
    sql(scene, arena_format(&scene->arena,
                            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                            " WHERE i < %d) INSERT INTO digest_item (release_row_id, kind,"
                            " deduplication_key, mailing, at, ripe_at, daily_issue, weekly_issue)"
                            " SELECT 1000 + i, 0, '', 0, 1000, 1000, 0, 0 FROM n",
                            count));
    sql(scene, "INSERT INTO digest_item_feed (item, feed, version, language, place)"
               " SELECT row_id, 'all', release_row_id, 'da', 0 FROM digest_item");
    sql(scene, "INSERT INTO digest_backlog (subscriber, item, at)"
               " SELECT 1, row_id, 1000 FROM digest_item");
}

static int count_parts(const char *items)
{
    int count = 0;
    for (; items && *items; items++)
        count += *items == ':';
    return count;
}

static void more_than_an_issue_holds_comes_with_the_next_and_the_new_is_not_cut(void **state)
{
    struct scene *scene = *state;

    enum { OWED = DIGEST_BACKLOG_MAXIMUM + 300 };

    size_t parts = 0;
    struct digest_part *part = NULL;
    add_subscriber(scene, 1, "da");
    add_subscriber(scene, 2, "da");
    follow(scene, 1, "all", DAILY);
    follow(scene, 2, "all", DAILY);
    add_backlog(scene, OWED);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    const char *items = arena_format(&scene->arena, " %d:10 ", OWED + 1);
    assert_string_equal(content(scene, 2, "2026-06-10"), items);
    assert_non_null(strstr(content(scene, 1, "2026-06-10"), items));
    assert_int_equal(count_parts(content(scene, 1, "2026-06-10")), DIGEST_BACKLOG_MAXIMUM + 1);
    DONE(digest_parts_read(scene->database,
                           number(scene, "SELECT version FROM delivery WHERE subscriber = 1"),
                           &scene->arena, &part, &parts, &scene->error));
    assert_int_equal(parts, DIGEST_BACKLOG_MAXIMUM + 1);
    assert_int_equal(part[parts - 1].release, 10);
    sent(scene);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    assert_int_equal(count_parts(content(scene, 1, "2026-06-11")), 300);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
}

/* A release more a day than an issue takes comes the day after. */
static void more_than_an_issue_takes_comes_with_the_next(void **state)
{
    struct scene *scene = *state;
    int brought = 0;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    add_backlog(scene, DIGEST_ITEMS_MAXIMUM + 1);
    sql(scene, "DELETE FROM digest_backlog");
    sql(scene, "UPDATE digest_item SET daily_issue = NULL");
    for (int i = 10; i <= 13; i++) {
        const char *date = arena_format(&scene->arena, "2026-06-%d", i);
        (void)run(scene, arena_format(&scene->arena, "%sT06:00:00Z", date));
        brought += count_parts(content(scene, 1, date));
        sent(scene);
    }
    assert_int_equal(brought, DIGEST_ITEMS_MAXIMUM + 1);
}

#define ISSUES "SELECT count(*) FROM digest_issue"

static void what_waits_for_monday_makes_no_digest_on_other_days(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z"); /* a Tuesday */
    change(scene, 1, "UPDATE subscription SET cadence = 2, digest_after = 1",
           "2026-06-09T11:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0);
    assert_int_equal(number(scene, ISSUES), 1);
    for (int i = 11; i <= 14; i++)
        assert_int_equal(run(scene, arena_format(&scene->arena, "2026-06-%dT06:00:00Z", i)), 0);
    assert_int_equal(number(scene, ISSUES), 1);
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-15"), " 1:10 ");
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
}

static void what_waits_for_monday_comes_tomorrow_to_who_turns_daily(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    change(scene, 1, "UPDATE subscription SET cadence = 2, digest_after = 1",
           "2026-06-09T11:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0);
    change(scene, 1, "UPDATE subscription SET cadence = 1, digest_after = 1",
           "2026-06-10T11:00:00Z");
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-11"), " 1:10 ");
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 0);
}

static void the_backlog_of_who_may_not_be_mailed_is_dropped(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    add_backlog(scene, 1);
    sql(scene, "UPDATE subscriber SET state = 1");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
    assert_int_equal(number(scene, ISSUES), 1);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 0);
    assert_int_equal(number(scene, ISSUES), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(more_than_an_issue_holds_comes_with_the_next_and_the_new_is_not_cut),
        TEST(more_than_an_issue_takes_comes_with_the_next),
        TEST(what_waits_for_monday_makes_no_digest_on_other_days),
        TEST(what_waits_for_monday_comes_tomorrow_to_who_turns_daily),
        TEST(the_backlog_of_who_may_not_be_mailed_is_dropped),
    };
    return cmocka_run_group_tests_name("the backlog of digests", tests, NULL, NULL);
}
