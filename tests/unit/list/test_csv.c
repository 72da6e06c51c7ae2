/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "list/csv.h"

#include <stdio.h>
#include <string.h>

static void records_are_read_whatever_wrote_them(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        const char *want; /* fields joined by |, records by / ; ! for a malformed record */
    } table[] = {
        { "plain", "a,b\n1,2\n", "a|b/1|2" },
        { "no last line end", "a,b\n1,2", "a|b/1|2" },
        { "semicolons", "a;b\n1,5;2\n", "a|b/1,5|2" },
        { "CRLF", "a,b\r\n1,2\r\n", "a|b/1|2" },
        { "CR", "a,b\r1,2\r", "a|b/1|2" },
        { "mark",
          "\xEF\xBB\xBF"
          "a,b\n1,2\n",
          "a|b/1|2" },
        { "half a mark",
          "\xEF\xBB"
          "a\n",
          "\xC3\xAF\xC2\xBB"
          "a" },
        { "quotes", "a,b\n\"1,\"\"x\"\"\ny\",2\n", "a|b/1,\"x\"\ny|2" },
        { "empty lines", "\n\na\n\n\n1\n\n", "a/1" },
        { "empty fields", "a,b,c\n,1,\n", "a|b|c/|1|" },
        { "white space", "a , b\n 1 ,\" 2 \"\n", "a|b/1|2" },
        { "quote within", "a\nx\"y\"\n", "a/x\"y\"" },
        { "text behind a quote", "a\n\"x\"y\n1\n", "a/!/1" },
        { "open quote", "a\n\"x\n1\n", "a/!" },
        { "Windows-1252",
          "a\n\xC5"
          "dal\n",
          "a/\xC3\x85"
          "dal" },
        { "one column", "a\n1;2\n", "a/1;2" },
        { "empty quotes", "a,b\n\"\",1\n", "a|b/|1" },
        { "rows of empty cells", "a;b\r\n;;\r\n \xC2\xA0;\"\"\r\n1;2\r\n;\r\n", "a|b/1|2" },
        { "tabs", "a\tb\n1,5;\t2\n", "a|b/1,5;|2" },
        { "a separator that is said", "sep=;\r\na\r\n1,5;2\r\n", "a/1,5|2" },
        { "one that the columns do not have", "SEP=|\na,b|c\n1|2\n", "a,b|c/1|2" },
        { "one in quotes", "\"sep=;\"\na,b;c\n", "a,b|c" },
        { "one, and a mark", "\xEF\xBB\xBFsep=\t\r\na;b\tc\r\n", "a;b|c" },
        { "a column called so", "sep=,b\n1,2\n", "sep=|b/1|2" },
        { "nothing but a separator", "sep=;", "" },
        { "spaces without a break, and without width",
          "a,b\n1\xC2\xA0,\xE2\x80\x8B\xEF\xBB\xBF 2\n", "a|b/1|2" },
        { "the end of a file of old", "a\n1\x1A", "a/1" },
        { "and behind its last line", "a\n1\n\x1A\x1A", "a/1" },
        { "a formula", "a,b\n'=1+1,' -x\n", "a|b/=1+1| -x" },
        { "an apostrophe", "a\n'tis\n''+1\n", "a/'tis/'+1" },
        { "nothing", "", "" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct csv_reader reader;
        struct string_builder got;
        struct error error = { 0 };
        enum csv_result result;
        size_t length = strlen(table[i].input);
        char buffer[256];
        memcpy(buffer, table[i].input, length + 1);
        FILE *stream = fmemopen(buffer, length ? length : 1, "r");
        if (length == 0)
            (void)fgetc(stream);
        csv_reader_init(&reader, stream);
        string_builder_init(&got, 0);
        bool is_first = true;
        while ((result = csv_read(&reader, &error)) != CSV_END && result != CSV_FAILED) {
            if (!is_first)
                string_builder_append_character(&got, '/');
            is_first = false;
            if (result == CSV_MALFORMED)
                string_builder_append_character(&got, '!');
            for (size_t j = 0; result == CSV_RECORD && j < reader.field_count; j++)
                string_builder_append_format(&got, "%s%s", j ? "|" : "", csv_field(&reader, j));
        }
        if (strcmp(got.data, table[i].want) != 0)
            fail_msg("%s: %s", table[i].label, got.data);
        string_builder_release(&got);
        csv_reader_release(&reader);
        (void)fclose(stream);
    }
}

static void lines_are_counted_through_quotes_and_blanks(void **state)
{
    (void)state;
    struct csv_reader reader;
    struct error error = { 0 };
    char input[] = "a\n\n\"x\r\ny\"\nz\n";
    FILE *stream = fmemopen(input, sizeof input - 1, "r");
    static const int64_t lines[] = { 1, 3, 5 };
    csv_reader_init(&reader, stream);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(csv_read(&reader, &error), CSV_RECORD);
        assert_int_equal(reader.line, lines[i]);
    }
    csv_reader_release(&reader);
    (void)fclose(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_whatever_wrote_them),
        cmocka_unit_test(lines_are_counted_through_quotes_and_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
