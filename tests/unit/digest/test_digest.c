/* SPDX-License-Identifier: MIT */
#include "database/write_transaction.h"
#include "digest_scene.h"

#include "queue/sending.h"

/* ---- when ---- */

static void eight_o_clock_is_eight_in_summer_and_winter(void **state)
{
    struct scene *scene = *state;
    const struct digest_settings *settings = &scene->settings;
    assert_string_equal(utc(scene, digest_next_daily(settings, instant("2026-03-27T12:00:00Z"))),
                        "2026-03-28T07:00:00Z");
    assert_string_equal(utc(scene, digest_next_daily(settings, instant("2026-03-28T07:00:00Z"))),
                        "2026-03-29T06:00:00Z");
    assert_string_equal(utc(scene, digest_next_daily(settings, instant("2026-10-24T12:00:00Z"))),
                        "2026-10-25T07:00:00Z");
    assert_string_equal(utc(scene, digest_next_weekly(settings, instant("2026-03-29T06:00:00Z"))),
                        "2026-03-30T06:00:00Z");
    assert_string_equal(utc(scene, digest_next_weekly(settings, instant("2026-03-30T06:00:00Z"))),
                        "2026-04-06T06:00:00Z");
}

static void a_time_that_clocks_leave_out_or_show_twice_comes_once(void **state)
{
    struct scene *scene = *state;
    scene->settings.minute = 150; /* 02:30 */
    assert_string_equal(
        utc(scene, digest_last_day(&scene->settings, instant("2026-03-29T10:00:00Z"), false).at),
        "2026-03-29T01:00:00Z"); /* 03:00 */
    assert_string_equal(
        utc(scene, digest_last_day(&scene->settings, instant("2026-10-25T10:00:00Z"), false).at),
        "2026-10-25T01:30:00Z"); /* the later */
}

static void over_the_change_of_clocks_there_is_one_a_day(void **state)
{
    struct scene *scene = *state;
    static const char *const begins[] = { "2026-03-27T00:00:00Z", "2026-10-23T00:00:00Z" };
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    for (int season = 0; season < 2; season++) {
        int64_t rows = 0;
        int64_t at = instant(begins[season]);
        scene->settings.minute = season ? 150 : 480;
        for (int hour = 0; hour < 5 * 24; hour++, at += DURATION_HOUR) {
            tell(scene, 1000 * (season + 1) + hour, "all", utc(scene, at));
            rows += run(scene, utc(scene, at + DURATION_SECOND));
        }
        assert_int_equal(rows, 5 + season); /* the first brings what March had left */
        sent(scene);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_issue"),
                     number(scene, "SELECT count(DISTINCT deduplication_key) FROM announcement"));
}

static void missed_instants_are_made_up_once(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    add_subscriber(scene, 2, "da");
    follow(scene, 1, "all", DAILY);
    follow(scene, 2, "all", WEEKLY);
    tell(scene, 10, "all", "2026-06-05T10:00:00Z"); /* a Friday */
    tell(scene, 11, "all", "2026-06-09T10:00:00Z"); /* behind Monday */
    assert_int_equal(run(scene, "2026-06-10T12:00:00Z"), 2);
    assert_string_equal(content(scene, 1, "2026-06-10"), " 1:10 2:11 ");
    assert_string_equal(content(scene, 2, "2026-06-10"), " 1:10 ");
    assert_int_equal(run(scene, "2026-06-10T12:00:01Z"), 0);
    assert_int_equal(run(scene, "2026-06-11T12:00:00Z"), 0);
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 1);
    assert_string_equal(content(scene, 2, "2026-06-15"), " 2:11 ");
}

