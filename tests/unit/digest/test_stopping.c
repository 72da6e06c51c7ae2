/* SPDX-License-Identifier: MIT */
#include "unit/digest/digest_scene.h"

/* STOP to a release: no digest brings it, whichever stage it is in, until it goes on; then
 * everybody who was to get it does, once. */

static struct digest_stopping stop(struct scene *scene, int64_t release, const char *at)
{
    struct digest_stopping stopping;
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_stop_release(scene->database, release, instant(at), &stopping, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return stopping;
}

static size_t resume(struct scene *scene, int64_t release, const char *at)
{
    size_t count = 0;
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_resume_release(scene->database, release, instant(at), &count, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return count;
}

static void state_is(struct scene *scene, int64_t subscriber, int state)
{
    assert_int_equal(
        number(scene,
               arena_format(&scene->arena, "SELECT state FROM delivery WHERE subscriber = %" PRId64,
                            subscriber)),
        state);
}

static void due_is(struct scene *scene, const char *now, const char *due)
{
    int64_t at = 0;
    DONE(digest_next_at(scene->database, &scene->settings, instant(now), &at, &scene->error));
    assert_string_equal(utc(scene, at), due);
}

static void a_release_that_waits_for_its_digest_is_kept_out_and_comes_with_the_next(void **state)
{
    struct scene *scene = *state;
    struct digest_waiting waiting;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    add_subscriber(scene, 2, "da");
    follow(scene, 2, "all", WEEKLY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "all", "2026-06-09T11:00:00Z");
    struct digest_stopping stopping = stop(scene, 10, "2026-06-09T12:00:00Z");
    assert_true(stopping.is_awaited);
    assert_int_equal(stopping.had + stopping.without + stopping.emptied, 0);
    DONE(digest_count_waiting(scene->database, &waiting, &scene->error));
    assert_int_equal(waiting.daily, 1);
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-10"), " 2:11 ");
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 1);
    assert_string_equal(content(scene, 2, "2026-06-15"), " 2:11 ");
    assert_true(stop(scene, 10, "2026-06-15T07:00:00Z").is_awaited);
    /* It is no reason for a digest: not while it is stopped, and not before the next instant. */
    due_is(scene, "2026-06-16T09:00:00Z", "2026-06-17T06:00:00Z");
    assert_int_equal(run(scene, "2026-06-16T09:00:00Z"), 0);
    assert_int_equal(resume(scene, 10, "2026-06-16T10:00:00Z"), 1);
    assert_int_equal(resume(scene, 10, "2026-06-16T10:00:00Z"), 0);
    assert_int_equal(run(scene, "2026-06-16T10:00:01Z"), 0);
    assert_int_equal(run(scene, "2026-06-17T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-17"), " 1:10 ");
    assert_int_equal(run(scene, "2026-06-22T06:00:00Z"), 1);
    assert_string_equal(content(scene, 2, "2026-06-22"), " 1:10 ");
    assert_int_equal(run(scene, "2026-06-29T06:00:00Z"), 0);
}

static void nobody_who_was_to_get_it_nothing_to_stop(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "other", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    sent(scene);
    const struct digest_stopping stopping = stop(scene, 10, "2026-06-10T07:00:00Z");
    assert_int_equal(stopping.had, 1);
    assert_false(digest_stopping_kept_back(&stopping));
    const struct digest_stopping other = stop(scene, 11, "2026-06-10T07:00:00Z");
    assert_int_equal(other.had, 0);
    assert_false(digest_stopping_kept_back(&other));
    assert_int_equal(resume(scene, 10, "2026-06-10T08:00:00Z"), 0);
    assert_int_equal(resume(scene, 11, "2026-06-10T08:00:00Z"), 0);
}

static void what_waits_to_be_sent_leaves_without_it(void **state)
{
    struct scene *scene = *state;
    for (int64_t row_id = 1; row_id <= 4; row_id++) {
        add_subscriber(scene, row_id, "da");
        follow(scene, row_id, "all", DAILY);
    }
    follow(scene, 2, "other", DAILY);
    follow(scene, 4, "other", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "other", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 4);
    sql(scene, "UPDATE delivery SET state = 2 WHERE subscriber = 3");  /* sent */
    sql(scene, "UPDATE delivery SET worker = 7 WHERE subscriber = 2"); /* its message is made */
    sql(scene, "UPDATE delivery SET state = 1, worker = 7, attempts = 1 WHERE subscriber = 4");
    const struct digest_stopping stopping = stop(scene, 10, "2026-06-10T06:00:01Z");
    assert_int_equal(stopping.had, 2); /* one of them is leaving */
    assert_int_equal(stopping.without, 1);
    assert_int_equal(stopping.emptied, 1);
    state_is(scene, 1, QUEUE_CANCELLED);
    state_is(scene, 2, QUEUE_QUEUED);
    state_is(scene, 4, QUEUE_SENDING);
    assert_int_equal(number(scene, "SELECT worker FROM delivery WHERE subscriber = 2"), 0);
    assert_string_equal(content(scene, 2, "2026-06-10"), " 2:11 ");
    /* Its relay puts it off: it is not tried again, and all it held comes tomorrow. */
    sql(scene, "UPDATE delivery SET state = 7 WHERE subscriber = 4 AND is_cancelled = 1");
    state_is(scene, 4, QUEUE_CANCELLED);
    sent(scene);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    assert_string_equal(content(scene, 4, "2026-06-11"), " 2:11 ");
    sent(scene);
    assert_int_equal(resume(scene, 10, "2026-06-11T07:00:00Z"), 1);
    assert_int_equal(run(scene, "2026-06-12T06:00:00Z"), 3);
    assert_string_equal(content(scene, 1, "2026-06-12"), " 1:10 ");
    assert_string_equal(content(scene, 2, "2026-06-12"), " 1:10 ");
    assert_null(content(scene, 3, "2026-06-12")); /* had it */
    assert_string_equal(content(scene, 4, "2026-06-12"), " 1:10 ");
    sent(scene);
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 0);
}

