/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "delivery/announce.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "queue/queue.h"
#include "release/body.h"
#include "release/release_store.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1780300000000)

struct scene {
    struct database *database;
    struct arena arena;
    struct error error;
    struct clock clock;
    struct announce_settings settings;
    struct announce_totals totals;
};

static const struct feed_name danish = { "da", NULL };
static const struct feed_name english = { "en", NULL };
static const struct feed_name releases_only = { "press-release", NULL };
static const struct feed feed_en = { .id = "news", .languages = &english, .types = &releases_only };
static const struct feed feed_da = {
    .id = "nyt", .languages = &danish, .types = &releases_only, .next = NULL
};
static struct feed feeds[3];

static int set_up(void **state)
{
    static struct scene scene;
    const struct database_schema *schemas[] = { &subscriber_tables_schema, &queue_schema,
                                                &digest_schema, &release_schema };
    scene = (struct scene){ .clock = clock_fixed(NOW) };
    feeds[0] = (struct feed){ .id = "all", .types = &releases_only, .next = &feeds[1] };
    feeds[1] = feed_en;
    feeds[1].next = &feeds[2];
    feeds[2] = feed_da;
    scene.settings = (struct announce_settings){ .delay_ms = 5 * DURATION_MINUTE,
                                                 .max_age_ms = 48 * DURATION_HOUR,
                                                 .max_new = 5,
                                                 .feeds = feeds,
                                                 .language = "da" };
    log_set_level(LOG_ERROR);
    scene.database = test_store_in_memory(schemas, 4);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    arena_release(&scene->arena);
    return 0;
}

static void sql(struct scene *scene, const char *text)
{
    DONE(database_execute(scene->database, text, &scene->error));
}

static int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static void add_subscriber(struct scene *scene, int64_t row_id, const char *language,
                           const char *feed)
{
    const char *text = arena_format(&scene->arena,
                                    "INSERT INTO subscriber VALUES (%" PRId64 ", 'p%" PRId64
                                    "@n.example', '%s', 2);",
                                    row_id, row_id, language);
    DONE(database_execute(scene->database, text, &scene->error));
    text = arena_format(&scene->arena, "INSERT INTO subscription VALUES (%" PRId64 ", '%s', 0, 1);",
                        row_id, feed);
    DONE(database_execute(scene->database, text, &scene->error));
}

static struct release *text_of(struct scene *scene, const char *public_id, const char *correction)
{
    struct release *release = arena_allocate(&scene->arena, sizeof *release);
    *release = (struct release){ .public_id = public_id,
                                 .title = public_id,
                                 .language = "da",
                                 .type = "press-release",
                                 .correction = correction,
                                 .mail = true,
                                 .body = body_new(&scene->arena) };
    return release;
}

/* A release that publish has just made public. */
static struct release_row *published(struct scene *scene, const char *public_id,
                                     const char *language, int64_t original)
{
    struct release_row *row = arena_allocate(&scene->arena, sizeof *row);
    *row = (struct release_row){ .public_id = public_id,
                                 .original_row_id = original,
                                 .stat_fingerprint = "",
                                 .title = public_id,
                                 .language = language,
                                 .type = "press-release",
                                 .topics = "",
                                 .status = RELEASE_READY,
                                 .published_at = NOW - DURATION_HOUR,
                                 .due_at = NOW - DURATION_HOUR,
                                 .ready_at = NOW - DURATION_HOUR,
                                 .mail = true,
                                 .correction = "",
                                 .slug = public_id,
                                 .year = 2026,
                                 .announce_note = "" };
    DONE(release_insert(scene->database, row, text_of(scene, public_id, NULL), NOW, &scene->error));
    row->public_at = NOW - DURATION_HOUR;
    row->public_revision = row->revision;
    DONE(release_update(scene->database, row, &scene->error));
    return row;
}

static struct release_row *again(struct scene *scene, int64_t number_of_row)
{
    bool failed;
    struct release_row *row = release_find_by_row_id(scene->database, &scene->arena, number_of_row,
                                                     &failed, &scene->error);
    assert_non_null(row);
    return row;
}

