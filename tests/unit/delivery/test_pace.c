/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "delivery/commit_batch.h"
#include "delivery/deliver.h"
#include "delivery/pace.h"
#include "delivery/prefetch.h"
#include "locale/zone.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1780000000000)
#define MILLISECOND INT64_C(1000000)
#define SECOND (1000 * MILLISECOND)

enum { WORKERS = 3, LANES = 8, SECONDS = 30, SUBSCRIBERS_MAXIMUM = 20000 };

static int64_t virtual_ns;

static int64_t virtual_clock(void)
{
    return virtual_ns;
}

/* One that sends, as the loop does: lanes with a message ready each, and a commit a turn. */
struct worker {
    struct prefetch *prefetch;
    struct commit_batch *batch;
    struct pace pace;
    struct prefetched_row items[LANES];
    struct commit_mark marks[LANES];
    bool is_ready[LANES];
    int64_t awake_ns; /* it does nothing before */
};

struct scene {
    struct database *database;
    struct clock clock;
    struct clock timer;
    struct deliver_totals totals;
    struct worker workers[WORKERS];
    int64_t left_ns[SUBSCRIBERS_MAXIMUM]; /* when each message left */
    int64_t left;
    struct error error;
};

static int make_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    const struct database_schema *schemas[] = { &subscriber_tables_schema, &queue_schema };
    scene->database = test_store_in_memory(schemas, 2);
    scene->clock = clock_fixed(NOW);
    scene->timer = clock_monotonic();
    virtual_ns = NOW * MILLISECOND;
    srand(7);
    log_set_level(LOG_ERROR);
    *state = scene;
    return 0;
}

static int remove_scene(void **state)
{
    struct scene *scene = *state;
    database_close(scene->database);
    free(scene);
    return 0;
}

static void mail_to(struct scene *scene, int count)
{
    static const struct queue_candidate candidate = { "all", 10, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    struct queue_announcement announcement = { .release = 10, .deduplication_key = "" };
    struct queue_mailing mailing = { .note = "", .created_at = NOW, .starts_at = NOW };
    char text[512];
    bool is_new;
    int64_t added = 0;
    DONE(database_begin(scene->database, &scene->error));
    (void)snprintf(text, sizeof text,
                   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                   " INSERT INTO subscriber SELECT i, 'p' || i || '@n.example', 'da', 2 FROM n",
                   count);
    DONE(database_execute(scene->database, text, &scene->error));
    DONE(database_execute(scene->database,
                          "INSERT INTO subscription SELECT row_id, 'all', 0, 1 FROM subscriber",
                          &scene->error));
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(added, count);
}

static void start_workers(struct scene *scene, int64_t rate)
{
    for (int i = 0; i < WORKERS; i++) {
        struct worker *worker = &scene->workers[i];
        struct prefetch_settings prefetch = { .database = scene->database,
                                              .clock = &scene->clock,
                                              .timer = &scene->timer,
                                              .worker = i + 1 };
        worker->prefetch = prefetch_new(&prefetch);
        struct commit_batch_settings batch = { .database = scene->database,
                                               .clock = &scene->clock,
                                               .prefetch = worker->prefetch,
                                               .totals = &scene->totals,
                                               .pace = &worker->pace };
        worker->batch = commit_batch_new(&batch);
        pace_init(&worker->pace, SECOND / rate, virtual_clock);
    }
}

static void end_workers(struct scene *scene)
{
    for (int i = 0; i < WORKERS; i++) {
        struct worker *worker = &scene->workers[i];
        for (int k = 0; k < LANES; k++)
            if (worker->is_ready[k])
                prefetch_return(worker->prefetch, worker->items[k]);
        DONE(commit_batch_write(worker->batch, &scene->error));
        commit_batch_free(worker->batch);
        prefetch_free(worker->prefetch);
    }
}

/* A turn of the loop: whatever may leave now is accepted at once. */
static void turn(struct scene *scene, struct worker *worker)
{
    int asked[LANES];
    int count = 0;
    DONE(prefetch_refill(worker->prefetch, false, true, &scene->error));
    for (int k = 0; k < LANES; k++) {
        if (!worker->is_ready[k] && prefetch_take(worker->prefetch, &worker->items[k])) {
            worker->is_ready[k] = true;
            worker->marks[k] = (struct commit_mark){ .row = worker->items[k].row, .revision = 1 };
        }
        if (worker->is_ready[k] && pace_is_due(&worker->pace)) {
            commit_batch_add_mark(worker->batch, &worker->marks[k]);
            asked[count++] = k;
        }
    }
    DONE(commit_batch_write(worker->batch, &scene->error));
    for (int i = 0; i < count; i++) {
        struct commit_mark *mark = &worker->marks[asked[i]];
        if (mark->is_early)
            continue;
        worker->is_ready[asked[i]] = false;
        if (mark->mark != QUEUE_MARK_SENDING) {
            prefetch_done(worker->items[asked[i]]);
            continue;
        }
        scene->left_ns[scene->left++] = virtual_ns;
        struct delivery_outcome outcome = { .item = worker->items[asked[i]],
                                            .is_marked = true,
                                            .class = OUTCOME_ACCEPTED,
                                            .state = QUEUE_SENT };
        commit_batch_add_outcome(worker->batch, &outcome);
    }
}

/* Every worker wakes when its pace says, and up to late_ms later. */
static void run_for(struct scene *scene, int64_t duration_ns, int late_ms)
{
    for (int64_t end = virtual_ns + duration_ns; virtual_ns < end; virtual_ns += MILLISECOND) {
        for (int i = 0; i < WORKERS; i++) {
            struct worker *worker = &scene->workers[i];
            if (virtual_ns < worker->awake_ns)
                continue;
            turn(scene, worker);
            int64_t late = late_ms ? rand() % late_ms : 0; /* NOLINT: the order is all it makes */
            worker->awake_ns = virtual_ns + (pace_wait_ms(&worker->pace) + late) * MILLISECOND;
        }
    }
}

/* The most messages that left within any second. */
static int64_t busiest_second(const struct scene *scene)
{
    int64_t most = 0;
    for (int64_t first = 0, last = 0; last < scene->left; last++) {
        while (scene->left_ns[last] - scene->left_ns[first] >= SECOND)
            first++;
        if (last - first + 1 > most)
            most = last - first + 1;
    }
    return most;
}

static void the_rate_is_one_for_all_workers_within_two_percent(void **state)
{
    static const int64_t rates[] = { 1, 7, 50, 300 };
    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        for (int late_ms = 0; late_ms <= 40; late_ms += 20) {
            void *fresh = NULL;
            assert_int_equal(make_scene(&fresh), 0);
            struct scene *scene = fresh;
            int64_t wanted = rates[i] * SECONDS;
            mail_to(scene, (int)wanted + 1000);
            start_workers(scene, rates[i]);
            run_for(scene, SECONDS * SECOND, late_ms);
            int64_t tolerance = wanted / 50 > 1 ? wanted / 50 : 1;
            if (scene->left < wanted - tolerance || scene->left > wanted + tolerance)
                fail_msg("rate %d: %d instead of %d", (int)rates[i], (int)scene->left, (int)wanted);
            /* A turn that comes late is made up for in the next, which is no burst. */
            int64_t most = rates[i] + rates[i] * late_ms / 1000 + 1 + rates[i] / 50;
            assert_in_range(busiest_second(scene), rates[i], most);
            end_workers(scene);
            (void)remove_scene(&fresh);
        }
    }
}

