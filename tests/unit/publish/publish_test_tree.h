/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PUBLISH_PUBLISH_TEST_TREE_H
#define TESTS_UNIT_PUBLISH_PUBLISH_TEST_TREE_H

#include "publish_test_site.h"

#include <sys/wait.h>

/* ---- a tree as one string: path, time, inode, bytes ---- */

static struct string_builder *tree;
static bool tree_with_times;
static size_t tree_root;

static inline int tree_add(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)walk;
    if (kind != FTW_F)
        return 0;
    struct arena arena = { 0 };
    size_t length = 0;
    const char *bytes = test_read(&arena, path, &length);
    string_builder_append_format(tree, "%s ", path + tree_root);
    if (tree_with_times)
        string_builder_append_format(tree, "%lld.%ld %llu ", (long long)status->st_mtim.tv_sec,
                                     status->st_mtim.tv_nsec, (unsigned long long)status->st_ino);
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    hash_bytes(bytes, length, &hash);
    hash_to_hex(&hash, hex);
    string_builder_append_format(tree, "%s\n", hex);
    arena_release(&arena);
    return 0;
}

static inline int line_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline const char *tree_of(struct test_site *test, bool with_times)
{
    struct string_builder text;
    char *lines[1000];
    size_t count = 0;
    string_builder_init(&text, 0);
    tree = &text;
    tree_with_times = with_times;
    const char *root = test_path(test, "");
    tree_root = strlen(root);
    (void)nftw(root, tree_add, 16, FTW_PHYS); /* NOLINT(concurrency-mt-unsafe) */
    char *rest = NULL;
    for (char *line = strtok_r(text.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        lines[count++] = line;
    qsort(lines, count, sizeof *lines, line_compare);
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = arena_format(&test->arena, "%s%s\n", all, lines[i]);
    string_builder_release(&text);
    return all;
}

static int words_found;
static const char *words_sought;

static inline int words_look(const char *path, const struct stat *status, int kind,
                             struct FTW *walk)
{
    (void)status;
    (void)walk;
    if (strstr(path, words_sought))
        words_found++;
    if (kind != FTW_F)
        return 0;
    struct arena arena = { 0 };
    size_t length = 0;
    const char *bytes = test_read(&arena, path, &length);
    if (memmem(bytes, length, words_sought, strlen(words_sought)))
        words_found++;
    arena_release(&arena);
    return 0;
}

/* In how many names and files below public/ words stand. */
static inline int words_count(struct test_site *test, const char *words)
{
    words_found = 0;
    words_sought = words;
    (void)nftw(test_path(test, ""), words_look, 16, FTW_PHYS); /* NOLINT(concurrency-mt-unsafe) */
    return words_found;
}

#ifdef PRESSROOM_TEST_HOOKS
/* ---- runs that end early ---- */

/* Begins to publish in a process that dies, or stops, at the count-th pass of a point. */
static inline pid_t publish_begin(struct test_site *test, const char *point, int count, bool stops)
{
    pid_t child = fork();
    if (child == 0) {
        struct error error = { 0 };
        struct publish_counts counts;
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)setenv("PRESSROOM_FAULT", arena_format(&test->arena, "%s:%d", point, count), 1);
        if (stops)
            (void)setenv("PRESSROOM_FAULT_STOPS", "1", 1); /* NOLINT(concurrency-mt-unsafe) */
        test_site_connect(test);
        bool done = publish_run(test->database, &test->settings, &test->clock, &counts, NULL,
                                &error);
        _exit(done ? 0 : 1);
    }
    return child;
}

/* Publishes in a process that dies at that pass; true while it does. The store is closed. */
static inline bool publish_killed(struct test_site *test, const char *point, int count)
{
    pid_t child = publish_begin(test, point, count, false);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

#endif

#endif
