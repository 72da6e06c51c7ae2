/* SPDX-License-Identifier: MIT */
#include "publish_test_site.h"
#include "publish_test_tree.h"

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

/* ---- stories ---- */

static void a_release_becomes_public(void **state)
{
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "r1", "da", "Første nyhed & <mere>"),
                                 TEST_NOW);
    struct publish_counts counts = test_publish(test);
    assert_int_equal(counts.published, 1);
    assert_int_equal(counts.failed, 0);
    const char *folder = "releases/2026/foerste-nyhed-mere/";
    assert_true(test_says(test, arena_format(&test->arena, "%sindex.html", folder),
                          "<h1>Første nyhed &amp; &lt;mere&gt;</h1>"));
    assert_true(test_stands(test, arena_format(&test->arena, "%sindex.html.gz", folder)));
    assert_true(
        test_says(test, arena_format(&test->arena, "%srelease.json", folder), "\"id\": \"r1\""));
    static const char *const lists[] = { "index.html",
                                         "releases/2026/index.html",
                                         "releases/2026/06/index.html",
                                         "topics/sundhed/index.html",
                                         "types/press-release/index.html",
                                         "sitemap-2026-1.xml",
                                         "feeds/all.atom",
                                         "feeds/all.rss",
                                         "feeds/all.json" };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (!test_says(test, lists[i], "foerste-nyhed-mere"))
            fail_msg("%s does not link to the release", lists[i]);
    const struct release_row *row = test_find(test, row_id);
    assert_int_equal(row->public_at, TEST_NOW);
    assert_int_equal(row->updated_at, TEST_NOW);
    assert_int_equal(row->public_revision, 1);
    assert_int_equal(row->year, 2026);
    assert_string_equal(row->slug, "foerste-nyhed-mere");
}

static void a_lead_that_is_the_first_paragraph_keeps_its_links_and_marks(void **state)
{
    struct test_site *test = *state;
    struct release *release = test_release(test, "r1", "da", "Med henvisning");
    struct body_node *paragraph = release->body->first_child;
    struct body_node *link = body_append(&test->arena, paragraph, BODY_LINK);
    link->target = "https://nordhav.example/akut?a=1&b=2";
    body_append_text(&test->arena, link, "Læs mere", strlen("Læs mere"));
    struct body_node *strong = body_append(&test->arena, paragraph, BODY_STRONG);
    body_append_text(&test->arena, strong, "nu & her", strlen("nu & her"));
    (void)test_insert(test, release, TEST_NOW);
    assert_int_equal(test_publish(test).published, 1);
    const char *page = "releases/2026/med-henvisning/index.html";
    assert_true(test_says(test, page,
                          "<p class=\"lead\">Teksten i Med henvisning."
                          "<a href=\"https://nordhav.example/akut?a=1&amp;b=2\">Læs mere</a>"
                          "<strong>nu &amp; her</strong></p>"));
    assert_true(test_says(test, page,
                          "<meta name=\"description\" content=\""
                          "Teksten i Med henvisning.Læs merenu &amp; her\""));
    assert_false(test_says(test, page, "<div class=\"text\">")); /* nothing is left for it */
}

/* Holds I18. */
static void a_second_run_touches_nothing(void **state)
{
    struct test_site *test = *state;
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    const char *before = tree_of(test, true);
    test->clock = clock_fixed(TEST_NOW + DURATION_DAY);
    struct publish_counts counts = test_publish(test);
    assert_int_equal(counts.files_written, 0);
    assert_string_equal(before, tree_of(test, true));
    /* A new program writes all anew, which comes to the same bytes. */
    test->settings.program = "pressroom later";
    counts = test_publish(test);
    assert_int_equal(counts.files_written, 0);
    assert_string_equal(before, tree_of(test, true));
}

/* What is public and as it was is not even read. */
/* Holds I18. */
static void a_run_with_nothing_new_reads_no_release(void **state)
{
    struct test_site *test = *state;
    struct error error = { 0 };
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    assert_true(database_execute(test->database, "DELETE FROM release_revision", &error));
    test->clock = clock_fixed(TEST_NOW + DURATION_DAY);
    struct publish_counts counts = test_publish(test);
    assert_int_equal(counts.failed, 0);
    assert_int_equal(counts.files_written + counts.files_removed, 0);
}

/* Holds I1. */
static void nothing_is_there_before_its_time(void **state)
{
    struct test_site *test = *state;
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    struct release *later = test_release(test, "hemmelig", "da", "Hemmelighed");
    later->has_topics = true;
    struct release_row row = test_row(test, later, TEST_NOW + DURATION_HOUR);
    row.topics = "skjult";
    (void)test_insert_row(test, &row, later);
    (void)test_publish(test);
    assert_int_equal(words_count(test, "emmelig"), 0);
    assert_int_equal(words_count(test, "skjult"), 0);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    assert_int_equal(test_publish(test).published, 1);
    assert_true(test_stands(test, "releases/2026/hemmelighed/index.html"));
    assert_true(test_says(test, "topics/skjult/index.html", "Hemmelighed"));
}

