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

/* A burst of changes to one version is one notification with the time of the last; another
 * version's is its own, and before the release was told of at all there is none. */
static void changes_are_gathered_by_version(void **state)
{
    static const struct {
        enum release_notification_kind waiting;
        const char *cause;
        bool is_found;
    } cases[] = {
        { RELEASE_NOTIFICATION_CHANGED, "7", true },
        { RELEASE_NOTIFICATION_CHANGED, "8", false },
        { RELEASE_NOTIFICATION_DROPPED, NULL, true },
        { RELEASE_NOTIFICATION_HELD, "7", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        struct error error;
        bool found = false;
        bool is_found = false;
        struct database *database = store_open();
        struct release_notification event = {
            .kind = cases[i].waiting, .release = 7, .revision = 1, .cause = cases[i].cause, .at = 5
        };
        const struct release_notification newer = {
            .kind = RELEASE_NOTIFICATION_CHANGED, .release = 7, .revision = 2, .cause = "7", .at = 9
        };
        struct transaction transaction = transaction_of(database);
        while (transaction_run(&transaction, &error))
            transaction_end(&transaction,
                            release_notification_add(database, &event, &error) &&
                                release_notification_renew(database, &newer, &is_found, &error),
                            &error);
        assert_true(transaction.is_done);
        assert_int_equal(is_found, cases[i].is_found);
        assert_true(release_notification_next(database, &arena, 0, &event, &found, &error));
        assert_int_equal(event.revision, is_found ? 2 : 1);
        assert_int_equal(event.at, is_found ? 9 : 5);
        database_close(database);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_in_their_order_until_taken_away),
        cmocka_unit_test(changes_are_gathered_by_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
