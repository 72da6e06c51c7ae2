/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "template/template.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void add(struct template_set *set, const char *name, const char *source)
{
    struct error error = { 0 };
    if (!template_add(set, name, source, strlen(source), &error))
        fail_msg("%s", error.message);
}

static void run_case(const char *file, const json_t *test)
{
    const char *partial;
    json_t *source;
    struct string_builder text;
    struct error error = { 0 };
    struct template_set *set = template_set_new();
    string_builder_init(&text, 0);
    add(set, "main", json_string_value(json_object_get(test, "template")));
    json_object_foreach(json_object_get(test, "partials"), partial, source)
        add(set, partial, json_string_value(source));
    const char *expected = json_string_value(json_object_get(test, "expected"));
    bool rendered = template_render(set, "main", json_object_get(test, "data"), TEMPLATE_HTML,
                                    &text, &error);
    if (!rendered || strcmp(text.data, expected) != 0)
        fail_msg("%s: %s: «%s» instead of «%s» %s", file,
                 json_string_value(json_object_get(test, "name")), text.data, expected,
                 error.message);
    string_builder_release(&text);
    template_set_free(set);
}

static void run_file(const char *name, size_t at_least)
{
    char path[512];
    json_error_t problem;
    (void)snprintf(path, sizeof path, "%s/mustache/%s.json", TEST_DATA_DIRECTORY, name);
    json_t *file = json_load_file(path, JSON_DECODE_ANY, &problem);
    if (!file)
        fail_msg("%s: line %d: %s", path, problem.line, problem.text);
    const json_t *tests = json_object_get(file, "tests");
    assert_true(json_array_size(tests) >= at_least);
    for (size_t i = 0; i < json_array_size(tests); i++)
        run_case(name, json_array_get(tests, i));
    json_decref(file);
}

static void comments_are_as_specified(void **state)
{
    (void)state;
    run_file("comments", 15);
}

static void interpolation_is_as_specified(void **state)
{
    (void)state;
    run_file("interpolation", 40);
}

static void sections_are_as_specified(void **state)
{
    (void)state;
    run_file("sections", 35);
}

static void inverted_sections_are_as_specified(void **state)
{
    (void)state;
    run_file("inverted", 20);
}

static void partials_are_as_specified(void **state)
{
    (void)state;
    run_file("partials", 18);
}

static void delimiters_are_as_specified(void **state)
{
    (void)state;
    run_file("delimiters", 18);
}

