/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOW_AT INT64_C(1780297200000)

struct scene {
    struct database *database;
    struct arena arena;
    struct error error;
    int told;
    int findings; /* of the last one told */
};

static int scene_make(void **state)
{
    static struct scene scene;
    const struct database_schema *schemas[] = { &subscriber_tables_schema, &queue_schema };
    scene = (struct scene){ .database = test_store_in_memory(schemas, 2) };
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    arena_release(&scene->arena);
    return 0;
}

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

/* Rows of mailing 1, numbered within their state. */
static void rows(struct scene *scene, enum queue_state state, int count)
{
    char text[512];
    if (count == 0)
        return;
    (void)snprintf(text, sizeof text,
                   "INSERT INTO delivery (announcement, subscriber, mailing, version, state,"
                   " next_at, updated_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
                   " SELECT i + 1 FROM n WHERE i < %d) SELECT 1, i + 1000000 * %d, 1, 1, %d, 0, 0"
                   " FROM n",
                   count, (int)state, (int)state);
    sql(scene, text);
}

/* Mailing 1 under way: so many were sent it, so many wait, so many were left out. */
static void mailing(struct scene *scene, int sent, int waiting, int suppressed)
{
    sql(scene, "INSERT INTO announcement VALUES (1, 1, 0, '')");
    sql(scene, "INSERT INTO mailing (row_id, announcement, state, note, is_urgent, created_at,"
               " starts_at, message_at) VALUES (1, 1, 0, '', 0, 1, 1, 1)");
    rows(scene, QUEUE_SENT, sent);
    rows(scene, QUEUE_QUEUED, waiting);
    rows(scene, QUEUE_SUPPRESSED, suppressed);
}

static void begin(struct scene *scene)
{
    DONE(database_begin(scene->database, &scene->error));
}

static void commit(struct scene *scene)
{
    DONE(database_commit(scene->database, &scene->error));
}

/* So many people complain, by their reports. */
static void complain(struct scene *scene, int from, int count)
{
    begin(scene);
    for (int i = from; i < from + count; i++) {
        struct queue_feedback_row row;
        const struct queue_feedback feedback = { .kind = QUEUE_COMPLAINED,
                                                 .announcement = 1,
                                                 .subscriber = 1000000 * QUEUE_SENT + i,
                                                 .at = NOW_AT };
        for (int again = 0; again < 2; again++)
            DONE(queue_record_feedback(scene->database, &feedback, &row, &scene->error));
        assert_true(row.is_there);
    }
    commit(scene);
}

static void refuse(struct scene *scene, int count)
{
    begin(scene);
    for (int i = 0; i < count; i++) {
        DONE(queue_returned_refused(scene->database, 1, true, NOW_AT, &scene->error));
    }
    commit(scene);
}

static struct queue_returned look(struct scene *scene, int64_t now_at)
{
    struct queue_returned returned;
    begin(scene);
    DONE(queue_returned_review(scene->database, 1, now_at, &returned, &scene->error));
    commit(scene);
    return returned;
}

static void tell(struct scene *scene)
{
    struct queue_returned returned = { 0 };
    bool found = true;
    scene->told = 0;
    scene->findings = 0;
    while (found) {
        DONE(queue_returned_next_unreported(scene->database, returned.mailing, &returned, &found,
                                            &scene->error));
        if (!found)
            continue;
        scene->told++;
        scene->findings = returned.findings & ~returned.reported_findings;
        DONE(queue_returned_set_reported(scene->database, &returned, &scene->error));
    }
}

static enum queue_mailing_state state_of(struct scene *scene)
{
    return (enum queue_mailing_state)number(scene, "SELECT state FROM mailing");
}

/* ---- complaints ---- */

static void one_in_a_thousand_who_complain_is_a_warning(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 2000, 10, 0);
    complain(scene, 1, 1);
    assert_int_equal(look(scene, NOW_AT).findings, 0);
    complain(scene, 2, 1);
    const struct queue_returned returned = look(scene, NOW_AT + DURATION_HOUR);
    assert_int_equal(returned.complained, 2); /* each report came twice */
    assert_int_equal(returned.findings, QUEUE_COMPLAINTS_MANY);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
    tell(scene);
    assert_int_equal(scene->findings, QUEUE_COMPLAINTS_MANY);
    tell(scene);
    assert_int_equal(scene->told, 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE kind = 6"), 1);
}

static void three_in_a_thousand_stop_it_from_five_on(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 1000, 10, 0);
    complain(scene, 1, 4);
    assert_int_equal(look(scene, NOW_AT).findings, QUEUE_COMPLAINTS_MANY);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
    complain(scene, 5, 1); /* looked at without being asked */
    assert_int_equal(state_of(scene), QUEUE_MAILING_PAUSED);
    assert_int_equal(number(scene, "SELECT note LIKE '5 of 1000 complained%' FROM mailing"), 1);
    begin(scene);
    DONE(queue_mailing_resume(scene->database, 1, NOW_AT, &scene->error));
    commit(scene);
    complain(scene, 6, 15);
    (void)look(scene, NOW_AT + DURATION_DAY);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE); /* somebody looked */
    assert_int_equal(number(scene, "SELECT until_at FROM notice WHERE kind = 6"), NOW_AT);
}

