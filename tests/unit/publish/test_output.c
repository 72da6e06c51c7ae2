/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"

#include "publish/output.h"

#include "base/file.h"

#include <fcntl.h>

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

/* The folders of a release as the store was lost with: of them it knows nothing. */
static void orphan_make(struct test_site *test, const char *folder)
{
    struct error error = { 0 };
    const char *path = test_path(test, folder);
    assert_true(file_make_directories(AT_FDCWD, path, &error));
    assert_true(file_write_atomic(AT_FDCWD, file_join(&test->arena, path, "old.html"), "old", 3,
                                  0644, &error));
}

static void release_put(struct test_site *test, const char *folder)
{
    struct error error = { 0 };
    struct output *output = output_make(test);
    assert_true(output_begin_folder(output, folder, folder, &error));
    output_end(output);
    assert_true(output_flush(output, NULL, NULL, &error));
    output_close(output);
}

/* Whichever part of the path is the link, the last one too, behind which stands a slash. */
static void files_of_no_owner_are_removed_but_never_through_a_link(void **state)
{
    struct test_site *test = *state;
    orphan_make(test, "releases/2026/plain");
    orphan_make(test, "elsewhere");
    orphan_make(test, "years/below");
    assert_int_equal(symlink("../../elsewhere", test_path(test, "releases/2026/linked")), 0);
    assert_int_equal(symlink("../years", test_path(test, "releases/2025")), 0);

    release_put(test, "releases/2026/plain/");
    release_put(test, "releases/2026/linked/");
    release_put(test, "releases/2025/below/");
    assert_false(stands(test, "releases/2026/plain/old.html"));
    assert_true(stands(test, "elsewhere/old.html"));
    assert_true(stands(test, "years/below/old.html"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_flush_whose_rows_fail_is_done_by_the_next_run, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(files_of_no_owner_are_removed_but_never_through_a_link,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
