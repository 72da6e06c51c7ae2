/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* SPDX-License-Identifier: MIT */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#include "publish_test_site.h"
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#include <dirent.h>
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#include <sys/wait.h>
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int setup(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    static struct test_site test;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_site_open(&test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    *state = &test;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int teardown(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_site_close(*state);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* ---- a tree as one string: path, time, inode, bytes ---- */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static struct text *tree;
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static bool tree_with_times;
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static size_t tree_root;
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int tree_add(const char *path, const struct stat *status, int kind, struct FTW *walk)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)walk;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (kind != FTW_F)
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        return 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct arena arena = { 0 };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    size_t length = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *bytes = test_read(&arena, path, &length);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    text_append_format(tree, "%s ", path + tree_root);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (tree_with_times)
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        text_append_format(tree, "%lld.%ld %llu ", (long long)status->st_mtim.tv_sec,
                           /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                           status->st_mtim.tv_nsec, (unsigned long long)status->st_ino);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct hash hash;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    char hex[HASH_HEX_SIZE];
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    hash_bytes(bytes, length, &hash);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    hash_to_hex(&hash, hex);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    text_append_format(tree, "%s\n", hex);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    arena_release(&arena);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int line_compare(const void *a, const void *b)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return strcmp(*(char *const *)a, *(char *const *)b);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static const char *tree_of(struct test_site *test, bool with_times)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct text text;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    char *lines[1000];
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    size_t count = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    text_init(&text, 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    tree = &text;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    tree_with_times = with_times;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *root = test_path(test, "");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    tree_root = strlen(root);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(root, tree_add, 16, FTW_PHYS); /* NOLINT(concurrency-mt-unsafe) */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    char *rest = NULL;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (char *line = strtok_r(text.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        lines[count++] = line;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    qsort(lines, count, sizeof *lines, line_compare);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *all = "";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (size_t i = 0; i < count; i++)
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        all = arena_format(&test->arena, "%s%s\n", all, lines[i]);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    text_release(&text);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return all;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int words_found;
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static const char *words_sought;
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int words_look(const char *path, const struct stat *status, int kind, struct FTW *walk)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)status;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)walk;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (strstr(path, words_sought))
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        words_found++;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (kind != FTW_F)
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        return 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct arena arena = { 0 };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    size_t length = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *bytes = test_read(&arena, path, &length);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (memmem(bytes, length, words_sought, strlen(words_sought)))
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        words_found++;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    arena_release(&arena);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* In how many names and files below public/ words stand. */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int words_count(struct test_site *test, const char *words)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    words_found = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    words_sought = words;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(test_path(test, ""), words_look, 16, FTW_PHYS); /* NOLINT(concurrency-mt-unsafe) */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return words_found;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* ---- stories ---- */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void a_release_becomes_public(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_insert(test, test_release(test, "r1", "da", "Første nyhed & <mere>"),
                                 /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                 TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct publish_counts counts = test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.published, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.failed, 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *folder = "releases/2026/foerste-nyhed-mere/";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, arena_format(&test->arena, "%sindex.html", folder),
                          /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                          "<h1>Første nyhed &amp; &lt;mere&gt;</h1>"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_stands(test, arena_format(&test->arena, "%sindex.html.gz", folder)));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        test_says(test, arena_format(&test->arena, "%srelease.json", folder), "\"id\": \"r1\""));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    static const char *const lists[] = { "index.html",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "releases/2026/index.html",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "releases/2026/06/index.html",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "topics/sundhed/index.html",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "types/press-release/index.html",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "sitemap-2026-1.xml",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "feeds/all.atom",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "feeds/all.rss",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "feeds/all.json" };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        if (!test_says(test, lists[i], "foerste-nyhed-mere"))
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            fail_msg("%s does not link to the release", lists[i]);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const struct release_row *row = test_find(test, number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->public_at, TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->updated_at, TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->public_revision, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->year, 2026);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_string_equal(row->slug, "foerste-nyhed-mere");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void a_second_run_touches_nothing(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *before = tree_of(test, true);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->clock = clock_fixed(TEST_NOW + DURATION_DAY);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct publish_counts counts = test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.files_written, 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_string_equal(before, tree_of(test, true));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    /* A new program writes all anew, which comes to the same bytes. */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->settings.program = "pressroom later";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    counts = test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.files_written, 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_string_equal(before, tree_of(test, true));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void nothing_is_there_before_its_time(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release *later = test_release(test, "hemmelig", "da", "Hemmelighed");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    later->has_topics = true;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row row = test_row(test, later, TEST_NOW + DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row.topics = "skjult";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert_row(test, &row, later);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(words_count(test, "emmelig"), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(words_count(test, "skjult"), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(test_publish(test).published, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_stands(test, "releases/2026/hemmelighed/index.html"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "topics/skjult/index.html", "Hemmelighed"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void a_slug_that_is_taken_gets_a_number(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW - 2);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r2", "da", "Nyhed!"), TEST_NOW - 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r3", "da", "nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    /* Two digits are the address of a month. */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r4", "da", "06"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "releases/2026/nyhed/release.json", "\"r1\""));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "releases/2026/nyhed-2/release.json", "\"r2\""));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "releases/2026/nyhed-3/release.json", "\"r3\""));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "releases/2026/06-2/release.json", "\"r4\""));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "releases/2026/06/index.html", "nyhed-3"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void an_edit_changes_page_and_feed_and_moves_updated(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release *edited = test_release(test, "r1", "da", "Nyhed med ny titel");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    edited->correction = "Tallet var forkert.";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row *row = test_find(test, number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->title = edited->title;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->correction = edited->correction;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, edited);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct publish_counts counts = test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.updated, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.published, 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    /* The address stays. */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Tallet var forkert."));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/all.atom", "<published>2026-06-01T07:30:00Z</published>"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/all.atom", "<updated>2026-06-01T08:30:00Z</updated>"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/all.atom", "Tallet var forkert."));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row = test_find(test, number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->public_revision, 2);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->updated_at, TEST_NOW + DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    /* Set back to 0 without another text, it is written again and updated stays. */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->public_revision = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->clock = clock_fixed(TEST_NOW + 2 * DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row = test_find(test, number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->public_revision, 2);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->updated_at, TEST_NOW + DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void another_topic_moves_it_to_another_list(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row *row = test_find(test, number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->topics = "natur";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->public_revision = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_stands(test, "topics/sundhed/index.html"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_stands(test, "topics/sundhed"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "topics/natur/index.html", "Nyhed"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static int64_t invitation_withdraw(struct test_site *test, struct release *release)
{
    static struct release_event event = { .start_at = TEST_NOW + DURATION_DAY };
    release->event = &event;
    int64_t number = test_insert(test, release, TEST_NOW);
    (void)test_insert(test, test_release(test, "r2", "da", "En anden"), TEST_NOW);
    (void)test_publish(test);
    assert_true(test_stands(test, "releases/2026/nyhed/event.ics"));
    struct release_row *row = test_find(test, number);
    row->status = RELEASE_WITHDRAWN;
    row->withdrawal_reason = "Den var forkert.";
    row->public_revision = 0;
    test_change(test, row, NULL);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    assert_int_equal(test_publish(test).withdrawn, 1);
    return number;
}

static void a_withdrawn_release_leaves_a_notice(void **state)
{
    struct test_site *test = *state;
    (void)invitation_withdraw(test, test_release(test, "r1", "da", "Nyhed"));
    assert_int_equal(words_count(test, "Teksten i Nyhed."), 0);
    assert_false(test_stands(test, "releases/2026/nyhed/event.ics"));
    assert_false(test_stands(test, "releases/2026/nyhed/event.ics.gz"));
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Den var forkert."));
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "noindex"));
    assert_true(test_says(test, "releases/2026/nyhed/release.json", "\"withdrawn\""));
    assert_true(test_says(test, "feeds/all.atom",
                          "<at:deleted-entry ref=\"tag:presse.nordhav.example,2026-05-01:"
                          "release/r1\" when=\"2026-06-01T08:30:00Z\">"));
    assert_true(test_says(test, "feeds/all.rss", "Trukket tilbage: Nyhed"));
    assert_true(test_says(test, "feeds/all.json", "release/r1"));
    assert_false(test_says(test, "sitemap-2026-1.xml", "/nyhed/"));
    assert_false(test_says(test, "index.html", "/nyhed/"));
}

static void a_withdrawal_can_be_taken_back(void **state)
{
    struct test_site *test = *state;
    struct release *release = test_release(test, "r1", "da", "Nyhed");
    int64_t number = invitation_withdraw(test, release);
    struct release_row *row = test_find(test, number);
    row->status = RELEASE_READY;
    test_change(test, row, release);
    test->clock = clock_fixed(TEST_NOW + 2 * DURATION_HOUR);
    (void)test_publish(test);
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Teksten i Nyhed."));
    assert_true(test_stands(test, "releases/2026/nyhed/event.ics"));
    assert_false(test_says(test, "feeds/all.atom", "deleted-entry"));
    assert_true(test_says(test, "sitemap-2026-1.xml", "/nyhed/"));
    assert_int_equal(test_find(test, number)->withdrawn_at, INSTANT_NONE);
}

static void withdrawn_before_it_was_public_it_never_appears(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release *release = test_release(test, "hemmelig", "da", "Hemmelighed");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row row = test_row(test, release, TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row.status = RELEASE_WITHDRAWN;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_insert_row(test, &row, release);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(words_count(test, "emmelig"), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(test_find(test, number)->public_at, INSTANT_NONE);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(test_publish(test).files_written, 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void versions_link_to_each_other(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_says(test, "releases/2026/nyhed/index.html", "rel=\"alternate\" hreflang"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release *english = test_release(test, "r2", "en", "News");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    english->translation_of = "r1";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row row = test_row(test, english, TEST_NOW + 1000);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row.original_number = number;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t version = test_insert_row(test, &row, english);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->clock = clock_fixed(TEST_NOW + 1000);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    static const char *const pages[] = { "releases/2026/nyhed/index.html",
                                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                         "releases/2026/news/index.html" };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (size_t i = 0; i < 2; i++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        assert_true(test_says(test, pages[i],
                              /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                              "hreflang=\"da\" href=\"https://presse.nordhav.example/releases/"
                              /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                              "2026/nyhed/\""));
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        assert_true(test_says(test, pages[i],
                              /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                              "hreflang=\"en\" href=\"https://presse.nordhav.example/releases/"
                              /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                              "2026/news/\""));
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        assert_true(test_says(test, pages[i], "hreflang=\"x-default\""));
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "en/index.html", "/releases/2026/news/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/english.atom", "/releases/2026/news/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row *changed = test_find(test, version);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    changed->status = RELEASE_WITHDRAWN;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    changed->public_revision = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, changed, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_says(test, "releases/2026/nyhed/index.html", "/releases/2026/news/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void a_feed_holds_the_newest_and_what_changed_since(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t first = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (int i = 0; i < 6; i++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        const char *title = arena_format(&test->arena, "Nyhed %c", 'a' + i);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        const char *id = arena_format(&test->arena, "r%c", 'a' + i);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        int64_t number = test_insert(test, test_release(test, id, "da", title),
                                     /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                     TEST_NOW - (10 - i) * DURATION_DAY);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        first = first ? first : number;
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_says(test, "feeds/all.atom", "release/rc<"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/all.atom", "release/rd<"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row *row = test_find(test, first);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->status = RELEASE_WITHDRAWN;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->public_revision = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/all.atom", "deleted-entry"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "feeds/all.atom", "release/rd<"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void a_long_list_has_pages_that_stay(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (int i = 0; i < 130; i++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        const char *title = arena_format(&test->arena, "Nyhed nummer %d", i);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        const char *id = arena_format(&test->arena, "r%d", i);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)test_insert(test, test_release(test, id, "da", title),
                          /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                          TEST_NOW - (200 - i) * DURATION_SECOND);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "topics/sundhed/1/index.html", "/nyhed-nummer-0/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "topics/sundhed/1/index.html", "/nyhed-nummer-49/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_says(test, "topics/sundhed/1/index.html", "/nyhed-nummer-50/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "topics/sundhed/index.html", "/nyhed-nummer-50/"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_stands(test, "topics/sundhed/2/index.html"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct stat before;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct stat after;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(stat(test_path(test, "topics/sundhed/1/index.html"), &before), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "new", "da", "Den nyeste"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(stat(test_path(test, "topics/sundhed/1/index.html"), &after), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(before.st_ino, after.st_ino);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_says(test, "topics/sundhed/index.html", "Den nyeste"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void a_picture_that_is_none_keeps_no_news_back(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release *release = test_release(test, "r1", "da", "Nyhed");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_asset asset = { .kind = RELEASE_IMAGE,
                                   /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                   .file = "billede.jpg",
                                   /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                   .media_type = "image/jpeg" };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    char hex[HASH_HEX_SIZE];
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct error error = { 0 };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    hash_bytes("no picture", 10, &asset.hash);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    hash_to_hex(&asset.hash, hex);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *folder = arena_format(&test->arena, "assets/%.2s", hex);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(file_make_directories(test->state_directory, folder, &error));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(file_write_atomic(test->state_directory,
                                  /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                  arena_format(&test->arena, "%s/%s", folder, hex), "no picture",
                                  /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                  10, 0600, false, &error));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    release->assets = &asset;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, release, TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct publish_counts counts = test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(counts.published, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_stands(test, "releases/2026/nyhed/index.html"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(test_stands(test, "releases/2026/nyhed/billede.jpg"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void an_emptied_folder_is_filled_again(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *before = tree_of(test, false);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(test_path(test, ""), test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
                                                     /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_string_equal(before, tree_of(test, false));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* A flush that fails half-way leaves whole files, and the next run completes it. */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void what_failed_is_completed_by_the_next_run(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct error error = { 0 };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct publish_counts counts;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *wanted = tree_of(test, false);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_find(test, 1)->number;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(test_path(test, ""), test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
                                                     /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *obstacle = "releases/2026/nyhed/index.html/obstacle";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int folder = file_open_directory(AT_FDCWD, test->folder, &error);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        file_make_directories(folder, arena_format(&test->arena, "public/%s", obstacle), &error));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_false(publish_run(test->database, &test->settings, &test->clock, &counts, &error));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(error.kind, ERROR_SYSTEM);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_non_null(strstr(error.message, "public/releases/2026/nyhed/index.html"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(rmdir(test_path(test, obstacle)), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(rmdir(test_path(test, "releases/2026/nyhed/index.html")), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_string_equal(tree_of(test, false), wanted);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(test_find(test, number)->public_revision, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)close(folder);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* Temporaries then stand in public/, in a folder that is gone afterwards. */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void public_may_be_another_file_system(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct stat public_status;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct stat other_status;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    char other[] = "/tmp/pressroom-publish-XXXXXX";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_non_null(mkdtemp(other));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(stat(test->folder, &public_status), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(stat(other, &other_status), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->settings.public_path = arena_format(&test->arena, "%s/public", other);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(access(arena_format(&test->arena, "%s/public/index.html", other), F_OK), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_not_equal(access(arena_format(&test->arena, "%s/public/.pressroom", other), F_OK),
                         /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                         0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)nftw(other, test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
                                       /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (public_status.st_dev == other_status.st_dev)
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        skip(); /* nothing was shown */
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#ifdef PRESSROOM_TEST_HOOKS
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* Publishes in a process that dies at the count-th pass of a point; true while it does. */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static bool publish_killed(struct test_site *test, const char *point, int count)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    pid_t child = fork();
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (child == 0) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        struct error error = { 0 };
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        struct publish_counts counts;
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)setenv(
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            "PRESSROOM_FAULT",
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            arena_format(&test->arena, "%s:%d", point, count), /* NOLINT(concurrency-mt-unsafe) */
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            1); /* NOLINT(concurrency-mt-unsafe) */
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        test_site_connect(test);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        bool done = publish_run(test->database, &test->settings, &test->clock, &counts, &error);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        _exit(done ? 0 : 1);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int status = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(waitpid(child, &status, 0), child);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return WIFSIGNALED(status);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* What the whole story makes: new releases, an edit, a withdrawal. */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void story_step(struct test_site *test, int step)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    if (step == 0) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)test_insert(test, test_release(test, "r2", "da", "Anden nyhed"), TEST_NOW);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        return;
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row *row = test_find(test, 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->title = "Nyhed rettet";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, test_release(test, "r1", "da", "Nyhed rettet"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row = test_find(test, 2);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->status = RELEASE_WITHDRAWN;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->public_revision = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void killed_at_any_point_the_next_run_completes(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int kills = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    static const char *const points[] = { "publish-batch", "publish-written", "publish-noted",
                                          /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                          "publish-removed", "publish-placed", "publish-synced",
                                          /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                          "publish-committed" };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *whole = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *wanted[2];
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (int step = 0; step < 2; step++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        story_step(whole, step);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)test_publish(whole);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        wanted[step] = tree_of(whole, false);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        for (int count = 1; count < 40; count += count < 4 ? 1 : 7) {
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            struct test_site test;
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            bool killed = false;
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            test_site_open(&test);
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            for (int step = 0; step < 2; step++) {
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                story_step(&test, step);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                database_close(test.database);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                killed = publish_killed(&test, points[i], count) || killed;
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                test_site_connect(&test);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                (void)test_publish(&test);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                assert_string_equal(tree_of(&test, false), wanted[step]);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                assert_int_equal(test_publish(&test).files_written, 0);
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            }
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            test_site_close(&test);
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            if (!killed)
                /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                break;
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
            kills++;
            /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        }
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_in_range(kills, 15, 100);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
/* Killed when its files stood already, and then put off: nothing of it may stay. */
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
static void killed_and_then_put_off_it_is_taken_away(void **state)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct test_site *test = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    int64_t number = test_insert(test, test_release(test, "hemmelig", "da", "Hemmelighed"),
                                 /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                 TEST_NOW);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    database_close(test->database);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(publish_killed(test, "publish-synced", 2));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_site_connect(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_true(test_stands(test, "releases/2026/hemmelighed/index.html"));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    struct release_row *row = test_find(test, number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(row->public_at, INSTANT_NONE);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    row->due_at = row->embargo_at = TEST_NOW + DURATION_DAY;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    test_change(test, row, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)test_publish(test);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(words_count(test, "emmelig"), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#endif
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */

/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
int main(void)
/* NOLINTNEXTLINE(concurrency-mt-unsafe) */
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const struct CMUnitTest tests[] = {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_release_becomes_public, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_second_run_touches_nothing, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(nothing_is_there_before_its_time, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_slug_that_is_taken_gets_a_number, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(an_edit_changes_page_and_feed_and_moves_updated, setup,
                                        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                        teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(another_topic_moves_it_to_another_list, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_withdrawn_release_leaves_a_notice, setup, teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_can_be_taken_back, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(withdrawn_before_it_was_public_it_never_appears, setup,
                                        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                        teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(versions_link_to_each_other, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_feed_holds_the_newest_and_what_changed_since, setup,
                                        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                        teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_long_list_has_pages_that_stay, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(a_picture_that_is_none_keeps_no_news_back, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(an_emptied_folder_is_filled_again, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(what_failed_is_completed_by_the_next_run, setup, teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(public_may_be_another_file_system, setup, teardown),
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#ifdef PRESSROOM_TEST_HOOKS
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(killed_at_any_point_the_next_run_completes, setup,
                                        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
                                        teardown),
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        cmocka_unit_test_setup_teardown(killed_and_then_put_off_it_is_taken_away, setup, teardown),
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
#endif
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    };
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    return cmocka_run_group_tests(tests, NULL, NULL);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
}
