/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "intake/page_charset.h"

#include <string.h>

struct row {
    const char *bytes;
    size_t length; /* 0: up to the NUL */
    const char *text;
};

static void pages_are_decoded(void **state)
{
    static const struct row rows[] = {
        { "", 0, "" },
        { "<p>\xC3\xA6", 0, "<p>æ" },
        { "\xEF\xBB\xBF<p>\xC3\xA6", 0, "<p>æ" },
        /* the bytes count for more than what the page says */
        { "<meta charset=windows-1252><p>\xC3\xA6", 0, "<meta charset=windows-1252><p>æ" },
        { "<meta charset=utf-8><p>\xE6", 0, "<meta charset=utf-8><p>æ" },
        { "<p>\x93\xE6\x94", 0, "<p>“æ”" },
        { "<meta http-equiv=Content-Type content=\"text/html; CharSet = 'ISO-8859-1'\">\x80", 0,
          "<meta http-equiv=Content-Type content=\"text/html; CharSet = 'ISO-8859-1'\">€" },
        { "<meta charset=\"iso-8859-15\">\xA4", 0, "<meta charset=\"iso-8859-15\">€" },
        { "<meta name=x><META charset=koi8-r>\xC1", 0, "<meta name=x><META charset=koi8-r>а" },
        { "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\xE0", 0,
          "<?xml version=\"1.0\" encoding=\"windows-1251\"?>а" },
        { "<meta charset=shift_jis>\x82\xA0", 0, "<meta charset=shift_jis>あ" },
        { "<meta charset=x-none>\xE5", 0, "<meta charset=x-none>å" },
        { "<meta charset=\xE5", 0, "<meta charset=å" },
        { "\xFF\xFE<\0p\0>\0\xE6\0", 10, "<p>æ" },
        { "\xFE\xFF\0<\0p\0>\0\xE6", 10, "<p>æ" },
        { "<\0p\0>\0\xE6\0", 8, "<p>æ" },
        { "\xFF\xFE", 0, "" },
    };

    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = rows[i].length ? rows[i].length : strlen(rows[i].bytes);
        size_t text_length;
        const char *text = page_charset_decode(&arena, rows[i].bytes, length, &text_length);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(text_length, strlen(rows[i].text));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
