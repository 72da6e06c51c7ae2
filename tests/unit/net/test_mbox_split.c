/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "net/mbox_split.h"

#include <stdlib.h>
#include <string.h>

/* The messages, each between brackets. */
static void assert_split(const char *bytes, const char *expected)
{
    char shown[512] = "";
    struct mbox_split split;
    mbox_split_begin(&split);
    mbox_split_bytes(&split, bytes, strlen(bytes));
    mbox_split_end(&split);
    if (split.is_foreign)
        strcat(shown, "foreign");
    for (size_t i = 0; !split.is_foreign && i < split.count; i++) {
        strcat(shown, "[");
        strncat(shown, bytes + split.parts[i].start,
                (size_t)(split.parts[i].end - split.parts[i].start));
        strcat(shown, "]");
    }
    mbox_split_release(&split);
    assert_string_equal(shown, expected);
}

static void a_message_begins_behind_its_line_and_an_empty_one(void **state)
{
    (void)state;
    assert_split("From a\nA: b\n\nc\n\nFrom b\nd\n", "[A: b\n\nc][d]");
    assert_split("From a\r\nA: b\r\n\r\nc\r\n\r\nFrom b\r\nd", "[A: b\r\n\r\nc][d]");
    assert_split("\n\nFrom a\nb", "[b]");
}

static void a_line_that_only_looks_so_stays_in_its_message(void **state)
{
    (void)state;
    assert_split("From a\nb\nFrom the sea\nc\n", "[b\nFrom the sea\nc]");
    assert_split("From a\nb\n\n>From the sea\n\nFromage\n\n From c\n",
                 "[b\n\n>From the sea\n\nFromage\n\n From c]");
}

static void what_holds_nothing_is_no_message(void **state)
{
    (void)state;
    assert_split("", "");
    assert_split("\r\n\n", "");
    assert_split("From a\n\nFrom b\n\n\nFrom c\nd\n\nFrom ", "[d]");
}

static void line_ends_behind_a_message_do_not_count(void **state)
{
    (void)state;
    assert_split("From a\nb", "[b]");
    assert_split("From a\nb\n", "[b]");
    assert_split("From a\nb\r\n\r\n\n", "[b]");
    assert_split("From a\nb\r\n\r\n\nFrom c\nd", "[b][d]");
}

static void another_kind_of_file_is_told(void **state)
{
    (void)state;
    assert_split("Subject: x\n\nFrom a\nb\n", "foreign");
    assert_split("From: x\n", "foreign");
    assert_split("x", "foreign");
}

static void more_messages_than_the_maximum_are_told(void **state)
{
    (void)state;
    struct mbox_split split;
    mbox_split_begin(&split);
    for (size_t i = 0; i <= MBOX_PARTS_MAXIMUM; i++)
        mbox_split_bytes(&split, "From \nx\n\n", 9);
    mbox_split_end(&split);
    assert_true(split.has_too_many);
    assert_int_equal(split.count, MBOX_PARTS_MAXIMUM);
    mbox_split_release(&split);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_begins_behind_its_line_and_an_empty_one),
        cmocka_unit_test(a_line_that_only_looks_so_stays_in_its_message),
        cmocka_unit_test(what_holds_nothing_is_no_message),
        cmocka_unit_test(line_ends_behind_a_message_do_not_count),
        cmocka_unit_test(another_kind_of_file_is_told),
        cmocka_unit_test(more_messages_than_the_maximum_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
