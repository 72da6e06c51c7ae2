/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "database/connection.h"
#include "database/database.h"

static struct database *store_make(bool runs_all_again)
{
    struct database_settings settings = { .path = ":memory:", .state_directory = -1 };
    struct error error;
    struct database *database = database_open(&settings, &error);
    assert_non_null(database);
    database->runs_all_again = runs_all_again;
    assert_true(database_execute(database, "CREATE TABLE thing (name TEXT UNIQUE)", &error));
    return database;
}

static int64_t things(struct database *database)
{
    struct error error;
    bool found;
    struct statement *statement = database_prepare(database, "SELECT count(*) FROM thing", &error);
    assert_true(statement_find(statement, &found, &error) && found);
    int64_t count = statement_integer(statement, 0);
    statement_reset(statement);
    return count;
}

/* One run that adds a thing, and counts itself. */
static bool thing_add(struct database *database, const char *name, int *runs, struct error *error)
{
    ++*runs;
    struct statement *statement = database_prepare(database, "INSERT INTO thing VALUES ($1)",
                                                   error);
    statement_bind_text(statement, 1, name);
    return statement_run(statement, error);
}

static void what_is_done_is_committed(void **state)
{
    (void)state;
    struct database *database = store_make(false);
    struct error error;
    int runs = 0;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, &error))
        transaction_end(&transaction, thing_add(database, "a", &runs, &error), &error);
    assert_true(transaction.is_done);
    assert_int_equal(runs, 1);
    assert_int_equal(things(database), 1);
    assert_false(database_in_transaction(database));
    database_close(database);
}

static void what_fails_is_undone_and_not_run_again(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        struct database *database = store_make(again);
        struct error error;
        int runs = 0;
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, &error))
            transaction_end(&transaction,
                            thing_add(database, "a", &runs, &error) &&
                                thing_add(database, "a", &runs, &error),
                            &error);
        assert_false(transaction.is_done);
        assert_int_equal(runs, 2);
        assert_int_equal(things(database), 0);
        assert_false(database_in_transaction(database));
        database_close(database);
    }
}

static void a_first_run_that_is_undone_leaves_nothing(void **state)
{
    (void)state;
    struct database *database = store_make(true);
    struct error error;
    int runs = 0;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, &error))
        transaction_end(&transaction, thing_add(database, "a", &runs, &error), &error);
    assert_true(transaction.is_done);
    assert_int_equal(runs, 2);
    assert_int_equal(things(database), 1);
    database_close(database);
}

/* A function that is a transaction of its own, or a part of its caller's. */
static bool part_run(struct database *database, const char *name, int *runs, struct error *error)
{
    struct transaction part = transaction_part_of(database);
    while (transaction_run(&part, error))
        transaction_end(&part, thing_add(database, name, runs, error), error);
    return part.is_done;
}

static void a_part_runs_as_often_as_its_whole(void **state)
{
    (void)state;
    struct database *database = store_make(true);
    struct error error;
    int runs = 0;
    assert_true(part_run(database, "alone", &runs, &error));
    assert_int_equal(runs, 2);

    runs = 0;
    struct transaction whole = transaction_of(database);
    while (transaction_run(&whole, &error))
        transaction_end(&whole,
                        part_run(database, "a", &runs, &error) &&
                            part_run(database, "b", &runs, &error),
                        &error);
    assert_true(whole.is_done);
    assert_int_equal(runs, 4);
    assert_int_equal(things(database), 3);

    whole = transaction_of(database);
    while (transaction_run(&whole, &error))
        transaction_end(&whole,
                        part_run(database, "c", &runs, &error) &&
                            part_run(database, "a", &runs, &error),
                        &error);
    assert_false(whole.is_done);
    assert_int_equal(things(database), 3);
    database_close(database);
}

static void what_cannot_begin_is_over(void **state)
{
    (void)state;
    struct database_settings settings = {
        .path = ":memory:", .state_directory = -1, .is_read_only = true
    };
    struct error error;
    int runs = 0;
    struct database *database = database_open(&settings, &error);
    assert_non_null(database);
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, &error))
        transaction_end(&transaction, thing_add(database, "a", &runs, &error), &error);
    assert_false(transaction.is_done);
    assert_false(database_in_transaction(database));
    database_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_done_is_committed),
        cmocka_unit_test(what_fails_is_undone_and_not_run_again),
        cmocka_unit_test(a_first_run_that_is_undone_leaves_nothing),
        cmocka_unit_test(a_part_runs_as_often_as_its_whole),
        cmocka_unit_test(what_cannot_begin_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