static void a_slug_that_is_taken_gets_a_number(void **state)
{
    struct test_site *test = *state;
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW - 2);
    (void)test_insert(test, test_release(test, "r2", "da", "Nyhed!"), TEST_NOW - 1);
    (void)test_publish(test);
    (void)test_insert(test, test_release(test, "r3", "da", "nyhed"), TEST_NOW);
    /* Two digits are the address of a month. */
    (void)test_insert(test, test_release(test, "r4", "da", "06"), TEST_NOW);
    (void)test_publish(test);
    assert_true(test_says(test, "releases/2026/nyhed/release.json", "\"r1\""));
    assert_true(test_says(test, "releases/2026/nyhed-2/release.json", "\"r2\""));
    assert_true(test_says(test, "releases/2026/nyhed-3/release.json", "\"r3\""));
    assert_true(test_says(test, "releases/2026/06-2/release.json", "\"r4\""));
    assert_true(test_says(test, "releases/2026/06/index.html", "nyhed-3"));
}

static void an_edit_changes_page_and_feed_and_moves_updated(void **state)
{
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    struct release *edited = test_release(test, "r1", "da", "Nyhed med ny titel");
    edited->correction = "Tallet var forkert.";
    struct release_row *row = test_find(test, row_id);
    row->title = edited->title;
    row->correction = edited->correction;
    test_change(test, row, edited);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    struct publish_counts counts = test_publish(test);
    assert_int_equal(counts.updated, 1);
    assert_int_equal(counts.published, 0);
    /* The address stays. */
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Tallet var forkert."));
    assert_true(test_says(test, "feeds/all.atom", "<published>2026-06-01T07:30:00Z</published>"));
    assert_true(test_says(test, "feeds/all.atom", "<updated>2026-06-01T08:30:00Z</updated>"));
    assert_true(test_says(test, "feeds/all.atom", "Tallet var forkert."));
    row = test_find(test, row_id);
    assert_int_equal(row->public_revision, 2);
    assert_int_equal(row->updated_at, TEST_NOW + DURATION_HOUR);
    /* Set back to 0 without another text, it is written again and updated stays. */
    row->public_revision = 0;
    test_change(test, row, NULL);
    test->clock = clock_fixed(TEST_NOW + 2 * DURATION_HOUR);
    (void)test_publish(test);
    row = test_find(test, row_id);
    assert_int_equal(row->public_revision, 2);
    assert_int_equal(row->updated_at, TEST_NOW + DURATION_HOUR);
}

/* <updated> of the entry of a release in feeds/all.atom; "" where it has none. */
static const char *updated_in_feed(struct test_site *test, const char *public_id)
{
    const char *feed = test_file(test, "feeds/all.atom");
    const char *entry = strstr(feed, arena_format(&test->arena, ":release/%s</id>", public_id));
    const char *start = entry ? strstr(entry, "<updated>") : NULL;
    const char *end = start ? strstr(start, "</updated>") : NULL;
    if (!end)
        return "";
    start += strlen("<updated>");
    return arena_copy_bytes(&test->arena, start, (size_t)(end - start));
}

static void releases_of_one_instant_are_told_apart_by_updated(void **state)
{
    struct test_site *test = *state;
    test->feeds[0].entries = 10;
    int64_t first = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_insert(test, test_release(test, "r2", "en", "News"), TEST_NOW);
    /* A release without a time of its own has the one of the clock, which knows parts of a second.
     */
    (void)test_insert(test, test_release(test, "r3", "da", "Mere"), TEST_NOW + 700);
    test->clock = clock_fixed(TEST_NOW + 900);
    (void)test_publish(test);
    assert_string_equal(updated_in_feed(test, "r1"), "2026-06-01T07:30:00Z");
    assert_string_equal(updated_in_feed(test, "r2"), "2026-06-01T07:30:00.001Z");
    assert_string_equal(updated_in_feed(test, "r3"), "2026-06-01T07:30:00.002Z");
    assert_true(test_says(test, "feeds/all.rss", ":00.001Z</atom:updated>"));
    assert_true(test_says(test, "feeds/all.json", "\"2026-06-01T07:30:00.001Z\""));
    /* When it was published is the same for all, and none has changed since. */
    assert_false(test_says(test, "releases/2026/news/index.html", "article:modified_time"));
    assert_true(test_says(test, "releases/2026/news/release.json",
                          "\"updated\": \"2026-06-01T09:30:00.001+02:00\""));
    /* What comes later with the same time follows on. */
    (void)test_insert(test, test_release(test, "r4", "da", "Endnu mere"), TEST_NOW);
    (void)test_publish(test);
    assert_string_equal(updated_in_feed(test, "r4"), "2026-06-01T07:30:00.003Z");
    assert_string_equal(updated_in_feed(test, "r1"), "2026-06-01T07:30:00Z");
    /* A change in the second of its publication counts as one of the next. */
    struct release_row *row = test_find(test, first);
    struct release *edited = test_release(test, "r1", "da", "Ny nyhed");
    row->title = edited->title;
    test_change(test, row, edited);
    (void)test_publish(test);
    assert_string_equal(updated_in_feed(test, "r1"), "2026-06-01T07:30:01Z");
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "article:modified_time"));
}

