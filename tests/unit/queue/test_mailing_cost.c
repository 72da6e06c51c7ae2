/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/connection.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <sqlite3.h>
#include <stdlib.h>

/* What is asked for at every turn is found among the mailings under way, however many there were:
 * counted in the store's own operations, which are the same on every machine. */

#define NOW INT64_C(1780000000000)
#define TWENTY_THOUSAND                                                                            \
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "

enum { OPERATIONS = 100, FEW = 20 };

struct scene {
    struct database *database;
    struct arena arena;
    struct error error;
    int steps;
};

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

static int count_step(void *payload)
{
    ++*(int *)payload;
    return 0;
}

/* The mailings of years, and one that is under way. */
static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->database = test_store_in_memory(schemas, 2);
    DONE(database_begin(scene->database, &scene->error));
    sql(scene,
        TWENTY_THOUSAND "INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
                        " SELECT i, i, 0, '' FROM n");
    sql(scene, "INSERT INTO mailing (row_id, announcement, state, note, is_urgent, created_at,"
               " starts_at, message_at, finished_at, is_counted)"
               " SELECT row_id, row_id, 3, '', 0, 1, 1, 1, 1, 1 FROM announcement");
    sql(scene, "UPDATE mailing SET state = 0, finished_at = NULL, is_counted = 0"
               " WHERE row_id = 20000");
    sql(scene, "INSERT INTO subscriber VALUES (1, 'kari@nordhav.example', 'da', 2)");
    sql(scene, "INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
               " updated_at) VALUES (20000, 1, 20000, 10, 0, 0, 1)");
    sqlite3_progress_handler(scene->database->handle, OPERATIONS, count_step, &scene->steps);
    *state = scene;
    return 0;
}

static int remove_scene(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    arena_release(&scene->arena);
    free(scene);
    return 0;
}

/* Holds I18. */
static void turns_read_what_is_under_way(void **state)
{
    struct scene *scene = *state;
    struct queue_batch batch;
    int64_t due_at = 0;
    int64_t finished = 0;
    bool is_idle = true;
    const struct queue_claim wanted = { .worker = 7, .now_at = NOW, .maximum = 200 };
    DONE(queue_is_idle(scene->database, true, NOW, &is_idle, &scene->error));
    assert_false(is_idle);
    DONE(queue_next_due(scene->database, &wanted, &due_at, &scene->error));
    assert_int_equal(due_at, 1);
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.count, 1);
    DONE(queue_finish(scene->database, NOW, &finished, &scene->error));
    assert_int_equal(finished, 0);
    sql(scene, "UPDATE delivery SET state = 2, worker = 0 WHERE announcement = 20000");
    DONE(queue_finish(scene->database, NOW, &finished, &scene->error));
    assert_int_equal(finished, 1);
    assert_in_range(scene->steps, 0, FEW);
}

static void probes_are_sought_among_what_is_under_way(void **state)
{
    struct scene *scene = *state;
    struct queue_batch batch;
    const struct queue_claim wanted = { .worker = 7, .now_at = NOW, .maximum = 200 };
    sql(scene, "INSERT INTO receiver (row_id, name, state, tried, refused, refusals, in_a_row,"
               " accepted_in_a_row, is_late, was_probed, refused_at, held_at, probe_at, reply)"
               " VALUES (4, 'nordhav.example', 1, 20, 20, 20, 20, 0, 0, 0, 1780000000000,"
               " 1780000000000, 1, '')");
    sql(scene, "UPDATE delivery SET worker = -4 WHERE announcement = 20000");
    DONE(queue_claim(scene->database, &wanted, &scene->arena, &batch, &scene->error));
    assert_int_equal(batch.count, 1);
    assert_in_range(scene->steps, 0, FEW);
}

static void a_mailing_to_nobody_is_discarded_alone(void **state)
{
    struct scene *scene = *state;
    sql(scene, "DELETE FROM delivery WHERE announcement = 20000");
    DONE(queue_mailing_discard(scene->database, 20000, &scene->error));
    assert_int_equal(test_store_number(scene->database, "SELECT MAX(row_id) FROM announcement"),
                     19999);
    assert_in_range(scene->steps, 0, FEW);
}

/* Of one that is under way all is counted, but with fewer questions to each row. */
static void progress_is_what_counts_say(void **state)
{
    struct scene *scene = *state;
    struct queue_delivery_counts counts;
    struct queue_progress progress;
    sql(scene, TWENTY_THOUSAND "INSERT INTO delivery (announcement, subscriber, mailing, version,"
                               " state, next_at, feedback, updated_at)"
                               " SELECT 20000, i + 1, 20000, 10, i % 8, 0, i / 8 % 4, 1 FROM n");
    sql(scene, "UPDATE delivery SET mailing = 19999 WHERE subscriber < 100");
    scene->steps = 0;
    DONE(queue_counts_of_mailing(scene->database, 20000, &counts, &scene->error));
    int all = scene->steps;
    scene->steps = 0;
    DONE(queue_progress_of_mailing(scene->database, 20000, &progress, &scene->error));
    assert_in_range(scene->steps, 0, all * 2 / 3);
    int64_t failed = counts.count[QUEUE_FAILED];
    assert_int_equal(progress.audience, counts.audience);
    assert_int_equal(progress.sent, counts.count[QUEUE_SENT]);
    assert_int_equal(progress.undelivered, failed + counts.bounced);
    assert_int_equal(progress.unknown, counts.count[QUEUE_UNKNOWN]);
    assert_int_equal(progress.tried, progress.sent + failed + progress.unknown);
    assert_in_range(counts.bounced, 1, counts.count[QUEUE_SENT]);
    /* Of one that has ended what was written down stands. */
    sql(scene, "UPDATE mailing SET state = 3, is_counted = 1, sent = 7, failed = 2, bounced = 1,"
               " unknown = 4, cancelled = 3 WHERE row_id = 20000");
    scene->steps = 0;
    DONE(queue_progress_of_mailing(scene->database, 20000, &progress, &scene->error));
    assert_int_equal(scene->steps, 0);
    assert_int_equal(progress.audience, 16);
    assert_int_equal(progress.undelivered, 3);
    assert_int_equal(progress.tried, 13);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)
    const struct CMUnitTest tests[] = {
        TEST(turns_read_what_is_under_way),
        TEST(probes_are_sought_among_what_is_under_way),
        TEST(a_mailing_to_nobody_is_discarded_alone),
        TEST(progress_is_what_counts_say),
    };
    return cmocka_run_group_tests_name("what mailings cost", tests, NULL, NULL);
}
