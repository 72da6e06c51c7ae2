/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"
#include "publish_test_tree.h"

/* Lists are written before the rows that they show are stored, and without a lock: what a run that
 * is killed in between leaves. */

#ifdef PRESSROOM_TEST_HOOKS

/* What stands there is not written anew: so the next batch is small, and has its lists with it. */
static void site_make(struct test_site *test)
{
    test_site_open(test);
    (void)test_insert(test, test_release(test, "old", "da", "Gammel nyhed"),
                      TEST_NOW - 40 * DURATION_DAY);
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
}

static int setup(void **state)
{
    static struct test_site test;
    site_make(&test);
    *state = &test;
    return 0;
}

static int teardown(void **state)
{
    test_site_close(*state);
    return 0;
}

/* In the order in which a run comes by. */
static const char *const points[] = { "publish-cards",    "publish-lists",  "publish-written",
                                      "publish-noted",    "publish-placed", "publish-synced",
                                      "publish-committed" };

enum { POINTS = sizeof points / sizeof points[0] };

static void killed_at(struct test_site *test, const char *point, int count)
{
    database_close(test->database);
    assert_true(publish_killed(test, point, count));
    test_site_connect(test);
}

/* All rows of a query as one string. */
static const char *rows_of(struct test_site *test, const char *sql)
{
    struct error error = { 0 };
    const char *all = "";
    struct statement *statement = database_prepare(test->database, sql, &error);
    while (statement_step(statement, &error) == STATEMENT_ROW) {
        for (int i = 0; i < statement_columns(statement); i++)
            all = arena_format(&test->arena, "%s%s|", all,
                               statement_kind(statement, i) == COLUMN_TEXT
                                   ? statement_text(statement, i)
                                   : arena_format(&test->arena, "%lld",
                                                  (long long)statement_integer(statement, i)));
        all = arena_format(&test->arena, "%s\n", all);
    }
    return all;
}

static const char *lists_state(struct test_site *test)
{
    return arena_format(
        &test->arena, "%s\n%s\n%s\n%s",
        rows_of(test,
                "SELECT row_id, title, path, public_at, updated_at, is_withdrawn, is_corrected,"
                " lists, topic_labels FROM publish_card ORDER BY row_id"),
        rows_of(test, "SELECT list, at, row_id FROM publish_member ORDER BY list, at, row_id"),
        rows_of(test, "SELECT list, is_dirty FROM publish_list ORDER BY list"),
        rows_of(test, "SELECT row_id FROM publish_undo"));
}

/* A release of a month and a topic that had none, so that there are lists which only it made. */
static int64_t news_insert(struct test_site *test)
{
    const struct release *release = test_release(test, "r2", "da", "Hemmelig nyhed");
    struct release_row row = test_row(test, release, TEST_NOW - 80 * DURATION_DAY);
    row.topics = "hemmeligt";
    return test_insert_row(test, &row, release);
}

/* Holds I1. */
static void what_is_held_after_a_kill_stands_in_no_list(void **state)
{
    for (size_t i = 0; i < POINTS - 1; i++) {
        for (int way = 0; way < 2; way++) {
            struct test_site *test = *state;
            const char *wanted = tree_of(test, false);
            const char *lists = lists_state(test);
            int64_t row_id = news_insert(test);
            killed_at(test, points[i], 1);
            assert_int_equal(test_find(test, row_id)->public_at, INSTANT_NONE);
            struct release_row *row = test_find(test, row_id);
            if (way == 0) {
                row->held_at = TEST_NOW;
            } else {
                row->status = RELEASE_WITHDRAWN;
                row->due_at = INSTANT_NONE;
            }
            test_change(test, row, NULL);
            (void)test_publish(test);
            assert_string_equal(tree_of(test, false), wanted);
            assert_string_equal(lists_state(test), lists);
            assert_int_equal(words_count(test, "emmelig"), 0);
            assert_int_equal(test_publish(test).files_written, 0);
            (void)teardown(state);
            (void)setup(state);
        }
    }
}

/* Holds I4. */
static void it_goes_on_as_if_it_had_not_been_killed(void **state)
{
    struct test_site *whole = *state;
    int64_t row_id = news_insert(whole);
    (void)test_publish(whole);
    const char *wanted = tree_of(whole, false);
    const char *lists = lists_state(whole);
    for (size_t i = 0; i < POINTS; i++) {
        struct test_site test;
        site_make(&test);
        assert_int_equal(news_insert(&test), row_id);
        killed_at(&test, points[i], 1);
        (void)test_publish(&test);
        assert_string_equal(tree_of(&test, false), wanted);
        assert_string_equal(lists_state(&test), lists);
        assert_int_equal(test_find(&test, row_id)->updated_at,
                         test_find(whole, row_id)->updated_at);
        test_site_close(&test);
    }
}