static void releases_withdrawn_in_one_run_are_told_apart_by_updated(void **state)
{
    struct test_site *test = *state;
    const char *const ids[] = { "r1", "r2" };
    int64_t row_ids[2];
    for (size_t i = 0; i < 2; i++)
        row_ids[i] = test_insert(test, test_release(test, ids[i], "da", ids[i]),
                                 TEST_NOW - (int64_t)i * DURATION_HOUR);
    (void)test_publish(test);
    for (size_t i = 0; i < 2; i++) {
        struct release_row *row = test_find(test, row_ids[i]);
        row->status = RELEASE_WITHDRAWN;
        row->withdrawn_at = TEST_NOW + DURATION_DAY + 400;
        row->public_revision = 0;
        test_change(test, row, NULL);
    }
    test->clock = clock_fixed(TEST_NOW + DURATION_DAY + 500);
    assert_int_equal(test_publish(test).withdrawn, 2);
    assert_true(test_says(test, "feeds/all.atom", "when=\"2026-06-02T07:30:00Z\""));
    assert_true(test_says(test, "feeds/all.atom", "when=\"2026-06-02T07:30:00.001Z\""));
}

static void another_topic_moves_it_to_another_list(void **state)
{
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    struct release_row *row = test_find(test, row_id);
    row->topics = "natur";
    row->public_revision = 0;
    test_change(test, row, NULL);
    (void)test_publish(test);
    assert_false(test_stands(test, "topics/sundhed/index.html"));
    assert_false(test_stands(test, "topics/sundhed"));
    assert_true(test_says(test, "topics/natur/index.html", "Nyhed"));
}

/* Pages that link to a month are written again when it has lost its last release, and no release of
 * theirs has changed. */
static void what_links_to_a_month_that_empties_is_written_again(void **state)
{
    struct test_site *test = *state;
    (void)test_insert(test, test_release(test, "r1", "da", "Ny"), TEST_NOW);
    (void)test_insert(test, test_release(test, "r2", "da", "Gammel"), TEST_NOW - 70 * DURATION_DAY);
    (void)test_insert(test, test_release(test, "r4", "en", "News"), TEST_NOW);
    int64_t row_id = test_insert(test, test_release(test, "r3", "da", "Flyttet"),
                                 TEST_NOW - 40 * DURATION_DAY);
    (void)test_publish(test);
    assert_true(test_says(test, "releases/2026/06/index.html", "releases/2026/04/"));
    assert_true(test_says(test, "releases/2026/03/index.html", "releases/2026/04/"));
    struct release_row *row = test_find(test, row_id);
    row->language = "en";
    test_change(test, row, test_release(test, "r3", "en", "Moved"));
    for (int run = 0; run < 2; run++) {
        (void)test_publish(test);
        assert_false(test_stands(test, "releases/2026/04/index.html"));
        assert_false(test_says(test, "releases/2026/06/index.html", ".example/releases/2026/04/"));
        assert_false(test_says(test, "releases/2026/03/index.html", ".example/releases/2026/04/"));
        assert_false(test_says(test, "releases/2026/index.html", ".example/releases/2026/04/"));
    }
    assert_int_equal(test_publish(test).files_written, 0);
}

static void numbers_become_links_when_the_country_is_said(void **state)
{
    struct test_site *test = *state;
    test->newsroom.country = NULL;
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    assert_false(test_says(test, "contacts/index.html", "tel:"));
    test->newsroom.country = "DK";
    (void)test_publish(test);
    assert_true(test_says(test, "contacts/index.html", "tel:+4551000011"));
}

