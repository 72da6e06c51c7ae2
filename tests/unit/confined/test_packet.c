/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"

#include <string.h>

static void test_values_come_back(void **state)
{
    static const int64_t numbers[] = {
        0, 1, -1, 63, 64, -64, -65, 1000000007, INT64_MAX, INT64_MIN
    };

    enum { COUNT = sizeof numbers / sizeof numbers[0] };
    struct string_builder bytes;
    struct packet packet;
    struct arena arena = { 0 };
    size_t length = 0;
    (void)state;
    string_builder_init(&bytes, 0);
    for (size_t i = 0; i < COUNT; i++)
        packet_put_integer(&bytes, numbers[i]);
    packet_put_bool(&bytes, true);
    packet_put_string(&bytes, NULL);
    packet_put_string(&bytes, "");
    packet_put_string(&bytes, "Nordhav åbner");
    packet_put_bytes(&bytes, "a\0b", 3);
    packet_put_count(&bytes, 2);
    packet_put_bool(&bytes, false);
    packet_put_bool(&bytes, false);

    packet_init(&packet, bytes.data, bytes.length);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(packet_integer(&packet), numbers[i]);
    assert_true(packet_bool(&packet));
    assert_null(packet_string(&packet, &arena));
    assert_string_equal(packet_string(&packet, &arena), "");
    assert_string_equal(packet_string(&packet, &arena), "Nordhav åbner");
    assert_memory_equal(packet_bytes(&packet, &length), "a\0b", 3);
    assert_int_equal(length, 3);
    assert_int_equal(packet_count(&packet), 2);
    assert_false(packet_is_good(&packet)); /* there is more */
    (void)packet_bool(&packet);
    (void)packet_bool(&packet);
    assert_true(packet_is_good(&packet));
    string_builder_release(&bytes);
    arena_release(&arena);
}

static void test_nothing_passes_the_end(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } bad[] = {
        { "", 0 },
        { "\x80", 1 },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11 },
        { "\x05"
          "abc",
          4 },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
          "abc",
          13 },
    };
    struct arena arena = { 0 };
    struct packet packet;
    size_t length = 0;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        packet_init(&packet, bad[i].bytes, bad[i].length);
        (void)packet_bytes(&packet, &length);
        assert_int_equal(length, 0);
        assert_null(packet_string(&packet, &arena));
        assert_int_equal(packet_integer(&packet), 0);
        assert_int_equal(packet_integer_within(&packet, 3, 5), 3);
        assert_int_equal(packet_count(&packet), 0);
        assert_false(packet_bool(&packet));
        assert_true(packet.is_bad);
        assert_false(packet_is_good(&packet));
    }
    arena_release(&arena);
}

static void test_what_lies_outside_is_bad(void **state)
{
    struct string_builder bytes;
    struct packet packet;
    struct arena arena = { 0 };
    (void)state;
    string_builder_init(&bytes, 0);
    packet_put_integer(&bytes, 7);
    packet_init(&packet, bytes.data, bytes.length);
    assert_int_equal(packet_integer_within(&packet, 1, 7), 7);
    assert_true(packet_is_good(&packet));
    packet_init(&packet, bytes.data, bytes.length);
    assert_int_equal(packet_integer_within(&packet, 1, 6), 1);
    assert_true(packet.is_bad);

    packet_init(&packet, "\x02", 1); /* no bool */
    assert_false(packet_bool(&packet));
    assert_true(packet.is_bad);
    packet_init(&packet,
                "\x04"
                "a\0b",
                4); /* a string that holds its own end */
    assert_null(packet_string(&packet, &arena));
    assert_true(packet.is_bad);
    packet_init(&packet, "\x03\x01\x01", 3); /* three things in two bytes */
    assert_int_equal(packet_count(&packet), 0);
    assert_true(packet.is_bad);
    string_builder_release(&bytes);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_back),
        cmocka_unit_test(test_nothing_passes_the_end),
        cmocka_unit_test(test_what_lies_outside_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
