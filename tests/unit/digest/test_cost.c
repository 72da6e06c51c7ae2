/* SPDX-License-Identifier: MIT */
#include "digest_scene.h"

#include "database/connection.h"
#include "database/write_transaction.h"

#include <sqlite3.h>

/* What digests cost grows with what is new, not with the digests that there were: counted in the
 * store's own operations, which are the same on every machine. */

enum { OPERATIONS = 100 };

static int count_step(void *payload)
{
    ++*(int *)payload;
    return 0;
}

static void count_begin(struct scene *scene, int *steps)
{
    *steps = 0;
    sqlite3_progress_handler(scene->database->handle, OPERATIONS, count_step, steps);
}

static void count_end(struct scene *scene)
{
    sqlite3_progress_handler(scene->database->handle, 0, NULL, NULL);
}

/* Digests of two years, each with contents of its own that 50 subscribers got, and thousands of
 * corrections and withdrawals. */
static void add_past(struct scene *scene)
{
    sql(scene, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)"
               " INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
               " SELECT 10000 + i, 0, 3, 'past ' || i FROM n");
    sql(scene, "INSERT INTO mailing (row_id, announcement, state, note, is_urgent, created_at,"
               " starts_at, message_at, finished_at, is_counted, forgotten)"
               " SELECT row_id, row_id, 3, '', 0, 1, 1, 1, 1, 1, 1 FROM announcement"
               " WHERE row_id > 10000");
    sql(scene,
        "INSERT INTO digest_issue (date, daily_at, weekly_at, announcement, mailing,"
        " composed_to, is_complete) SELECT deduplication_key, row_id, NULL, row_id, row_id, 0, 1"
        " FROM announcement WHERE row_id > 10000");
    sql(scene,
        "INSERT INTO digest_item (release_row_id, kind, deduplication_key, mailing, at, ripe_at,"
        " daily_issue, weekly_issue) SELECT row_id, 0, '', 0, row_id, 1, row_id, 0"
        " FROM announcement WHERE row_id > 10000");
    sql(scene,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
        " INSERT INTO digest_item (release_row_id, kind, deduplication_key, mailing, at, ripe_at)"
        " SELECT 10000 + i, 1 + i % 2, '', 0, 1, 1 FROM n");
    sql(scene, "INSERT INTO digest_content (row_id, announcement, fingerprint)"
               " SELECT i.row_id, i.release_row_id, CAST(i.row_id AS BLOB) FROM digest_item i"
               " WHERE i.release_row_id > 10000 AND i.kind = 0");
    sql(scene, "INSERT INTO digest_content_item (content, item, version)"
               " SELECT row_id, row_id, 1 FROM digest_content WHERE announcement > 10000");
    sql(scene, "INSERT INTO digest_issue_item (item, version, announcement)"
               " SELECT row_id, 1, announcement FROM digest_content WHERE announcement > 10000");
    sql(scene, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
               " INSERT INTO delivery (announcement, subscriber, mailing, version, state, next_at,"
               " updated_at) SELECT k.announcement, n.i, k.announcement, k.row_id, 2, 0, 1"
               " FROM n JOIN digest_content k ON k.announcement > 10000");
}

/* A day of digests: a release, told, mailed, corrected, mailed at once too, and withdrawn. */
static int day(struct scene *scene)
{
    int steps;
    for (int i = 1; i <= 50; i++) {
        add_subscriber(scene, i, "da");
        follow(scene, i, "all", i % 2 ? DAILY : WEEKLY);
        follow(scene, i, "now", 0);
    }
    count_begin(scene, &steps);
    tell(scene, 10, "all", "2026-06-07T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-08T06:00:00Z"), 50);
    assert_int_equal(run(scene, "2026-06-09T06:00:00Z"), 0);
    sql(scene, "UPDATE delivery SET state = 2 WHERE announcement ="
               " (SELECT MAX(announcement) FROM digest_issue)");
    correct(scene, 10, "all", "2026-06-10T10:00:00Z");
    mailing_of(scene, 10, "now");
    withdraw(scene, 10, "2026-06-10T11:00:00Z");
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 50);
    tell(scene, 11, "all", "2026-06-11T10:00:00Z");
    change(scene, 1, "UPDATE subscription SET cadence = 2 WHERE subscriber = 1",
           "2026-06-11T11:00:00Z");
    count_end(scene);
    return steps;
}