static void the_next_look_is_at_the_instant_or_when_the_delay_is_over(void **state)
{
    struct scene *scene = *state;
    int64_t at;
    DONE(digest_next_at(scene->database, &scene->settings, instant("2026-06-10T05:00:00Z"), &at,
                        &scene->error));
    assert_string_equal(utc(scene, at), "2026-06-10T06:00:00Z");
    tell(scene, 10, "all", "2026-06-10T05:58:00Z");
    sql(scene, "UPDATE digest_item SET ripe_at = ripe_at + 300000");
    DONE(digest_next_at(scene->database, &scene->settings, instant("2026-06-10T06:00:00Z"), &at,
                        &scene->error));
    assert_string_equal(utc(scene, at), "2026-06-10T06:03:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:01:00Z"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_issue"), 0);
    DONE(digest_next_at(scene->database, &scene->settings, instant("2026-06-10T06:03:00Z"), &at,
                        &scene->error));
    assert_string_equal(utc(scene, at), "2026-06-10T06:03:00Z");
}

/* ---- what ---- */

static void subscribers_with_the_same_share_a_content(void **state)
{
    struct scene *scene = *state;
    for (int i = 1; i <= 2500; i++) { /* more than one step */
        add_subscriber(scene, i, "da");
        follow(scene, i, i % 2 ? "odd" : "even", DAILY);
        follow(scene, i, "all", DAILY);
    }
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "odd", "2026-06-09T11:00:00Z");
    tell(scene, 12, "none", "2026-06-09T11:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2500);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_content"), 2);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_ACTIVE);
    assert_string_equal(content(scene, 1, "2026-06-10"), " 1:10 2:11 ");
    assert_string_equal(content(scene, 2, "2026-06-10"), " 1:10 ");
    assert_int_equal(number(scene, "SELECT count(DISTINCT next_at) FROM delivery"), 2);
}