static void a_pause_is_not_made_up_for_by_a_burst(void **state)
{
    struct scene *scene = *state;
    mail_to(scene, 3000);
    start_workers(scene, 100);
    run_for(scene, 5 * SECOND, 0);
    int64_t before = scene->left;
    virtual_ns += 3600 * SECOND;
    run_for(scene, 5 * SECOND, 0);
    assert_in_range(scene->left - before, 490, 511);
    assert_in_range(busiest_second(scene), 99, 111);
    end_workers(scene);
}

static void a_clock_that_is_set_back_stops_nobody(void **state)
{
    struct scene *scene = *state;
    mail_to(scene, 3000);
    start_workers(scene, 100);
    run_for(scene, 5 * SECOND, 0);
    int64_t before = scene->left;
    virtual_ns -= 7200 * SECOND;
    for (int i = 0; i < WORKERS; i++)
        scene->workers[i].awake_ns = 0;
    run_for(scene, 5 * SECOND, 0);
    assert_in_range(scene->left - before, 490, 511);
    end_workers(scene);
}

static void who_may_not_be_mailed_takes_no_place(void **state)
{
    struct scene *scene = *state;
    mail_to(scene, 1000);
    DONE(database_execute(scene->database, "UPDATE subscriber SET state = 3 WHERE row_id % 2 = 0",
                          &scene->error));
    start_workers(scene, 50);
    run_for(scene, 5 * SECOND, 0);
    assert_in_range(scene->left, 245, 255);
    assert_in_range(scene->totals.suppressed, 200, 300);
    end_workers(scene);
}

