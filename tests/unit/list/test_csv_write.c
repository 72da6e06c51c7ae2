/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "list/csv.h"
#include "list/csv_write.h"

#include <stdio.h>
#include <string.h>

static const char *written(struct string_builder *text, const struct csv_form *form,
                           const char *value)
{
    string_builder_clear(text);
    csv_write_field(text, form, value, true);
    string_builder_truncate(text, text->length - strlen(form->line_end));
    return text->data;
}

static void no_cell_begins_as_a_formula_does(void **state)
{
    (void)state;

    static const struct {
        const char *value;
        const char *plain;
        const char *excel;
    } table[] = {
        { "anna@n.example", "anna@n.example", "anna@n.example" },
        { "=1+1", "'=1+1", "'=1+1" },
        { "+45 1", "'+45 1", "'+45 1" },
        { "-", "'-", "'-" },
        { "@sum", "'@sum", "'@sum" },
        { " =1", "\"' =1\"", "\"' =1\"" },
        { "\t=1", "\"'\t'=1\"", "\"'\t'=1\"" },
        { "\r\n@x", "\"'\r\n'@x\"", "\"'\r\n'@x\"" },
        { "\xC2\xA0=1", "'\xC2\xA0=1", "'\xC2\xA0=1" },
        { "\xE2\x80\x8B-1", "'\xE2\x80\x8B-1", "'\xE2\x80\x8B-1" },
        /* what has apostrophes already gets one more, if a formula is behind them */
        { "'=1", "''=1", "''=1" },
        { "'' +", "''' +", "''' +" },
        { "'s", "'s", "'s" },
        { "a=1", "a=1", "a=1" },
        { "", "", "" },
        /* behind what another program takes for the end of a cell */
        { "yes;=1+1", "\"yes;'=1+1\"", "\"yes;=1+1\"" },
        { "yes,=1+1", "\"yes,=1+1\"", "\"yes,'=1+1\"" },
        { "yes; \"=1&\"", "\"yes; \"\"'=1&\"\"\"", "\"yes; \"\"=1&\"\"\"" },
        { "yes\t-1", "\"yes\t'-1\"", "\"yes\t'-1\"" },
        { "yes\n=1", "\"yes\n'=1\"", "\"yes\n'=1\"" },
        { "by phone, - later", "\"by phone, - later\"", "\"by phone, '- later\"" },
        { "a;b=1", "\"a;b=1\"", "\"a;b=1\"" },
    };

    struct string_builder text;
    string_builder_init(&text, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_string_equal(written(&text, &csv_form_plain, table[i].value), table[i].plain);
        assert_string_equal(written(&text, &csv_form_excel, table[i].value), table[i].excel);
    }
    string_builder_release(&text);
}

/* With white space at the ends aside, which reading takes away. */
static void what_is_written_is_read(void **state)
{
    (void)state;
    static const char *const values[] = {
        "anna@n.example", "=1+1",     "'=1",   "''=1",           "'",        "''",   "'s",
        "+a@n.example",   "-",        "@",     "a \"b\" c",      "a;b",      "a,b",  "a\nb",
        "\"=1\"",         "'\"=1\"'", "' =1'", "\xC2\xA0=1 \t;", "''''  @x", "'- -", "+'",
    };
    static const struct csv_form *const forms[] = { &csv_form_plain, &csv_form_excel };
    for (size_t form = 0; form < 2; form++) {
        struct string_builder text;
        struct csv_reader reader;
        struct error error = { 0 };
        string_builder_init(&text, 0);
        string_builder_append(&text, forms[form]->beginning);
        csv_write_field(&text, forms[form], "a", false);
        csv_write_field(&text, forms[form], "b", true);
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            csv_write_field(&text, forms[form], values[i], false);
            csv_write_field(&text, forms[form], "x", true);
        }
        FILE *stream = fmemopen(text.data, text.length, "r");
        csv_reader_init(&reader, stream);
        assert_int_equal(csv_read(&reader, &error), CSV_RECORD);
        assert_string_equal(csv_field(&reader, 0), "a");
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            assert_int_equal(csv_read(&reader, &error), CSV_RECORD);
            assert_int_equal(reader.field_count, 2);
            if (strchr(values[i], '\t') == NULL)
                assert_string_equal(csv_field(&reader, 0), values[i]);
        }
        assert_int_equal(csv_read(&reader, &error), CSV_END);
        csv_reader_release(&reader);
        (void)fclose(stream);
        string_builder_release(&text);
    }
}

static void a_form_has_its_own_ends(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 0);
    csv_write_field(&text, &csv_form_excel, "a;b", false);
    csv_write_field(&text, &csv_form_excel, "c", true);
    csv_write_field(&text, &csv_form_plain, "a", false);
    csv_write_field(&text, &csv_form_plain, "b", true);
    assert_string_equal(text.data, "\"a;b\";c\r\na,b\n");
    assert_string_equal(csv_form_excel.beginning, "\xEF\xBB\xBF");
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cell_begins_as_a_formula_does),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_form_has_its_own_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
