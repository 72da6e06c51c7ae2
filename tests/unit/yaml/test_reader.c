/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "yaml/yaml.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct error_list problems;

static const struct yaml_node *parse(const char *source)
{
    struct error error = { 0 };
    error_list_init(&problems, &arena, "test.yaml");
    const struct yaml_node *root = yaml_parse(&arena, source, strlen(source), 1, &error);
    if (!root)
        fail_msg("%s", error.message);
    return root;
}

static void expect(int line, const char *message)
{
    if (!problems.first) {
        fail_msg("no problem instead of «%s»", message);
        return;
    }
    assert_string_equal(problems.first->error.message, message);
    assert_int_equal(problems.first->error.line, line);
    problems.first = problems.first->next;
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void unknown_keys_name_the_nearest(void **state)
{
    (void)state;
    static const char *const known[] = { "title", "embargo", "language", NULL };
    const struct yaml_node *root = parse(
        "title: a\nembago: b\nx-own: c\nLanguage: d\nweather: e\n");
    yaml_check_keys(&problems, root, known, "x-");
    assert_int_equal(problems.count, 3);
    expect(2, "unknown key “embago”; did you mean “embargo”?");
    expect(4, "unknown key “Language”; did you mean “language”?");
    expect(5, "unknown key “weather”; remove it, or write one of title, embargo, language");
}

static void right_values_are_read(void **state)
{
    (void)state;
    static const char *const statuses[] = { "draft", "ready", NULL };
    const struct yaml_node *root = parse(
        "text: '  Ny bro '\nnumber: -12\ndelay: 5m\nstatus: Ready\n"
        "one: sundhed\nmany: [a, ' b ']\nnone: []\nwords: {da: Hej, en: Hello}\nplain: Hej\n"
        "people: [{name: A}, {name: B}]\nperson: {name: C}\n");
    const char *text = NULL;
    int64_t number = 0;
    int64_t delay_ms = 0;
    int status = -1;
    const struct yaml_node *list = NULL;
    const struct localized_text *words = NULL;
    assert_true(yaml_read_line(&problems, root, "text", &text));
    assert_string_equal(text, "Ny bro");
    assert_true(yaml_read_integer(&problems, root, "number", -20, 20, &number));
    assert_int_equal(number, -12);
    assert_true(yaml_read_duration(&problems, root, "delay", &delay_ms));
    assert_int_equal(delay_ms, 300000);
    assert_true(yaml_read_choice(&problems, root, "status", statuses, &status));
    assert_int_equal(status, 1);
    assert_true(yaml_read_list(&problems, root, "one", &list));
    assert_string_equal(list->text, "sundhed");
    assert_null(list->next);
    assert_true(yaml_read_list(&problems, root, "many", &list));
    assert_string_equal(list->next->text, "b");
    assert_true(yaml_read_list(&problems, root, "none", &list));
    assert_null(list);
    assert_true(yaml_read_localized(&problems, root, "words", "da", &words));
    assert_string_equal(localized_get(words, "en"), "Hello");
    assert_true(yaml_read_localized(&problems, root, "plain", "da", &words));
    assert_string_equal(words->language, "da");
    assert_true(yaml_read_mappings(&problems, root, "people", &list));
    assert_true(yaml_read_line(&problems, list->next, "name", &text));
    assert_string_equal(text, "B");
    assert_true(yaml_read_mappings(&problems, root, "person", &list));
    assert_null(list->next);
    assert_false(yaml_read_line(&problems, root, "absent", &text));
    assert_int_equal(problems.count, 0);
}

static void wrong_values_are_all_collected(void **state)
{
    (void)state;
    static const char *const statuses[] = { "draft", "ready", "withdrawn", NULL };
    const struct yaml_node *root = parse(
        "text: [a]\nline: \"a\\nb\"\nempty: ''\nflag: maybe\nnumber: 12x\nlarge: 99\n"
        "delay: 5 minutes\nstatus: redy\nother: published\nlist: {a: b}\nitems: [[a], b, '']\n"
        "words: [a]\ntongues: {danish language: Hej}\npeople: Ane\nfolk: [Ane]\n");
    const char *text = "untouched";
    int64_t number = 1;
    int status = -1;
    const struct yaml_node *list = NULL;
    const struct localized_text *words = NULL;
    assert_false(yaml_read_text(&problems, root, "text", &text));
    assert_false(yaml_read_line(&problems, root, "line", &text));
    assert_false(yaml_read_line(&problems, root, "empty", &text));
    assert_string_equal(text, "untouched");
    assert_false(yaml_read_integer(&problems, root, "number", 0, 50, &number));
    assert_false(yaml_read_integer(&problems, root, "large", 0, 50, &number));
    assert_int_equal(number, 1);
    assert_false(yaml_read_duration(&problems, root, "delay", &number));
    assert_false(yaml_read_choice(&problems, root, "status", statuses, &status));
    assert_false(yaml_read_choice(&problems, root, "other", statuses, &status));
    assert_false(yaml_read_list(&problems, root, "list", &list));
    assert_true(yaml_read_list(&problems, root, "items", &list));
    assert_string_equal(list->text, "b");
    assert_false(yaml_read_localized(&problems, root, "words", "da", &words));
    assert_false(yaml_read_localized(&problems, root, "tongues", "da", &words));
    assert_false(yaml_read_mappings(&problems, root, "people", &list));
    assert_true(yaml_read_mappings(&problems, root, "folk", &list));
    assert_null(list);
    yaml_problem(&problems, root, "delay", "“delay” is too long; at most %d days", 3);
    expect(1, "“text” must be a text, not a list");
    expect(2, "“line” must be one line; remove the line break");
    expect(3, "“empty” is empty; write a text or remove the key");
    expect(5, "“number” is “12x”; write a whole number from 0 to 50");
    expect(6, "“large” is “99”; write a whole number from 0 to 50");
    expect(7, "“delay” is “5 minutes”; write a duration like 90s, 5m, 48h or 7d");
    expect(8, "“status” is “redy”; did you mean “ready”? (draft, ready or withdrawn)");
    expect(9, "“other” is “published”; write draft, ready or withdrawn");
    expect(10, "“list” must be a list, not a mapping; write [a, b]");
    expect(11, "an item of “items” must be a text, not a list");
    expect(11, "an item of “items” must be one line of text");
    expect(12, "“words” must be a text or {da: …, en: …}, not a list");
    expect(13, "“danish language” in “tongues” is no language code; write one like da or en");
    expect(14, "“people” must be a list of mappings; write [{…: …}]");
    expect(15, "an item of “folk” must be a mapping, not a text");
    expect(7, "“delay” is too long; at most 3 days");
}

static void root_must_be_a_mapping(void **state)
{
    (void)state;
    assert_false(yaml_check_mapping(&problems, parse("just text\n")));
    expect(1, "a text stands here; write keys and values (“key: value”)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(unknown_keys_name_the_nearest, release),
        cmocka_unit_test_teardown(right_values_are_read, release),
        cmocka_unit_test_teardown(wrong_values_are_all_collected, release),
        cmocka_unit_test_teardown(root_must_be_a_mapping, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
