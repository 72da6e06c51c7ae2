/* SPDX-License-Identifier: MIT */
#include "digest_scene.h"

#include "base/log.h"
#include "database/write_transaction.h"
#include "delivery/announce.h"
#include "feed/feed.h"
#include "release/body.h"

/* What is known of a release that digests alone have told of, before and after it is forgotten who
 * had it. */

static const struct feed all = { .id = "all" };

static const struct announce_settings announcing = {
    .max_age_ms = 48 * DURATION_HOUR, .max_new = 5, .feeds = &all, .language = "da"
};

/* Public since that instant. original 0: it is one. */
static struct release_row *published(struct scene *scene, const char *public_id,
                                     const char *language, int64_t original, const char *at)
{
    struct release_row *row = arena_allocate(&scene->arena, sizeof *row);
    const struct release release = { .public_id = public_id,
                                     .title = public_id,
                                     .language = language,
                                     .type = "press-release",
                                     .mail = true,
                                     .body = body_new(&scene->arena) };
    *row = (struct release_row){ .public_id = public_id,
                                 .original_row_id = original,
                                 .stat_fingerprint = "",
                                 .title = public_id,
                                 .language = language,
                                 .type = "press-release",
                                 .topics = "",
                                 .status = RELEASE_READY,
                                 .published_at = instant(at),
                                 .due_at = instant(at),
                                 .ready_at = instant(at),
                                 .mail = true,
                                 .correction = "",
                                 .slug = public_id,
                                 .year = 2026,
                                 .announce_note = "" };
    log_set_level(LOG_ERROR);
    DONE(release_insert(scene->database, row, &release, instant(at), &scene->error));
    row->public_at = instant(at);
    row->public_revision = row->revision;
    DONE(release_update(scene->database, row, &scene->error));
    return row;
}

static void announce(struct scene *scene, const char *at)
{
    struct announce_totals totals;
    const struct clock clock = clock_fixed(instant(at));
    DONE(announce_run(scene->database, &announcing, &clock, &totals, &scene->error));
}

/* All digests are sent, and then forgotten up to that instant. */
static int forget(struct scene *scene, const char *before)
{
    int64_t finished;
    int steps = 0;
    sent(scene);
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_finish(scene->database, instant("2026-06-11T00:00:00Z"), &finished, &scene->error));
    retain(scene, instant(before), &steps);
    DONE(database_commit(scene->database, &scene->error));
    return steps;
}

static bool by_hand(struct scene *scene, bool is_again, const char *at)
{
    struct announce_totals totals;
    const struct clock clock = clock_fixed(instant(at));
    return is_again
               ? announce_again(scene->database, &announcing, &clock, "a", &totals, &scene->error)
               : announce_release(scene->database, &announcing, &clock, "a", &totals,
                                  &scene->error);
}

static struct release_row *tell_in_a_digest(struct scene *scene)
{
    add_subscriber(scene, 1, "da");
    follow(scene, 1, "all", DAILY);
    struct release_row *row = published(scene, "a", "da", 0, "2026-06-09T10:00:00Z");
    announce(scene, "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    return row;
}

static void what_only_digests_told_of_can_be_sent_to_the_missed(void **state)
{
    struct scene *scene = *state;
    tell_in_a_digest(scene);
    sent(scene);
    add_subscriber(scene, 2, "da");
    follow(scene, 2, "all", 0);
    DONE(by_hand(scene, true, "2026-06-10T10:00:00Z"));
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE subscriber = 2"), 1);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 0);
}

static void what_nobody_was_told_of_was_never_mailed(void **state)
{
    struct scene *scene = *state;
    published(scene, "a", "da", 0, "2026-06-09T10:00:00Z");
    announce(scene, "2026-06-09T10:00:00Z");
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0);
    assert_false(by_hand(scene, true, "2026-06-10T10:00:00Z"));
    assert_non_null(strstr(scene->error.message, "was never mailed"));
}

static void a_release_forgotten_by_digests_is_told_to_nobody_again(void **state)
{
    struct scene *scene = *state;
    struct release_row *row = tell_in_a_digest(scene);
    forget(scene, "2028-07-01T00:00:00Z");
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_item"), 0);
    for (int is_again = 0; is_again < 2; is_again++) {
        assert_false(by_hand(scene, is_again, "2028-07-02T10:00:00Z"));
        assert_int_equal(scene->error.kind, ERROR_INPUT);
        assert_non_null(strstr(scene->error.message, "so long ago"));
    }
    published(scene, "b", "en", row->row_id, "2028-07-02T10:00:00Z");
    announce(scene, "2028-07-02T10:00:00Z");
    assert_int_equal(run(scene, "2028-07-03T06:00:00Z"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM release WHERE public_id = 'b'"
                                   " AND announce_note LIKE '%so long ago%'"),
                     1);
    /* another release is none of its business */
    published(scene, "c", "da", 0, "2028-07-03T10:00:00Z");
    announce(scene, "2028-07-03T10:00:00Z");
    assert_int_equal(run(scene, "2028-07-04T06:00:00Z"), 1);
}

