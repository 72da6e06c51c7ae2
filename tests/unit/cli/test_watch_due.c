/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "cli/watch_due.h"

#define ROUND INT64_C(1780000000000)

enum { TIMES = 3 };

static int64_t first(int64_t a, int64_t b, int64_t c)
{
    const int64_t times[TIMES] = { a, b, c };
    return watch_due_first(times, TIMES, ROUND);
}

static void the_first_counts(void **state)
{
    (void)state;
    assert_int_equal(first(INSTANT_NONE, INSTANT_NONE, INSTANT_NONE), INSTANT_NONE);
    assert_int_equal(first(ROUND + 9, INSTANT_NONE, ROUND + 5), ROUND + 5);
}

/* What became due while the round ran is due now; what the round left undone keeps nobody busy. */
static void what_a_round_left_causes_no_round(void **state)
{
    (void)state;
    assert_int_equal(first(ROUND + 1, INSTANT_NONE, INSTANT_NONE), ROUND + 1);
    assert_int_equal(first(ROUND, ROUND - DURATION_DAY, INSTANT_NONE), INSTANT_NONE);
    assert_int_equal(first(ROUND - 1, ROUND + DURATION_HOUR, INSTANT_NONE), ROUND + DURATION_HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_counts),
        cmocka_unit_test(what_a_round_left_causes_no_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
