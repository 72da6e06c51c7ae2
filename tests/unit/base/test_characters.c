/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/localized.h"
#include "base/printable.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <string.h>

static void only_well_formed_utf8_is_read(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *bytes;
        bool valid;
    } table[] = {
        { "ASCII", "a", true },
        { "two bytes", "\xc3\xa6", true },
        { "three bytes", "\xe2\x82\xac", true },
        { "four bytes", "\xf0\x9f\x98\x80", true },
        { "overlong two", "\xc0\xaf", false },
        { "overlong three", "\xe0\x80\xaf", false },
        { "overlong four", "\xf0\x80\x80\xaf", false },
        { "surrogate", "\xed\xa0\x80", false },
        { "over U+10FFFF", "\xf4\x90\x80\x80", false },
        { "cut", "\xe2\x82", false },
        { "lone continuation", "\x82", false },
        { "Latin-1", "\xe6", false },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (utf8_is_valid(table[i].bytes, strlen(table[i].bytes)) != table[i].valid)
            fail_msg("%s", table[i].label);
    assert_int_equal(utf8_length("æøå€\xff"), 5);
}

static void what_is_cut_ends_with_a_whole_character(void **state)
{
    (void)state;
    assert_int_equal(utf8_fit("abc", 5), 3);
    assert_int_equal(utf8_fit("abc", 2), 2);
    assert_int_equal(utf8_fit("a€b", 4), 4);
    assert_int_equal(utf8_fit("a€b", 3), 1);
    assert_int_equal(utf8_fit("a€b", 2), 1);
    assert_int_equal(utf8_fit("€", 2), 0);
    assert_int_equal(utf8_fit("", 0), 0);
    assert_int_equal(utf8_fit("a\xf0\x9f\x98\x80", 4), 1);
    assert_int_equal(utf8_fit("a\x80\x80\x80\x80\x80", 5), 5);
    assert_int_equal(utf8_fit("\x80\x80", 1), 1);
    assert_int_equal(utf8_first("a€b", 5, 2), 4);
    assert_int_equal(utf8_first("a\xff"
                                "b",
                                3, 2),
                     2);
    assert_int_equal(utf8_first("ab", 2, 5), 2);
    assert_int_equal(utf8_last("ab", 2), 1);
    assert_int_equal(utf8_last("a€", 4), 1);
    assert_int_equal(utf8_last("€", 3), 0);
    assert_int_equal(utf8_last("", 0), 0);
}

static void what_no_document_may_hold_is_left_out(void **state)
{
    (void)state;
    static const char bytes[] = "a\x1d"
                                "b\0c\xff"
                                "d\t\n\xef\xbf\xbf"
                                "e\xc2\x80"
                                "f";
    struct string_builder text;
    string_builder_init(&text, 0);
    utf8_append_clean(&text, bytes, sizeof bytes - 1);
    assert_string_equal(text.data, "abcd\t\nef");
    string_builder_clear(&text);
    utf8_append_windows1252(&text, "\xe6\xf8\xe5 \x80 \x96 \x81", 9);
    assert_string_equal(text.data, "æøå € – \xef\xbf\xbd");
    string_builder_clear(&text);
    utf8_append(&text, 0x1f600);
    utf8_append(&text, 0x20ac);
    assert_string_equal(text.data, "😀€");
    string_builder_release(&text);
}

static void texts_grow_shorten_and_start_again(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 1000);
    assert_string_equal(text.data, "");
    for (int i = 0; i < 100; i++)
        string_builder_append_format(&text, "%02d", i);
    assert_int_equal(text.length, 200);
    assert_int_equal(strlen(text.data), 200);
    string_builder_truncate(&text, 4);
    string_builder_truncate(&text, 100);
    assert_string_equal(text.data, "0001");
    string_builder_append_bytes(&text, "a\0b", 3);
    assert_int_equal(text.length, 7);
    for (int i = 0; i < 1000; i++)
        string_builder_append_character(&text, 'x');
    assert_true(string_builder_overflowed(&text));
    assert_int_equal(text.length, 1000);
    string_builder_clear(&text);
    assert_false(string_builder_overflowed(&text));
    string_builder_append(&text, "y");
    assert_string_equal(text.data, "y");
    string_builder_release(&text);
    string_builder_append(&text, "z");
    assert_string_equal(text.data, "z");
    string_builder_release(&text);
}