static void a_topic_is_called_as_its_newest_release_writes_it(void **state)
{
    struct test_site *test = *state;
    struct release_row row = test_row(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW - 2);
    row.topics = "boern-og-unge natur";
    row.topic_labels = "boern-og-unge BØRN OG UNGE\n";
    (void)test_insert_row(test, &row, test_release(test, "r1", "da", "Nyhed"));
    row = test_row(test, test_release(test, "r2", "da", "Senere"), TEST_NOW - 1);
    row.topics = "boern-og-unge";
    row.topic_labels = "boern-og-unge Børn & unge\n";
    (void)test_insert_row(test, &row, test_release(test, "r2", "da", "Senere"));
    row = test_row(test, test_release(test, "r3", "da", "Senest"), TEST_NOW);
    row.topics = "boern-og-unge";
    (void)test_insert_row(test, &row, test_release(test, "r3", "da", "Senest"));
    (void)test_publish(test);
    assert_true(test_says(test, "topics/boern-og-unge/index.html", "Børn &amp; unge"));
    assert_false(test_says(test, "topics/boern-og-unge/index.html", "BØRN"));
    assert_true(test_says(test, "topics/index.html", "Børn &amp; unge"));
    assert_true(test_says(test, "index.html", "Børn &amp; unge"));
    /* Each release as it is written. */
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "BØRN OG UNGE"));
    assert_true(test_says(test, "releases/2026/senere/index.html", "Børn &amp; unge"));
    assert_true(test_says(test, "feeds/all.atom", "label=\"Børn &amp; unge\""));
    assert_true(test_says(test, "topics/natur/index.html", "Natur"));
}

static int64_t invitation_withdraw(struct test_site *test, struct release *release)
{
    static struct release_event event = { .start_at = TEST_NOW + DURATION_DAY };
    release->event = &event;
    int64_t row_id = test_insert(test, release, TEST_NOW);
    (void)test_insert(test, test_release(test, "r2", "da", "En anden"), TEST_NOW);
    (void)test_publish(test);
    assert_true(test_stands(test, "releases/2026/nyhed/event.ics"));
    struct release_row *row = test_find(test, row_id);
    row->status = RELEASE_WITHDRAWN;
    row->withdrawal_reason = "Den var forkert.";
    row->public_revision = 0;
    test_change(test, row, NULL);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    assert_int_equal(test_publish(test).withdrawn, 1);
    return row_id;
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
    int64_t row_id = invitation_withdraw(test, release);
    struct release_row *row = test_find(test, row_id);
    row->status = RELEASE_READY;
    test_change(test, row, release);
    test->clock = clock_fixed(TEST_NOW + 2 * DURATION_HOUR);
    (void)test_publish(test);
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Teksten i Nyhed."));
    assert_true(test_stands(test, "releases/2026/nyhed/event.ics"));
    assert_false(test_says(test, "feeds/all.atom", "deleted-entry"));
    assert_true(test_says(test, "sitemap-2026-1.xml", "/nyhed/"));
    assert_int_equal(test_find(test, row_id)->withdrawn_at, INSTANT_NONE);
}

static void withdrawn_before_it_was_public_it_never_appears(void **state)
{
    struct test_site *test = *state;
    struct release *release = test_release(test, "hemmelig", "da", "Hemmelighed");
    struct release_row row = test_row(test, release, TEST_NOW);
    row.status = RELEASE_WITHDRAWN;
    int64_t row_id = test_insert_row(test, &row, release);
    (void)test_publish(test);
    assert_int_equal(words_count(test, "emmelig"), 0);
    assert_int_equal(test_find(test, row_id)->public_at, INSTANT_NONE);
    assert_int_equal(test_publish(test).files_written, 0);
}

/* The mark may be set after the run has found what is due; so a version of it is met here alone. */
static void to_be_withdrawn_before_it_was_public_it_does_not_appear(void **state)
{
    struct error error;
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "r1", "da", "Ny bro"), TEST_NOW);
    struct release *english = test_release(test, "r2", "en", "New bridge");
    english->translation_of = "r1";
    struct release_row row = test_row(test, english, TEST_NOW);
    row.original_row_id = row_id;
    int64_t version = test_insert_row(test, &row, english);
    assert_true(release_ask_withdrawal(test->database, row_id, TEST_NOW, "fejl", &error));
    (void)test_publish(test);
    assert_int_equal(test_find(test, row_id)->public_at, INSTANT_NONE);
    assert_int_equal(test_find(test, version)->public_at, INSTANT_NONE);
    assert_int_equal(words_count(test, "bridge"), 0);
}

