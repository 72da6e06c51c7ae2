/* SPDX-License-Identifier: MIT */
#include "database/write_transaction.h"
#include "digest_scene.h"

/* An indeterminate digest may have arrived: it counts as mailed, whatever became of its row since.
 */

/* What became of a row, and whether its digest counts as mailed. */
static const struct fate {
    const char *label;
    int state;
    int indeterminate_count;
    bool is_mailed;
} fates[] = {
    { "sent", QUEUE_SENT, 0, true },
    { "indeterminate", QUEUE_UNKNOWN, 1, true },
    { "queued again after being indeterminate", QUEUE_QUEUED, 1, true },
    { "deferred after being indeterminate", QUEUE_DEFERRED, 1, true },
    { "refused after being indeterminate", QUEUE_FAILED, 1, true },
    { "suppressed after being indeterminate", QUEUE_SUPPRESSED, 1, true },
    { "cancelled after being indeterminate", QUEUE_CANCELLED, 2, true },
    { "refused", QUEUE_FAILED, 0, false },
    { "suppressed", QUEUE_SUPPRESSED, 0, false },
};

enum { FATES = sizeof fates / sizeof fates[0] };

/* One subscriber a fate, all of whom have release 10 in the digest of 10 June. */
static void mail_all(struct scene *scene)
{
    for (int i = 0; i < FATES; i++) {
        add_subscriber(scene, i + 1, "da");
        follow(scene, i + 1, "all", DAILY);
    }
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), FATES);
    for (int i = 0; i < FATES; i++)
        sql(scene,
            arena_format(
                &scene->arena,
                "UPDATE delivery SET state = %d, indeterminate_count = %d WHERE subscriber = %d",
                fates[i].state, fates[i].indeterminate_count, i + 1));
    sql(scene, "UPDATE mailing SET state = 3"); /* finished */
}

static void check(struct scene *scene, const char *date, const char *mailed, const char *not_mailed)
{
    for (int i = 0; i < FATES; i++) {
        const char *items = content(scene, i + 1, date);
        const char *wanted = fates[i].is_mailed ? mailed : not_mailed;
        if ((items || wanted) && (!items || !wanted || strcmp(items, wanted) != 0))
            fail_msg("%s: %s, not %s", fates[i].label, items ? items : "none",
                     wanted ? wanted : "none");
    }
}

static void a_correction_comes_to_who_may_have_had_the_release(void **state)
{
    struct scene *scene = *state;
    mail_all(scene);
    correct(scene, 10, "all", "2026-06-10T10:00:00Z");
    (void)run(scene, "2026-06-11T06:00:00Z");
    check(scene, "2026-06-11", " 2:10 ", NULL);
}

static void a_withdrawal_comes_to_who_may_have_had_the_release(void **state)
{
    struct scene *scene = *state;
    mail_all(scene);
    withdraw(scene, 10, "2026-06-10T10:00:00Z");
    (void)run(scene, "2026-06-11T06:00:00Z");
    check(scene, "2026-06-11", " 2:10 ", NULL);
}

static void a_release_told_again_is_only_for_who_cannot_have_had_it(void **state)
{
    struct scene *scene = *state;
    mail_all(scene);
    tell(scene, 10, "all", "2026-06-10T10:00:00Z");
    (void)run(scene, "2026-06-11T06:00:00Z");
    check(scene, "2026-06-11", NULL, " 3:10 "); /* the second try of the same digest */
}

static void a_mailing_at_once_is_only_for_who_cannot_have_had_it(void **state)
{
    struct scene *scene = *state;
    mail_all(scene);
    for (int i = 0; i < FATES; i++)
        follow(scene, i + 1, "now", 0);
    const struct queue_mailing mailing = mailing_of(scene, 10, "now");
    for (int i = 0; i < FATES; i++) {
        int64_t rows = number(scene, arena_format(&scene->arena,
                                                  "SELECT count(*) FROM delivery WHERE mailing ="
                                                  " %" PRId64 " AND subscriber = %d",
                                                  mailing.row_id, i + 1));
        if (rows != !fates[i].is_mailed)
            fail_msg("%s: %" PRId64 " rows", fates[i].label, rows);
    }
}

/* Its mailing is finished, and mail.unknown may still send it again. */
static void an_indeterminate_digest_that_is_not_followed_any_more_is_not_sent_again(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    follow(scene, 1, "other", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "other", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    sql(scene, "UPDATE delivery SET state = 6, indeterminate_count = 1");
    sql(scene, "UPDATE mailing SET state = 3");
    change(scene, 1, "DELETE FROM subscription WHERE feed = 'other'", "2026-06-10T07:00:00Z");
    assert_int_equal(number(scene, "SELECT state FROM delivery"), QUEUE_UNKNOWN);
    assert_int_equal(number(scene, "SELECT is_cancelled FROM delivery"), 1);
    /* it may have arrived: what is still followed does not come twice */
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 0);
}

static void resuming_what_runs_already_moves_nothing_to_the_next_digest(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", 0);
    const struct queue_mailing mailing = mailing_of(scene, 10, "all");
    tell_news(
        scene,
        (struct digest_news){ .release = 10, .deduplication_key = "", .mailing = mailing.row_id },
        "all", "2026-06-09T10:00:00Z");
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_mailing_resume(scene->database, mailing.row_id, instant("2026-06-10T12:00:00Z"),
                               &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_string_equal(utc(scene, number(scene, "SELECT at FROM digest_item")),
                        "2026-06-09T10:00:00Z");
    sql(scene, "UPDATE mailing SET state = 2"); /* a paused one goes on by being resumed */
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_mailing_resume(scene->database, mailing.row_id, instant("2026-06-10T12:00:00Z"),
                               &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_string_equal(utc(scene, number(scene, "SELECT at FROM digest_item")),
                        "2026-06-10T12:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_correction_comes_to_who_may_have_had_the_release),
        TEST(a_withdrawal_comes_to_who_may_have_had_the_release),
        TEST(a_release_told_again_is_only_for_who_cannot_have_had_it),
        TEST(a_mailing_at_once_is_only_for_who_cannot_have_had_it),
        TEST(an_indeterminate_digest_that_is_not_followed_any_more_is_not_sent_again),
        TEST(resuming_what_runs_already_moves_nothing_to_the_next_digest),
    };
    return cmocka_run_group_tests_name("indeterminate digests", tests, NULL, NULL);
}
