/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/base64.h"
#include "base/string_builder.h"

#include <string.h>

/* RFC 4648 section 10, and every octet's highest bits. */
static void bytes_are_written_as_the_standard_says(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xff\xfe\xfb", "//77" },
        { "\xfb\xef\xbe\xff", "++++/w==" },
    };
    struct string_builder text;
    string_builder_init(&text, 0);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        string_builder_clear(&text);
        string_builder_append(&text, "=?");
        base64_append(&text, pairs[i][0], strlen(pairs[i][0]));
        string_builder_append(&text, "?=");
        assert_memory_equal(text.data + 2, pairs[i][1], strlen(pairs[i][1]));
        assert_int_equal(text.length, strlen(pairs[i][1]) + 4);
        assert_string_equal(text.data + text.length - 2, "?=");
    }
    string_builder_release(&text);
}

static void a_text_that_is_full_takes_nothing(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 4);
    base64_append(&text, "foo", 3);
    assert_string_equal(text.data, "Zm9v");
    assert_false(string_builder_overflowed(&text));
    base64_append(&text, "f", 1);
    assert_true(string_builder_overflowed(&text));
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_written_as_the_standard_says),
        cmocka_unit_test(a_text_that_is_full_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
