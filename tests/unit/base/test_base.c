/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/string_builder.h"

#include <string.h>

static void rfc3339_instants_are_read_and_impossible_ones_refused(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        bool valid;
        int64_t want;
    } table[] = {
        { "offset", "2022-06-07T18:57:25+02:00", true, INT64_C(1654621045000) },
        { "utc", "2022-06-07T16:57:25Z", true, INT64_C(1654621045000) },
        { "fraction", "2022-06-07T16:57:25.12345Z", true, INT64_C(1654621045123) },
        { "no such day", "2022-02-30T00:00:00Z", false, 0 },
        { "no offset", "2022-06-07T16:57:25", false, 0 },
        { "lower case", "2022-06-07t16:57:25z", false, 0 },
        { "rest", "2022-06-07T16:57:25Z ", false, 0 },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t instant = 0;
        assert_int_equal(instant_parse_rfc3339(table[i].input, &instant), table[i].valid);
        assert_int_equal(instant, table[i].want);
    }
}

static void instants_are_written_in_utc(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    assert_string_equal(instant_format_utc(&arena, INT64_C(1654621045000)), "2022-06-07T16:57:25Z");
    assert_string_equal(instant_format_utc(&arena, INT64_C(-1)), "1969-12-31T23:59:59Z");
    assert_string_equal(instant_format_utc_exact(&arena, INT64_C(1654621045000)),
                        "2022-06-07T16:57:25Z");
    assert_string_equal(instant_format_utc_exact(&arena, INT64_C(1654621045007)),
                        "2022-06-07T16:57:25.007Z");
    assert_string_equal(instant_format_utc_exact(&arena, INT64_C(-1)), "1969-12-31T23:59:59.999Z");
    assert_string_equal(instant_format_utc_exact(&arena, INSTANT_NONE), "");
    arena_release(&arena);
}

static void text_takes_numbers_and_gives_room(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 64);
    string_builder_append_number(&text, INT64_MIN);
    string_builder_append_character(&text, ' ');
    string_builder_append_number(&text, 0);
    string_builder_append_character(&text, ' ');
    string_builder_append_number(&text, INT64_MAX);
    assert_string_equal(text.data, "-9223372036854775808 0 9223372036854775807");
    string_builder_clear(&text);
    memcpy(string_builder_append_room(&text, 3), "abc", 3);
    assert_string_equal(text.data, "abc");
    assert_null(string_builder_append_room(&text, 62));
    assert_true(string_builder_overflowed(&text));
    assert_int_equal(text.length, 3);
    string_builder_release(&text);
}

static void text_never_passes_its_maximum(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 4);
    string_builder_append(&text, "1234");
    assert_false(string_builder_overflowed(&text));
    string_builder_append(&text, "5");
    assert_true(string_builder_overflowed(&text));
    assert_string_equal(text.data, "1234");
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc3339_instants_are_read_and_impossible_ones_refused),
        cmocka_unit_test(instants_are_written_in_utc),
        cmocka_unit_test(text_takes_numbers_and_gives_room),
        cmocka_unit_test(text_never_passes_its_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