/* That readers see another text is known from the card that stood. */
static void an_edit_is_still_seen_as_one(void **state)
{
    for (size_t i = 0; i < POINTS - 1; i++) {
        struct test_site *test = *state;
        struct release_row *row = test_find(test, 2);
        int64_t before_at = row->updated_at;
        row->title = "Nyhed rettet";
        test_change(test, row, test_release(test, "r1", "da", "Nyhed rettet"));
        test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
        killed_at(test, points[i], 1);
        assert_int_equal(test_find(test, 2)->updated_at, before_at);
        test->clock = clock_fixed(TEST_NOW + 2 * DURATION_HOUR);
        (void)test_publish(test);
        assert_int_equal(test_find(test, 2)->updated_at, TEST_NOW + 2 * DURATION_HOUR);
        assert_true(test_says(test, "feeds/all.atom", "Nyhed rettet"));
        assert_true(test_says(test, "feeds/all.atom", "<updated>2026-06-01T09:30:00Z</updated>"));
        (void)teardown(state);
        (void)setup(state);
    }
}

static void withdraw(struct test_site *test, int64_t row_id)
{
    struct release_row *row = test_find(test, row_id);
    row->status = RELEASE_WITHDRAWN;
    row->public_revision = 0;
    test_change(test, row, NULL);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
}

/* Holds I4. */
static void a_withdrawal_is_done_once(void **state)
{
    struct test_site *whole = *state;
    withdraw(whole, 2);
    assert_int_equal(test_publish(whole).withdrawn, 1);
    const char *wanted = tree_of(whole, false);
    const char *lists = lists_state(whole);
    for (size_t i = 0; i < POINTS; i++) {
        struct test_site test;
        site_make(&test);
        withdraw(&test, 2);
        killed_at(&test, points[i], 1);
        assert_int_equal(test_publish(&test).withdrawn, i < POINTS - 1 ? 1 : 0);
        assert_string_equal(tree_of(&test, false), wanted);
        assert_string_equal(lists_state(&test), lists);
        assert_int_equal(test_find(&test, 2)->withdrawn_at, test_find(whole, 2)->withdrawn_at);
        assert_int_equal(test_publish(&test).files_written, 0);
        test_site_close(&test);
    }
}

/* The release is ready again before the next run. */
static void a_killed_withdrawal_that_is_taken_back_leaves_nothing(void **state)
{
    for (size_t i = 0; i < POINTS - 1; i++) {
        struct test_site *test = *state;
        const char *wanted = tree_of(test, false);
        const char *lists = lists_state(test);
        struct release_row *row = test_find(test, 2);
        withdraw(test, 2);
        killed_at(test, points[i], 1);
        row->public_revision = 0;
        test_change(test, row, NULL);
        (void)test_publish(test);
        assert_string_equal(tree_of(test, false), wanted);
        assert_string_equal(lists_state(test), lists);
        assert_int_equal(test_publish(test).files_written, 0);
        (void)teardown(state);
        (void)setup(state);
    }
}

/* Senders, serve and collect write meanwhile. */
static void others_write_while_lists_are_written(void **state)
{
    struct test_site *test = *state;
    struct error error = { 0 };
    int status = 0;
    int64_t row_id = news_insert(test);
    database_close(test->database);
    pid_t child = publish_begin(test, "publish-lists", 3, true);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    /* Nobody holds the lock of those who write: taken without waiting. */
    for (int i = 0; i < 2; i++) {
        int lock = file_lock(test->state_directory, i ? "database.lock" : "database.queue", false,
                             &error);
        assert_true(lock >= 0);
        (void)close(lock);
    }
    test_site_connect(test);
    bool done = database_begin(test->database, &error) &&
                release_ask_withdrawal(test->database, row_id, TEST_NOW, "Fejl", &error);
    assert_true(database_end(test->database, done, &error));
    /* Its card is there, and no row says that it is public. */
    assert_string_equal(rows_of(test, "SELECT title FROM publish_card WHERE title >= 'H'"
                                      " AND title < 'I'"),
                        "Hemmelig nyhed|\n");
    assert_int_equal(test_find(test, row_id)->public_at, INSTANT_NONE);
    assert_int_equal(words_count(test, "emmelig"), 0);
    assert_int_equal(kill(child, SIGCONT), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(test_find(test, row_id)->public_at, TEST_NOW - 80 * DURATION_DAY);
    assert_int_equal(test_find(test, row_id)->withdrawal_asked_at, TEST_NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_held_after_a_kill_stands_in_no_list, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(it_goes_on_as_if_it_had_not_been_killed, setup, teardown),
        cmocka_unit_test_setup_teardown(an_edit_is_still_seen_as_one, setup, teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_is_done_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_killed_withdrawal_that_is_taken_back_leaves_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(others_write_while_lists_are_written, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
