/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <stdlib.h>

/* A domain may be one person's: it is kept as long as it is of use, and no longer. */

#define NOW INT64_C(1780000000000)

struct scene {
    struct database *database;
    struct error error;
};

static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->database = test_store_in_memory(schemas, 2);
    DONE(database_begin(scene->database, &scene->error));
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

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

/* host NULL: to our face. */
static void refuse(struct scene *scene, const char *address, const char *host, int64_t at)
{
    struct queue_receiver_hold hold;
    const struct queue_receiver_refusal refusal = {
        .address = address, .remote_host = host, .code = 550, .enhanced = "5.7.1", .at = at
    };
    DONE(queue_receiver_note(scene->database, &refusal, &hold, &scene->error));
}

/* How many rows go at that time. */
static int64_t retain(struct scene *scene, int64_t at)
{
    struct queue_retention retention = { .trouble_before_at = at - QUEUE_RECEIVER_REMEMBERED_MS };
    int64_t sum = 0;
    int64_t count = 0;
    bool more = false;
    DONE(queue_retain_find(scene->database, &retention, &more, &scene->error));
    for (; more; sum += count)
        DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
    return sum;
}

static void a_firm_is_forgotten_a_month_after_it_was_named_last(void **state)
{
    struct scene *scene = *state;
    const char *host = "mx.mail.protection.outlook.com";
    refuse(scene, "kari@Firma.example", host, NOW);
    refuse(scene, "ole@kommune.example", host, NOW);
    refuse(scene, "li@skole.example", host, NOW);
    refuse(scene, "per@firma.example", host, NOW + 20 * DURATION_DAY);
    refuse(scene, "per@kommune.example", NULL, NOW + 20 * DURATION_DAY);
    (void)retain(scene, NOW + 31 * DURATION_DAY);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver_domain"), 2);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver_domain"
                                   " WHERE domain = 'skole.example'"),
                     0);
    (void)retain(scene, NOW + 51 * DURATION_DAY);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver_domain"), 0);
    assert_int_equal(retain(scene, NOW + 60 * DURATION_DAY), 0);
}

/* Where nobody refuses anything any more, too. */
static void trouble_that_is_over_is_forgotten_and_nothing_that_is_held(void **state)
{
    struct scene *scene = *state;
    refuse(scene, "kari@nordhav.example", NULL, NOW);
    for (int i = 0; i < QUEUE_RECEIVER_REFUSALS_IN_A_ROW; i++)
        refuse(scene, "kari@fjord.example", NULL, NOW);
    DONE(database_execute(scene->database,
                          "INSERT INTO receiver_return VALUES (1, 1, 'fjord.example', 1,"
                          " 1780000000000), (0, 7, 'nordhav.example', 1, 1780000000000)",
                          &scene->error));
    assert_int_equal(retain(scene, NOW + 29 * DURATION_DAY), 0);
    assert_int_equal(retain(scene, NOW + 31 * DURATION_DAY), 3);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver"), 1);
    assert_int_equal(number(scene, "SELECT state FROM receiver WHERE name = 'fjord.example'"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM receiver_return"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)
    const struct CMUnitTest tests[] = {
        TEST(a_firm_is_forgotten_a_month_after_it_was_named_last),
        TEST(trouble_that_is_over_is_forgotten_and_nothing_that_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
