/* SPDX-License-Identifier: MIT */
#include "delivery/refusal_tracker.h"

#include "base/error.h"
#include "cmocka_all.h"
#include "database/connection.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define NOW INT64_C(1780000000000)

enum { OPERATIONS = 100, FEW = 50 };

struct scene {
    struct database *database;
    struct error error;
    struct refusal_tracker *tracker;
    int steps;
};

static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->database = test_store_in_memory(schemas, 2);
    const struct refusal_tracker_settings settings = { .database = scene->database };
    scene->tracker = refusal_tracker_new(&settings);
    *state = scene;
    return 0;
}

static int remove_scene(void **state)
{
    struct scene *scene = *state;
    refusal_tracker_free(scene->tracker);
    database_close(scene->database);
    free(scene);
    return 0;
}

static void begin(struct scene *scene)
{
    DONE(database_begin(scene->database, &scene->error));
    DONE(refusal_tracker_begin(scene->tracker, &scene->error));
}

static void commit(struct scene *scene)
{
    DONE(refusal_tracker_end(scene->tracker, NOW, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
}

/* Nobody was held. */
static void commit_and_tell(struct scene *scene)
{
    struct refusal_stop stop;
    commit(scene);
    while (refusal_tracker_next_stop(scene->tracker, &stop))
        assert_int_not_equal(stop.mailing, 0);
}

static void note(struct scene *scene, const char *address, enum outcome_class class)
{
    struct queue_row row = { .transactional = 1, .address = address };
    const struct delivery_outcome outcome = {
        .item = { .row = &row },
        .class = class,
        .is_of_receiver = class == OUTCOME_OURS,
        .reply = { .code = 550, .enhanced = "5.7.1", .text = "not today" }
    };
    DONE(refusal_tracker_note(scene->tracker, &outcome, false, NOW, &scene->error));
}

static int64_t holder(struct scene *scene, const char *address)
{
    int64_t receiver = 0;
    const struct queue_row row = { .transactional = 1, .address = address };
    DONE(refusal_tracker_find_hold(scene->tracker, &row, &receiver, &scene->error));
    return receiver;
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static int count_step(void *payload)
{
    ++*(int *)payload;
    return 0;
}

/* What is refused late in a commit is refused by who is held by then. */
static void a_hold_is_known_in_the_commit_that_began_it(void **state)
{
    struct scene *scene = *state;
    begin(scene);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(holder(scene, "kari@hotmail.dk"), 0);
        note(scene, "ole@nordhav.example", OUTCOME_OURS);
        note(scene, "kari@outlook.com", OUTCOME_OURS);
        note(scene, "ada@aker.example", OUTCOME_OURS);
    }
    assert_int_equal(holder(scene, "kari@hotmail.dk"),
                     number(scene, "SELECT row_id FROM receiver WHERE name = 'outlook.com'"));
    assert_int_equal(holder(scene, "li@aker.example"),
                     number(scene, "SELECT row_id FROM receiver WHERE name = 'aker.example'"));
    assert_int_equal(holder(scene, "li@fjord.example"), 0);
    commit(scene);
}

/* … and an acceptance before it is none after it. */
static void acceptances_and_refusals_count_in_their_order(void **state)
{
    struct scene *scene = *state;
    begin(scene);
    for (int i = 0; i < 19; i++)
        note(scene, "ole@nordhav.example", OUTCOME_OURS);
    note(scene, "kari@nordhav.example", OUTCOME_ACCEPTED);
    for (int i = 0; i < 19; i++)
        note(scene, "ole@nordhav.example", OUTCOME_OURS);
    assert_int_equal(holder(scene, "li@nordhav.example"), 0);
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver"), 19);
    note(scene, "kari@nordhav.example", OUTCOME_ACCEPTED);
    commit(scene);
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver"), 0);
}

static void note_of_mailing(struct scene *scene, int64_t mailing, enum outcome_class class)
{
    struct queue_row row = { .announcement = mailing,
                             .mailing = mailing,
                             .subscriber = 1,
                             .address = "ole@nordhav.example" };
    const struct delivery_outcome outcome = {
        .item = { .row = &row },
        .class = class,
        .reply = { .code = 550, .enhanced = "5.1.1", .text = "no such user" }
    };
    DONE(refusal_tracker_note(scene->tracker, &outcome, false, NOW, &scene->error));
}

/* However many mailings have one: an acceptance ends that of its own, met in this process or read
 * from the store. */
static void a_row_of_refusals_ends_in_each_of_many_mailings(void **state)
{
    enum { MAILINGS = 100 };
    struct scene *scene = *state;
    begin(scene);
    for (int64_t mailing = 1; mailing <= MAILINGS; mailing++)
        note_of_mailing(scene, mailing, OUTCOME_ADDRESS);
    assert_int_equal(number(scene, "SELECT count(*) FROM streak"), MAILINGS);
    for (int64_t mailing = 1; mailing <= MAILINGS; mailing += 2)
        note_of_mailing(scene, mailing, OUTCOME_ACCEPTED);
    assert_int_equal(number(scene, "SELECT count(*) FROM streak"), MAILINGS / 2);
    commit(scene);
    begin(scene); /* what it wrote itself makes it read all anew */
    for (int64_t mailing = MAILINGS; mailing > 0; mailing -= 2)
        note_of_mailing(scene, mailing, OUTCOME_ACCEPTED);
    assert_int_equal(number(scene, "SELECT count(*) FROM streak"), 0);
    commit(scene);
}

static void what_a_rollback_undid_is_forgotten(void **state)
{
    struct scene *scene = *state;
    begin(scene);
    for (int i = 0; i < 20; i++)
        note(scene, "ole@nordhav.example", OUTCOME_OURS);
    database_rollback(scene->database);
    begin(scene);
    assert_int_equal(holder(scene, "ole@nordhav.example"), 0);
    commit(scene);
}

static void who_takes_mail_again_is_forgotten(void **state)
{
    struct scene *scene = *state;
    char address[64];
    begin(scene);
    for (int i = 0; i < 9; i++) {
        (void)snprintf(address, sizeof address, "kari@n%d.example", i % 3);
        note(scene, address, OUTCOME_OURS);
    }
    commit_and_tell(scene);
    for (int i = 0; i < 1000; i++) { /* refused / 2, and so on to none */
        begin(scene);
        note(scene, "kari@n0.example", OUTCOME_ACCEPTED);
        note(scene, "kari@n2.example", OUTCOME_ACCEPTED);
        note(scene, "kari@n2.example", OUTCOME_ACCEPTED);
        note(scene, "kari@n2.example", OUTCOME_ACCEPTED);
        commit_and_tell(scene);
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver WHERE name = 'n2.example'"), 0);
    assert_int_equal(number(scene, "SELECT in_a_row FROM receiver WHERE name = 'n1.example'"), 3);
    begin(scene);
    for (int i = 0; i < 20; i++)
        note(scene, "kari@n2.example", OUTCOME_OURS);
    assert_true(holder(scene, "li@n2.example") > 0);
    commit(scene);
}

/* Counted in the store's own operations, which are the same on every machine. */
static void a_refusal_reads_no_other_receivers(void **state)
{
    struct scene *scene = *state;
    DONE(database_begin(scene->database, &scene->error));
    DONE(database_execute(
        scene->database,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
        " INSERT INTO receiver (name, state, tried, refused, refusals, in_a_row,"
        " accepted_in_a_row, is_late, was_probed, refused_at, reply)"
        " SELECT 'f' || i || '.example', 0, 1, 1, 1, 1, 0, 0, 0, 1780000000000, '' FROM n",
        &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    begin(scene);
    sqlite3_progress_handler(scene->database->handle, OPERATIONS, count_step, &scene->steps);
    for (int i = 0; i < 10; i++) {
        note(scene, "ole@nordhav.example", OUTCOME_OURS);
        note(scene, "kari@f7.example", OUTCOME_ACCEPTED);
    }
    DONE(refusal_tracker_end(scene->tracker, NOW, &scene->error));
    sqlite3_progress_handler(scene->database->handle, 0, NULL, NULL);
    commit(scene);
    assert_in_range(scene->steps, 0, FEW);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)
    const struct CMUnitTest tests[] = {
        TEST(a_hold_is_known_in_the_commit_that_began_it),
        TEST(acceptances_and_refusals_count_in_their_order),
        TEST(a_row_of_refusals_ends_in_each_of_many_mailings),
        TEST(what_a_rollback_undid_is_forgotten),
        TEST(who_takes_mail_again_is_forgotten),
        TEST(a_refusal_reads_no_other_receivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
