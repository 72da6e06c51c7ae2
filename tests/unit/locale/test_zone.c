/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "locale/zone.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct zone *zone;

static int open_copenhagen(void **state)
{
    struct error error;
    (void)state;
    zone = zone_open("Europe/Copenhagen", &error);
    return zone ? 0 : -1;
}

static int close_copenhagen(void **state)
{
    (void)state;
    zone_close(zone);
    arena_release(&arena);
    return 0;
}

static void unknown_zones_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = { "Europe/Lillesund", "", "GMT+2", "Mars", "Europe/Århus" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct error error = { 0 };
        assert_null(zone_open(names[i], &error));
        assert_int_equal(error.kind, ERROR_USAGE);
    }
    struct error error;
    struct zone *utc = zone_open("UTC", &error);
    assert_non_null(utc);
    assert_string_equal(zone_name(utc), "UTC");
    zone_close(utc);
    zone_close(NULL);
}

static void written_times_are_read(void **state)
{
    (void)state;

    static const struct {
        const char *written;
        const char *instant; /* UTC */
    } cases[] = {
        { "2022-06-07T18:57:25+02:00", "2022-06-07T16:57:25Z" },
        { "2022-06-07T18:57:25Z", "2022-06-07T18:57:25Z" },
        { "2022-06-07t18:57:25-0330", "2022-06-07T22:27:25Z" },
        { "2022-06-07 18:57", "2022-06-07T16:57:00Z" },
        { "2022-06-07T18:57", "2022-06-07T16:57:00Z" },
        { "2022-06-07  18:57:25 +02", "2022-06-07T16:57:25Z" },
        { " 2022-06-07 ", "2022-06-06T22:00:00Z" },
        { "2022-01-07", "2022-01-06T23:00:00Z" },
        { "2024-02-29 12:00", "2024-02-29T11:00:00Z" },
        { "2022-06-07 18:57:60", "2022-06-07T16:57:59Z" },
        /* The night when clocks go back: of the two half past two, the later. */
        { "2026-10-25 02:30", "2026-10-25T01:30:00Z" },
        { "2026-10-25 02:00", "2026-10-25T01:00:00Z" },
        { "2026-10-25 01:59", "2026-10-24T23:59:00Z" },
        { "2026-10-25 03:00", "2026-10-25T02:00:00Z" },
        { "2026-10-25T02:30+02:00", "2026-10-25T00:30:00Z" },
        { "2026-03-29 01:59", "2026-03-29T00:59:00Z" },
        { "2026-03-29 03:00", "2026-03-29T01:00:00Z" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = { 0 };
        int64_t instant = 0;
        if (!zone_parse(zone, cases[i].written, &instant, &error))
            fail_msg("%s: %s", cases[i].written, error.message);
        assert_string_equal(instant_format_utc(&arena, instant), cases[i].instant);
    }
}

static void times_that_do_not_exist_are_refused(void **state)
{
    (void)state;

    static const struct {
        const char *written;
        const char *message;
    } cases[] = {
        { "2026-03-29 02:30",
          "the time 2026-03-29 02:30 does not exist in Europe/Copenhagen, where "
          "clocks are put forward over it; write another" },
        { "2026-03-29 02:00",
          "the time 2026-03-29 02:00 does not exist in Europe/Copenhagen, where "
          "clocks are put forward over it; write another" },
        { "2022-02-30", "the date 2022-02-30 does not exist; correct it" },
        { "2023-02-29 10:00", "the date 2023-02-29 does not exist; correct it" },
        { "2022-13-01", "the date 2022-13-01 does not exist; correct it" },
        { "2022-06-07 24:00", "the time of day 24:00:00 does not exist; write 00:00 to 23:59" },
        { "2022-06-07 12:60Z", "the time of day 12:60:00 does not exist; write 00:00 to 23:59" },
        { "7.6.2022 18:57", "“7.6.2022 18:57” is no time; write it like 2022-06-07 18:57 or "
                            "2022-06-07T18:57:25+02:00" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = { 0 };
        int64_t instant = 7;
        assert_false(zone_parse(zone, cases[i].written, &instant, &error));
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_int_equal(instant, 7);
    }
}

static void other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const written[] = { "",
                                           "tomorrow",
                                           "2022-06-07T",
                                           "2022-06-07 18",
                                           "2022-06-07 18:5",
                                           "2022-06-07 18:57 CEST",
                                           "2022-06-07 18:57+2",
                                           "2022-06-07 18:57+19:00",
                                           "2022-06-07+02:00",
                                           "22-06-07",
                                           "2022-06-07 18:57:25.",
                                           "2022-06-07 18:57 x",
                                           "-2022-06-07" };
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct error error = { 0 };
        int64_t instant;
        if (zone_parse(zone, written[i], &instant, &error))
            fail_msg("«%s» was taken", written[i]);
    }
}