static void five_of_many_thousands_stop_nothing(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 10000, 10, 0);
    complain(scene, 1, 9);
    assert_int_equal(look(scene, NOW_AT).findings, 0);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
}

/* ---- addresses ---- */

static void one_in_twenty_unknown_stops_it_from_twenty_on(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 400, 10000, 0);
    refuse(scene, 19);
    (void)look(scene, NOW_AT);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
    refuse(scene, 1);
    assert_int_equal(state_of(scene), QUEUE_MAILING_PAUSED);
    tell(scene);
    assert_int_equal(scene->findings, QUEUE_RETURNED_STOPPED);
}

/* Who writes reports that name addresses cannot keep a release from its readers. */
static void bounces_that_anybody_may_have_written_stop_nothing(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 400, 100, 0);
    begin(scene);
    for (int i = 0; i < 80; i++)
        DONE(queue_returned_refused(scene->database, 1, false, NOW_AT, &scene->error));
    commit(scene);
    const struct queue_returned returned = look(scene, NOW_AT + DURATION_DAY);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_NOBODY);
}

static void fewer_are_looked_at_whenever_they_have_doubled(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 401, 10000, 0);
    refuse(scene, 20);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
    refuse(scene, 19);
    assert_int_equal(state_of(scene), QUEUE_MAILING_ACTIVE);
    refuse(scene, 1);
    assert_int_equal(state_of(scene), QUEUE_MAILING_PAUSED);
}

static void more_than_two_in_a_hundred_count_against_nobody(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 500, 0, 300); /* of whom nobody was mailed */
    refuse(scene, 10);
    struct queue_returned returned = look(scene, NOW_AT);
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_COUNTS);
    refuse(scene, 1);
    returned = look(scene, NOW_AT); /* within the hour: its people are not counted again */
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_NOBODY);
    sql(scene, "UPDATE mailing SET state = 3");
    returned = look(scene, NOW_AT);
    assert_int_equal(returned.findings, QUEUE_RETURNED_HELD);
    tell(scene);
    assert_int_equal(scene->findings, QUEUE_RETURNED_HELD);
    begin(scene);
    DONE(queue_returned_accept(scene->database, 1, NOW_AT + 1, &scene->error));
    commit(scene);
    DONE(queue_returned_find(scene->database, 1, &returned, &scene->error));
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_COUNTS);
    assert_int_equal(number(scene, "SELECT until_at FROM notice WHERE kind = 5"), NOW_AT + 1);
}

static void while_the_rest_may_make_them_too_many_they_wait(void **state)
{
    struct scene *scene = *state;
    struct queue_returned returned;
    mailing(scene, 400, 100, 0);
    refuse(scene, 5);
    DONE(queue_returned_find(scene->database, 1, &returned, &scene->error));
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_WAITS);
    returned = look(scene, NOW_AT);
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_WAITS);
    sql(scene, "UPDATE delivery SET state = 2 WHERE state = 0 AND subscriber > 3");
    returned = look(scene, NOW_AT + DURATION_HOUR);
    assert_int_equal(queue_returned_verdict(&returned), QUEUE_RETURNED_COUNTS);
}

/* Whether the mailing is worth a look, and that looking at one that ended is over with. */
static void what_has_been_looked_at_in_full_is_not_looked_for(void **state)
{
    struct scene *scene = *state;
    int64_t next = 0;
    mailing(scene, 400, 0, 0);
    refuse(scene, 1);
    (void)look(scene, NOW_AT);
    DONE(queue_returned_next(scene->database, 0, &next, &scene->error));
    assert_int_equal(next, 1);
    sql(scene, "UPDATE mailing SET state = 3");
    (void)look(scene, NOW_AT);
    DONE(queue_returned_next(scene->database, 0, &next, &scene->error));
    assert_int_equal(next, 0);
    refuse(scene, 1);
    DONE(queue_returned_next(scene->database, 0, &next, &scene->error));
    assert_int_equal(next, 1);
}

static void what_was_told_long_ago_is_over(void **state)
{
    struct scene *scene = *state;
    mailing(scene, 100, 0, 0);
    refuse(scene, 12);
    (void)look(scene, NOW_AT);
    DONE(queue_returned_expire(scene->database, NOW_AT + 30 * DURATION_DAY, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 1);
    DONE(queue_returned_expire(scene->database, NOW_AT + 30 * DURATION_DAY + 1, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM notice WHERE until_at IS NULL"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_in_a_thousand_who_complain_is_a_warning),
        TEST(three_in_a_thousand_stop_it_from_five_on),
        TEST(five_of_many_thousands_stop_nothing),
        TEST(one_in_twenty_unknown_stops_it_from_twenty_on),
        TEST(bounces_that_anybody_may_have_written_stop_nothing),
        TEST(fewer_are_looked_at_whenever_they_have_doubled),
        TEST(more_than_two_in_a_hundred_count_against_nobody),
        TEST(while_the_rest_may_make_them_too_many_they_wait),
        TEST(what_has_been_looked_at_in_full_is_not_looked_for),
        TEST(what_was_told_long_ago_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
