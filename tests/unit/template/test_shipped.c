/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "template/template.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* The templates of the templates/ folder, and the example contexts of its README: that they parse,
 * know their partials, and fit each other. */

static void read_file(const char *name, struct string_builder *text)
{
    char path[512];
    struct error error = { 0 };
    (void)snprintf(path, sizeof path, "%s/templates/%s", TEST_SOURCE_DIRECTORY, name);
    if (!file_read(AT_FDCWD, path, text, &error))
        fail_msg("%s", error.message);
}

static int load(void **state)
{
    static const char ending[] = ".mustache";
    struct template_set *set = template_set_new();
    struct error error = { 0 };
    DIR *directory = opendir(TEST_SOURCE_DIRECTORY "/templates");
    assert_non_null(directory);
    for (const struct dirent *entry;
         (entry = readdir(directory));) { /* NOLINT(concurrency-mt-unsafe) */
        char name[256];
        size_t length = strlen(entry->d_name);
        if (length <= strlen(ending) ||
            strcmp(entry->d_name + length - strlen(ending), ending) != 0)
            continue;
        (void)snprintf(name, sizeof name, "%.*s", (int)(length - strlen(ending)), entry->d_name);
        struct string_builder source;
        string_builder_init(&source, 0);
        read_file(entry->d_name, &source);
        if (!template_add(set, name, source.data, source.length, &error))
            fail_msg("%s", error.message);
        string_builder_release(&source);
    }
    (void)closedir(directory);
    *state = set;
    return 0;
}

static int unload(void **state)
{
    template_set_free(*state);
    return 0;
}

static void every_partial_is_there(void **state)
{
    const char *user = NULL;
    const char *missing = template_missing_partial(*state, &user);
    if (missing)
        fail_msg("%s wants %s", user, missing);
}

/* Renders NAME of a heading's first "NAME.mustache" with the context below it. */
static void render_example(const struct template_set *set, const char *heading, const char *json,
                           size_t length)
{
    char name[64];
    struct error error = { 0 };
    json_error_t problem;
    if (!heading) {
        fail_msg("an example without a heading");
        return;
    }
    const char *end = strstr(heading, ".mustache");
    const char *begin = heading + strspn(heading, "# ");
    assert_true(end && end > begin && (size_t)(end - begin) < sizeof name);
    (void)snprintf(name, sizeof name, "%.*s", (int)(end - begin), begin);
    json_t *context = json_loadb(json, length, 0, &problem);
    if (!context)
        fail_msg("README.md, %s: line %d: %s", name, problem.line, problem.text);
    struct string_builder page;
    string_builder_init(&page, 0);
    if (!template_render(set, name, context, TEMPLATE_HTML, &page, &error))
        fail_msg("%s", error.message);
    assert_memory_equal(page.data, "<!DOCTYPE html>\n", strlen("<!DOCTYPE html>\n"));
    assert_string_equal(page.data + page.length - strlen("</html>\n"), "</html>\n");
    assert_non_null(strstr(page.data, json_string_value(json_object_get(context, "title"))));
    assert_null(strstr(page.data, "{{"));
    string_builder_release(&page);
    json_decref(context);
}

static void examples_of_the_readme_render(void **state)
{
    struct string_builder readme;
    int count = 0;
    const char *heading = NULL;
    string_builder_init(&readme, 0);
    read_file("README.md", &readme);
    for (const char *line = readme.data; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (*line == '#')
            heading = line;
        if (strncmp(line, "```json\n", 8) != 0)
            continue;
        const char *end = strstr(line, "\n```\n");
        assert_non_null(end);
        render_example(*state, heading, line + 8, (size_t)(end - line - 8));
        count++;
        line = end + 1;
    }
    assert_true(count >= 6);
    string_builder_release(&readme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_partial_is_there),
        cmocka_unit_test(examples_of_the_readme_render),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
