/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "database/database.h"
#include "database/sql_macro.h"
#include "database/write_transaction.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST                                                                                      \
    "CREATE TABLE thing (row_id @row_id_primary_key@, name @text@ NOT NULL, bytes @blob@) "        \
    "@strict@"

static const char *const create[] = { FIRST, NULL };
static const char *const grow[] = {
    "ALTER TABLE thing ADD COLUMN size @integer@ NOT NULL DEFAULT 7; UPDATE thing SET size = 8",
    "INSERT INTO thing (name) VALUES ('a;b')", NULL
};
static const char *const fail_late[] = { "INSERT INTO thing (name) VALUES ('x')",
                                         "INSERT INTO thing (name) VALUES ('y'); NONSENSE", NULL };

static const char *const *const first[] = { create };
static const char *const *const second[] = { create, grow };
static const char *const *const broken[] = { create, fail_late };

#define COLOURS(X) X(COLOUR_RED, 0) X(COLOUR_GREEN, 1) X(COLOUR_BLUE, 2)

enum colour { COLOURS(SQL_ENUMERATOR) };

static const struct sql_macro colour_macros[] = {
    COLOURS(SQL_MACRO){ "COLOUR_COLD", "@COLOUR_GREEN@, @COLOUR_BLUE@" }, { NULL, NULL }
};

static const struct database_schema schema_1 = { "thing", first, 1, NULL };
static const struct database_schema schema_2 = { "thing", second, 2, colour_macros };
static const struct database_schema schema_broken = { "thing", broken, 2, NULL };

struct place {
    char folder[64];
    char path[128];
    int directory;
};

