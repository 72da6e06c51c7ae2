/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "cli/report.h"

#include <stdlib.h>

static int make_arena(void **state)
{
    struct arena *arena = calloc(1, sizeof *arena);
    *state = arena;
    return arena ? 0 : -1;
}

static int drop_arena(void **state)
{
    arena_release(*state);
    free(*state);
    return 0;
}

static void test_shares_are_written_as_people_write_them(void **state)
{
    static const struct {
        int64_t count, of;
        const char *text;
    } cases[] = {
        { 0, 0, "-" },         { 0, 40, "0 %" },
        { 1, 300, "0.33 %" },  { 3, 1000, "0.3 %" },
        { 1, 50, "2 %" },      { 9, 100, "9 %" },
        { 94, 1000, "9.4 %" }, { 996, 10000, "10 %" },
        { 1, 10, "10 %" },     { 2, 5, "40 %" },

        { 29, 100, "29 %" },   { 41, 101, "40 %" },
        { 97, 100, "97 %" },   { 57, 100, "57 %" },
        { 20, 20, "100 %" },   { INT64_C(3000000000), INT64_C(3000000000), "100 %" },
    };

    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++)
        assert_string_equal(report_share(*state, cases[at].count, cases[at].of), cases[at].text);
}

static void test_almost_all_is_not_all_and_almost_none_not_none(void **state)
{
    assert_string_equal(report_share(*state, 9999, 10000), "99 %");
    assert_string_equal(report_share(*state, 1, 10000), "0.01 %");
    assert_string_equal(report_share(*state, 1, 20000000), "under 0.01 %");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shares_are_written_as_people_write_them, make_arena,
                                        drop_arena),
        cmocka_unit_test_setup_teardown(test_almost_all_is_not_all_and_almost_none_not_none,
                                        make_arena, drop_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
