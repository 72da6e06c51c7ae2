/* SPDX-License-Identifier: MIT */
#include "delivery/relay_share.h"

#include "base/clock.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <stdlib.h>

/* Two workers at one relay: what one of them writes, the other's news do not undo. */

#define NOW INT64_C(1780000000000)
#define SECOND 1000

struct scene {
    struct database *database;
    struct clock clock;
    struct relay_share one;
    struct relay_share other;
};

static const struct throttle_refusal rate = { .is_rate = true, .reply = "450 4.7.0 slower" };

static void open_share(struct scene *scene, struct relay_share *share)
{
    struct error error;
    *share = (struct relay_share){ .database = scene->database,
                                   .clock = &scene->clock,
                                   .timer = &scene->clock,
                                   .url = "smtp://relay.example" };
    assert_true(relay_share_open(share, &error));
}

static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->database = test_store_in_memory(schemas, 2);
    scene->clock = clock_fixed(NOW);
    open_share(scene, &scene->one);
    open_share(scene, &scene->other);
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

static void commit(struct scene *scene, struct relay_share *share)
{
    struct error error;
    assert_true(database_begin(scene->database, &error));
    assert_true(database_end(scene->database, relay_share_write(share, &error), &error));
    relay_share_written(share);
}

/* A run that is undone, as a transaction may be. */
static void write_in_vain(struct scene *scene, struct relay_share *share)
{
    struct error error;
    assert_true(database_begin(scene->database, &error));
    assert_true(relay_share_write(share, &error));
    database_rollback(scene->database);
}

static void take(struct relay_share *share, int count)
{
    for (int i = 0; i < count; i++)
        relay_share_accepted(share, false);
}

static void wait(struct scene *scene, int64_t milliseconds)
{
    struct error error;
    scene->clock.fixed_at += milliseconds;
    assert_true(relay_share_read(&scene->one, &error));
    assert_true(relay_share_read(&scene->other, &error));
}

static void what_both_had_accepted_counts(void **state)
{
    struct scene *scene = *state;
    take(&scene->one, 30);
    take(&scene->other, 20);
    wait(scene, 5 * SECOND);
    relay_share_refused(&scene->one, &rate, false);
    relay_share_refused(&scene->other, &rate, false);
    commit(scene, &scene->one);
    commit(scene, &scene->other);
    assert_int_equal(scene->other.relay.taken, 50);
    wait(scene, SECOND);
    assert_int_equal(scene->one.relay.taken, 50);
    assert_int_equal(scene->one.relay.pauses, 0);
}

/* What was written in a run that is undone happened to nobody: not to what stands there, and not to
 * what is known here. */
static void a_write_that_is_undone_changes_nothing(void **state)
{
    struct scene *scene = *state;
    take(&scene->one, 30);
    take(&scene->other, 20);
    wait(scene, 5 * SECOND);
    relay_share_refused(&scene->one, &rate, false);
    relay_share_refused(&scene->other, &rate, false);
    const struct queue_relay before = scene->other.relay;
    write_in_vain(scene, &scene->other); /* the first to write */
    assert_memory_equal(&scene->other.relay, &before, sizeof before);
    commit(scene, &scene->one);
    write_in_vain(scene, &scene->other); /* behind another's */
    write_in_vain(scene, &scene->other);
    assert_memory_equal(&scene->other.relay, &before, sizeof before);
    assert_true(scene->other.is_dirty);
    commit(scene, &scene->other);
    assert_int_equal(scene->other.relay.taken, 50);
    wait(scene, SECOND);
    assert_int_equal(scene->one.relay.taken, 50);
    assert_int_equal(scene->one.relay.version, scene->other.relay.version);
}

static void who_hears_of_a_pause_adds_what_it_had(void **state)
{
    struct scene *scene = *state;
    take(&scene->one, 30);
    take(&scene->other, 20);
    relay_share_refused(&scene->one, &rate, false);
    commit(scene, &scene->one);
    wait(scene, SECOND);
    assert_true(relay_share_is_closed(&scene->other));
    commit(scene, &scene->other);
    wait(scene, SECOND);
    assert_int_equal(scene->one.relay.taken, 50);
}

/* Its message was under way when the pause began, and its commit comes when that is over. */
static void a_late_answer_brings_no_pause_back(void **state)
{
    struct scene *scene = *state;
    bool is_mine = false;
    struct error error;
    take(&scene->one, 30);
    relay_share_refused(&scene->one, &rate, false);
    commit(scene, &scene->one);
    wait(scene, SECOND);
    take(&scene->other, 1);
    assert_true(relay_share_begin_probe(&scene->one, &is_mine, &error));
    assert_true(is_mine);
    relay_share_accepted(&scene->one, true);
    commit(scene, &scene->one);
    commit(scene, &scene->other);
    wait(scene, SECOND);
    assert_int_equal(scene->one.relay.state, QUEUE_RELAY_EASING);
    assert_int_equal(scene->other.relay.state, QUEUE_RELAY_EASING);
}

/* What was rolled back is written the next time, once. */
static void a_commit_that_failed_is_made_up_for(void **state)
{
    struct scene *scene = *state;
    struct error error;
    take(&scene->one, 30);
    relay_share_refused(&scene->one, &rate, false);
    assert_true(database_begin(scene->database, &error));
    assert_true(relay_share_write(&scene->one, &error));
    database_rollback(scene->database);
    commit(scene, &scene->one);
    wait(scene, SECOND);
    assert_true(relay_share_is_closed(&scene->other));
    assert_int_equal(scene->other.relay.taken, 30);
}

/* What one provider says under its many names is not yet the relay's. */
static void one_provider_is_one_domain(void **state)
{
    struct scene *scene = *state;
    static const char *const addresses[] = { "kari@outlook.com",    "ole@hotmail.dk",
                                             "li@live.dk",          "per@outlook.com",
                                             "ada@MSN.com",         "bo@hotmail.com",
                                             "kari@nordhav.example" };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_false(relay_share_later(&scene->one, addresses[i]));
    assert_false(relay_share_later(&scene->one, "ole@NORDHAV.example"));
    assert_true(relay_share_later(&scene->one, "kari@fjord.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_both_had_accepted_counts, make_scene, remove_scene),
        cmocka_unit_test_setup_teardown(a_write_that_is_undone_changes_nothing, make_scene,
                                        remove_scene),
        cmocka_unit_test_setup_teardown(who_hears_of_a_pause_adds_what_it_had, make_scene,
                                        remove_scene),
        cmocka_unit_test_setup_teardown(a_late_answer_brings_no_pause_back, make_scene,
                                        remove_scene),
        cmocka_unit_test_setup_teardown(a_commit_that_failed_is_made_up_for, make_scene,
                                        remove_scene),
        cmocka_unit_test_setup_teardown(one_provider_is_one_domain, make_scene, remove_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
