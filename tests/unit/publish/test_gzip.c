/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/text.h"
#include "publish/gzip.h"

#include <string.h>

static void equal_bytes_give_equal_bytes(void **state)
{
    struct error error = { 0 };
    struct text first;
    struct text second;
    struct gzip *gzip = gzip_new(&error);
    (void)state;
    assert_non_null(gzip);
    text_init(&first, 0);
    text_init(&second, 0);
    assert_true(gzip_append(gzip, "hello hello hello", 17, &first, &error));
    assert_true(gzip_append(gzip, "something else", 14, &second, &error));
    text_clear(&second);
    assert_true(gzip_append(gzip, "hello hello hello", 17, &second, &error));
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    /* RFC 1952 section 2.3: no flags, so no name; no time. */
    assert_memory_equal(first.data, "\x1f\x8b\x08\x00\x00\x00\x00\x00", 8);
    text_release(&first);
    text_release(&second);
    gzip_free(gzip);
}

static void more_than_the_text_may_hold_is_an_error(void **state)
{
    struct error error = { 0 };
    struct text small;
    struct gzip *gzip = gzip_new(&error);
    (void)state;
    text_init(&small, 8);
    assert_false(gzip_append(gzip, "hello hello hello", 17, &small, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    text_release(&small);
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