/* A new revision that is public at once. */
static void corrected(struct scene *scene, int64_t number_of_row, const char *correction)
{
    struct release_row *row = again(scene, number_of_row);
    row->correction = correction;
    DONE(release_add_revision(scene->database, row, text_of(scene, row->public_id, correction), NOW,
                              &scene->error));
    row->public_revision = row->revision;
    DONE(release_update(scene->database, row, &scene->error));
}

static void run(struct scene *scene)
{
    DONE(announce_run(scene->database, &scene->settings, &scene->clock, &scene->totals,
                      &scene->error));
}

static void deliver_all(struct scene *scene, int64_t revision)
{
    sql(scene, arena_format(&scene->arena,
                            "UPDATE delivery SET state = 2, revision = %" PRId64 " WHERE state = 0",
                            revision));
    sql(scene, "UPDATE mailing SET state = 3 WHERE state = 0");
}

#define DELIVERIES "SELECT count(*) FROM delivery"

static void a_new_release_is_mailed_once_after_the_delay(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    add_subscriber(scene, 2, "da", "nyt");
    add_subscriber(scene, 3, "en", "news");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    assert_int_equal(scene->totals.releases, 1);
    assert_int_equal(scene->totals.deliveries, 2);
    assert_int_equal(number(scene, "SELECT starts_at FROM mailing"), NOW + 5 * DURATION_MINUTE);
    assert_int_equal(number(scene, "SELECT state FROM mailing"), QUEUE_MAILING_ACTIVE);
    assert_int_equal(again(scene, row->row_id)->announced_at, NOW);
    assert_string_equal(again(scene, row->row_id)->announce_note, "");
    for (int i = 0; i < 3; i++)
        run(scene);
    assert_int_equal(scene->totals.releases, 0);
    assert_int_equal(number(scene, DELIVERIES), 2);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
}

static void an_urgent_release_leaves_at_once(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    row->is_urgent = true;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(number(scene, "SELECT starts_at FROM mailing"), NOW);
    assert_int_equal(number(scene, "SELECT is_urgent FROM mailing"), 1);
}

static void an_old_release_is_never_mailed_but_by_hand(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    row->due_at = row->ready_at - 48 * DURATION_HOUR - 1;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(scene->totals.too_old, 1);
    assert_int_equal(number(scene, DELIVERIES), 0);
    assert_int_equal(again(scene, row->row_id)->announced_at, NOW);
    assert_non_null(strstr(again(scene, row->row_id)->announce_note, "max_age"));
    run(scene);
    assert_int_equal(scene->totals.too_old, 0);

    for (int i = 0; i < 2; i++)
        DONE(announce_release(scene->database, &scene->settings, &scene->clock, "a", &scene->totals,
                              &scene->error));
    assert_int_equal(scene->totals.releases, 0);
    assert_int_equal(number(scene, DELIVERIES), 1);
    assert_int_equal(number(scene, "SELECT starts_at FROM mailing"), NOW);
    assert_string_equal(again(scene, row->row_id)->announce_note, "");
}

static void exactly_max_age_is_still_mailed(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    row->due_at = row->ready_at - 48 * DURATION_HOUR;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(scene->totals.releases, 1);
}

static void mail_false_and_unselected_types_are_not_mailed(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *silent = published(scene, "a", "da", 0);
    silent->mail = false;
    DONE(release_update(scene->database, silent, &scene->error));
    struct release_row *own = published(scene, "b", "da", 0);
    own->type = "memo";
    DONE(release_update(scene->database, own, &scene->error));
    run(scene);
    assert_int_equal(scene->totals.not_wanted, 2);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 0);
    assert_non_null(strstr(again(scene, silent->row_id)->announce_note, "mail: false"));
    assert_non_null(strstr(again(scene, own->row_id)->announce_note, "no feed"));
}