static int place_make(void **state)
{
    static struct place place;
    (void)snprintf(place.folder, sizeof place.folder, "/tmp/pressroom-database-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    (void)snprintf(place.path, sizeof place.path, "%s/pressroom.db", place.folder);
    place.directory = open(place.folder, O_RDONLY | O_DIRECTORY);
    *state = &place;
    return place.directory < 0;
}

static int place_remove(void **state)
{
    char command[128];
    struct place *place = *state;
    (void)close(place->directory);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    return system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

static struct database *open_with(const struct place *place, const struct database_schema *schema,
                                  bool is_read_only)
{
    struct error error = { 0 };
    struct database_settings settings = { .path = place->path,
                                          .state_directory = place->directory,
                                          .is_read_only = is_read_only,
                                          .busy_timeout_ms = 50 };
    struct database *database = database_open(&settings, &error);
    if (!database)
        print_error("%s\n", error.message);
    assert_non_null(database);
    if (schema && !database_migrate(database, &schema, 1, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    return database;
}

static void run(struct database *database, const char *sql)
{
    struct error error = { 0 };
    if (!database_execute(database, sql, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
}

static int64_t number(struct database *database, const char *sql)
{
    struct error error = { 0 };
    bool found = false;
    struct statement *statement = database_prepare(database, sql, &error);
    assert_true(statement_find(statement, &found, &error));
    assert_true(found);
    int64_t value = statement_integer(statement, 0);
    statement_reset(statement);
    return value;
}

static void values_come_back_as_they_went_in(void **state)
{
    struct error error = { 0 };
    struct arena arena = { 0 };
    bool found = false;
    size_t length = 0;
    struct database *database = open_with(*state, &schema_2, false);
    /* The second parameter comes first in the text: numbers count, not places. */
    struct statement *statement = database_prepare(
        database, "INSERT INTO thing (bytes, name, size) VALUES ($2, $1, $3) RETURNING row_id",
        &error);
    statement_bind_text(statement, 1, "Ådal $1 @x@");
    statement_bind_bytes(statement, 2, "\0\1", 2);
    statement_bind_integer(statement, 3, INT64_MAX);
    assert_true(statement_find(statement, &found, &error));
    int64_t key = statement_integer(statement, 0);
    statement_reset(statement);

    statement = database_prepare(
        database, "SELECT name, bytes, size, NULL FROM thing WHERE row_id = $1", &error);
    statement_bind_integer(statement, 1, key);
    assert_int_equal(statement_step(statement, &error), STATEMENT_ROW);
    assert_string_equal(statement_copy_text(statement, 0, &arena), "Ådal $1 @x@");
    assert_memory_equal(statement_bytes(statement, 1, &length), "\0\1", 2);
    assert_int_equal(length, 2);
    assert_true(statement_integer(statement, 2) == INT64_MAX);
    assert_true(statement_is_null(statement, 3));
    assert_null(statement_copy_text(statement, 3, &arena));
    assert_int_equal(statement_step(statement, &error), STATEMENT_DONE);
    arena_release(&arena);
    database_close(database);
}

static void statements_are_kept_and_nest(void **state)
{
    struct error error = { 0 };
    struct database *database = open_with(*state, &schema_2, false);
    const char *sql = "SELECT row_id FROM thing";
    struct statement *outer = database_prepare(database, sql, &error);
    assert_int_equal(statement_step(outer, &error), STATEMENT_ROW);
    struct statement *inner = database_prepare(database, sql, &error);
    assert_ptr_not_equal(outer, inner);
    assert_int_equal(statement_step(inner, &error), STATEMENT_ROW);
    statement_reset(inner);
    assert_int_equal(statement_step(outer, &error), STATEMENT_DONE);
    assert_non_null(database_prepare(database, sql, &error));
    database_close(database);
}

static void mistakes_are_told_once_and_stick(void **state)
{
    struct error error = { 0 };
    struct database *database = open_with(*state, &schema_1, false);
    struct statement *statement = database_prepare(database, "SELECT nonsense", &error);
    assert_null(statement);
    statement_bind_integer(statement, 1, 1);
    assert_false(statement_run(statement, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_non_null(strstr(error.message, "nonsense"));

    statement = database_prepare(database, "SELECT $1", &error);
    statement_bind_integer(statement, 2, 1);
    error = (struct error){ 0 };
    assert_int_equal(statement_step(statement, &error), STATEMENT_FAILED);
    assert_non_null(strstr(error.message, "parameter 2"));
    assert_false(database_execute(database, "SELECT @what@", &error));
    assert_non_null(strstr(error.message, "@what@"));
    database_close(database);
}

static void macros_stand_for_numbers(void **state)
{
    struct error error = { 0 };
    struct database *database = open_with(*state, &schema_2, false);
    assert_int_equal(number(database, "SELECT @COLOUR_BLUE@"), COLOUR_BLUE);
    assert_int_equal(number(database, "SELECT 7 WHERE 1 IN (@COLOUR_COLD@)"), 7);
    assert_int_equal(number(database, "SELECT count(*) FROM thing WHERE 0 IN (@COLOUR_COLD@)"), 0);
    assert_int_equal(number(database, "SELECT '@COLOUR_BLUE@' = '@' || 'COLOUR_BLUE@'"), 1);
    assert_false(database_execute(database, "SELECT @COLOUR_BLU@", &error));
    assert_non_null(strstr(error.message, "@COLOUR_BLU@"));
    database_close(database);
}

static void migrations_go_up_one_by_one(void **state)
{
    database_close(open_with(*state, &schema_1, false));
    struct database *database = open_with(*state, &schema_2, false);
    assert_int_equal(number(database, "SELECT size FROM thing WHERE name = 'a;b'"), 7);
    assert_int_equal(number(database, "SELECT version FROM schema_version WHERE name = 'thing'"),
                     2);
    database_close(database);
    database = open_with(*state, &schema_2, false);
    assert_int_equal(number(database, "SELECT count(*) FROM thing"), 1);
    database_close(database);
}

static void a_newer_database_is_refused(void **state)
{
    struct error error = { 0 };
    const struct database_schema *schemas[] = { &schema_1 };
    database_close(open_with(*state, &schema_2, false));
    struct database *database = open_with(*state, NULL, false);
    assert_false(database_migrate(database, schemas, 1, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "newer pressroom"));
    database_close(database);
}

static void a_database_from_before_the_first_release_is_refused(void **state)
{
    struct error error = { 0 };
    const struct database_schema *schemas[] = { &schema_2 };
    struct database *database = open_with(*state, &schema_1, false);
    run(database, "UPDATE schema_version SET version = 1 WHERE name = 'database'");
    database_close(database);
    for (int read_only = 0; read_only < 2; read_only++) {
        database = open_with(*state, NULL, read_only);
        assert_false(database_migrate(database, schemas, 1, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_non_null(strstr(error.message, "before 0.1.0"));
        assert_null(strstr(error.message, "newer"));
        assert_int_equal(
            number(database, "SELECT version FROM schema_version WHERE name = 'thing'"), 1);
        database_close(database);
    }
}

static void a_database_with_more_of_its_own_is_refused(void **state)
{
    struct error error = { 0 };
    const struct database_schema *schemas[] = { &schema_1 };
    struct database *database = open_with(*state, &schema_1, false);
    run(database, "UPDATE schema_version SET version = 4 WHERE name = 'database'");
    assert_false(database_migrate(database, schemas, 1, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "newer pressroom"));
    database_close(database);
}

static void a_failing_migration_leaves_nothing(void **state)
{
    struct error error = { 0 };
    const struct database_schema *schemas[] = { &schema_broken };
    struct database *database = open_with(*state, &schema_1, false);
    assert_false(database_migrate(database, schemas, 1, &error));
    assert_int_equal(number(database, "SELECT count(*) FROM thing"), 0);
    assert_int_equal(number(database, "SELECT version FROM schema_version WHERE name = 'thing'"),
                     1);
    database_close(database);
}

static void a_transaction_is_all_or_nothing(void **state)
{
    struct error error = { 0 };
    struct database *database = open_with(*state, &schema_1, false);
    assert_true(database_begin(database, &error));
    run(database, "INSERT INTO thing (name) VALUES ('a')");
    assert_int_equal(database_changes(database), 1);
    assert_false(database_end(database, false, &error));
    assert_int_equal(number(database, "SELECT count(*) FROM thing"), 0);
    assert_true(database_begin(database, &error));
    run(database, "INSERT INTO thing (name) VALUES ('a')");
    assert_true(database_end(database, true, &error));
    assert_false(database_in_transaction(database));
    database_rollback(database);
    assert_int_equal(number(database, "SELECT count(*) FROM thing"), 1);
    database_close(database);
}

static void a_reader_sees_one_view_while_another_writes(void **state)
{
    struct error error = { 0 };
    struct database *writer = open_with(*state, &schema_1, false);
    struct database *reader = open_with(*state, &schema_1, true);
    assert_true(database_begin(writer, &error));
    run(writer, "INSERT INTO thing (name) VALUES ('a')");
    assert_true(database_begin_read(reader, &error));
    assert_int_equal(number(reader, "SELECT count(*) FROM thing"), 0);
    assert_true(database_commit(writer, &error));
    assert_int_equal(number(reader, "SELECT count(*) FROM thing"), 0);
    database_rollback(reader);
    assert_int_equal(number(reader, "SELECT count(*) FROM thing"), 1);
    assert_false(database_execute(reader, "DELETE FROM thing", &error));
    database_close(reader);
    database_close(writer);
}

static void reading_what_is_not_there_makes_no_file(void **state)
{
    struct place *place = *state;
    struct database *reader = open_with(place, &schema_2, true);
    assert_int_equal(number(reader, "SELECT count(*) FROM thing"), 1);
    database_close(reader);
    assert_int_not_equal(access(place->path, F_OK), 0);
}

static void a_foreign_writer_makes_it_temporary(void **state)
{
    struct error error = { 0 };
    struct place elsewhere = *(struct place *)*state;
    struct database *database = open_with(*state, &schema_1, false);
    /* Without our lock files, as a program that knows nothing of them. */
    assert_int_equal(mkdirat(elsewhere.directory, "other", 0700), 0);
    elsewhere.directory = openat(elsewhere.directory, "other", O_RDONLY | O_DIRECTORY);
    struct database *foreign = open_with(&elsewhere, NULL, false);
    assert_true(database_begin(foreign, &error));
    assert_false(database_begin(database, &error));
    assert_int_equal(error.kind, ERROR_TEMPORARY);
    database_rollback(foreign);
    assert_true(database_begin(database, &error));
    assert_true(database_commit(database, &error));
    database_close(foreign);
    (void)close(elsewhere.directory);
    database_close(database);
}

static void rows_are_copied_as_they_are(void **state)
{
    const struct place *place = *state;
    struct error error = { 0 };
    struct place memory = { .path = ":memory:", .directory = -1 };
    struct database *from = open_with(place, &schema_1, false);
    struct database *to = open_with(&memory, &schema_1, false);
    run(from, "INSERT INTO thing (row_id, name, bytes) VALUES (7, 'æ;b', x'00ff'), (9, '', NULL)");
    if (!database_copy_rows(from, "SELECT * FROM thing WHERE row_id > 0", to, "thing", &error))
        fail_msg("%s", error.message);
    struct statement *statement = database_prepare(
        to, "SELECT row_id, name, hex(bytes) FROM thing ORDER BY row_id", &error);
    assert_int_equal(statement_step(statement, &error), STATEMENT_ROW);
    assert_int_equal(statement_integer(statement, 0), 7);
    assert_string_equal(statement_text(statement, 1), "æ;b");
    assert_string_equal(statement_text(statement, 2), "00FF");
    assert_int_equal(statement_step(statement, &error), STATEMENT_ROW);
    assert_int_equal(statement_integer(statement, 0), 9);
    assert_string_equal(statement_text(statement, 1), "");
    assert_int_equal(statement_step(statement, &error), STATEMENT_DONE);
    /* in another order, and fewer */
    assert_true(database_copy_rows(from,
                                   "SELECT name || '!' AS name, row_id + 10 AS row_id"
                                   " FROM thing WHERE row_id = 7",
                                   to, "thing", &error));
    statement = database_prepare(to, "SELECT name, bytes FROM thing WHERE row_id = 17", &error);
    assert_int_equal(statement_step(statement, &error), STATEMENT_ROW);
    assert_string_equal(statement_text(statement, 0), "æ;b!");
    assert_true(statement_is_null(statement, 1));
    statement_reset(statement);
    /* a number that is taken */
    assert_false(database_copy_rows(from, "SELECT * FROM thing", to, "thing", &error));
    assert_false(database_copy_rows(from, "SELECT * FROM nothing", to, "thing", &error));
    database_close(from);
    database_close(to);
}

static void the_file_is_for_its_owner_alone(void **state)
{
    struct stat status;
    struct place *place = *state;
    struct error error = { 0 };
    struct database *database = open_with(place, &schema_1, false);
    assert_int_equal(fstatat(place->directory, "pressroom.db", &status, 0), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(fstatat(place->directory, "pressroom.db-wal", &status, 0), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_true(database_checkpoint(database, &error));
    assert_int_equal(fstatat(place->directory, "pressroom.db-wal", &status, 0), 0);
    assert_int_equal(status.st_size, 0);
    database_close(database);
}

static void writers_take_turns_over_processes(void **state)
{
    enum { PROCESSES = 4, ROUNDS = 50 };
    struct error error = { 0 };
    database_close(open_with(*state, &schema_2, false));
    for (int child = 0; child < PROCESSES; child++) {
        pid_t process = fork();
        assert_true(process >= 0);
        if (process > 0)
            continue;
        struct database *database = open_with(*state, &schema_2, false);
        bool done = true;
        for (int i = 0; i < ROUNDS && done; i++)
            done = database_begin(database, &error) &&
                   database_end(
                       database,
                       database_execute(database, "UPDATE thing SET size = size + 1", &error),
                       &error);
        database_close(database);
        _exit(done ? 0 : 1);
    }
    for (int child = 0; child < PROCESSES; child++) {
        int status = 1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    struct database *database = open_with(*state, &schema_2, false);
    assert_int_equal(number(database, "SELECT size FROM thing"), 7 + PROCESSES * ROUNDS);
    database_close(database);
}

static void a_worker_lives_as_long_as_its_process(void **state)
{
    int channel[2];
    struct error error = { 0 };
    int64_t child_number = 0;
    struct database *database = open_with(*state, &schema_1, false);
    struct database_worker *worker = database_worker_open(database, &error);
    assert_non_null(worker);
    int64_t own = database_worker_number(worker);
    assert_true(database_worker_is_alive(database, own));
    assert_int_equal(pipe(channel), 0);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        struct database *other = open_with(*state, &schema_1, false);
        struct database_worker *second_worker = database_worker_open(other, &error);
        int64_t value = second_worker && database_worker_is_alive(other, own)
                            ? database_worker_number(second_worker)
                            : -1;
        (void)!write(channel[1], &value, sizeof value);
        (void)pause();
        _exit(1);
    }
    assert_int_equal(read(channel[0], &child_number, sizeof child_number), sizeof child_number);
    assert_true(child_number > own);
    assert_true(database_worker_is_alive(database, child_number));
    assert_int_equal(kill(process, SIGKILL), 0);
    assert_int_equal(waitpid(process, NULL, 0), process);
    assert_false(database_worker_is_alive(database, child_number));
    database_worker_clear(database, child_number);
    database_worker_close(worker);
    assert_false(database_worker_is_alive(database, own));
    worker = database_worker_open(database, &error);
    assert_true(database_worker_number(worker) > child_number);
    database_worker_close(worker);
    (void)close(channel[0]);
    (void)close(channel[1]);
    database_close(database);
}

/* Neither is refused for a number that a run of the other one had, and gave back. */
static void two_processes_take_workers_at_once(void **state)
{
    enum { TIMES = 40 };
    struct error error = { 0 };
    struct database *database = open_with(*state, &schema_1, false);
    database_close(database);
    pid_t process = fork();
    assert_true(process >= 0);
    database = open_with(*state, &schema_1, false);
    int taken = 0;
    for (int i = 0; i < TIMES; i++) {
        struct database_worker *worker = database_worker_open(database, &error);
        taken += worker != NULL;
        database_worker_close(worker);
    }
    database_close(database);
    if (process == 0)
        _exit(taken != TIMES);
    int status = -1;
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
    assert_int_equal(taken, TIMES);
}

static void a_file_that_is_no_database_is_told(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    char junk[4096];
    memset(junk, 'x', sizeof junk);
    assert_true(
        file_write_atomic(place->directory, "pressroom.db", junk, sizeof junk, 0600, &error));
    struct database_settings settings = { .path = place->path,
                                          .state_directory = place->directory };
    assert_null(database_open(&settings, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_non_null(strstr(error.message, "not a database"));
    settings.backend = DATABASE_POSTGRESQL;
    assert_null(database_open(&settings, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_come_back_as_they_went_in),
        TEST(statements_are_kept_and_nest),
        TEST(mistakes_are_told_once_and_stick),
        TEST(macros_stand_for_numbers),
        TEST(migrations_go_up_one_by_one),
        TEST(a_newer_database_is_refused),
        TEST(a_database_from_before_the_first_release_is_refused),
        TEST(a_database_with_more_of_its_own_is_refused),
        TEST(a_failing_migration_leaves_nothing),
        TEST(a_transaction_is_all_or_nothing),
        TEST(a_reader_sees_one_view_while_another_writes),
        TEST(reading_what_is_not_there_makes_no_file),
        TEST(a_foreign_writer_makes_it_temporary),
        TEST(rows_are_copied_as_they_are),
        TEST(the_file_is_for_its_owner_alone),
        TEST(writers_take_turns_over_processes),
        TEST(a_worker_lives_as_long_as_its_process),
        TEST(two_processes_take_workers_at_once),
        TEST(a_file_that_is_no_database_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