static void versions_link_to_each_other(void **state)
{
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    assert_false(test_says(test, "releases/2026/nyhed/index.html", "rel=\"alternate\" hreflang"));
    struct release *english = test_release(test, "r2", "en", "News");
    english->translation_of = "r1";
    struct release_row row = test_row(test, english, TEST_NOW + 1000);
    row.original_row_id = row_id;
    int64_t version = test_insert_row(test, &row, english);
    test->clock = clock_fixed(TEST_NOW + 1000);
    (void)test_publish(test);
    static const char *const pages[] = { "releases/2026/nyhed/index.html",
                                         "releases/2026/news/index.html" };
    for (size_t i = 0; i < 2; i++) {
        assert_true(test_says(test, pages[i],
                              "hreflang=\"da\" href=\"https://presse.nordhav.example/releases/"
                              "2026/nyhed/\""));
        assert_true(test_says(test, pages[i],
                              "hreflang=\"en\" href=\"https://presse.nordhav.example/releases/"
                              "2026/news/\""));
        assert_true(test_says(test, pages[i], "hreflang=\"x-default\""));
    }
    assert_true(test_says(test, "en/index.html", "/releases/2026/news/"));
    assert_true(test_says(test, "feeds/english.atom", "/releases/2026/news/"));
    struct release_row *changed = test_find(test, version);
    changed->status = RELEASE_WITHDRAWN;
    changed->public_revision = 0;
    test_change(test, changed, NULL);
    (void)test_publish(test);
    assert_false(test_says(test, "releases/2026/nyhed/index.html", "/releases/2026/news/"));
}

/* An address cut short leads to what is below it, in each language, from the first release on. */
static void an_address_that_is_cut_short_leads_somewhere(void **state)
{
    struct test_site *test = *state;
    struct release *english = test_release(test, "r1", "en", "New bridge");
    english->published_at = TEST_NOW - 400 * DURATION_DAY;
    (void)test_insert(test, english, TEST_NOW - 400 * DURATION_DAY);
    (void)test_publish(test);
    /* In the default language there is nothing yet; its folder holds the English release. */
    assert_true(test_says(test, "releases/index.html", "nordhav.example/releases/2025/\""));
    assert_true(test_says(test, "releases/2025/index.html", "New bridge"));
    assert_true(test_says(test, "releases/2025/index.html", "English"));
    assert_true(test_says(test, "en/releases/index.html", "nordhav.example/en/releases/2025/\""));
    assert_true(test_says(test, "en/releases/index.html", "en/releases/2025/04/\""));
    assert_true(test_says(test, "en/types/index.html", "en/types/press-release/\""));
    struct release *danish = test_release(test, "r2", "da", "Gammel bro");
    danish->published_at = TEST_NOW - 400 * DURATION_DAY;
    (void)test_insert(test, danish, TEST_NOW - 400 * DURATION_DAY);
    (void)test_insert(test, test_release(test, "r3", "da", "Ny bro"), TEST_NOW);
    (void)test_publish(test);
    assert_true(test_says(test, "releases/2025/index.html", "Gammel bro"));
    assert_false(test_says(test, "releases/2025/index.html", "New bridge"));
    assert_true(test_says(test, "releases/index.html", "nordhav.example/releases/2026/06/\""));
    assert_true(test_says(test, "types/index.html", "types/press-release/\""));
    assert_int_equal(test_publish(test).files_written, 0);
}

static void a_feed_holds_the_newest_and_what_changed_since(void **state)
{
    struct test_site *test = *state;
    int64_t first = 0;
    for (int i = 0; i < 6; i++) {
        const char *title = arena_format(&test->arena, "Nyhed %c", 'a' + i);
        const char *public_id = arena_format(&test->arena, "r%c", 'a' + i);
        int64_t row_id = test_insert(test, test_release(test, public_id, "da", title),
                                     TEST_NOW - (10 - i) * DURATION_DAY);
        first = first ? first : row_id;
    }
    (void)test_publish(test);
    assert_false(test_says(test, "feeds/all.atom", "release/rc<"));
    assert_true(test_says(test, "feeds/all.atom", "release/rd<"));
    struct release_row *row = test_find(test, first);
    row->status = RELEASE_WITHDRAWN;
    row->public_revision = 0;
    test_change(test, row, NULL);
    (void)test_publish(test);
    assert_true(test_says(test, "feeds/all.atom", "deleted-entry"));
    assert_true(test_says(test, "feeds/all.atom", "release/rd<"));
}

/* Released in one second, they differ in updated by what tells them apart, not by a change. */
static void a_feed_keeps_out_what_only_was_told_apart(void **state)
{
    struct test_site *test = *state;
    for (int i = 0; i < 5; i++) {
        const char *public_id = arena_format(&test->arena, "r%c", 'a' + i);
        (void)test_insert(test, test_release(test, public_id, "da", public_id),
                          TEST_NOW - DURATION_DAY + 100 * i);
    }
    (void)test_publish(test);
    assert_true(test_says(test, "feeds/all.atom", "release/rc<"));
    assert_false(test_says(test, "feeds/all.atom", "release/rb<"));
    assert_false(test_says(test, "feeds/all.atom", "release/ra<"));
}

