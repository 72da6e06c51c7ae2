/* SPDX-License-Identifier: MIT */
#include "digest_scene.h"

#include "database/connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs that are told to end, and runs beside each other: everybody gets one, nobody two. */

enum { SUBSCRIBERS = 5000 }; /* of a step: 2000 */

static void crowd(struct scene *scene)
{
    sql(scene, arena_format(&scene->arena,
                            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                            " WHERE i < %d) INSERT INTO subscriber SELECT i, 'p' || i, 'p' || i,"
                            " '', 'da', 2, 1, 1 FROM n",
                            SUBSCRIBERS));
    sql(scene, "INSERT INTO subscription (subscriber, feed, cadence, state, since_at)"
               " SELECT row_id, 'all', 1, 1, 1 FROM subscriber");
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
}

static volatile sig_atomic_t stop;

static void stop_at_first_row(void *payload, int operation, const char *database, const char *table,
                              sqlite3_int64 row)
{
    (void)payload;
    (void)operation;
    (void)database;
    (void)row;
    if (strcmp(table, "digest_content") == 0)
        stop = 1;
}

static int64_t run_until_told(struct scene *scene)
{
    struct digest_totals totals;
    const struct clock clock = clock_fixed(instant("2026-06-10T06:00:00Z"));
    DONE(digest_run(scene->database, &scene->settings, &clock, &stop, &totals, &scene->error));
    return totals.deliveries;
}

static void a_run_told_to_end_ends_behind_its_step_and_the_next_goes_on(void **state)
{
    struct scene *scene = *state;
    crowd(scene);
    stop = 1;
    assert_int_equal(run_until_told(scene), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_issue"), 0);
    stop = 0;
    sqlite3_update_hook(scene->database->handle, stop_at_first_row, NULL);
    assert_int_equal(run_until_told(scene), 2000);
    sqlite3_update_hook(scene->database->handle, NULL, NULL);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_HELD);
    stop = 0;
    assert_int_equal(run_until_told(scene), SUBSCRIBERS - 2000);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_ACTIVE);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery"), SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_content"), 1);
}

/* ---- beside each other ---- */

struct place {
    char folder[64];
    int directory;
};

static void open_at(struct scene *scene, const struct place *place)
{
    char path[128];
    const struct database_schema *schemas[] = { &release_schema, &queue_schema, &digest_schema,
                                                &subscriber_schema };
    (void)snprintf(path, sizeof path, "%s/pressroom.db", place->folder);
    const struct database_settings settings = { .path = path, .state_directory = place->directory };
    scene->database = database_open(&settings, &scene->error);
    assert_non_null(scene->database);
    DONE(database_migrate(scene->database, schemas, 4, &scene->error));
}

/* A process of its own; its result says whether it did well. */
static pid_t run_apart(struct scene *scene, const struct place *place)
{
    pid_t process = fork();
    if (process != 0)
        return process;
    struct digest_totals totals;
    struct scene other = { .zone = scene->zone, .settings = scene->settings };
    const struct clock clock = clock_fixed(instant("2026-06-10T06:00:00Z"));
    open_at(&other, place);
    bool done = digest_run(other.database, &other.settings, &clock, NULL, &totals, &other.error);
    database_close(other.database);
    _exit(done ? 0 : 1);
}

static void runs_beside_each_other_make_one_row_a_subscriber(void **state)
{
    enum { RUNS = 3 };
    struct scene *scene = *state;
    struct place place = { .folder = "/tmp/pressroom-digest-XXXXXX" };
    char command[128];
    pid_t runs[RUNS];
    database_close(scene->database);
    assert_non_null(mkdtemp(place.folder));
    place.directory = open(place.folder, O_RDONLY | O_DIRECTORY);
    open_at(scene, &place);
    crowd(scene);
    database_close(scene->database); /* not across a fork */
    for (int i = 0; i < RUNS; i++)
        runs[i] = run_apart(scene, &place);
    for (int i = 0; i < RUNS; i++) {
        int status = 1;
        assert_true(waitpid(runs[i], &status, 0) == runs[i]);
        assert_int_equal(status, 0);
    }
    open_at(scene, &place);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery"), SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(DISTINCT subscriber) FROM delivery"), SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_issue"), 1);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_ACTIVE);
    (void)close(place.directory);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place.folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_told_to_end_ends_behind_its_step_and_the_next_goes_on),
        TEST(runs_beside_each_other_make_one_row_a_subscriber),
    };
    return cmocka_run_group_tests_name("runs of digests", tests, NULL, NULL);
}