/* 30/m, 500/h and 2000/d: one after the other, and never more than a second beforehand. */
static void slow_rates_are_kept_too(void **state)
{
    static const struct {
        int64_t count;
        int64_t seconds;
    } rates[] = { { 30, 60 }, { 500, 3600 }, { 2000, 86400 } };

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct pace pace;
        int64_t next_ns = 0;
        int64_t left = 0;
        virtual_ns = NOW * MILLISECOND;
        pace_init(&pace, rates[i].seconds * SECOND / rates[i].count, virtual_clock);
        for (int64_t second = 0; second < rates[i].seconds; second++) {
            int64_t places = pace_places(&pace, &next_ns);
            assert_in_range(places, 0, 1);
            if (places) {
                assert_int_equal(pace_ahead(&pace), 1);
                pace.next_ns = next_ns = pace_after(&pace, next_ns, 1);
            }
            left += places;
            virtual_ns += SECOND;
        }
        assert_in_range(left, rates[i].count * 85 / 100, rates[i].count);
    }
}

static void a_relays_trouble_slows_the_wish_and_never_hastens_it(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, SECOND / 10, virtual_clock);
    pace_ease(&pace, 5000000);
    assert_int_equal(pace.interval_ns, SECOND / 5);
    pace_ease(&pace, 50000000);
    assert_int_equal(pace.interval_ns, SECOND / 10);
    pace_ease(&pace, 0);
    assert_int_equal(pace.interval_ns, SECOND / 10);
    pace_init(&pace, 0, virtual_clock);
    pace_ease(&pace, 500000);
    assert_int_equal(pace.interval_ns, 2 * SECOND);
    pace_ease(&pace, 0);
    assert_true(pace_is_due(&pace));
}

/* ---- mail.hours ---- */

static bool is_open(const struct zone *zone, int from, int until, const char *instant)
{
    int64_t at;
    assert_true(instant_parse_rfc3339(instant, &at));
    return pace_is_open(zone, from, until, at);
}

static void bulk_mail_leaves_between_two_hours_of_the_newsroom(void **state)
{
    (void)state;
    struct error error;
    struct zone *zone = zone_open("Europe/Copenhagen", &error);
    assert_non_null(zone);
    assert_false(is_open(zone, 7, 22, "2026-06-10T06:59:59+02:00"));
    assert_true(is_open(zone, 7, 22, "2026-06-10T07:00:00+02:00"));
    assert_true(is_open(zone, 7, 22, "2026-06-10T21:59:59+02:00"));
    assert_false(is_open(zone, 7, 22, "2026-06-10T22:00:00+02:00"));
    /* Summer time begins on 29 March 2026 at 01:00 UTC, and ends on 25 October: the hours are those
     * of the clock on the wall. */
    assert_false(is_open(zone, 7, 22, "2026-03-28T05:59:59Z"));
    assert_true(is_open(zone, 7, 22, "2026-03-28T06:00:00Z"));
    assert_false(is_open(zone, 7, 22, "2026-03-29T04:59:59Z"));
    assert_true(is_open(zone, 7, 22, "2026-03-29T05:00:00Z"));
    assert_false(is_open(zone, 7, 22, "2026-10-25T05:59:59Z"));
    assert_true(is_open(zone, 7, 22, "2026-10-25T06:00:00Z"));
    /* The hour that does not exist, and the one that comes twice. */
    assert_true(is_open(zone, 1, 3, "2026-03-29T00:59:59Z"));
    assert_false(is_open(zone, 1, 3, "2026-03-29T01:00:00Z"));
    assert_true(is_open(zone, 2, 3, "2026-10-25T00:30:00Z"));
    assert_true(is_open(zone, 2, 3, "2026-10-25T01:30:00Z"));
    assert_false(is_open(zone, 2, 3, "2026-10-25T02:00:00Z"));
    /* Over midnight, and always. */
    assert_true(is_open(zone, 22, 6, "2026-06-10T23:30:00+02:00"));
    assert_true(is_open(zone, 22, 6, "2026-06-10T05:59:59+02:00"));
    assert_false(is_open(zone, 22, 6, "2026-06-10T06:00:00+02:00"));
    assert_true(is_open(zone, 0, 24, "2026-06-10T03:00:00+02:00"));
    assert_true(is_open(NULL, 7, 22, "2026-06-10T03:00:00+02:00"));
    zone_close(zone);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, make_scene, remove_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rate_is_one_for_all_workers_within_two_percent),
        SCENE(a_pause_is_not_made_up_for_by_a_burst),
        SCENE(a_clock_that_is_set_back_stops_nobody),
        SCENE(who_may_not_be_mailed_takes_no_place),
        cmocka_unit_test(slow_rates_are_kept_too),
        cmocka_unit_test(a_relays_trouble_slows_the_wish_and_never_hastens_it),
        cmocka_unit_test(bulk_mail_leaves_between_two_hours_of_the_newsroom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