static void what_was_being_sent_and_arrived_does_not_come_again(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    sql(scene, "UPDATE delivery SET state = 1, worker = 7, attempts = 1");
    const struct digest_stopping stopping = stop(scene, 10, "2026-06-10T06:00:01Z");
    assert_int_equal(stopping.had, 1);
    assert_int_equal(stopping.without + stopping.emptied, 0);
    sql(scene, "UPDATE delivery SET state = 2");
    (void)resume(scene, 10, "2026-06-10T07:00:00Z");
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
}

/* As after a kill between two steps: the first subscriber's row is made, the second's is not. */
static void a_digest_that_is_being_made_goes_on_without_it(void **state)
{
    struct scene *scene = *state;
    for (int64_t row_id = 1; row_id <= 2; row_id++) {
        add_subscriber(scene, row_id, "da");
        follow(scene, row_id, "all", DAILY);
    }
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    tell(scene, 11, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    sql(scene, "DELETE FROM delivery WHERE subscriber = 2");
    sql(scene, "UPDATE digest_issue SET is_complete = 0, composed_to = 1");
    sql(scene, "UPDATE mailing SET state = 1");
    const struct digest_stopping stopping = stop(scene, 10, "2026-06-10T06:00:01Z");
    assert_int_equal(stopping.without, 1);
    assert_true(stopping.is_awaited);
    assert_int_equal(run(scene, "2026-06-10T06:00:02Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-10"), " 2:11 ");
    assert_string_equal(content(scene, 2, "2026-06-10"), " 2:11 ");
    sent(scene);
    assert_int_equal(resume(scene, 10, "2026-06-10T07:00:00Z"), 1);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 2);
    assert_string_equal(content(scene, 1, "2026-06-11"), " 1:10 ");
    assert_string_equal(content(scene, 2, "2026-06-11"), " 1:10 ");
}

static void who_changes_how_he_follows_meanwhile_gets_it_when_it_goes_on(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    (void)stop(scene, 10, "2026-06-09T12:00:00Z");
    change(scene, 1, "UPDATE subscription SET cadence = 2, digest_after = 1 WHERE subscriber = 1",
           "2026-06-09T13:00:00Z");
    assert_int_equal(run(scene, "2026-06-15T06:00:00Z"), 0);
    assert_int_equal(resume(scene, 10, "2026-06-15T07:00:00Z"), 1);
    assert_int_equal(run(scene, "2026-06-22T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-22"), " 1:10 ");
}

static void what_is_withdrawn_while_it_is_stopped_is_told_to_who_had_it(void **state)
{
    struct scene *scene = *state;
    for (int64_t row_id = 1; row_id <= 2; row_id++) {
        add_subscriber(scene, row_id, "da");
        follow(scene, row_id, "all", DAILY);
    }
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    sql(scene, "UPDATE delivery SET state = 2 WHERE subscriber = 1");
    assert_int_equal(stop(scene, 10, "2026-06-10T06:00:01Z").emptied, 1);
    withdraw(scene, 10, "2026-06-10T07:00:00Z");
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 1);
    assert_string_equal(content(scene, 1, "2026-06-11"), " 2:10 ");
    (void)resume(scene, 10, "2026-06-11T07:00:00Z");
    sent(scene);
    assert_int_equal(run(scene, "2026-06-12T06:00:00Z"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_release_that_waits_for_its_digest_is_kept_out_and_comes_with_the_next),
        TEST(nobody_who_was_to_get_it_nothing_to_stop),
        TEST(what_waits_to_be_sent_leaves_without_it),
        TEST(what_was_being_sent_and_arrived_does_not_come_again),
        TEST(a_digest_that_is_being_made_goes_on_without_it),
        TEST(who_changes_how_he_follows_meanwhile_gets_it_when_it_goes_on),
        TEST(what_is_withdrawn_while_it_is_stopped_is_told_to_who_had_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
