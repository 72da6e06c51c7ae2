/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "database/connection.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* What trouble costs grows with the trouble, not with all that waits and was: counted in the
 * store's own operations, which are the same on every machine. */

#define NOW INT64_C(1780000000000)

enum { OPERATIONS = 100, FEW = 50 };

#define TWENTY_THOUSAND                                                                            \
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "

struct scene {
    struct database *database;
    struct error error;
    int steps;
};

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

/* A mailing that is under way, and the person of all that is refused. */
static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->database = test_store_in_memory(schemas, 2);
    DONE(database_begin(scene->database, &scene->error));
    sql(scene, "INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
               " VALUES (1, 10, 0, '')");
    sql(scene, "INSERT INTO mailing (row_id, announcement, state, note, is_urgent, created_at,"
               " starts_at, message_at) VALUES (1, 1, 0, '', 0, 1, 1, 1)");
    sql(scene, "INSERT INTO subscriber VALUES (1, 'kari@nordhav.example', 'da', 2)");
    sql(scene, "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
               " attempts, smtp_code, is_ours, updated_at)"
               " VALUES (1, 1, 1, 10, 3, 1780000000000 + 1800000, 1, 550, 1, 1)");
    *state = scene;
    return 0;
}

static int remove_scene(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    free(scene);
    return 0;
}

static int count_step(void *payload)
{
    ++*(int *)payload;
    return 0;
}

static void count_begin(struct scene *scene)
{
    scene->steps = 0;
    sqlite3_progress_handler(scene->database->handle, OPERATIONS, count_step, &scene->steps);
}

static void count_end(struct scene *scene)
{
    sqlite3_progress_handler(scene->database->handle, 0, NULL, NULL);
}

/* Until the receiver is held. */
static void refuse_until_held(struct scene *scene)
{
    struct queue_receiver_hold hold = { 0 };
    const struct queue_receiver_refusal refusal = {
        .address = "kari@nordhav.example", .code = 550, .enhanced = "5.7.1", .at = NOW
    };
    for (int i = 0; i < QUEUE_RECEIVER_REFUSALS_IN_A_ROW && !hold.is_new; i++)
        DONE(queue_receiver_note(scene->database, &refusal, &hold, &scene->error));
    assert_true(hold.is_new);
}

#define THE_REFUSED " WHERE announcement = 1 AND subscriber = 1"

static void holding_and_resuming_read_what_waits_for_its_time_alone(void **state)
{
    struct scene *scene = *state;
    sql(scene, TWENTY_THOUSAND "INSERT INTO delivery (announcement, subscriber, mailing, version,"
                               " state, next_at, smtp_code, updated_at) SELECT 1, i + 1, 1, 10,"
                               " (i % 400 = 0) * 3, (i % 400 = 0) * 1790000000000,"
                               " (i % 400 = 0) * 452, 1 FROM n");
    count_begin(scene);
    DONE(queue_mailing_pause(scene->database, 1, "by hand", &scene->error));
    DONE(queue_mailing_resume(scene->database, 1, NOW, &scene->error));
    assert_int_equal(number(scene, "SELECT next_at FROM delivery" THE_REFUSED), NOW);
    sql(scene, "UPDATE delivery SET next_at = next_at + 1" THE_REFUSED);
    refuse_until_held(scene);
    count_end(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), 1);
    assert_in_range(scene->steps, 0, FEW);
}

static void taking_back_reads_no_mailings_of_old(void **state)
{
    struct scene *scene = *state;
    sql(scene, TWENTY_THOUSAND "INSERT INTO mailing (row_id, announcement, state, note, is_urgent,"
                               " created_at, starts_at, message_at, finished_at, is_counted)"
                               " SELECT i + 1, 1, 3, '', 0, 1, 1, 1, 1, 1 FROM n");
    sql(scene, "UPDATE delivery SET state = 2, feedback = 1, mailing = 7");
    sql(scene, "INSERT INTO receiver_return VALUES (1, 1, 'nordhav.example', 1, 1780000000000)");
    count_begin(scene);
    refuse_until_held(scene);
    count_end(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE worker < 0"), 1);
    assert_int_equal(number(scene, "SELECT row_id FROM mailing WHERE state = 0 AND row_id > 1"), 7);
    assert_in_range(scene->steps, 0, FEW);
}

static void whose_mail_it_is_reads_no_other_providers_firms(void **state)
{
    struct scene *scene = *state;
    char group[ADDRESS_GROUP_SIZE];
    sql(scene, TWENTY_THOUSAND "INSERT INTO receiver_domain (domain, receiver)"
                               " SELECT 'f' || i || '.example', 'outlook.com' FROM n");
    sql(scene, "INSERT INTO receiver_domain (domain, receiver)"
               " VALUES ('nordhav.example', 'zoho.com')");
    count_begin(scene);
    DONE(queue_receiver_group(scene->database, "ole@nordhav.example", group, &scene->error));
    count_end(scene);
    assert_string_equal(group, "nordhav.example");
    assert_in_range(scene->steps, 0, FEW);
}

/* Each refusal forgets what is old. */
static void refusals_read_no_other_receivers(void **state)
{
    struct scene *scene = *state;
    sql(scene, TWENTY_THOUSAND "INSERT INTO receiver (name, state, tried, refused, refusals,"
                               " in_a_row, accepted_in_a_row, is_late, was_probed, refused_at,"
                               " reply) SELECT 'f' || i || '.example', 0, 1, 1, 1, 1, 0, 0, 0,"
                               " 1780000000000, '' FROM n");
    count_begin(scene);
    refuse_until_held(scene);
    count_end(scene);
    assert_in_range(scene->steps, 0, FEW);
}

static void who_is_forgotten_is_found_among_what_came_back(void **state)
{
    struct scene *scene = *state;
    sql(scene, TWENTY_THOUSAND "INSERT INTO receiver_return SELECT i % 3, i / 3, 'fjord.example',"
                               " 1, 1780000000000 FROM n");
    count_begin(scene);
    DONE(queue_erase_subscriber(scene->database, 5000, &scene->error));
    count_end(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver_return WHERE subscriber = 5000"),
                     1); /* a transactional mail's row id */
    assert_in_range(scene->steps, 0, FEW);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)
    const struct CMUnitTest tests[] = {
        TEST(holding_and_resuming_read_what_waits_for_its_time_alone),
        TEST(taking_back_reads_no_mailings_of_old),
        TEST(whose_mail_it_is_reads_no_other_providers_firms),
        TEST(refusals_read_no_other_receivers),
        TEST(who_is_forgotten_is_found_among_what_came_back),
    };
    return cmocka_run_group_tests_name("what trouble costs", tests, NULL, NULL);
}