/* Holds I18. */
static void a_day_costs_the_same_after_years_of_digests(void **state)
{
    struct scene *scene = *state;
    int fresh = day(scene);
    void *other = NULL;
    scene_remove(state);
    assert_int_equal(scene_make(&other), 0);
    *state = other;
    scene = other;
    add_past(scene);
    int old = day(scene);
    if (old > fresh + fresh / 10)
        fail_msg("%d, not about %d", old, fresh);
}

/* What a plan may read from end to end: subscribers and items of one step, what is indeterminate,
 * and the issue that is being made. */
static bool is_small(const char *detail)
{
    static const char *const small[] = { "SCAN w",
                                         "SCAN backlog",
                                         "SCAN due",
                                         "SCAN held",
                                         "SCAN taken",
                                         "SCAN u USING INDEX delivery_again",
                                         "SCAN e USING INDEX digest_issue_begun" };
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
        if (strcmp(detail, small[i]) == 0)
            return true;
    return strncmp(detail, "SCAN ", 5) != 0;
}

static void no_statement_reads_a_table_of_digests_from_end_to_end(void **state)
{
    struct scene *scene = *state;
    sqlite3 *handle = scene->database->handle;
    int looked = 0;
    (void)day(scene);
    for (sqlite3_stmt *used = sqlite3_next_stmt(handle, NULL); used;
         used = sqlite3_next_stmt(handle, used)) {
        sqlite3_stmt *plan = NULL;
        const char *text = sqlite3_sql(used);
        if (!strstr(text, "digest_"))
            continue;
        looked++;
        text = arena_format(&scene->arena, "EXPLAIN QUERY PLAN %s", text);
        assert_int_equal(sqlite3_prepare_v2(handle, text, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(plan, 3);
            if (!is_small(detail))
                fail_msg("%s in: %s", detail, text);
        }
        (void)sqlite3_finalize(plan);
    }
    assert_true(looked > 20);
}

/* A digest of which thousands wait is let go by the few rows that a worker holds. */
static void letting_go_reads_what_is_held_alone(void **state)
{
    struct scene *scene = *state;
    sqlite3 *handle = scene->database->handle;
    int looked = 0;
    (void)day(scene);
    for (sqlite3_stmt *used = sqlite3_next_stmt(handle, NULL); used;
         used = sqlite3_next_stmt(handle, used)) {
        bool is_by_held = false;
        sqlite3_stmt *plan = NULL;
        const char *text = sqlite3_sql(used);
        if (strncmp(text, "UPDATE delivery SET worker = 0 WHERE worker <> 0", 48) != 0)
            continue;
        looked++;
        text = arena_format(&scene->arena, "EXPLAIN QUERY PLAN %s", text);
        assert_int_equal(sqlite3_prepare_v2(handle, text, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(plan, 3);
            is_by_held = is_by_held || strstr(detail, "delivery_held");
            if (strstr(detail, "delivery USING PRIMARY KEY"))
                fail_msg("%s in: %s", detail, text);
        }
        assert_true(is_by_held);
        (void)sqlite3_finalize(plan);
    }
    assert_int_equal(looked, 1);
}

/* Mailings of releases are forgotten without a look at all there is of digests. */
static void forgetting_a_mailing_reads_no_digests(void **state)
{
    struct scene *scene = *state;
    int steps = 0;
    int digest_steps = 0;
    add_past(scene);
    sql(scene, "UPDATE mailing SET finished_at = 9000");
    sql(scene, "UPDATE digest_item SET at = 9000");
    sql(scene, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
               " INSERT INTO announcement (row_id, release_row_id, kind, deduplication_key)"
               " SELECT 20000 + i, i, 0, '' FROM n");
    sql(scene, "INSERT INTO mailing (announcement, state, note, is_urgent, created_at, starts_at,"
               " message_at, finished_at, is_counted, forgotten)"
               " SELECT row_id, 3, '', 0, 1, 1, 1, 1, 1, 1 FROM announcement WHERE row_id > 20000");
    DONE(database_begin(scene->database, &scene->error));
    count_begin(scene, &steps);
    retain(scene, 5000, &digest_steps);
    assert_int_equal(digest_steps, 0);
    count_end(scene);
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE forgotten = 3"), 20);
    assert_in_range(steps, 0, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_costs_the_same_after_years_of_digests),
        TEST(no_statement_reads_a_table_of_digests_from_end_to_end),
        TEST(letting_go_reads_what_is_held_alone),
        TEST(forgetting_a_mailing_reads_no_digests),
    };
    return cmocka_run_group_tests_name("what digests cost", tests, NULL, NULL);
}