static void updated_is_told_apart_where_it_follows_publication(void **state)
{
    struct test_site *test = *state;
    const char *const ids[] = { "r1", "r2" };
    int64_t row_ids[2];
    for (size_t i = 0; i < 2; i++)
        row_ids[i] = test_insert(test, test_release(test, ids[i], "da", ids[i]),
                                 TEST_NOW - DURATION_HOUR + 500);
    (void)test_publish(test);
    for (size_t i = 0; i < 2; i++) {
        struct release_row *row = test_find(test, row_ids[i]);
        row->updated_at = TEST_NOW - DURATION_DAY;
        row->public_revision = 0;
        test_change(test, row, NULL);
    }
    (void)test_publish(test);
    assert_string_equal(updated_in_feed(test, "r1"), "2026-06-01T06:30:00.002Z");
    assert_string_equal(updated_in_feed(test, "r2"), "2026-06-01T06:30:00.003Z");
}

static void a_long_list_has_pages_that_stay(void **state)
{
    struct test_site *test = *state;
    for (int i = 0; i < 130; i++) {
        const char *title = arena_format(&test->arena, "Nyhed nummer %d", i);
        const char *public_id = arena_format(&test->arena, "r%d", i);
        (void)test_insert(test, test_release(test, public_id, "da", title),
                          TEST_NOW - (200 - i) * DURATION_SECOND);
    }
    (void)test_publish(test);
    assert_true(test_says(test, "topics/sundhed/1/index.html", "/nyhed-nummer-0/"));
    assert_true(test_says(test, "topics/sundhed/1/index.html", "/nyhed-nummer-49/"));
    assert_false(test_says(test, "topics/sundhed/1/index.html", "/nyhed-nummer-50/"));
    assert_true(test_says(test, "topics/sundhed/index.html", "/nyhed-nummer-50/"));
    assert_false(test_stands(test, "topics/sundhed/2/index.html"));
    struct stat before;
    struct stat after;
    assert_int_equal(stat(test_path(test, "topics/sundhed/1/index.html"), &before), 0);
    (void)test_insert(test, test_release(test, "new", "da", "Den nyeste"), TEST_NOW);
    (void)test_publish(test);
    assert_int_equal(stat(test_path(test, "topics/sundhed/1/index.html"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_true(test_says(test, "topics/sundhed/index.html", "Den nyeste"));
}

static void numbered_pages_of_media_say_which_they_are(void **state)
{
    struct test_site *test = *state;
    struct release_asset asset = { .kind = RELEASE_DOCUMENT,
                                   .file = "plan.pdf",
                                   .media_type = "application/pdf" };
    test_asset_keep(test, &asset, "a plan", strlen("a plan"));
    for (int i = 0; i < 30; i++) {
        const char *title = arena_format(&test->arena, "Nyhed nummer %d", i);
        struct release *release = test_release(test, arena_format(&test->arena, "r%d", i), "da",
                                               title);
        release->assets = &asset;
        (void)test_insert(test, release, TEST_NOW - (30 - i) * DURATION_SECOND);
    }
    (void)test_publish(test);
    assert_true(test_says(test, "media/1/index.html", "Billeder og dokumenter – Side 1"));
    assert_true(test_says(test, "media/index.html", "/media/1/\""));
    assert_false(test_says(test, "media/index.html", "Billeder og dokumenter – Side"));
}

static void an_emptied_folder_is_filled_again(void **state)
{
    struct test_site *test = *state;
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    const char *before = tree_of(test, false);
    (void)nftw(test_path(test, ""), test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    (void)test_publish(test);
    assert_string_equal(before, tree_of(test, false));
}

/* Closes a release, or opens it again. */
static void approval_set(struct test_site *test, int64_t row_id, enum release_approval approval)
{
    struct error error = { 0 };
    bool done = database_begin(test->database, &error) &&
                release_set_approval(test->database, row_id, approval, &error);
    if (!database_end(test->database, done, &error))
        fail_msg("%s", error.message);
}

/* Whoever forces all to be written anew: another program, an emptied folder, public_revision 0, a
 * withdrawal and its being taken back. */
static void force(struct test_site *test, int64_t row_id, int way)
{
    struct release_row *row = test_find(test, row_id);
    if (way == 0)
        test->settings.program = "pressroom next";
    if (way == 1)
        (void)nftw(test_path(test, ""), test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
                   FTW_DEPTH | FTW_PHYS);
    if (way >= 2) {
        row->public_revision = 0;
        row->status = way == 3 ? RELEASE_WITHDRAWN : RELEASE_READY;
        row->withdrawn_at = way == 3 ? TEST_NOW : INSTANT_NONE;
        test_change(test, row, NULL);
    }
    (void)test_publish(test);
}

/* Holds I1. */
static void a_revision_that_awaits_approval_is_shown_by_nothing(void **state)
{
    struct test_site *test = *state;
    struct release *edited = test_release(test, "r1", "da", "Hemmelig");
    int64_t row_id = test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    test_change(test, test_find(test, row_id), edited);
    approval_set(test, row_id, RELEASE_APPROVAL_AWAITED);
    for (int way = 0; way <= 4; way++) {
        force(test, row_id, way);
        assert_int_equal(words_count(test, "Hemmelig"), 0);
        assert_int_equal(words_count(test, "hemmelig"), 0);
        assert_true(test_says(test, "releases/2026/nyhed/index.html", "Nyhed"));
        assert_int_equal(test_find(test, row_id)->public_revision, 1);
        if (way <= 2) /* no reader sees a change */
            assert_true(test_says(test, "feeds/all.atom", "<updated>2026-06-01T07:30:00Z</up"));
    }
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Teksten i Nyhed."));
    approval_set(test, row_id, RELEASE_APPROVAL_GIVEN);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
    assert_int_equal(test_publish(test).updated, 1);
    assert_true(test_says(test, "releases/2026/nyhed/index.html", "Teksten i Hemmelig."));
    assert_true(test_says(test, "feeds/all.atom", "<updated>2026-06-01T08:30:00Z</updated>"));
}

/* A flush that fails half-way leaves whole files, and the next run completes it. */
/* Holds I8. */
static void what_failed_is_completed_by_the_next_run(void **state)
{
    struct test_site *test = *state;
    struct error error = { 0 };
    struct publish_counts counts;
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    const char *wanted = tree_of(test, false);
    int64_t row_id = test_find(test, 1)->row_id;
    (void)nftw(test_path(test, ""), test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    const char *obstacle = "releases/2026/nyhed/index.html/obstacle";
    int folder = file_open_directory(AT_FDCWD, test->folder, &error);
    assert_true(
        file_make_directories(folder, arena_format(&test->arena, "public/%s", obstacle), &error));
    assert_false(publish_run(test->database, &test->settings, &test->clock, &counts, NULL, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_non_null(strstr(error.message, "public/releases/2026/nyhed/index.html"));
    assert_int_equal(rmdir(test_path(test, obstacle)), 0);
    assert_int_equal(rmdir(test_path(test, "releases/2026/nyhed/index.html")), 0);
    (void)test_publish(test);
    assert_string_equal(tree_of(test, false), wanted);
    assert_int_equal(test_find(test, row_id)->public_revision, 1);
    (void)close(folder);
}

/* Temporaries then stand in public/, in a folder that is gone afterwards. */
static void public_may_be_another_file_system(void **state)
{
    struct test_site *test = *state;
    struct stat public_status;
    struct stat other_status;
    char other[] = "/tmp/pressroom-publish-XXXXXX";
    assert_non_null(mkdtemp(other));
    assert_int_equal(stat(test->folder, &public_status), 0);
    assert_int_equal(stat(other, &other_status), 0);
    test->settings.public_path = arena_format(&test->arena, "%s/public", other);
    (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
    (void)test_publish(test);
    assert_int_equal(access(arena_format(&test->arena, "%s/public/index.html", other), F_OK), 0);
    assert_int_not_equal(access(arena_format(&test->arena, "%s/public/.pressroom", other), F_OK),
                         0);
    (void)nftw(other, test_remove, 16, /* NOLINT(concurrency-mt-unsafe) */
               FTW_DEPTH | FTW_PHYS);
    if (public_status.st_dev == other_status.st_dev)
        skip(); /* nothing was shown */
}

#ifdef PRESSROOM_TEST_HOOKS
/* What the whole story makes: new releases, an edit, a withdrawal. */
static void story_step(struct test_site *test, int step)
{
    if (step == 0) {
        (void)test_insert(test, test_release(test, "r1", "da", "Nyhed"), TEST_NOW);
        (void)test_insert(test, test_release(test, "r2", "da", "Anden nyhed"), TEST_NOW);
        return;
    }
    struct release_row *row = test_find(test, 1);
    row->title = "Nyhed rettet";
    test_change(test, row, test_release(test, "r1", "da", "Nyhed rettet"));
    row = test_find(test, 2);
    row->status = RELEASE_WITHDRAWN;
    row->public_revision = 0;
    test_change(test, row, NULL);
    test->clock = clock_fixed(TEST_NOW + DURATION_HOUR);
}

/* Holds I4. */
static void killed_at_any_point_the_next_run_completes(void **state)
{
    int kills = 0;
    static const char *const points[] = {
        "publish-batch",   "publish-cards",  "publish-lists",  "publish-written",  "publish-noted",
        "publish-removed", "publish-placed", "publish-synced", "publish-committed"
    };
    struct test_site *whole = *state;
    const char *wanted[2];
    for (int step = 0; step < 2; step++) {
        story_step(whole, step);
        (void)test_publish(whole);
        wanted[step] = tree_of(whole, false);
    }
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        for (int count = 1; count < 40; count += count < 4 ? 1 : 7) {
            struct test_site test;
            bool killed = false;
            test_site_open(&test);
            for (int step = 0; step < 2; step++) {
                story_step(&test, step);
                database_close(test.database);
                killed = publish_killed(&test, points[i], count) || killed;
                test_site_connect(&test);
                (void)test_publish(&test);
                assert_string_equal(tree_of(&test, false), wanted[step]);
                assert_int_equal(test_publish(&test).files_written, 0);
            }
            test_site_close(&test);
            if (!killed)
                break;
            kills++;
        }
    }
    assert_in_range(kills, 15, 100);
}

/* Killed when its files stood already, and then put off: nothing of it may stay. */
/* Holds I1, I4. */
static void killed_and_then_put_off_it_is_taken_away(void **state)
{
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "hemmelig", "da", "Hemmelighed"),
                                 TEST_NOW);
    database_close(test->database);
    assert_true(publish_killed(test, "publish-synced", 2));
    test_site_connect(test);
    assert_true(test_stands(test, "releases/2026/hemmelighed/index.html"));
    struct release_row *row = test_find(test, row_id);
    assert_int_equal(row->public_at, INSTANT_NONE);
    row->due_at = row->embargo_at = TEST_NOW + DURATION_DAY;
    test_change(test, row, NULL);
    (void)test_publish(test);
    assert_int_equal(words_count(test, "emmelig"), 0);
}

/* Its file was refused or lost meanwhile: although it is due, nobody knows whether it should be. */
/* Holds I1, I4. */
static void killed_and_then_held_it_is_taken_away_too(void **state)
{
    struct test_site *test = *state;
    int64_t row_id = test_insert(test, test_release(test, "hemmelig", "da", "Hemmelighed"),
                                 TEST_NOW);
    database_close(test->database);
    assert_true(publish_killed(test, "publish-synced", 2));
    test_site_connect(test);
    assert_true(test_stands(test, "releases/2026/hemmelighed/index.html"));
    struct release_row *row = test_find(test, row_id);
    row->held_at = TEST_NOW;
    test_change(test, row, NULL);
    (void)test_publish(test);
    assert_int_equal(words_count(test, "emmelig"), 0);
    assert_int_equal(test_find(test, row_id)->public_at, INSTANT_NONE);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_release_becomes_public, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_lead_that_is_the_first_paragraph_keeps_its_links_and_marks, setup, teardown),
        cmocka_unit_test_setup_teardown(a_second_run_touches_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_with_nothing_new_reads_no_release, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_there_before_its_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_slug_that_is_taken_gets_a_number, setup, teardown),
        cmocka_unit_test_setup_teardown(releases_of_one_instant_are_told_apart_by_updated, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(releases_withdrawn_in_one_run_are_told_apart_by_updated,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(an_edit_changes_page_and_feed_and_moves_updated, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(another_topic_moves_it_to_another_list, setup, teardown),
        cmocka_unit_test_setup_teardown(what_links_to_a_month_that_empties_is_written_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(numbers_become_links_when_the_country_is_said, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_topic_is_called_as_its_newest_release_writes_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_withdrawn_release_leaves_a_notice, setup, teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_can_be_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(withdrawn_before_it_was_public_it_never_appears, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(to_be_withdrawn_before_it_was_public_it_does_not_appear,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(versions_link_to_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown(an_address_that_is_cut_short_leads_somewhere, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_feed_keeps_out_what_only_was_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(updated_is_told_apart_where_it_follows_publication, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_feed_holds_the_newest_and_what_changed_since, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_long_list_has_pages_that_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(numbered_pages_of_media_say_which_they_are, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_emptied_folder_is_filled_again, setup, teardown),
        cmocka_unit_test_setup_teardown(a_revision_that_awaits_approval_is_shown_by_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_failed_is_completed_by_the_next_run, setup, teardown),
        cmocka_unit_test_setup_teardown(public_may_be_another_file_system, setup, teardown),
#ifdef PRESSROOM_TEST_HOOKS
        cmocka_unit_test_setup_teardown(killed_at_any_point_the_next_run_completes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(killed_and_then_put_off_it_is_taken_away, setup, teardown),
        cmocka_unit_test_setup_teardown(killed_and_then_held_it_is_taken_away_too, setup, teardown),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