static void abbreviations_of_press_services_are_known(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        int minutes;
    } cases[] = { { "CEST", 120 },  { "cet", 60 },   { "GMT", 0 },     { "Z", 0 },
                  { "MESZ", 120 },  { "EDT", -240 }, { "UTC+2", 120 }, { "+02:00", 120 },
                  { "GMT-1", -60 }, { "+0530", 330 } };

    int minutes = 7;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(zone_abbreviation_offset(cases[i].name, &minutes));
        assert_int_equal(minutes, cases[i].minutes);
    }
    assert_false(zone_abbreviation_offset("CESTX", &minutes));
    assert_false(zone_abbreviation_offset("", &minutes));
    assert_false(zone_abbreviation_offset("UTC", &minutes) && minutes != 0);
    struct error error;
    int64_t instant;
    const struct civil_time civil = {
        .year = 2022, .month = 6, .day = 7, .hour = 18, .minute = 57, .second = 25
    };
    assert_true(zone_instant_at_offset(&civil, 120, &instant, &error));
    assert_string_equal(instant_format_utc(&arena, instant), "2022-06-07T16:57:25Z");
}

static void standard_formats_carry_the_zone_s_offset(void **state)
{
    (void)state;
    int64_t instant;
    assert_true(instant_parse_rfc3339("2022-06-07T16:57:25.250Z", &instant));
    assert_string_equal(zone_format_rfc3339(zone, &arena, instant, false),
                        "2022-06-07T18:57:25+02:00");
    assert_string_equal(zone_format_rfc3339(zone, &arena, instant, true),
                        "2022-06-07T18:57:25.250+02:00");
    assert_string_equal(zone_format_rfc822(zone, &arena, instant),
                        "Tue, 07 Jun 2022 18:57:25 +0200");
    struct civil_time civil;
    zone_civil(zone, instant, &civil);
    assert_int_equal(civil.weekday, 2);
    assert_int_equal(civil.offset_seconds, 7200);
    struct error error;
    struct zone *utc = zone_open("UTC", &error);
    assert_string_equal(zone_format_rfc3339(utc, &arena, instant, false), "2022-06-07T16:57:25Z");
    assert_string_equal(zone_format_rfc822(utc, &arena, instant),
                        "Tue, 07 Jun 2022 16:57:25 +0000");
    assert_string_equal(zone_format_rfc3339(utc, &arena, -1, true), "1969-12-31T23:59:59.999Z");
    zone_close(utc);
}

static void process_wide_tz_does_not_matter(void **state)
{
    (void)state;
    int64_t instant;
    struct error error;
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0); /* NOLINT(concurrency-mt-unsafe) */
    assert_true(zone_parse(zone, "2022-06-07 18:57", &instant, &error));
    assert_string_equal(instant_format_utc(&arena, instant), "2022-06-07T16:57:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_zones_are_refused),
        cmocka_unit_test(written_times_are_read),
        cmocka_unit_test(times_that_do_not_exist_are_refused),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(abbreviations_of_press_services_are_known),
        cmocka_unit_test(standard_formats_carry_the_zone_s_offset),
        cmocka_unit_test(process_wide_tz_does_not_matter),
    };
    return cmocka_run_group_tests(tests, open_copenhagen, close_copenhagen);
}
