/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DIGEST_DIGEST_SCENE_H
#define TESTS_UNIT_DIGEST_DIGEST_SCENE_H

/* A store with digests' tables, its subscribers and what is told to them, for the tests of digests.
 */

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "digest/digest.h"
#include "locale/zone.h"
#include "queue/queue.h"
#include "release/release_store.h"
#include "subscriber/subscriber.h"
#include "unit/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DAILY = 1, WEEKLY = 2 };

struct scene {
    struct database *database;
    struct zone *zone;
    struct digest_settings settings;
    struct arena arena;
    struct error error;
};

static inline int scene_make(void **state)
{
    static struct scene made;
    struct scene *scene = &made;
    const struct database_schema *schemas[] = { &release_schema, &queue_schema, &digest_schema,
                                                &subscriber_schema };
    *scene = (struct scene){ 0 };
    scene->database = test_store_in_memory(schemas, 4);
    scene->zone = zone_open("Europe/Copenhagen", &scene->error);
    assert_non_null(scene->zone);
    scene->settings = (struct digest_settings){ .minute = 480, .weekday = 1, .zone = scene->zone };
    *state = scene;
    return 0;
}

static inline int scene_remove(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    zone_close(scene->zone);
    arena_release(&scene->arena);
    return 0;
}

static inline int64_t instant(const char *string)
{
    int64_t at = 0;
    assert_true(instant_parse_rfc3339(string, &at));
    return at;
}

static inline const char *utc(struct scene *scene, int64_t at)
{
    return instant_format_utc(&scene->arena, at);
}

static inline void sql(struct scene *scene, const char *text)
{
    DONE(database_begin(scene->database, &scene->error));
    DONE(database_execute(scene->database, text, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
}

static inline int64_t number(struct scene *scene, const char *text)
{
    return test_store_number(scene->database, text);
}

static inline void add_subscriber(struct scene *scene, int64_t row_id, const char *language)
{
    sql(scene, arena_format(&scene->arena,
                            "INSERT INTO subscriber VALUES (%" PRId64 ", 'p%" PRId64
                            "@n.example', 'p%" PRId64 "@n.example', '', '%s', 2, 1, 1)",
                            row_id, row_id, row_id, language));
}

static inline void follow(struct scene *scene, int64_t row_id, const char *feed, int cadence)
{
    sql(scene, arena_format(&scene->arena,
                            "INSERT INTO subscription (subscriber, feed, cadence, state, since_at)"
                            " VALUES (%" PRId64 ", '%s', %d, 1, 1)",
                            row_id, feed, cadence));
}

/* What is told of a release in one feed. */
static inline void tell_news(struct scene *scene, struct digest_news news, const char *feed,
                             const char *at)
{
    const struct queue_candidate candidate = {
        .feed = feed, .version = news.release, .language = "da", .is_original = true
    };
    const struct queue_candidates candidates = { &candidate, 1 };
    news.at = news.ripe_at = news.now_at = instant(at);
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_add(scene->database, &news, &candidates, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
}

static inline void tell(struct scene *scene, int64_t release, const char *feed, const char *at)
{
    tell_news(scene, (struct digest_news){ .release = release, .deduplication_key = "" }, feed, at);
}

static inline void correct(struct scene *scene, int64_t release, const char *feed, const char *at)
{
    const struct digest_news news = { .release = release,
                                      .kind = QUEUE_CORRECTION,
                                      .deduplication_key = at };
    tell_news(scene, news, feed, at);
}

static inline void withdraw(struct scene *scene, int64_t release, const char *at)
{
    int64_t count;
    const struct queue_cancellation cancellation = { .release = release,
                                                     .note = "withdrawn",
                                                     .now_at = instant(at) };
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_cancel_release(scene->database, &cancellation, &count, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
}

/* How many rows a run at that instant makes. */
static inline int64_t run(struct scene *scene, const char *at)
{
    struct digest_totals totals;
    const struct clock clock = clock_fixed(instant(at));
    DONE(digest_run(scene->database, &scene->settings, &clock, NULL, &totals, &scene->error));
    return totals.deliveries;
}

/* What a subscriber's digest of that date holds: " ITEM:VERSION … "; NULL: there is none. */
static inline const char *content(struct scene *scene, int64_t row_id, const char *date)
{
    bool found = false;
    struct statement *statement = database_prepare(
        scene->database,
        "SELECT ' ' || group_concat(k.item || ':' || k.version, ' ') || ' ' FROM"
        " (SELECT m.item, m.version FROM announcement a JOIN delivery d"
        " ON d.announcement = a.row_id JOIN digest_content_item m ON m.content = d.version"
        " WHERE a.kind = 3 AND a.deduplication_key = $1 AND d.subscriber = $2 ORDER BY m.item)"
        " AS k",
        &scene->error);
    statement_bind_text(statement, 1, date);
    statement_bind_integer(statement, 2, row_id);
    DONE(statement_find(statement, &found, &scene->error));
    const char *items = found ? statement_copy_text(statement, 0, &scene->arena) : NULL;
    statement_reset(statement);
    return items;
}

static inline void sent(struct scene *scene)
{
    sql(scene, "UPDATE delivery SET state = 2 WHERE state = 0");
}

static inline void change(struct scene *scene, int64_t row_id, const char *text, const char *at)
{
    int64_t count;
    DONE(database_begin(scene->database, &scene->error));
    DONE(digest_backlog_flush(scene->database, row_id, instant(at), &scene->error));
    DONE(database_execute(scene->database, text, &scene->error));
    DONE(digest_suppress_unselected(scene->database, row_id, instant(at), &count, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
}

/* Forgets all that ended before, as `run` does. *steps: of digests. */
static inline void retain(struct scene *scene, int64_t before_at, int *steps)
{
    int64_t count = 0;
    bool more = true;
    struct queue_retention retention = { .texts_before_at = before_at,
                                         .rows_before_at = before_at };
    while (more)
        DONE(queue_retain(scene->database, &retention, &count, &more, &scene->error));
    DONE(digest_retain_find(scene->database, before_at, &more, &scene->error));
    for (*steps = 0; more; ++*steps)
        DONE(digest_retain(scene->database, before_at, &more, &scene->error));
    DONE(digest_retain_find(scene->database, before_at, &more, &scene->error));
    assert_false(more);
}

/* A mailing of the release to those who follow at once. */
static inline struct queue_mailing mailing_of(struct scene *scene, int64_t release,
                                              const char *feed)
{
    bool is_new;
    int64_t added;
    const struct queue_announcement announcement = { .release = release, .deduplication_key = "" };
    struct queue_mailing mailing = { .created_at = 1000, .starts_at = 1000 };
    const struct queue_candidate candidate = {
        .feed = feed, .version = release, .language = "da", .is_original = true
    };
    const struct queue_candidates candidates = { &candidate, 1 };
    DONE(database_begin(scene->database, &scene->error));
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    DONE(digest_exclude(scene->database, &mailing, &added, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    return mailing;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scene_make, scene_remove)

#endif