static void a_release_without_followers_leaves_no_empty_mailing(void **state)
{
    struct scene *scene = *state;
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    assert_int_equal(scene->totals.releases, 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM announcement"), 0);
    assert_non_null(strstr(again(scene, row->row_id)->announce_note, "nobody"));
}

/* Holds I1. */
static void what_is_not_public_is_not_announced(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    row->public_revision = 0;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(number(scene, DELIVERIES), 0);
    assert_int_equal(again(scene, row->row_id)->announced_at, INSTANT_NONE);
    row->public_at = INSTANT_NONE;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(number(scene, DELIVERIES), 0);
    row->public_revision = row->revision;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(number(scene, DELIVERIES), 0);
    struct error error = { 0 };
    assert_false(announce_release(scene->database, &scene->settings, &scene->clock, "a",
                                  &scene->totals, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_false(announce_release(scene->database, &scene->settings, &scene->clock, "none",
                                  &scene->totals, &error));
}

static void versions_that_come_together_are_one_mailing(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    add_subscriber(scene, 2, "en", "all");
    add_subscriber(scene, 3, "en", "nyt"); /* follows Danish only: gets the original */
    struct release_row *da = published(scene, "a", "da", 0);
    struct release_row *en = published(scene, "a-en", "en", da->row_id);
    run(scene);
    assert_int_equal(scene->totals.releases, 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
    assert_int_equal(number(scene, "SELECT version FROM delivery WHERE subscriber = 1"),
                     da->row_id);
    assert_int_equal(number(scene, "SELECT version FROM delivery WHERE subscriber = 2"),
                     en->row_id);
    assert_int_equal(number(scene, "SELECT version FROM delivery WHERE subscriber = 3"),
                     da->row_id);
}

/* Holds I5. */
static void a_late_version_is_mailed_to_nobody_who_has_the_release(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "en", "all");
    add_subscriber(scene, 2, "en", "news"); /* only English */
    struct release_row *da = published(scene, "a", "da", 0);
    run(scene);
    deliver_all(scene, 1);
    (void)published(scene, "a-en", "en", da->row_id);
    run(scene);
    assert_int_equal(scene->totals.deliveries, 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE subscriber = 1"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE subscriber = 2"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM announcement"), 1);
}

/* The test's clock stands still, so what is forgotten is so by the retention's bound. */
static void a_version_after_its_release_is_forgotten_is_mailed_to_nobody(void **state)
{
    struct scene *scene = *state;
    struct queue_retention retention = { .rows_before_at = NOW + 1, .texts_before_at = NOW + 1 };
    int64_t count = 0;
    bool more = true;
    add_subscriber(scene, 1, "en", "all");
    struct release_row *da = published(scene, "a", "da", 0);
    run(scene);
    deliver_all(scene, 1);
    sql(scene, arena_format(&scene->arena,
                            "UPDATE mailing SET is_counted = 1, finished_at = %" PRId64, NOW));
    /* From the first step on nobody is mailed, also where a crash ends the forgetting there. */
    for (int versions = 1; versions <= 2; versions++) {
        DONE(database_begin(scene->database, &scene->error));
        DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
        DONE(database_end(scene->database, true, &scene->error));
        assert_int_equal(number(scene, DELIVERIES), 0);
        const char *public_id = versions == 1 ? "a-en" : "a-sv";
        struct release_row *late = published(scene, public_id, public_id + 2, da->row_id);
        run(scene);
        assert_int_equal(scene->totals.not_wanted, 1);
        assert_int_equal(number(scene, DELIVERIES), 0);
        assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
        late = again(scene, late->row_id);
        assert_int_equal(late->announced_at, NOW);
        assert_non_null(strstr(late->announce_note, "not known any more"));
    }
    run(scene);
    assert_int_equal(scene->totals.not_wanted, 0);
}

static void too_many_new_mailings_are_all_held(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    for (int i = 0; i < 6; i++)
        (void)published(scene, arena_format(&scene->arena, "r%d", i), "da", 0);
    run(scene);
    assert_int_equal(scene->totals.held, 6);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state = 1"), 6);
    assert_int_equal(number(scene, DELIVERIES), 6);
    (void)published(scene, "later", "da", 0);
    run(scene);
    assert_int_equal(scene->totals.held, 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state = 0"), 1);
}

static void releases_that_reach_nobody_do_not_count_as_mailings(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "en", "news");
    for (int i = 0; i < 6; i++)
        (void)published(scene, arena_format(&scene->arena, "r%d", i), "da", 0);
    (void)published(scene, "e", "en", 0);
    run(scene);
    assert_int_equal(scene->totals.held, 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state = 0"), 1);
    assert_int_equal(number(scene, "SELECT starts_at FROM mailing"), NOW + 5 * DURATION_MINUTE);
}

#define CORRECTIONS                                                                                \
    "SELECT count(*) FROM delivery d JOIN announcement a ON a.row_id = d.announcement"             \
    " WHERE a.kind = 1 AND d.state <> 7"

static void a_correction_goes_to_those_who_were_sent_the_release(void **state)
{
    struct scene *scene = *state;
    for (int64_t row_id = 1; row_id <= 3; row_id++)
        add_subscriber(scene, row_id, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    sql(scene, "UPDATE delivery SET state = 2, revision = 1 WHERE subscriber = 1");
    sql(scene, "UPDATE delivery SET state = 4, revision = 1 WHERE subscriber = 2");
    corrected(scene, row->row_id, "42, not 24");
    run(scene);
    assert_int_equal(scene->totals.corrections, 1);
    assert_int_equal(number(scene, CORRECTIONS), 1);
    /* one was made into a message before the correction and is marked after it */
    sql(scene, "UPDATE delivery SET state = 2, revision = 1 WHERE subscriber = 3 AND state = 0");
    sql(scene, "UPDATE mailing SET state = 3 WHERE row_id = 1");
    run(scene);
    assert_int_equal(number(scene, CORRECTIONS), 2);
    assert_int_equal(again(scene, row->row_id)->announced_revision, 2);
    run(scene);
    run(scene);
    assert_int_equal(scene->totals.corrections, 0);
    assert_int_equal(number(scene, CORRECTIONS), 2);
}

static void who_got_the_corrected_text_is_not_told(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    corrected(scene, row->row_id, "42, not 24");
    deliver_all(scene, 2);
    run(scene);
    assert_int_equal(number(scene, CORRECTIONS), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
}

static void the_same_correction_is_told_once_whatever_else_is_edited(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    add_subscriber(scene, 2, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    sql(scene, "UPDATE delivery SET state = 2, revision = 1 WHERE subscriber = 1");
    corrected(scene, row->row_id, "42, not 24");
    run(scene);
    sql(scene, "UPDATE delivery SET state = 2, revision = 2 WHERE state = 0");
    sql(scene, "UPDATE mailing SET state = 3");
    run(scene);
    corrected(scene, row->row_id, "42, not 24"); /* a comma elsewhere */
    run(scene);
    assert_int_equal(number(scene, CORRECTIONS), 1);
    corrected(scene, row->row_id, "42, and a lift");
    run(scene);
    assert_int_equal(number(scene, CORRECTIONS), 3); /* both have an older text */
}

static void an_edit_without_correction_is_told_to_nobody(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    deliver_all(scene, 1);
    corrected(scene, row->row_id, "");
    run(scene);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
    assert_int_equal(again(scene, row->row_id)->announced_revision, 2);
}

static void a_newer_correction_takes_the_place_of_one_that_waits(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    deliver_all(scene, 1);
    corrected(scene, row->row_id, "one");
    run(scene);
    corrected(scene, row->row_id, "two");
    run(scene);
    assert_int_equal(number(scene, CORRECTIONS), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing WHERE state = 4"), 1);
}

static void a_withdrawal_goes_to_those_who_were_sent_the_release(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    add_subscriber(scene, 2, "da", "all");
    struct release_row *row = published(scene, "a", "da", 0);
    run(scene);
    sql(scene, "UPDATE delivery SET state = 2, revision = 1 WHERE subscriber = 1");
    row = again(scene, row->row_id);
    row->status = RELEASE_WITHDRAWN;
    row->withdrawn_at = NOW;
    row->public_revision = 0;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene); /* the notice is not public yet */
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 1);
    row->public_revision = row->revision;
    DONE(release_update(scene->database, row, &scene->error));
    run(scene);
    assert_int_equal(scene->totals.withdrawals, 1);
    assert_int_equal(scene->totals.deliveries, 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM delivery WHERE state = 7"), 1);
    assert_int_equal(number(scene, "SELECT starts_at FROM mailing WHERE row_id = 2"), NOW);
    run(scene);
    assert_int_equal(scene->totals.withdrawals, 0);
    assert_int_equal(number(scene, DELIVERIES), 3);
}

static int count_addresses(struct scene *scene, const struct audience_version *versions)
{
    struct audience_cursor cursor;
    const struct queue_audience_member *member;
    int count = 0;
    DONE(audience_cursor_open(&cursor, scene->database, &scene->settings, versions, &scene->error));
    while (audience_cursor_next(&cursor, &member, &scene->error)) {
        assert_non_null(strstr(member->address, "@n.example"));
        assert_int_equal(strlen(member->language), 2);
        count++;
    }
    DONE(audience_cursor_close(&cursor));
    return count;
}

static void an_audience_is_counted_without_a_trace(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "da", "all");
    add_subscriber(scene, 2, "en", "all");
    add_subscriber(scene, 3, "en", "news");
    sql(scene, "INSERT INTO subscription VALUES (3, 'all', 0, 1)");
    struct release_row *da = published(scene, "a", "da", 0);
    (void)published(scene, "a-en", "en", da->row_id);
    bool failed;
    struct audience audience;
    const struct audience_version *versions = audience_versions(scene->database, &scene->arena,
                                                                "a-en", &failed, &scene->error);
    assert_non_null(versions);
    DONE(audience_for(scene->database, &scene->arena, &scene->settings, versions, &audience,
                      &scene->error));
    assert_int_equal(audience.subscribers, 3);
    assert_int_equal(audience.already_mailed, 0);
    assert_string_equal(audience.languages->language, "da");
    assert_int_equal(audience.languages->subscribers, 1);
    assert_int_equal(audience.languages->next->subscribers, 2);
    assert_string_equal(audience.feeds->feed, "all");
    assert_int_equal(number(scene, "SELECT count(*) FROM mailing"), 0);
    assert_int_equal(count_addresses(scene, versions), 3);
    run(scene);
    DONE(audience_for(scene->database, &scene->arena, &scene->settings, versions, &audience,
                      &scene->error));
    assert_int_equal(audience.subscribers, 0);
    assert_int_equal(audience.already_mailed, 3);
    /* a file that is not taken in yet */
    const struct audience_version file = { .type = "press-release",
                                           .language = "da",
                                           .topics = "" };
    DONE(audience_for(scene->database, &scene->arena, &scene->settings, &file, &audience,
                      &scene->error));
    assert_int_equal(audience.subscribers, 3);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_release_is_mailed_once_after_the_delay),
        TEST(an_urgent_release_leaves_at_once),
        TEST(an_old_release_is_never_mailed_but_by_hand),
        TEST(exactly_max_age_is_still_mailed),
        TEST(mail_false_and_unselected_types_are_not_mailed),
        TEST(a_release_without_followers_leaves_no_empty_mailing),
        TEST(what_is_not_public_is_not_announced),
        TEST(versions_that_come_together_are_one_mailing),
        TEST(a_late_version_is_mailed_to_nobody_who_has_the_release),
        TEST(a_version_after_its_release_is_forgotten_is_mailed_to_nobody),
        TEST(too_many_new_mailings_are_all_held),
        TEST(releases_that_reach_nobody_do_not_count_as_mailings),
        TEST(a_correction_goes_to_those_who_were_sent_the_release),
        TEST(who_got_the_corrected_text_is_not_told),
        TEST(the_same_correction_is_told_once_whatever_else_is_edited),
        TEST(an_edit_without_correction_is_told_to_nobody),
        TEST(a_newer_correction_takes_the_place_of_one_that_waits),
        TEST(a_withdrawal_goes_to_those_who_were_sent_the_release),
        TEST(an_audience_is_counted_without_a_trace),
    };
    return cmocka_run_group_tests_name("announce", tests, NULL, NULL);
}
