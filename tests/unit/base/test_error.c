/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_message_is_one_line_of_utf8(void **state)
{
    static const struct {
        const char *word;
        const char *want;
    } table[] = {
        { "plain", "\"plain\" is wrong" },
        { "a\tb\nc\x7f", "\"a b c \" is wrong" },
        { "\xC3\xA5\xC3\xA5\xC3\xA5", "\"\xC3\xA5\xC3\xA5\xC3\xA5\" is wrong" },
        /* eight octets are shown: the fourth is cut */
        { "x\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5", "\"x\xC3\xA5\xC3\xA5\xC3\xA5\\xC3\" is wrong" },
        { "\xE6rlig", "\"\\xE6rlig\" is wrong" },
        { "\xED\xA0\x80", "\"\\xED\\xA0\\x80\" is wrong" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error error = { 0 };
        assert_false(error_set(&error, ERROR_INPUT, "\"%.8s\" is wrong", table[i].word));
        assert_string_equal(error.message, table[i].want);
    }
}

/* Wherever the end falls: in a character, in an escape. */
static void a_long_message_ends_with_a_whole_character(void **state)
{
    enum { LETTERS = 700 };

    (void)state;
    for (size_t before = 0; before < 8; before++) {
        char word[2 * LETTERS + 8] = "aaaaaaaa";
        struct error error = { 0 };
        for (size_t i = 0; i < LETTERS; i++)
            memcpy(word + before + 2 * i, "\xC3\xA5", 3);
        (void)error_set(&error, ERROR_INPUT, "%s", word);
        assert_true(utf8_is_valid(error.message, strlen(error.message)));
        assert_true(strlen(error.message) >= ERROR_MESSAGE_SIZE - 3);
        assert_null(strchr(error.message, '\\'));
        (void)error_prefix(&error, "b%s", word);
        assert_true(utf8_is_valid(error.message, strlen(error.message)));
        (void)error_prefix(&error, "line 7");
        assert_true(utf8_is_valid(error.message, strlen(error.message)));
        assert_null(strchr(error.message, '\\'));
        memset(word, 0xE6, LETTERS);
        (void)error_set_errno(&error, ERROR_SYSTEM, EACCES, "%.*s", (int)(60 + before), word);
        assert_true(utf8_is_valid(error.message, strlen(error.message)));
        assert_non_null(strstr(error.message, "\\xE6: Permission denied"));
    }
}

static void what_is_wrong_and_what_to_do_are_told_apart(void **state)
{
    struct error error = { 0 };
    (void)state;
    assert_false(error_set(&error, ERROR_USAGE, "%s: no such feed; at all" ERROR_ADVICE "%s it",
                           "feeds/a", "make"));
    assert_string_equal(error.message, "feeds/a: no such feed; at all; make it");
    assert_string_equal(error_advice(&error), "make it");
    assert_int_equal(error.line, 0);
    (void)error_prefix(&error, "newsroom");
    assert_string_equal(error.message, "newsroom: feeds/a: no such feed; at all; make it");
    assert_string_equal(error_advice(&error), "make it");
    assert_string_equal(error_wrong(&error), "feeds/a: no such feed; at all; make it");
    assert_int_equal(error_wrong_length(&error), strlen("feeds/a: no such feed; at all"));
    assert_false(error_set(&error, ERROR_INPUT, "nothing to do"));
    assert_null(error_advice(&error));
    assert_int_equal(error_wrong_length(&error), strlen("nothing to do"));
}

/* A text of ours that is an argument; and one from outside is never more than text. */
static void an_argument_may_hold_what_to_do(void **state)
{
    struct error error = { 0 };
    (void)state;
    assert_false(
        error_set(&error, ERROR_INPUT, "DKIM: %s", "is over" ERROR_ADVICE "see the clock"));
    assert_string_equal(error.message, "DKIM: is over; see the clock");
    assert_string_equal(error_advice(&error), "see the clock");
    assert_false(error_set(&error, ERROR_INPUT, "\"%s\" is wrong" ERROR_ADVICE "mend it",
                           "a\x1f"
                           "b"));
    assert_string_equal(error.message, "\"a; b\" is wrong; mend it");
}

static void a_line_is_a_field(void **state)
{
    struct error error = { 0 };
    (void)state;
    assert_false(error_set_at(&error, ERROR_INPUT, 17, "a tag is open" ERROR_ADVICE "close it"));
    assert_string_equal(error.message, "line 17: a tag is open; close it");
    (void)error_prefix(&error, "page.mustache");
    assert_string_equal(error.message, "page.mustache: line 17: a tag is open; close it");
    assert_int_equal(error.line, 17);
    assert_string_equal(error_wrong(&error), "a tag is open; close it");
    assert_string_equal(error_advice(&error), "close it");
}

/* However long place, wrong and advice are. */
static void what_has_no_room_is_pointed_at_by_nobody(void **state)
{
    char word[ERROR_MESSAGE_SIZE + 100];
    (void)state;
    memset(word, 'a', sizeof word);
    for (int length = ERROR_MESSAGE_SIZE - 20; length < (int)sizeof word; length++) {
        struct error error = { 0 };
        (void)error_set_at(&error, ERROR_INPUT, 3, "%.*s" ERROR_ADVICE "mend it", length, word);
        assert_true(strlen(error.message) < ERROR_MESSAGE_SIZE);
        assert_true(error_advice(&error) <= error.message + strlen(error.message));
        (void)error_prefix(&error, "%.*s", length, word);
        assert_true(strlen(error.message) < ERROR_MESSAGE_SIZE);
        assert_true(error_wrong(&error) <= error.message + strlen(error.message));
        assert_true(error_advice(&error) <= error.message + strlen(error.message));
    }
}

/* What a process ends with that has an error and nobody to hand it to. */
static int end_of(int asked_for)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        (void)close(STDERR_FILENO);
        (void)error_set(&error, ERROR_USAGE, "da.yaml: is broken");
        if (asked_for)
            error_set_end(asked_for);
        error_end_program(&error);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void who_cannot_hand_an_error_on_ends_with_an_exit_code(void **state)
{
    (void)state;
    assert_int_equal(end_of(0), 2);
    assert_int_equal(end_of(75), 75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_one_line_of_utf8),
        cmocka_unit_test(a_long_message_ends_with_a_whole_character),
        cmocka_unit_test(what_is_wrong_and_what_to_do_are_told_apart),
        cmocka_unit_test(an_argument_may_hold_what_to_do),
        cmocka_unit_test(a_line_is_a_field),
        cmocka_unit_test(what_has_no_room_is_pointed_at_by_nobody),
        cmocka_unit_test(who_cannot_hand_an_error_on_ends_with_an_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