/* The digest left, and its mailing ended, after the instant that its items belong to: in between
 * what is forgotten must not make the release look new. */
static void items_stay_as_long_as_a_digest_that_holds_them(void **state)
{
    struct scene *scene = *state;
    tell_in_a_digest(scene);
    tell(scene, 99, "all", "2026-06-01T10:00:00Z");
    sql(scene,
        "INSERT INTO announcement (release_row_id, kind, deduplication_key) VALUES (77, 0, '')");
    sql(scene, "INSERT INTO mailing (announcement, state, note, is_urgent, created_at, starts_at,"
               " message_at, finished_at, is_counted) SELECT MAX(row_id), 3, '', 0, 1, 1, 1, 1, 1"
               " FROM announcement");
    forget(scene, "2026-06-10T00:00:00Z"); /* the other mailing goes */
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE forgotten = 3"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_content"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_item WHERE release_row_id = 99"),
                     0);
    DONE(by_hand(scene, false, "2026-06-10T10:00:00Z"));
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 0);
}

static void contents_are_forgotten_in_small_steps(void **state)
{
    struct scene *scene = *state;
    tell_in_a_digest(scene);
    sql(scene, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
               " INSERT INTO digest_content (announcement, fingerprint)"
               " SELECT MAX(a.row_id), CAST(i AS BLOB) FROM n JOIN announcement a GROUP BY i");
    sql(scene, "INSERT INTO digest_content_item (content, item, version)"
               " SELECT row_id, 7, 1 FROM digest_content");
    assert_true(forget(scene, "2028-07-01T00:00:00Z") > 5);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_content"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_content_item"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_issue_item"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_issue"), 0);
}

/* More digests than one question asks for: a release told in each of them is looked for in all. */
static void a_release_told_in_hundreds_of_digests_is_known_from_each(void **state)
{
    enum { DIGESTS = 1200 };
    struct scene *scene = *state;
    static const int had_in[] = { 1, 499, 500, 501, 1000, DIGESTS };
    tell(scene, 10, "all", "2026-06-09T10:00:00Z");
    sql(scene, arena_format(&scene->arena,
                            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                            " WHERE i < %d) INSERT INTO announcement (row_id, release_row_id, kind,"
                            " deduplication_key) SELECT 1000 + i, 0, 3, 'past ' || i FROM n",
                            DIGESTS));
    sql(scene, "INSERT INTO digest_content (row_id, announcement, fingerprint)"
               " SELECT row_id, row_id, CAST(row_id AS BLOB) FROM announcement");
    sql(scene, "INSERT INTO digest_content_item (content, item, version)"
               " SELECT row_id, 1, 10 FROM announcement");
    sql(scene, "INSERT INTO digest_issue_item (item, version, announcement)"
               " SELECT 1, 10, row_id FROM announcement");
    for (int i = 0; i < 7; i++) { /* the last has it from nowhere */
        add_subscriber(scene, i + 1, "da");
        follow(scene, i + 1, "all", DAILY);
        if (i < 6)
            sql(scene, arena_format(&scene->arena,
                                    "INSERT INTO delivery (announcement, subscriber, mailing,"
                                    " version, state, next_at, updated_at)"
                                    " VALUES (1000 + %d, %d, 1, 1000 + %d, 2, 0, 1)",
                                    had_in[i], i + 1, had_in[i]));
    }
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 1);
    assert_string_equal(content(scene, 7, "2026-06-10"), " 1:10 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_only_digests_told_of_can_be_sent_to_the_missed),
        TEST(what_nobody_was_told_of_was_never_mailed),
        TEST(a_release_forgotten_by_digests_is_told_to_nobody_again),
        TEST(items_stay_as_long_as_a_digest_that_holds_them),
        TEST(contents_are_forgotten_in_small_steps),
        TEST(a_release_told_in_hundreds_of_digests_is_known_from_each),
    };
    return cmocka_run_group_tests_name("what is known of digests", tests, NULL, NULL);
}
