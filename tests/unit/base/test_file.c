/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char top[] = "/tmp/pressroom-file-XXXXXX";
static int directory = -1;

static int make_top(void **state)
{
    struct error error;
    (void)state;
    if (!mkdtemp(top))
        return -1;
    directory = file_open_directory(AT_FDCWD, top, &error);
    return directory < 0 ? -1 : 0;
}

static int remove_top(void **state)
{
    static const char *const files[] = { "a/b/file", "a/file", "a/link", "outside",
                                         "fifo",     "lock",   "a/self" };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)unlinkat(directory, files[i], 0);
    (void)unlinkat(directory, "a/b", AT_REMOVEDIR);
    (void)unlinkat(directory, "a", AT_REMOVEDIR);
    (void)close(directory);
    return rmdir(top);
}

static void files_are_replaced_whole(void **state)
{
    (void)state;
    struct error error = { 0 };
    struct string_builder text;
    struct stat status;
    string_builder_init(&text, 10);
    assert_true(file_make_directories(directory, "a/b", &error));
    assert_true(file_make_directories(directory, "a/b", &error));
    assert_true(file_write_atomic(directory, "a/b/file", "one", 3, 0600, &error));
    assert_true(file_write_atomic(directory, "a/b/file", "two!", 4, 0640, &error));
    assert_true(file_read(directory, "a/b/file", &text, &error));
    assert_string_equal(text.data, "two!");
    assert_int_equal(fstatat(directory, "a/b/file", &status, 0), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_true(file_write_atomic(directory, "a/b/file", "eleven byte", 11, 0600, &error));
    string_builder_clear(&text);
    assert_false(file_read(directory, "a/b/file", &text, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_false(file_read(directory, "none", &text, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    string_builder_release(&text);
}

static void hostile_paths_are_not_followed(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "link",       "../outside", "/etc/hostname", "self/outside", "b", "none", "b/../../outside",
        "b/",         "none/file",  "file/",         "file/.",       ".", "self", "",
        "self/a/file"
    };
    static const char *const good[] = { "file", "b/file", "./file", "b//file", ".//b/./file" };
    struct error error = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    (void)unlinkat(directory, "a/link", 0);
    (void)unlinkat(directory, "a/self", 0);
    (void)unlinkat(directory, "fifo", 0);
    assert_true(file_make_directories(directory, "a/b", &error));
    assert_true(file_write_atomic(directory, "outside", "secret", 6, 0600, &error));
    assert_true(file_write_atomic(directory, "a/file", "one", 3, 0600, &error));
    assert_true(file_write_atomic(directory, "a/b/file", "two", 3, 0600, &error));
    assert_int_equal(symlinkat("../outside", directory, "a/link"), 0);
    assert_int_equal(symlinkat("..", directory, "a/self"), 0);
    int inside = file_open_directory(directory, "a", &error);
    assert_true(inside >= 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        error.kind = ERROR_NONE;
        if (file_read_beneath(inside, paths[i], &text, &error))
            fail_msg("%s was read", paths[i]);
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_non_null(strstr(error.message, paths[i]));
    }
    assert_int_equal(text.length, 0);
    assert_int_equal(mkfifoat(directory, "fifo", 0600), 0);
    assert_false(file_read_beneath(directory, "fifo", &text, &error));
    assert_true(file_read_beneath(directory, "outside", &text, &error));
    assert_string_equal(text.data, "secret");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        string_builder_clear(&text);
        if (!file_read_beneath(inside, good[i], &text, &error))
            fail_msg("%s", error.message);
        assert_string_equal(text.data, strstr(good[i], "b/") ? "two" : "one");
    }
    (void)close(inside);
    string_builder_release(&text);
}

/* What a service manager's filter, or an older kernel, says to openat2; for good. */
static void refuse_openat2(int failure)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)failure),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = { .len = sizeof steps / sizeof *steps, .filter = steps };
    assert_return_code(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), errno);
    assert_return_code(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), errno);
    assert_int_equal(syscall(SYS_openat2, -1, "", NULL, 0), -1);
    assert_int_equal(errno, failure);
}

static void nor_where_the_kernel_does_not_look_itself(void **state)
{
    refuse_openat2(ENOSYS);
    hostile_paths_are_not_followed(state);
    refuse_openat2(EPERM); /* of two filters the one that was added last is heard */
    hostile_paths_are_not_followed(state);
}

static void second_holder_of_a_lock_is_told(void **state)
{
    (void)state;
    struct error error = { 0 };
    int first = file_lock(directory, "lock", false, &error);
    assert_true(first >= 0);
    assert_int_equal(file_lock(directory, "lock", false, &error), -1);
    assert_int_equal(error.kind, ERROR_TEMPORARY);
    (void)close(first);
    int second = file_lock(directory, "lock", false, &error);
    assert_true(second >= 0);
    (void)close(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_replaced_whole),
        cmocka_unit_test(hostile_paths_are_not_followed),
        cmocka_unit_test(second_holder_of_a_lock_is_told),
        cmocka_unit_test(nor_where_the_kernel_does_not_look_itself), /* last: it stays so */
    };
    return cmocka_run_group_tests(tests, make_top, remove_top);
}
