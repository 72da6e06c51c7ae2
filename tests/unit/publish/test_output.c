/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"

#include "publish/output.h"

static int setup(void **state)
{
    static struct test_site test;
    test_site_open(&test);
    *state = &test;
    return 0;
}

static int teardown(void **state)
{
    test_site_close(*state);
    return 0;
}

static struct output *output_make(struct test_site *test)
{
    struct error error = { 0 };
    struct output *output = output_open(test->database, test->settings.public_path,
                                        test->settings.state_path, &error);
    assert_non_null(output);
    return output;
}

static void text_put(struct output *output, const char *owner, const char *path, const char *text)
{
    struct error error = { 0 };
    assert_true(output_begin(output, owner, &error));
    assert_true(output_put_text(output, path, OUTPUT_LIST, text, strlen(text), &error));
    output_end(output);
}

static bool stands(struct test_site *test, const char *path)
{
    return access(test_path(test, path), F_OK) == 0;
}

/* As lists are, whose rows were undone and stored again: only what the last run made may be placed.
 */
static void what_is_handed_in_anew_takes_the_place_of_what_was_dropped(void **state)
{
    struct test_site *test = *state;
    struct error error = { 0 };
    struct output *output = output_make(test);
    text_put(output, "page", "page.html", "page");
    size_t pages = output_position(output);
    output_drop_after(output, pages); /* nothing was handed in after it */
    text_put(output, "first", "first.html", "of the first run alone");
    text_put(output, "list", "list.html", "first run");
    output_drop_after(output, pages);
    text_put(output, "list", "list.html", "second run");
    assert_true(output_flush(output, NULL, NULL, &error));
    assert_int_equal(output_files_written(output), 2);
    output_close(output);
    assert_true(stands(test, "page.html") && stands(test, "page.html.gz"));
    assert_false(stands(test, "first.html"));
    size_t length = 0;
    const char *list = test_read(&test->arena, test_path(test, "list.html"), &length);
    assert_int_equal(length, strlen("second run"));
    assert_memory_equal(list, "second run", length);
}

struct commit {
    int runs;
    bool is_done;
};

static bool commit_run(void *payload, struct error *error)
{
    struct commit *commit = payload;
    commit->runs++;
    return commit->is_done || error_set(error, ERROR_SYSTEM, "no rows");
}

/* Its files and its journal stay: the next run takes them for unknown, and ends as if nothing had
 * been. */
static void a_flush_whose_rows_fail_is_done_by_the_next_run(void **state)
{
    struct test_site *test = *state;
    struct error error = { 0 };
    struct commit commit = { .is_done = false };
    struct output *output = output_make(test);
    text_put(output, "page", "page.html", "page");
    assert_false(output_flush(output, commit_run, &commit, &error));
    assert_int_equal(commit.runs, 1); /* a failure is not run again */
    output_close(output);
    assert_true(stands(test, "page.html"));

    output = output_make(test);
    assert_true(output_begin(output, "page", &error));
    struct hash hash;
    hash_bytes("page", strlen("page"), &hash);
    assert_false(output_has(output, "page.html", &hash)); /* which bytes it has nobody knows */
    output_cancel(output);
    text_put(output, "page", "page.html", "page");
    commit.is_done = true;
    assert_true(output_flush(output, commit_run, &commit, &error));
    assert_int_equal(output_files_written(output), 1);
    assert_true(output_begin(output, "page", &error));
    assert_true(output_has(output, "page.html", &hash));
    output_cancel(output);
    output_close(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_handed_in_anew_takes_the_place_of_what_was_dropped,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_flush_whose_rows_fail_is_done_by_the_next_run, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
