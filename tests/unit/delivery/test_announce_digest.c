/* SPDX-License-Identifier: MIT */
#include "unit/digest/digest_scene.h"

#include "delivery/announce.h"

#include "base/log.h"
#include "feed/feed.h"
#include "release/body.h"

/* Announcing to a newsroom where some follow at once and others in digests. */

static const struct feed_name english = { "en", NULL };
static struct feed news = { .id = "news", .languages = &english };
static const struct feed all = { .id = "all", .next = &news };

/* That publish has made public, ready at that time. */
static int64_t published(struct scene *scene, const char *public_id, const char *language,
                         int64_t original, const char *ready)
{
    struct release release = { .public_id = public_id,
                               .title = public_id,
                               .language = language,
                               .type = "press-release",
                               .mail = true,
                               .body = body_new(&scene->arena) };
    int64_t at = instant(ready);
    struct release_row row = { .public_id = public_id,
                               .original_row_id = original,
                               .stat_fingerprint = "",
                               .title = public_id,
                               .language = language,
                               .type = "press-release",
                               .topics = "",
                               .status = RELEASE_READY,
                               .published_at = at,
                               .due_at = at,
                               .ready_at = at,
                               .mail = true,
                               .correction = "",
                               .slug = public_id,
                               .year = 2026,
                               .announce_note = "" };
    DONE(database_begin(scene->database, &scene->error));
    DONE(release_insert(scene->database, &row, &release, at, &scene->error));
    row.public_at = at;
    row.public_revision = row.revision;
    DONE(release_update(scene->database, &row, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return row.row_id;
}

static struct announce_totals announce(struct scene *scene, const char *at)
{
    const struct announce_settings settings = {
        .max_age_ms = 48 * DURATION_HOUR, .max_new = 5, .feeds = &all, .language = "da"
    };
    const struct clock clock = clock_fixed(instant(at));
    struct announce_totals totals = { 0 };
    log_set_level(LOG_ERROR);
    DONE(announce_run(scene->database, &settings, &clock, &totals, &scene->error));
    return totals;
}

static int64_t mails_of(struct scene *scene, int64_t subscriber)
{
    return number(scene, arena_format(&scene->arena,
                                      "SELECT count(*) FROM delivery WHERE subscriber = %" PRId64,
                                      subscriber));
}

/* Holds I5. The one turned to mails at once since, the other follows a second feed at once, which
 * has the late version only: no row of the release's own announcement says that they have it. */
static void who_has_a_release_from_a_digest_is_not_mailed_its_late_version(void **state)
{
    enum { TURNS = 1, FOLLOWS_TWO, FOLLOWS_NEWS };
    struct scene *scene = *state;
    for (int64_t subscriber = TURNS; subscriber <= FOLLOWS_NEWS; subscriber++)
        add_subscriber(scene, subscriber, "en");
    follow(scene, TURNS, "all", DAILY);
    follow(scene, FOLLOWS_TWO, "all", DAILY);
    follow(scene, FOLLOWS_TWO, "news", 0);
    follow(scene, FOLLOWS_NEWS, "news", 0);
    int64_t original = published(scene, "a", "da", 0, "2026-06-09T09:00:00Z");
    assert_int_equal(announce(scene, "2026-06-09T10:00:00Z").deliveries, 0);
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 2);
    sent(scene);
    change(scene, TURNS, "UPDATE subscription SET cadence = 0 WHERE subscriber = 1",
           "2026-06-10T08:00:00Z");
    (void)published(scene, "a-en", "en", original, "2026-06-10T09:00:00Z");
    assert_int_equal(announce(scene, "2026-06-10T10:00:00Z").deliveries, 1);
    assert_int_equal(run(scene, "2026-06-11T06:00:00Z"), 0);
    assert_int_equal(mails_of(scene, TURNS), 1);
    assert_int_equal(mails_of(scene, FOLLOWS_TWO), 1);
    assert_int_equal(mails_of(scene, FOLLOWS_NEWS), 1);
}

/* Holds I5. Who follows one feed at once and another daily, which has the release as well. */
static void who_is_mailed_a_release_at_once_has_it_in_no_digest(void **state)
{
    struct scene *scene = *state;
    add_subscriber(scene, 1, "en");
    follow(scene, 1, "all", DAILY);
    follow(scene, 1, "news", 0);
    (void)published(scene, "a", "en", 0, "2026-06-09T09:00:00Z");
    assert_int_equal(announce(scene, "2026-06-09T10:00:00Z").deliveries, 1);
    sent(scene);
    assert_int_equal(run(scene, "2026-06-10T06:00:00Z"), 0);
    assert_int_equal(mails_of(scene, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_a_release_from_a_digest_is_not_mailed_its_late_version),
        TEST(who_is_mailed_a_release_at_once_has_it_in_no_digest),
    };
    return cmocka_run_group_tests_name("announce beside digests", tests, NULL, NULL);
}
