/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "yaml/yaml.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
    static struct arena arena;
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_release(*state);
    return 0;
}

static const struct yaml_node *parse(struct arena *arena, const char *source)
{
    struct error error = { 0 };
    const struct yaml_node *root = yaml_parse(arena, source, strlen(source), 1, &error);
    if (!root)
        fail_msg("%s", error.message);
    return root;
}

static void values_know_their_line_column_and_quotes(void **state)
{
    const struct yaml_node *root = parse(
        *state, "# top\ntitle: Ny  bro\nlead: \"to\\nlinjer\"\ntags: [a, b]\n");
    assert_int_equal(root->kind, YAML_MAPPING);
    assert_int_equal(root->count, 3);
    const struct yaml_node *title = yaml_get(root, "title");
    assert_string_equal(title->text, "Ny  bro");
    assert_int_equal(title->line, 2);
    assert_int_equal(title->column, 8);
    assert_false(title->quoted);
    const struct yaml_node *lead = yaml_get(root, "lead");
    assert_string_equal(lead->text, "to\nlinjer");
    assert_true(lead->quoted);
    const struct yaml_node *tags = yaml_get(root, "tags");
    assert_int_equal(tags->kind, YAML_SEQUENCE);
    assert_int_equal(tags->key_line, 4);
    assert_string_equal(tags->first->next->text, "b");
    assert_null(tags->first->next->next);
}

static void keys_without_value_are_absent(void **state)
{
    const struct yaml_node *root = parse(*state, "id:\na: ~\nb: null\nc: \"\"\nd: 'null'\n");
    assert_null(yaml_get(root, "id"));
    assert_null(yaml_get(root, "a"));
    assert_null(yaml_get(root, "b"));
    assert_non_null(yaml_get(root, "c"));
    assert_non_null(yaml_get(root, "d"));
    assert_null(yaml_get(NULL, "id"));
}

static void nothing_is_an_empty_mapping(void **state)
{
    static const char *const sources[] = { "", "\n\n", "# only this\n", "---\n", "---\n...\n" };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        const struct yaml_node *root = parse(*state, sources[i]);
        assert_int_equal(root->kind, YAML_MAPPING);
        assert_int_equal(root->count, 0);
    }
}

static void faults_are_named_with_their_line(void **state)
{
    static const struct {
        const char *source;
        const char *message;
    } cases[] = {
        { "a: b: c\n", "line 7: a colon where none can be; put a text that holds “: ” in quotes, "
                       "and begin each key under the one before" },
        { "a: 1\n\tb: 2\n", "line 8: a tab in the indentation; indent with spaces" },
        { "a: @b\n", "line 7: a character that cannot begin a value; indent with spaces, not tabs, "
                     "and put a text that begins with @, ` or % in quotes" },
        { "a: 1\nb: [c, d\n", "line 9: the list [ … ] is not closed" },
        { "a: \"b\nc: d\n", "line 9: a quotation mark is not closed" },
        { "a: 1\nb: 2\na: 3\n",
          "line 9: “a” stands here a second time (first on line 7); keep one" },
        { "a: &b c\n", "line 7: anchors (&name) are not used here; put a text that begins with & "
                       "in quotes" },
        { "a: *b\n", "line 7: aliases (*name) are not used here; put a text that begins with * in "
                     "quotes" },
        { "a: !!str b\n",
          "line 7: tags (!name) are not used here; put a text that begins with ! in quotes" },
        { "a: 1\n---\nb: 2\n", "line 8: a second document begins; only one can stand here" },
        { "? [a]\n: b\n", "line 7: a key must be a text" },
        { "a: \"x\\0y\"\n", "line 7: the character U+0000 cannot be shown; remove it" },
        { "a: \"x\\x1d\"\n", "line 7: the character U+001D cannot be shown; remove it" },
        { "a: 1\nb: x\x1d\n", "line 8: a control character; remove it" },
        { "a: 1\nb: \xe6\n", "line 8: not UTF-8; save the file as UTF-8" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = { 0 };
        assert_null(yaml_parse(*state, cases[i].source, strlen(cases[i].source), 7, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void size_depth_and_number_are_capped(void **state)
{
    struct error error = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    for (int i = 0; i < YAML_DEPTH_MAXIMUM + 1; i++)
        string_builder_append(&text, "[");
    assert_null(yaml_parse(*state, text.data, text.length, 1, &error));
    assert_string_equal(error.message, "line 1: too many levels inside each other");
    string_builder_clear(&text);
    string_builder_append(&text, "[");
    for (int i = 0; i < YAML_NODES_MAXIMUM + 1; i++)
        string_builder_append(&text, "a,");
    assert_null(yaml_parse(*state, text.data, text.length, 1, &error));
    assert_string_equal(error.message, "line 1: too many values; split the file");
    while (text.length <= YAML_SIZE_MAXIMUM)
        string_builder_append(&text, "# 0123456789012345678901234567890123456789\n");
    assert_null(yaml_parse(*state, text.data, text.length, 1, &error));
    assert_string_equal(error.message, "line 1: longer than 1048576 bytes; shorten it");
    string_builder_release(&text);
}

static void what_was_quoted_reads_back(void **state)
{
    static const char *const strings[] = {
        "",       "Region Nordhav", "\"a\\b\"", "#: {[&*!|>%@`",        "to\nlinjer\t\x01\x7f",
        "æøå €😀", "- a: b",         "null",     "\xc2\x85\xe2\x80\xa8",
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct string_builder text;
        struct error error = { 0 };
        string_builder_init(&text, 0);
        string_builder_append(&text, "key: ");
        yaml_append_quoted(&text, strings[i]);
        const struct yaml_node *root = yaml_parse(*state, text.data, text.length, 1, &error);
        if (i == 4) /* control characters come back and are then refused */
            assert_null(root);
        else
            assert_string_equal(yaml_get(root, "key")->text, strings[i]);
        string_builder_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_know_their_line_column_and_quotes, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_without_value_are_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_an_empty_mapping, setup, teardown),
        cmocka_unit_test_setup_teardown(faults_are_named_with_their_line, setup, teardown),
        cmocka_unit_test_setup_teardown(size_depth_and_number_are_capped, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_quoted_reads_back, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