static void syntax_errors_name_the_line(void **state)
{
    (void)state;

    static const struct {
        const char *source;
        const char *message;
    } cases[] = {
        { "a\n{{b", "t: line 2: a tag is not closed; “}}” must follow it" },
        { "{{{b}}", "t: line 1: a tag is not closed; “}}}” must follow it" },
        { "a\n\n{{#b}}\n", "t: line 3: the section is not closed; write {{/b}} where it ends" },
        { "{{#a}}\n{{/b}}", "t: line 2: {{/b}} where the section “a” is open; close that first" },
        { "\n{{/b}}", "t: line 2: {{/b}} closes a section that is not open" },
        { "{{}}", "t: line 1: a tag without a name" },
        { "{{a\n}} {{b c}}",
          "t: line 2: white space inside a tag's name; close the tag with “}}”" },
        { "{{=x=}}", "t: line 1: no two delimiters between the equals signs; write {{=<% %>=}}" },
    };
    struct template_set *set = template_set_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = { 0 };
        assert_false(template_add(set, "t", cases[i].source, strlen(cases[i].source), &error));
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.kind, ERROR_USAGE);
    }
    struct error error = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    assert_false(template_render(set, "t", NULL, TEMPLATE_HTML, &text, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    string_builder_release(&text);
    template_set_free(set);
}

static void plain_text_is_not_escaped(void **state)
{
    (void)state;
    struct string_builder text;
    struct error error = { 0 };
    struct template_set *set = template_set_new();
    json_t *context = json_pack("{s:s}", "a", "<&>");
    string_builder_init(&text, 0);
    add(set, "t", "{{a}}");
    assert_true(template_render(set, "t", context, TEMPLATE_PLAIN, &text, &error));
    assert_string_equal(text.data, "<&>");
    json_decref(context);
    string_builder_release(&text);
    template_set_free(set);
}

static void endless_partials_and_output_are_stopped(void **state)
{
    (void)state;
    struct string_builder text;
    struct error error = { 0 };
    struct template_set *set = template_set_new();
    json_t *context = json_pack("{s:[i,i,i,i]}", "l", 1, 2, 3, 4);
    add(set, "endless", "x{{>endless}}");
    add(set, "wide", "{{#l}}{{>wide}}{{/l}}");
    add(set, "silent", "{{>silent}}{{>silent}}");
    add(set, "long", "{{#l}}0123456789{{/l}}");
    string_builder_init(&text, 20);
    assert_false(template_render(set, "long", context, TEMPLATE_HTML, &text, &error));
    string_builder_release(&text);
    string_builder_init(&text, 0);
    assert_false(template_render(set, "endless", context, TEMPLATE_HTML, &text, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_false(template_render(set, "wide", context, TEMPLATE_HTML, &text, &error));
    assert_false(template_render(set, "silent", context, TEMPLATE_HTML, &text, &error));
    assert_false(template_render(set, "none", context, TEMPLATE_HTML, &text, &error));
    assert_string_equal(error.message, "none: no such template");
    string_builder_release(&text);
    json_decref(context);
    template_set_free(set);
}

static void later_template_takes_the_place_of_the_earlier(void **state)
{
    (void)state;
    const char *user = NULL;
    struct string_builder text;
    struct error error = { 0 };
    struct template_set *set = template_set_new();
    json_t *context = json_object();
    string_builder_init(&text, 0);
    add(set, "page", "{{>head}}");
    assert_string_equal(template_missing_partial(set, &user), "head");
    assert_string_equal(user, "page");
    add(set, "head", "old");
    add(set, "head", "new");
    assert_null(template_missing_partial(set, &user));
    assert_true(template_render(set, "page", context, TEMPLATE_HTML, &text, &error));
    assert_string_equal(text.data, "new");
    string_builder_release(&text);
    json_decref(context);
    template_set_free(set);
}

/* What was put off is parsed when it is needed, as a partial too, and told of then. */
static void templates_may_be_parsed_later(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        const char *source;
    } sources[] = { { "outer", "<{{> inner}}>" }, { "inner", "{{name}}" }, { "bad", "{{#a}}" } };
    struct error error;
    struct string_builder text;
    struct template_set *set = template_set_new();
    const char *user = NULL;
    json_t *context = json_pack("{s:s}", "name", "Nordhav");
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        assert_true(template_add_later(set, sources[i].name, sources[i].source,
                                       strlen(sources[i].source), &error));
    assert_null(template_missing_partial(set, &user));
    string_builder_init(&text, 0);
    for (int i = 0; i < 2; i++)
        assert_true(template_render(set, "outer", context, TEMPLATE_HTML, &text, &error));
    assert_string_equal(text.data, "<Nordhav><Nordhav>");
    assert_false(template_render(set, "bad", context, TEMPLATE_HTML, &text, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "bad: line 1"));
    assert_true(template_add(set, "bad", "good", 4, &error));
    string_builder_clear(&text);
    assert_true(template_render(set, "bad", context, TEMPLATE_HTML, &text, &error));
    assert_string_equal(text.data, "good");
    string_builder_release(&text);
    json_decref(context);
    template_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_may_be_parsed_later),
        cmocka_unit_test(comments_are_as_specified),
        cmocka_unit_test(interpolation_is_as_specified),
        cmocka_unit_test(sections_are_as_specified),
        cmocka_unit_test(inverted_sections_are_as_specified),
        cmocka_unit_test(partials_are_as_specified),
        cmocka_unit_test(delimiters_are_as_specified),
        cmocka_unit_test(syntax_errors_name_the_line),
        cmocka_unit_test(plain_text_is_not_escaped),
        cmocka_unit_test(endless_partials_and_output_are_stopped),
        cmocka_unit_test(later_template_takes_the_place_of_the_earlier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
