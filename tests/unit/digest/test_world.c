/* SPDX-License-Identifier: MIT */
#include "digest_scene.h"

#include "base/random.h"

/* Weeks in the life of a newsroom, drawn by lot: releases come at any hour, subscribers turn
 * between mails at once, daily and weekly, relays are slow and leave rows indeterminate. In the end
 * everybody has every release of the feed that all follow, once. */

enum { SUBSCRIBERS = 12, WEEKS = 5, HOURS = WEEKS * 7 * 24 };

struct world {
    struct scene *scene;
    struct random random;
    const char *at;
    int64_t releases;
};

/* 0 … below - 1. */
static int draw(struct world *world, int below)
{
    return (int)(random_positive(&world->random) % below);
}

static bool happens(struct world *world, int percent)
{
    return draw(world, 100) < percent;
}

/* As announce does: those who follow at once, then the item of digests. */
static void tell_all(struct world *world)
{
    struct scene *scene = world->scene;
    const char *feed = happens(world, 70) ? "all" : "some";
    int64_t release = 1000 + world->releases++;
    int64_t mailing = mailing_of(scene, release, feed).row_id;
    int64_t rows = number(
        scene, arena_format(&scene->arena, "SELECT count(*) FROM delivery WHERE mailing = %" PRId64,
                            mailing));
    tell_news(scene,
              (struct digest_news){
                  .release = release, .deduplication_key = "", .mailing = rows ? mailing : 0 },
              feed, world->at);
}

/* What waits is sent, or not yet; now and then nobody knows whether it arrived. */
static void deliver(struct world *world)
{
    struct scene *scene = world->scene;
    if (happens(world, 20))
        sql(scene,
            arena_format(&scene->arena,
                         "UPDATE delivery SET state = 6, indeterminate_count = 1 WHERE state = 0"
                         " AND subscriber = %d",
                         1 + draw(world, SUBSCRIBERS)));
    if (happens(world, 50))
        sql(scene, "UPDATE delivery SET state = 2 WHERE state IN (0, 6) AND is_cancelled = 0"
                   " AND mailing IN (SELECT row_id FROM mailing WHERE state = 0)");
}

static void turn(struct world *world)
{
    struct scene *scene = world->scene;
    int id = 1 + draw(world, SUBSCRIBERS);
    const char *feed = happens(world, 60) ? "all" : "some";
    change(scene, id,
           arena_format(&scene->arena,
                        "UPDATE subscription SET digest_after = (SELECT COALESCE(MAX(row_id), 0)"
                        " FROM digest_item), cadence = (cadence + %d) %% 3 WHERE subscriber = %d"
                        " AND feed = '%s'",
                        1 + draw(world, 2), id, feed),
           world->at);
}

/* How often a subscriber has a release, or may have. */
static int64_t copies(struct scene *scene, int id, int64_t release)
{
    return number(
        scene,
        arena_format(&scene->arena,
                     "SELECT (SELECT count(*) FROM delivery d JOIN announcement a ON a.row_id ="
                     " d.announcement WHERE a.kind = 0 AND a.release_row_id = %" PRId64
                     " AND d.subscriber = %d AND d.state IN (1, 2, 6)) + (SELECT count(*) FROM"
                     " digest_item i JOIN digest_content_item m ON m.item = i.row_id"
                     " JOIN digest_content k ON k.row_id = m.content"
                     " JOIN delivery d ON d.announcement = k.announcement AND d.version = k.row_id"
                     " WHERE i.kind = 0 AND i.release_row_id = %" PRId64
                     " AND d.subscriber = %d AND d.state IN (1, 2, 6))",
                     release, id, release, id));
}

static void live(struct world *world)
{
    struct scene *scene = world->scene;
    int64_t at = instant("2026-06-01T00:00:00Z");
    for (int id = 1; id <= SUBSCRIBERS; id++) {
        add_subscriber(scene, id, "da");
        follow(scene, id, "all", id % 3);
        follow(scene, id, "some", (id + 1) % 3);
    }
    for (int hour = 0; hour < HOURS + 9 * 24; hour++, at += DURATION_HOUR) {
        world->at = utc(scene, at + DURATION_MINUTE);
        if (hour < HOURS && happens(world, 30))
            tell_all(world);
        if (hour < HOURS && happens(world, 40))
            turn(world);
        (void)run(scene, world->at);
        deliver(world);
    }
}

/* Holds I5. */
static void everybody_has_every_release_once(void **state)
{
    struct scene *scene = *state;
    struct world world = { .scene = scene, .random = random_seeded(20260601) };
    live(&world);
    assert_true(world.releases > 100);
    for (int id = 1; id <= SUBSCRIBERS; id++)
        for (int64_t release = 1000; release < 1000 + world.releases; release++)
            if (copies(scene, id, release) != 1)
                fail_msg("subscriber %d has release %" PRId64 " %" PRId64 " times", id, release,
                         copies(scene, id, release));
    assert_int_equal(number(scene, "SELECT count(*) FROM digest_backlog"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(everybody_has_every_release_once) };
    return cmocka_run_group_tests_name("a world of digests", tests, NULL, NULL);
}
