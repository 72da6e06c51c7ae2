/* SPDX-License-Identifier: MIT */
/* Notifications wait in their order until they are taken away. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "release/release_notification.h"
#include "release/release_store.h"

static struct database *store_open(void)
{
    static const struct database_settings settings = { .path = ":memory:", .state_directory = -1 };
    static const struct database_schema *const schemas[] = { &release_schema };
    struct error error;
    struct database *database = database_open(&settings, &error);
    assert_non_null(database);
    assert_true(database_migrate(database, schemas, 1, &error));
    return database;
}

static void add_two(struct database *database)
{
    struct error error;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, &error)) {
        const struct release_notification one = { .kind = RELEASE_NOTIFICATION_DROPPED,
                                                  .release = 7,
                                                  .revision = 1,
                                                  .path = "x.md",
                                                  .at = 10 };
        const struct release_notification other = { .kind = RELEASE_NOTIFICATION_REFUSED,
                                                    .path = "y.md",
                                                    .cause = "abc",
                                                    .words = "line 3",
                                                    .at = 11 };
        transaction_end(&transaction,
                        release_notification_add(database, &one, &error) &&
                            release_notification_add(database, &other, &error),
                        &error);
    }
    assert_true(transaction.is_done);
}

static void remove_one(struct database *database, int64_t row_id)
{
    struct error error;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, &error))
        transaction_end(&transaction, release_notification_remove(database, row_id, &error),
                        &error);
    assert_true(transaction.is_done);
}

static void they_come_in_their_order_until_taken_away(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error;
    struct release_notification event;
    bool found;
    struct database *database = store_open();
    add_two(database);
    assert_true(release_notification_next(database, &arena, 0, &event, &found, &error));
    assert_true(found);
    assert_int_equal(event.kind, RELEASE_NOTIFICATION_DROPPED);
    assert_int_equal(event.release, 7);
    assert_string_equal(event.path, "x.md");
    assert_null(event.words);
    remove_one(database, event.row_id);
    assert_true(release_notification_next(database, &arena, event.row_id, &event, &found, &error));
    assert_true(found);
    assert_int_equal(event.release, 0);
    assert_string_equal(event.cause, "abc");
    assert_string_equal(event.words, "line 3");
    assert_true(release_notification_next(database, &arena, event.row_id, &event, &found, &error));
    assert_false(found);
    database_close(database);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_in_their_order_until_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
