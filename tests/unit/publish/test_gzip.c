/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "publish/gzip.h"

#include <string.h>

static void equal_bytes_give_equal_bytes(void **state)
{
    struct error error = { 0 };
    struct string_builder first;
    struct string_builder second;
    struct gzip *gzip = gzip_new(&error);
    (void)state;
    assert_non_null(gzip);
    string_builder_init(&first, 0);
    string_builder_init(&second, 0);
    assert_true(gzip_append(gzip, "hello hello hello", 17, &first, &error));
    assert_true(gzip_append(gzip, "something else", 14, &second, &error));
    string_builder_clear(&second);
    assert_true(gzip_append(gzip, "hello hello hello", 17, &second, &error));
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    /* RFC 1952 section 2.3: no flags, so no name; no time. */
    assert_memory_equal(first.data, "\x1f\x8b\x08\x00\x00\x00\x00\x00", 8);
    string_builder_release(&first);
    string_builder_release(&second);
    gzip_free(gzip);
}

static void more_than_the_text_may_hold_is_an_error(void **state)
{
    struct error error = { 0 };
    struct string_builder small;
    struct gzip *gzip = gzip_new(&error);
    (void)state;
    string_builder_init(&small, 8);
    assert_false(gzip_append(gzip, "hello hello hello", 17, &small, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    string_builder_release(&small);
    gzip_free(gzip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_bytes_give_equal_bytes),
        cmocka_unit_test(more_than_the_text_may_hold_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
