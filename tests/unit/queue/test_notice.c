/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "queue/queue.h"
#include "queue/trouble.h"
#include "subscriber_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1780000000000)

struct scene {
    struct database *database;
    struct error error;
    char told[2000];
};

#define DONE(call)                                                                                 \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %s", #call, scene->error.message);                                       \
    } while (0)

static int make_scene(void **state)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    struct scene *scene = calloc(1, sizeof *scene);
    struct database_settings settings = { .path = ":memory:", .state_directory = -1 };
    scene->database = database_open(&settings, &scene->error);
    assert_non_null(scene->database);
    DONE(database_migrate(scene->database, schemas, 2, &scene->error));
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

static bool open_notice(struct scene *scene, enum queue_notice_kind kind, const char *subject,
                        const char *cause, int64_t at)
{
    bool is_new = false;
    struct queue_notice notice = {
        .kind = kind, .subject = subject, .cause = cause, .since_at = at
    };
    DONE(queue_notice_open(scene->database, &notice, &is_new, &scene->error));
    return is_new;
}

static bool close_notice(struct scene *scene, enum queue_notice_kind kind, const char *subject,
                         int64_t at)
{
    bool was_open = false;
    DONE(queue_notice_close(scene->database, kind, subject, at, &was_open, &scene->error));
    return was_open;
}

static const char *all(struct scene *scene, bool only_open)
{
    struct queue_notice_cursor cursor;
    const struct queue_notice *notice;
    size_t length = 0;
    *scene->told = '\0';
    queue_notice_cursor_open(&cursor, scene->database, only_open);
    while (queue_notice_cursor_next(&cursor, &notice, &scene->error)) {
        (void)snprintf(scene->told + length, sizeof scene->told - length, "%d/%s/%.20s/%d/%d\n",
                       (int)notice->kind, notice->subject, notice->cause,
                       (int)(notice->since_at - NOW),
                       notice->until_at ? (int)(notice->until_at - NOW) : -1);
        length = strlen(scene->told);
    }
    DONE(queue_notice_cursor_close(&cursor));
    return scene->told;
}

static void many_are_read_page_by_page(void **state)
{
    enum { NOTICES = 250 };
    struct scene *scene = *state;
    struct queue_notice_cursor cursor;
    const struct queue_notice *notice;
    char subject[24];
    int count = 0;
    for (int i = 0; i < NOTICES; i++) { /* three at each instant */
        (void)snprintf(subject, sizeof subject, "%d", i);
        assert_true(open_notice(scene, QUEUE_NOTICE_DOMAIN, subject, "550 no", NOW + i / 3));
    }
    queue_notice_cursor_open(&cursor, scene->database, true);
    while (queue_notice_cursor_next(&cursor, &notice, &scene->error))
        assert_int_equal(strtol(notice->subject, NULL, 10), count++);
    DONE(queue_notice_cursor_close(&cursor));
    assert_int_equal(count, NOTICES);
}

static void one_is_open_of_a_kind_and_subject(void **state)
{
    struct scene *scene = *state;
    assert_true(open_notice(scene, QUEUE_NOTICE_RELAY, "", "451 later", NOW));
    assert_true(open_notice(scene, QUEUE_NOTICE_DOMAIN, "nordhav.example", "550 no", NOW + 1));
    assert_true(open_notice(scene, QUEUE_NOTICE_DOMAIN, "fjord.example", "550 no", NOW + 2));
    assert_false(open_notice(scene, QUEUE_NOTICE_DOMAIN, "nordhav.example", "554 never", NOW + 3));
    assert_true(close_notice(scene, QUEUE_NOTICE_RELAY, "", NOW + 4));
    assert_false(close_notice(scene, QUEUE_NOTICE_RELAY, "", NOW + 5));
    assert_false(close_notice(scene, QUEUE_NOTICE_REFUSALS, "nordhav.example", NOW + 5));
    assert_true(open_notice(scene, QUEUE_NOTICE_RELAY, "", "421 again", NOW + 6));
    assert_string_equal(all(scene, true), "2/nordhav.example/554 never/1/-1\n"
                                          "2/fjord.example/550 no/2/-1\n"
                                          "1//421 again/6/-1\n");
    assert_string_equal(all(scene, false), "1//451 later/0/4\n"
                                           "2/nordhav.example/554 never/1/-1\n"
                                           "2/fjord.example/550 no/2/-1\n"
                                           "1//421 again/6/-1\n");
}

static void what_is_long_over_is_forgotten_and_nothing_that_is_open(void **state)
{
    struct scene *scene = *state;
    (void)open_notice(scene, QUEUE_NOTICE_RELAY, "", "451 later", NOW);
    (void)close_notice(scene, QUEUE_NOTICE_RELAY, "", NOW + 1);
    (void)open_notice(scene, QUEUE_NOTICE_DOMAIN, "a.example", "550 no", NOW + 2);
    static char long_cause[5000];
    memset(long_cause, 'x', sizeof long_cause - 1);
    (void)open_notice(scene, QUEUE_NOTICE_DMARC, "b.example", long_cause, NOW + 401 * DURATION_DAY);
    assert_null(strstr(all(scene, false), "1//"));
    assert_non_null(strstr(all(scene, false), "2/a.example/550 no/2/-1\n"));
    assert_non_null(strstr(all(scene, false), "7/b.example/xxxxxxxxxxxxxxxxxxxx/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_is_open_of_a_kind_and_subject, make_scene,
                                        remove_scene),
        cmocka_unit_test_setup_teardown(many_are_read_page_by_page, make_scene, remove_scene),
        cmocka_unit_test_setup_teardown(what_is_long_over_is_forgotten_and_nothing_that_is_open,
                                        make_scene, remove_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
