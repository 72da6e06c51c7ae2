/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "publish/staging.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A scratch folder with state/ and public/. */
struct scene {
    char root[64];
    int directory;
    int public_directory;
    struct arena arena;
};

static int scene_set(void **state)
{
    static struct scene scene;
    struct error error = { 0 };
    scene = (struct scene){ .root = "/tmp/pressroom-staging-XXXXXX" };
    assert_non_null(mkdtemp(scene.root));
    scene.directory = file_open_directory(AT_FDCWD, scene.root, &error);
    assert_true(file_make_directories(scene.directory, "state", &error));
    assert_true(file_make_directories(scene.directory, "public/taken", &error));
    scene.public_directory = file_open_directory(scene.directory, "public", &error);
    *state = &scene;
    return 0;
}

static int scene_clear(void **state)
{
    struct scene *scene = *state;
    static const char *const files[] = { "public/taken/theirs", "public/taken/page",
                                         "public/taken/page.gz", "public/new/page",
                                         "public/new/page.gz" };
    static const char *const folders[] = { "public/taken", "public/new", "public", "state/publish",
                                           "state" };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        (void)unlinkat(scene->directory, files[i], 0);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        (void)unlinkat(scene->directory, folders[i], AT_REMOVEDIR);
    (void)close(scene->public_directory);
    (void)close(scene->directory);
    arena_release(&scene->arena);
    return rmdir(scene->root);
}

static bool stands(const struct scene *scene, const char *path)
{
    return faccessat(scene->directory, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static struct staging *staging_make(struct scene *scene)
{
    struct error error = { 0 };
    const char *state_path = arena_format(&scene->arena, "%s/state", scene->root);
    struct staging *staging = staging_open(scene->public_directory, state_path, &error);
    assert_non_null(staging);
    return staging;
}

static const char *page_write(struct scene *scene, struct staging *staging)
{
    struct error error = { 0 };
    const char *folder = staging_name(staging, &scene->arena);
    staging_write_text(staging, arena_format(&scene->arena, "%s/page", folder), "text", 4);
    assert_true(staging_sync(staging, &error));
    assert_true(stands(scene, arena_format(&scene->arena, "state/publish/%s/page.gz", folder)));
    return folder;
}

/* Holds I8. */
static void a_folder_appears_with_all_its_files(void **state)
{
    struct scene *scene = *state;
    struct error error = { 0 };
    bool is_taken = true;
    struct staging *staging = staging_make(scene);
    const char *folder = page_write(scene, staging);
    assert_true(
        staging_place_folder(staging, folder, scene->public_directory, "new", &is_taken, &error));
    assert_false(is_taken);
    assert_true(stands(scene, "public/new/page"));
    assert_true(stands(scene, "public/new/page.gz"));
    assert_false(stands(scene, arena_format(&scene->arena, "state/publish/%s", folder)));
    staging_close(staging);
}

static void beside_what_stands_there_files_are_placed_one_by_one(void **state)
{
    struct scene *scene = *state;
    struct error error = { 0 };
    bool is_taken = false;
    struct staging *staging = staging_make(scene);
    const char *folder = page_write(scene, staging);
    int theirs = openat(scene->directory, "public/taken/theirs", O_WRONLY | O_CREAT, 0600);
    (void)close(theirs);
    assert_true(
        staging_place_folder(staging, folder, scene->public_directory, "taken", &is_taken, &error));
    assert_true(is_taken);
    assert_true(staging_place(staging, arena_format(&scene->arena, "%s/page", folder), true,
                              scene->public_directory, "taken/page", &error));
    assert_true(stands(scene, "public/taken/page.gz"));
    assert_true(stands(scene, "public/taken/theirs"));
    assert_false(stands(scene, arena_format(&scene->arena, "state/publish/%s", folder)));
    staging_close(staging);
}

static void what_is_dropped_or_left_behind_goes(void **state)
{
    struct scene *scene = *state;
    struct staging *staging = staging_make(scene);
    const char *folder = page_write(scene, staging);
    staging_drop(staging, arena_format(&scene->arena, "%s/page", folder), true);
    assert_false(stands(scene, arena_format(&scene->arena, "state/publish/%s", folder)));
    folder = page_write(scene, staging);
    staging_close(staging); /* as if killed: the folder stays */
    assert_true(stands(scene, arena_format(&scene->arena, "state/publish/%s", folder)));
    staging_close(staging_make(scene));
    assert_false(stands(scene, arena_format(&scene->arena, "state/publish/%s", folder)));
}

/* Holds I8. The disk takes a part of it: here a limit of the process does. */
static void what_is_written_in_part_is_reported_and_waits_for_no_rename(void **state)
{
    enum { LENGTH = 65536, LIMIT = 4096 };

    static const char text[LENGTH];
    struct scene *scene = *state;
    struct error error = { 0 };
    struct rlimit before;
    struct rlimit limit;
    struct staging *staging = staging_make(scene);
    const char *folder = staging_name(staging, &scene->arena);
    const char *name = arena_format(&scene->arena, "%s/page", folder);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = LIMIT;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    staging_write_text(staging, name, text, sizeof text);
    bool done = staging_sync(staging, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_DFL);
    assert_false(done);
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_false(stands(scene, arena_format(&scene->arena, "state/publish/%s", name)));
    /* Nor is anything flushed that is queued behind it. */
    staging_write_text(staging, arena_format(&scene->arena, "%s/other", folder), "text", 4);
    assert_false(staging_sync(staging, &error));
    staging_drop(staging, name, true);
    staging_close(staging);
}

/* Holds I8. A server that prefers the .gz would give the old text where the new one stands. */
static void a_text_is_placed_behind_its_gzip(void **state)
{
    struct scene *scene = *state;
    struct error error = { 0 };
    struct staging *staging = staging_make(scene);
    const char *name = arena_format(&scene->arena, "%s/page", page_write(scene, staging));
    assert_int_equal(mkdirat(scene->public_directory, "taken/page.gz", 0755), 0); /* in its way */
    assert_false(staging_place(staging, name, true, scene->public_directory, "taken/page", &error));
    assert_non_null(strstr(error.message, "public/taken/page.gz"));
    assert_false(stands(scene, "public/taken/page"));
    assert_int_equal(unlinkat(scene->public_directory, "taken/page.gz", AT_REMOVEDIR), 0);
    assert_true(staging_place(staging, name, true, scene->public_directory, "taken/page", &error));
    assert_true(stands(scene, "public/taken/page"));
    staging_close(staging);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_appears_with_all_its_files, scene_set,
                                        scene_clear),
        cmocka_unit_test_setup_teardown(beside_what_stands_there_files_are_placed_one_by_one,
                                        scene_set, scene_clear),
        cmocka_unit_test_setup_teardown(what_is_dropped_or_left_behind_goes, scene_set,
                                        scene_clear),
        cmocka_unit_test_setup_teardown(what_is_written_in_part_is_reported_and_waits_for_no_rename,
                                        scene_set, scene_clear),
        cmocka_unit_test_setup_teardown(a_text_is_placed_behind_its_gzip, scene_set, scene_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