static void each_gets_the_version_in_his_language_and_a_later_one_not_again(void **state)
{
    struct scene *scene = *state;
    const struct queue_candidate both[] = { { "all", 10, "da", true },
                                            { "all", 11, "en", false },
                                            { "english", 11, "en", false } };
    struct queue_candidates candidates = { both, 3 };
    struct digest_news news = { .release = 10,
                                .deduplication_key = "",
                                .at = instant("2026-06-09T10:00:00Z"),
                                .now_at = instant("2026-06-09T10:00:00Z") };
    add_subscriber(scene, 1, "da");
    add_subscriber(scene, 2, "en-GB");
    add_subscriber(scene, 3, "en");
    for (int i = 1; i <= 2; i++)
        follow(scene, i, "all", DAILY);
    follow(scene, 3, "english", DAILY);
    DONE(database_begin(scene->database, &scene->error));
    candidates.count = 1; /* the Danish one first */
    DONE(digest_add(scene->database, &news, &candidates, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    sent(scene);
    DONE(database_begin(scene->database, &scene->error));
    candidates = (struct queue_candidates){ both + 1, 2 };
    news.at = news.now_at = instant("2026-06-10T10:00:00Z");
    DONE(digest_add(scene->database, &news, &candidates, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    assert_string_equal(content(scene, 3, "2026-06-11"), " 3:11 ");
    DONE(database_begin(scene->database, &scene->error));
    news = (struct digest_news){ .release = 20,
                                 .deduplication_key = "",
                                 .at = instant("2026-06-11T10:00:00Z"),
                                 .now_at = instant("2026-06-11T10:00:00Z") };
    const struct queue_candidate second[] = { { "all", 20, "da", true },
                                              { "all", 21, "en", false } };
    candidates = (struct queue_candidates){ second, 2 };
    DONE(digest_add(scene->database, &news, &candidates, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(run(scene, "2026-06-12T06:00:00Z"), 2);
    assert_string_equal(content(scene, 1, "2026-06-12"), " 4:20 ");
    assert_string_equal(content(scene, 2, "2026-06-12"), " 4:21 ");
}

static void what_came_at_once_is_in_no_digest_and_the_other_way_round(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "now", 0);
    follow(scene, 1, "all", DAILY);
    mailing_of(scene, 10, "now");
    sent(scene);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-10"), " 2:11 ");
    mailing_of(scene, 11, "now"); /* another feed has it too, later */
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery d JOIN announcement a"
                                   " ON a.row_id = d.announcement WHERE a.release_row_id = 11"),
                     0);
}

static void what_waits_to_be_mailed_at_once_comes_in_the_digest_of_who_turns(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", 0);
    mailing_of(scene, 10, "all");
    tell(scene, 10, "all", "2026-06-01T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-02T06:00:00Z"), 0); /* the issue is past */
    change(scene, 1, "UPDATE subscription SET cadence = 1, digest_after = 1",
           "2026-06-09T10:00:00Z");
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_SUPPRESSED);
    assert_int_equal(run(scene, "2026-06-09T10:01:00Z"), 0); /* not at any time of the day */
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-10"), " 1:10 ");
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
}

static void who_drops_a_feed_while_the_digest_waits_gets_the_rest_with_the_next(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    follow(scene, 1, "other", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "other", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    change(scene, 1, "DELETE FROM subscription WHERE feed = 'other'", "2026-06-10T07:00:00Z");
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_SUPPRESSED);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-11"), " 1:10 ");
    /* what is still followed, however, leaves as it is */
    change(scene, 1, "UPDATE subscription SET cadence = 2", "2026-06-11T07:00:00Z");
    assert_int_equal(number(scene, "SELECT state FROM delivery ORDER BY mailing DESC"),
                     QUEUE_QUEUED);
}

static void a_mailing_held_or_cancelled_keeps_its_release_out(void **state)
{
    struct scene *scene = *state;
    int64_t count;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    add_subscriber(scene, 2, "da");
    follow(scene, 2, "all", 0);
    struct queue_mailing mailing = mailing_of(scene, 10, "all");
    sql(scene, "UPDATE digest_item SET mailing = 1");
    sql(scene, "UPDATE mailing SET state = 1");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0);
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_mailing_resume(scene->database, mailing.row_id, instant("2026-06-10T12:00:00Z"),
                               &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(run(scene, "2026-06-10T12:00:01Z"), 0); /* it belongs to tomorrow's */
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    tell(scene, 11, "all", "2026-06-11T10:00:00Z");
    mailing = mailing_of(scene, 11, "all");
    sql(scene, "UPDATE digest_item SET mailing = 3 WHERE release_row_id = 11");
    assert_int_equal(mailing.row_id, 3);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mailing_cancel(scene->database, 3, "by hand", 1, &count, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(run(scene, "2026-06-12T06:00:00Z"), 0);
}

static void what_is_withdrawn_is_taken_out_of_what_waits(void **state)
{
    struct scene *scene = *state;
    int64_t count;
    add_subscriber(scene, 1, "da");
    add_subscriber(scene, 2, "da");
    add_subscriber(scene, 3, "da");
    follow(scene, 1, "all", DAILY);
    follow(scene, 2, "all", DAILY);
    follow(scene, 2, "other", DAILY);
    follow(scene, 3, "all", WEEKLY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "other", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    sql(scene, "UPDATE delivery SET worker = 7 WHERE subscriber = 2"); /* a message of it is made */
    const struct queue_cancellation cancellation = { .release = 10,
                                                     .note = "withdrawn",
                                                     .now_at = instant("2026-06-10T06:00:01Z") };
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_cancel_release(scene->database, &cancellation, &count, &scene->error));
    DONE(digest_cancel_release(scene->database, &cancellation, &count, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(number(scene, "SELECT state FROM delivery WHERE subscriber = 1"),
                     QUEUE_CANCELLED);
    assert_int_equal(number(scene, "SELECT state FROM delivery WHERE subscriber = 2"),
                     QUEUE_QUEUED);
    assert_int_equal(number(scene, "SELECT worker FROM delivery WHERE subscriber = 2"), 0);
    size_t parts = 0;
    struct digest_part *part = NULL;
    DONE(digest_parts_read(scene->database,
                           number(scene, "SELECT version FROM delivery WHERE subscriber = 2"),
                           &scene->arena, &part, &parts, &scene->error));
    assert_int_equal(parts, 2);
    assert_false(part[0].is_live);
    assert_true(part[1].is_live);
    sent(scene);
    /* nobody was sent it: nobody is told */
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 0);
}

static struct queue_row claimed(struct scene *scene, const char *at)
{
    struct queue_batch batch;
    const struct queue_claim claim = { .worker = 7, .now_at = instant(at), .maximum = 5 };
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_claim(scene->database, &claim, &scene->arena, &batch, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(batch.count, 1);
    return batch.rows[0];
}

static enum queue_mark marked(struct scene *scene, const struct queue_row *row, const char *at)
{
    enum queue_mark mark = QUEUE_MARK_RELEASED;
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_mark_sending(scene->database, row, 0, instant(at), &mark, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return mark;
}

/* What waits for a held receiver is no message that was made: it waits there still. */
static void what_is_parked_stays_so_when_something_is_withdrawn(void **state)
{
    struct scene *scene = *state;
    for (int64_t row_id = 1; row_id <= 2; row_id++) {
        add_subscriber(scene, row_id, "da");
        follow(scene, row_id, "all", DAILY);
        follow(scene, row_id, "other", DAILY);
    }
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "other", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    sql(scene, "UPDATE delivery SET worker = CASE WHEN subscriber = 1 THEN 7 ELSE -4 END");
    withdraw(scene, 10, "2026-06-10T06:00:01Z");
    assert_int_equal(number(scene, "SELECT worker FROM delivery WHERE subscriber = 1"), 0);
    assert_int_equal(number(scene, "SELECT worker FROM delivery WHERE subscriber = 2"), -4);
}

/* The worker that made the message claims the row again before it asks whether it may leave. */
static void what_was_made_before_a_withdrawal_or_correction_does_not_leave(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    const struct queue_row first = claimed(scene, "2026-06-10T06:00:01Z");
    withdraw(scene, 10, "2026-06-10T06:00:02Z");
    const struct queue_row second = claimed(scene, "2026-06-10T06:00:03Z");
    assert_int_equal(marked(scene, &first, "2026-06-10T06:00:04Z"), QUEUE_MARK_GONE);
    correct(scene, 11, "all", "2026-06-10T06:00:05Z");
    const struct queue_row third = claimed(scene, "2026-06-10T06:00:06Z");
    assert_int_equal(marked(scene, &first, "2026-06-10T06:00:07Z"), QUEUE_MARK_GONE);
    assert_int_equal(marked(scene, &second, "2026-06-10T06:00:07Z"), QUEUE_MARK_GONE);
    assert_int_equal(marked(scene, &third, "2026-06-10T06:00:07Z"), QUEUE_MARK_SENDING);
    /* it has the newer text: whoever is told of the correction once more owes it nothing */
    correct(scene, 11, "all", "2026-06-10T06:00:05Z");
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
}

static void a_digest_still_being_made_is_not_resumed_by_hand(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    sql(scene, "UPDATE digest_issue SET is_complete = 0, composed_to = 0");
    sql(scene, "UPDATE mailing SET state = 1");
    DONE(database_begin(scene->database, &scene->error));
    assert_false(digest_mailing_resume(scene->database, 1, 1, &scene->error));
    database_rollback(scene->database);
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0); /* nobody twice, and it leaves */
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_ACTIVE);
}

static void after_two_years_nothing_is_left_of_it(void **state)
{
    struct scene *scene = *state;
    int64_t finished;
    int steps;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    sent(scene);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_finish(scene->database, instant("2026-06-10T07:00:00Z"), &finished, &scene->error));
    retain(scene, instant("2028-07-01T00:00:00Z"), &steps);
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(number(scene, "SELECT (SELECT count(*) FROM delivery)"
                                   " + (SELECT count(*) FROM digest_item)"
                                   " + (SELECT count(*) FROM digest_item_feed)"
                                   " + (SELECT count(*) FROM digest_content)"
                                   " + (SELECT count(*) FROM digest_issue)"
                                   " + (SELECT count(*) FROM digest_backlog)"),
                     0);
    assert_int_equal(number(scene, "SELECT sent FROM mailing"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(eight_o_clock_is_eight_in_summer_and_winter),
        TEST(a_time_that_clocks_leave_out_or_show_twice_comes_once),
        TEST(over_the_change_of_clocks_there_is_one_a_day),
        TEST(missed_instants_are_made_up_once),
        TEST(the_next_look_is_at_the_instant_or_when_the_delay_is_over),
        TEST(subscribers_with_the_same_share_a_content),
        TEST(each_gets_the_version_in_his_language_and_a_later_one_not_again),
        TEST(what_came_at_once_is_in_no_digest_and_the_other_way_round),
        TEST(what_waits_to_be_mailed_at_once_comes_in_the_digest_of_who_turns),
        TEST(who_drops_a_feed_while_the_digest_waits_gets_the_rest_with_the_next),
        TEST(a_mailing_held_or_cancelled_keeps_its_release_out),
        TEST(what_is_withdrawn_is_taken_out_of_what_waits),
        TEST(what_is_parked_stays_so_when_something_is_withdrawn),
        TEST(what_was_made_before_a_withdrawal_or_correction_does_not_leave),
        TEST(a_digest_still_being_made_is_not_resumed_by_hand),
        TEST(after_two_years_nothing_is_left_of_it),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
