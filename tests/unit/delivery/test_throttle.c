/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "delivery/throttle.h"

#include <string.h>

#define NOW INT64_C(1780000000000)
#define SECOND INT64_C(1000)

enum { UNIT_MS = 1000 };

static const struct throttle_refusal rate = { .is_rate = true, .reply = "454 4.7.0 too fast" };
static const struct throttle_refusal quota = { .is_quota = true, .reply = "452 4.5.3 quota" };
static const struct throttle_refusal outage = { .reply = "451 4.3.0 later" };

static int64_t refuse(struct queue_relay *relay, const struct throttle_refusal *trouble,
                      const struct throttle_measure *measure, bool is_probe, int64_t now_at)
{
    (void)throttle_refused(relay, trouble, is_probe, measure, UNIT_MS, now_at);
    return relay->next_at - now_at;
}

static void pauses_grow_to_a_quarter_of_an_hour(void **state)
{
    static const int64_t seconds[] = { 1, 2, 4, 8, 16, 32, 60, 120, 240, 480, 900, 900, 900 };
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    int64_t now_at = NOW;
    (void)state;
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        assert_int_equal(refuse(&relay, &outage, &measure, i > 0, now_at), seconds[i] * SECOND);
        assert_true(throttle_is_closed(&relay));
        assert_int_equal(relay.since_at, NOW);
        /* What was under way before is known. */
        assert_int_equal(refuse(&relay, &outage, &measure, false, now_at), seconds[i] * SECOND);
        now_at = relay.next_at;
    }
    assert_int_equal(refuse(&relay, &quota, &measure, true, now_at), DURATION_HOUR);
}

static void a_days_quota_rests_for_an_hour(void **state)
{
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    (void)state;
    assert_int_equal(refuse(&relay, &quota, &measure, false, NOW), DURATION_HOUR);
    assert_int_equal(refuse(&relay, &quota, &measure, true, NOW), DURATION_HOUR);
    assert_int_equal(throttle_connections(&relay, 10, UNIT_MS, NOW), 1);
}

static void accept(struct throttle_measure *measure, int count, int64_t from_at, int64_t every_ms)
{
    for (int i = 0; i < count; i++)
        throttle_measure_add(measure, from_at + i * every_ms);
}

/* 1,000 in the ten seconds before: 50 a second, and a tenth of 100 more each ten seconds. */
static void half_is_taken_up_and_a_tenth_more_each_ten_seconds(void **state)
{
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    (void)state;
    accept(&measure, 3000, NOW - 30 * SECOND, 10);
    (void)refuse(&relay, &outage, &measure, false, NOW);
    throttle_accepted(&relay, NOW + SECOND);
    int64_t begun_at = NOW + SECOND;
    int64_t first = throttle_rate(&relay, UNIT_MS, begun_at);
    assert_in_range(first, 45000000, 50000000);
    for (int64_t step = 1; step < 15; step++)
        assert_int_equal(throttle_rate(&relay, UNIT_MS, begun_at + step * 10 * SECOND),
                         first + step * (first / 5));
    assert_false(throttle_advance(&relay, UNIT_MS, begun_at + 149 * SECOND));
    assert_true(throttle_advance(&relay, UNIT_MS, begun_at + 150 * SECOND));
    assert_int_equal(relay.state, QUEUE_RELAY_FREE);
    assert_int_equal(throttle_rate(&relay, UNIT_MS, begun_at + 150 * SECOND), 0);
}

static void connections_come_back_one_by_one(void **state)
{
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    (void)state;
    (void)refuse(&relay, &outage, &measure, false, NOW);
    throttle_accepted(&relay, NOW);
    for (int i = 0; i < 12; i++)
        assert_int_equal(throttle_connections(&relay, 10, UNIT_MS, NOW + i * SECOND),
                         i < 9 ? i + 1 : 10);
}