static void arena_pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    unsigned char *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        size_t size = i * i % 9000;
        pieces[i] = arena_allocate(&arena, size);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(pieces[i][j], 0);
        memset(pieces[i], (int)i, size);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i * i % 9000; j++)
            assert_int_equal(pieces[i][j], i);
    assert_null(arena_copy(&arena, NULL));
    assert_string_equal(arena_format(&arena, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_copy_bytes(&arena, "abc", 2), "ab");
    arena_release(&arena);
    arena_release(&arena);
}

static void durations_have_a_unit(void **state)
{
    (void)state;

    static const struct {
        const char *written;
        int64_t milliseconds; /* -1: refused */
    } table[] = {
        { "90s", 90000 },
        { "5m", 300000 },
        { "48h", 172800000 },
        { "7d", 604800000 },
        { "0s", 0 },
        { "0", 0 },
        { "5", -1 },
        { "", -1 },
        { "m", -1 },
        { "-5m", -1 },
        { "5 m", -1 },
        { "5M", -1 },
        { "5min", -1 },
        { "1.5h", -1 },
        { "4000d", -1 },
        { "99999999999999999999s", -1 },
        { "3653d", 315619200000 },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t milliseconds = -1;
        if (duration_parse(table[i].written, &milliseconds) != (table[i].milliseconds >= 0) ||
            milliseconds != table[i].milliseconds)
            fail_msg("«%s»", table[i].written);
    }
}

static void nearest_language_is_taken(void **state)
{
    (void)state;
    struct localized_text english = { "en", "Hello", NULL };
    struct localized_text danish = { "da", "Hej", &english };
    assert_string_equal(localized_get(&danish, "en"), "Hello");
    assert_string_equal(localized_get(&danish, "en-GB"), "Hello");
    assert_string_equal(localized_get(&danish, "EN"), "Hello");
    assert_string_equal(localized_get(&danish, "e"), "Hej");
    assert_string_equal(localized_get(&danish, "sv"), "Hej");
    assert_null(localized_get(NULL, "da"));
}

static void error_messages_stay_one_line(void **state)
{
    (void)state;
    struct error error = { 0 };
    assert_false(error_set(&error, ERROR_INPUT, "title “%s”", "a\nb\x1b[31m"));
    assert_string_equal(error.message, "title “a b [31m”");
    assert_false(error_prefix(&error, "x.md:%d", 3));
    assert_string_equal(error.message, "x.md:3: title “a b [31m”");
    assert_int_equal(error.kind, ERROR_INPUT);
    char large[3000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    (void)error_set(&error, ERROR_SYSTEM, "%s", large);
    (void)error_prefix(&error, "%s", large);
    assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 1);
}

static void nothing_of_a_stranger_steers_a_terminal(void **state)
{
    (void)state;

    static const struct {
        const char *bytes;
        const char *shown;
    } cases[] = {
        { "Åben «æ» – “ja”…", "Åben «æ» – “ja”…" },
        { "a\x1b[31mb\x07\tc\x7f", "a [31mb  c " },
        { "x\xc2\x9b"
          "2Jy",
          "x\\x9B2Jy" },
        { "gr\xf8n\x9b.md", "gr\\xF8n\\x9B.md" },
        { "\xe2\x80\xaegpj.exe\xe2\x81\xa9", "\\u202Egpj.exe\\u2069" },
        { "a\xe2\x80\xa8z", "a z" },
        { "pre\xc2\xadsse\xe2\x80\x8b.md", "pre\\u00ADsse\\u200B.md" },
        { "👩\xe2\x80\x8d💻", "👩\xe2\x80\x8d💻" }, /* a joiner that shapes something */
        { "cut \xe2\x80", "cut \\xE2\\x80" },
    };

    struct string_builder text;
    string_builder_init(&text, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        string_builder_clear(&text);
        printable_append(&text, cases[i].bytes, strlen(cases[i].bytes), false);
        assert_string_equal(text.data, cases[i].shown);
    }
    string_builder_clear(&text);
    printable_append(&text, "a\nb\r\n", 5, true);
    assert_string_equal(text.data, "a\nb \n");
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_well_formed_utf8_is_read),
        cmocka_unit_test(what_is_cut_ends_with_a_whole_character),
        cmocka_unit_test(what_no_document_may_hold_is_left_out),
        cmocka_unit_test(nothing_of_a_stranger_steers_a_terminal),
        cmocka_unit_test(texts_grow_shorten_and_start_again),
        cmocka_unit_test(arena_pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(durations_have_a_unit),
        cmocka_unit_test(nearest_language_is_taken),
        cmocka_unit_test(error_messages_stay_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
