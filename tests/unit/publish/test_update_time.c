/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "publish/publish.h"
#include "publish/update_time.h"
#include "unit/store.h"

#define NOW INT64_C(1780299000000)

struct scene {
    struct database *database;
    struct arena arena;
    struct error error;
    struct update_times *times;
};

static int scene_make(void **state)
{
    static struct scene scene;
    const struct database_schema *schemas[] = { &publish_schema };
    scene = (struct scene){ .database = test_store_in_memory(schemas, 1) };
    scene.times = update_times_new(&scene.arena, 10);
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

static int64_t take(struct scene *scene, int64_t at)
{
    int64_t updated_at = 0;
    DONE(update_time_take(scene->times, scene->database, at, &updated_at, &scene->error));
    return updated_at;
}

static void each_of_a_second_has_a_millisecond_more(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(take(scene, NOW), NOW);
    assert_int_equal(take(scene, NOW + 999), NOW + 1);
    assert_int_equal(take(scene, NOW + 1000), NOW + 1000);
    assert_int_equal(take(scene, NOW), NOW + 2);
    assert_int_equal(take(scene, -1), -1000); /* before 1970 */
    assert_int_equal(take(scene, -1000), -999);
}

static void publish(struct scene *scene, int64_t row_id, int64_t updated_at)
{
    DONE(database_execute(
        scene->database,
        arena_format(&scene->arena,
                     "INSERT INTO publish_card (row_id, original_row_id, language, type, title,"
                     " lead, path, public_at, updated_at, is_withdrawn, is_corrected,"
                     " picture_width, picture_height, content_hash, lists)"
                     " VALUES (%lld, 1, 'da', 'statement', 'x', '', 'x/', 1780299000000,"
                     " %lld, 0, 0, 0, 0, x'00', '')",
                     (long long)row_id, (long long)updated_at),
        &scene->error));
}

static void what_is_public_already_is_counted(void **state)
{
    struct scene *scene = *state;
    publish(scene, 1, NOW + 4);
    assert_int_equal(take(scene, NOW), NOW + 5);
}

static void a_full_second_goes_on_where_the_last_run_stopped(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 1200; i++) {
        if (i % 100 == 0) /* another run */
            scene->times = update_times_new(&scene->arena, 10);
        int64_t updated_at = take(scene, NOW);
        assert_int_equal(updated_at, NOW + i % 1000);
        publish(scene, i + 1, updated_at);
    }
}

static void a_thousand_in_a_row_are_all_different(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(take(scene, NOW), NOW + i);
    assert_int_equal(take(scene, NOW), NOW);
    assert_int_equal(take(scene, NOW), NOW + 1);
}

static void a_change_is_of_a_later_second(void **state)
{
    (void)state;
    assert_int_equal(update_time_after(NOW + 5000, NOW), NOW + 5000);
    assert_int_equal(update_time_after(NOW + 999, NOW + 1), NOW + 1001);
    assert_int_equal(update_time_after(NOW - 5000, NOW), NOW + 1000); /* the clock was put back */
    assert_true(instant_is_in_later_second(NOW + 1000, NOW + 999));
    assert_false(instant_is_in_later_second(NOW + 999, NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_of_a_second_has_a_millisecond_more, scene_make,
                                        scene_remove),
        cmocka_unit_test_setup_teardown(what_is_public_already_is_counted, scene_make,
                                        scene_remove),
        cmocka_unit_test_setup_teardown(a_thousand_in_a_row_are_all_different, scene_make,
                                        scene_remove),
        cmocka_unit_test_setup_teardown(a_full_second_goes_on_where_the_last_run_stopped,
                                        scene_make, scene_remove),
        cmocka_unit_test(a_change_is_of_a_later_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