static void a_number_of_connections_is_kept_for_a_while(void **state)
{
    struct queue_relay relay = { 0 };
    (void)state;
    throttle_cap(&relay, 3, NOW);
    assert_int_equal(throttle_connections(&relay, 10, UNIT_MS, NOW + DURATION_MINUTE), 3);
    assert_int_equal(throttle_connections(&relay, 2, UNIT_MS, NOW), 2);
    assert_int_equal(throttle_connections(&relay, 10, UNIT_MS, NOW + 20 * DURATION_MINUTE), 5);
    throttle_cap(&relay, 0, NOW);
    assert_int_equal(throttle_connections(&relay, 10, UNIT_MS, NOW), 1);
}

/* 30 at once, then nothing for a minute: that is half a message a second. */
static void a_window_that_is_full_tells_the_rate(void **state)
{
    char written[THROTTLE_RATE_SIZE];
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    (void)state;
    accept(&measure, 30, NOW, 10);
    (void)refuse(&relay, &rate, &measure, false, NOW + 300);
    throttle_accepted(&relay, NOW + 60 * SECOND);
    assert_in_range(throttle_rate(&relay, UNIT_MS, NOW + 60 * SECOND), 250000, 259000);
    assert_in_range(throttle_rate(&relay, UNIT_MS, NOW + 110 * SECOND), 450000, 466000);
    throttle_write_rate(relay.suggested, written);
    assert_string_equal(written, "27/m"); /* of 30/m nine tenths */
}

static void several_workers_share_what_is_taken(void **state)
{
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    (void)state;
    accept(&measure, 10, NOW, 1);
    (void)throttle_refused(&relay, &rate, false, &measure, UNIT_MS, NOW + SECOND);
    throttle_joined(&relay, &measure, UNIT_MS);
    throttle_joined(&relay, &measure, UNIT_MS);
    throttle_accepted(&relay, NOW + 2 * SECOND);
    assert_int_equal(relay.base, 15500000);
}

static void a_clock_set_back_prolongs_no_pause(void **state)
{
    struct queue_relay relay = { 0 };
    struct throttle_measure measure = { 0 };
    (void)state;
    (void)refuse(&relay, &outage, &measure, false, NOW);
    assert_false(throttle_advance(&relay, UNIT_MS, NOW));
    assert_true(throttle_advance(&relay, UNIT_MS, NOW - DURATION_DAY));
    assert_int_equal(throttle_wait_ms(&relay, NOW - DURATION_DAY), 0);
}

static void nobody_there_is_tried_every_half_minute(void **state)
{
    struct queue_relay relay = { 0 };
    (void)state;
    for (int64_t i = 0; i < 5; i++) {
        int64_t now_at = NOW + i * 30 * SECOND;
        throttle_unreachable(&relay, "nobody", now_at);
        assert_int_equal(relay.next_at, now_at + 30 * SECOND);
        assert_int_equal(relay.since_at, NOW);
    }
    assert_true(throttle_reached(&relay, NOW));
    assert_int_equal(relay.state, QUEUE_RELAY_FREE);
    assert_false(throttle_reached(&relay, NOW));
}

static void rates_are_written_as_they_may_stand_in_newsroom_yaml(void **state)
{
    static const struct {
        int64_t rate;
        const char *written;
    } cases[] = { { 14200000, "14" }, { 3000000, "3" },  { 2900000, "174/m" },
                  { 450000, "27/m" }, { 20000, "72/h" }, { 23148, "83/h" },
                  { 200, "17/d" },    { 12, "1/d" },     { 0, "" } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char written[THROTTLE_RATE_SIZE];
        throttle_write_rate(cases[i].rate, written);
        assert_string_equal(written, cases[i].written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_grow_to_a_quarter_of_an_hour),
        cmocka_unit_test(a_days_quota_rests_for_an_hour),
        cmocka_unit_test(half_is_taken_up_and_a_tenth_more_each_ten_seconds),
        cmocka_unit_test(connections_come_back_one_by_one),
        cmocka_unit_test(a_number_of_connections_is_kept_for_a_while),
        cmocka_unit_test(a_window_that_is_full_tells_the_rate),
        cmocka_unit_test(several_workers_share_what_is_taken),
        cmocka_unit_test(a_clock_set_back_prolongs_no_pause),
        cmocka_unit_test(nobody_there_is_tried_every_half_minute),
        cmocka_unit_test(rates_are_written_as_they_may_stand_in_newsroom_yaml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
