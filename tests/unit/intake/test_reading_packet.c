/* SPDX-License-Identifier: MIT */
/* What is read of a text in another process comes over whole: of every golden input, and of every
 * text of the fuzzers' corpora. And what no reader says is not believed. */
#include "cmocka_all.h"

#include "base/file.h"
#include "fuzz/intake/reading_alike.h"
#include "html/html.h"
#include "locale/locale.h"
#include "release/body.h"
#include "unit/words.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

static struct language_words *words;
static struct locale_context *locale;

static struct intake_source source_of(const char *name, const char *bytes, size_t length)
{
    return (struct intake_source){ .html = &html_reader,
                                   .name = name,
                                   .bytes = bytes,
                                   .length = length,
                                   .zone = locale_context_zone(locale),
                                   .language = "da",
                                   .words = words,
                                   .locale = locale,
                                   .now_at = INT64_C(1780308000000),
                                   .publisher = "Region Nordhav" };
}

static bool read_file(int folder, const char *name, struct string_builder *text)
{
    struct error error;
    string_builder_init(text, 0);
    return faccessat(folder, name, R_OK, 0) == 0 && file_read(folder, name, text, &error);
}

static void check(const char *shown, const struct intake_source *source)
{
    if (!alike_both_ways(source))
        fail_msg("%s", shown);
}

/* Each file as Markdown and as plain text, alone and beside what is or might be its sidecar. */
static void check_file(int folder, const char *name)
{
    struct string_builder bytes;
    struct string_builder sidecar;
    char beside[512];
    const char *ending = strrchr(name, '.');
    (void)snprintf(beside, sizeof beside, "%.*s.yaml",
                   (int)(ending ? (size_t)(ending - name) : strlen(name)), name);
    bool has_sidecar = read_file(folder, beside, &sidecar);
    if (read_file(folder, name, &bytes)) {
        static const char *const names[] = { "x.md", "x.txt", NULL };
        for (const char *const *as = names; *as; as++) {
            struct intake_source source = source_of(*as, bytes.data, bytes.length);
            check(name, &source);
            source.name_language = "en";
            source.sidecar_name = "x.yaml";
            source.sidecar_bytes = has_sidecar ? sidecar.data : bytes.data;
            source.sidecar_length = has_sidecar ? sidecar.length : bytes.length;
            check(name, &source);
        }
    }
    string_builder_release(&bytes);
    string_builder_release(&sidecar);
}

static void check_folder(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = opendir(path);
    const struct dirent *entry;
    int count = 0;
    assert_non_null(list);
    while ((entry = readdir(list))) { /* NOLINT(concurrency-mt-unsafe) */
        if (entry->d_name[0] == '.')
            continue;
        check_file(folder, entry->d_name);
        count++;
    }
    assert_true(count > 0);
    (void)closedir(list);
    (void)close(folder);
}

static void every_example_comes_over_whole(void **state)
{
    (void)state;
    check_folder(TEST_DATA_DIRECTORY "/intake");
}

static void every_text_of_a_corpus_comes_over_whole(void **state)
{
    static const char *const corpora[] = { "embargo_phrase", "encoding",    "front_matter",
                                           "header",         "header_text", "markdown",
                                           "markdown_body",  "plain_text",  "wire_text",
                                           "written_date",   "body_target", NULL };
    char path[512];
    (void)state;
    for (const char *const *corpus = corpora; *corpus; corpus++) {
        (void)snprintf(path, sizeof path, TEST_SOURCE_DIRECTORY "/tests/fuzz/corpus/%s", *corpus);
        check_folder(path);
    }
}

/* ---- what is not believed ---- */

/* A reply that was made of a release, changed by a lie before. */
struct lie {
    struct arena arena;
    struct release release;
    struct intake_mention *mentions;
    struct intake_part *parts;
    struct intake_problem_list problems;
    struct intake_source source;
    struct intake_text text;
};

static void lie_begin(struct lie *lie)
{
    *lie = (struct lie){ .release = { .title = "Ny bro", .mail = true } };
    lie->source = source_of("x.md", "Tekst\n", 6);
    lie->release.body = body_new(&lie->arena);
    intake_problem_list_init(&lie->problems, &lie->arena, lie->source.name);
}

static bool lie_is_believed(struct lie *lie)
{
    struct string_builder packet;
    struct intake_problem_list problems;
    const struct intake_text sent = { .release = &lie->release,
                                      .mentions = lie->mentions,
                                      .parts = lie->parts };
    string_builder_init(&packet, 0);
    reading_put_text(&packet, &lie->source, &sent, &lie->problems);
    intake_problem_list_init(&problems, &lie->arena, lie->source.name);
    bool is_believed = reading_take_text(packet.data, packet.length, &lie->arena, &lie->source,
                                         &lie->text, &problems);
    string_builder_release(&packet);
    return is_believed;
}

static void lie_end(struct lie *lie)
{
    arena_release(&lie->arena);
}

static void what_a_release_can_say_is_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    assert_true(lie_is_believed(&lie));
    assert_string_equal(lie.text.release->title, "Ny bro");
    lie_end(&lie);
}

static void a_wrong_name_is_not_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    lie.release.public_id = "../state/secret.key";
    assert_false(lie_is_believed(&lie));
    lie.release.public_id = NULL;
    lie.release.type = "../../x";
    assert_false(lie_is_believed(&lie));
    lie.release.type = NULL;
    lie.release.language = "x/../y";
    assert_false(lie_is_believed(&lie));
    lie.release.language = NULL;
    struct release_topic topic = { .name = "a/b" };
    lie.release.topics = &topic;
    assert_false(lie_is_believed(&lie));
    topic.name = "con";
    assert_false(lie_is_believed(&lie));
    topic.name = "sundhed";
    assert_true(lie_is_believed(&lie));
    struct release_asset asset = { .file = "../../state/pressroom.db" };
    lie.release.assets = &asset;
    assert_false(lie_is_believed(&lie));
    asset.file = "/etc/passwd";
    assert_false(lie_is_believed(&lie));
    asset.file = "a.pdf";
    assert_true(lie_is_believed(&lie));
    lie_end(&lie);
}

static void a_release_without_a_title_is_not_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    lie.release.title = NULL;
    assert_false(lie_is_believed(&lie));
    intake_problem_add(&lie.problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_TITLE_MISSING, NULL, NULL);
    assert_true(lie_is_believed(&lie));
    lie_end(&lie);
}

static void characters_that_no_text_holds_are_mended(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    lie.release.title = " Ny\r\nbro\x1b[2J \xe2\x80\xae\xff";
    struct body_node *paragraph = body_append(&lie.arena, lie.release.body, BODY_PARAGRAPH);
    body_append(&lie.arena, paragraph, BODY_TEXT)->text = "e\xcc\x81\x02\xff\xe2\x80\x8b";
    assert_true(lie_is_believed(&lie));
    assert_string_equal(lie.text.release->title, "Ny bro[2J");
    assert_string_equal(lie.text.release->body->first_child->first_child->text, "\xc3\xa9");
    lie_end(&lie);
}

static void a_link_to_anywhere_is_not_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    struct body_node *paragraph = body_append(&lie.arena, lie.release.body, BODY_PARAGRAPH);
    struct body_node *link = body_append(&lie.arena, paragraph, BODY_LINK);
    static const char *const wrong[] = { "javascript:alert(1)", "https://a@b.example/", "//x/y",
                                         "../x", NULL };
    for (const char *const *target = wrong; *target; target++) {
        link->target = *target;
        assert_false(lie_is_believed(&lie));
    }
    link->target = "https://nordhav.example/";
    assert_true(lie_is_believed(&lie));
    link->kind = BODY_IMAGE;
    assert_false(lie_is_believed(&lie));
    lie_end(&lie);
}

static void a_part_in_the_wrong_place_is_not_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    struct body_node *paragraph = body_append(&lie.arena, lie.release.body, BODY_PARAGRAPH);
    (void)body_append(&lie.arena, paragraph, BODY_TABLE);
    assert_false(lie_is_believed(&lie));
    lie_end(&lie);
}

/* The one that puts gives up; one that lies may not. */
static void a_tree_without_an_end_is_not_believed(void **state)
{
    struct lie lie;
    struct string_builder packet;
    struct intake_problem_list problems;
    const char quote = BODY_QUOTE << 1;
    (void)state;
    lie_begin(&lie);
    const struct intake_text sent = { .release = &lie.release };
    string_builder_init(&packet, 0);
    reading_put_text(&packet, &lie.source, &sent, &lie.problems);
    string_builder_truncate(&packet, packet.length - 1);
    for (int depth = 0; depth <= BODY_DEPTH_MAXIMUM; depth++)
        string_builder_append_bytes(&packet, &quote, 1);
    for (int depth = 0; depth <= BODY_DEPTH_MAXIMUM + 1; depth++)
        string_builder_append_bytes(&packet, "\0", 1);
    intake_problem_list_init(&problems, &lie.arena, lie.source.name);
    assert_false(reading_take_text(packet.data, packet.length, &lie.arena, &lie.source, &lie.text,
                                   &problems));
    string_builder_release(&packet);
    lie_end(&lie);
}

static void a_problem_of_no_line_is_not_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    intake_problem_add(&lie.problems, INTAKE_NOTICE, 2, INTAKE_MESSAGE_UTF_16, NULL, NULL);
    assert_true(lie_is_believed(&lie));
    lie.problems.first->line = 4711;
    assert_false(lie_is_believed(&lie));
    lie.problems.first->line = 2;
    lie.problems.refused = 1;
    assert_false(lie_is_believed(&lie));
    lie_end(&lie);
}

/* What is not there, is of no kind, is endless, or has several lines. */
static void a_message_that_we_do_not_have_is_not_believed(void **state)
{
    static const struct intake_message innermost = { .id = INTAKE_MESSAGE_KIND_PNG };
    struct intake_message inner[5];
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    for (size_t i = 0; i < 5; i++)
        inner[i] = (struct intake_message){
            INTAKE_MESSAGE_ASSET_WITHOUT, { intake_value_message(i ? &inner[i - 1] : &innermost) }
        };

    const struct {
        struct intake_message message;
        bool is_ours;
    } messages[] = {
        { { .id = INTAKE_MESSAGE_UTF_16 }, true },
        { { .id = INTAKE_MESSAGE_ID_COUNT }, false },
        { { .id = INTAKE_MESSAGE_FILE_REFUSED_END }, false },
        { { INTAKE_MESSAGE_TIME_WEEKDAY, { [2] = intake_value_weekday(7) } }, true },
        { { INTAKE_MESSAGE_TIME_WEEKDAY, { [2] = intake_value_word(WORD_GROUP_COUNT, "x") } },
          false },
        { { INTAKE_MESSAGE_TIME_WEEKDAY, { [2] = intake_value_word(WORD_GROUP_WEEKDAY, NULL) } },
          false },
        { { INTAKE_MESSAGE_HELD, { intake_value_time(lie.source.zone, 0) } }, true },
        { { INTAKE_MESSAGE_HELD, { { .kind = INTAKE_VALUE_TIME, .number = INT64_MAX } } }, false },
        { { INTAKE_MESSAGE_HELD, { { .kind = INTAKE_VALUE_MESSAGE + 1 } } }, false },
        { inner[0], true },
        { inner[4], false },
    };

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct intake_problem problem = { .severity = INTAKE_NOTICE,
                                          .file = lie.source.name,
                                          .message = messages[i].message };
        lie.problems.first = &problem;
        lie.problems.notices = 1;
        if (lie_is_believed(&lie) != messages[i].is_ours)
            fail_msg("message %zu", i);
    }
    lie_end(&lie);
}

/* Messages within messages multiply what one may say. */
static void texts_of_a_problem_that_never_end_are_not_believed(void **state)
{
    enum { LENGTH = 1800, TEXTS = 9 };

    char text[LENGTH + 1];
    struct intake_message inner[TEXTS / 3];
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    memset(text, 'a', LENGTH);
    text[LENGTH] = '\0';
    const struct intake_value value = intake_value_given(text);
    for (size_t i = 0; i < TEXTS / 3; i++)
        inner[i] = (struct intake_message){ INTAKE_MESSAGE_PICTURE_TOO_LARGE,
                                            { value, value, value } };
    struct intake_problem problem = { .severity = INTAKE_NOTICE,
                                      .file = lie.source.name,
                                      .message = { INTAKE_MESSAGE_PICTURE_TOO_LARGE,
                                                   { value, value, value } } };
    lie.problems.first = &problem;
    lie.problems.notices = 1;
    assert_true(lie_is_believed(&lie));
    for (int i = 0; i < INTAKE_VALUES; i++)
        problem.message.values[i] = intake_value_message(&inner[i]);
    assert_true(lie_is_believed(&lie));
    inner[0].values[0] = intake_value_message(&inner[1]);
    assert_false(lie_is_believed(&lie));
    lie_end(&lie);
}

/* One more byte than all parts together may have. */
static void too_much_within_a_file_is_not_believed(void **state)
{
    struct lie lie;
    (void)state;
    lie_begin(&lie);
    struct release_asset second = { .file = "b.jpg" };
    struct release_asset first = { .file = "a.jpg", .next = &second };
    const char *bytes = arena_allocate(&lie.arena, INTAKE_PARTS_MAXIMUM_BYTES);
    struct intake_part small = { .name = "b.jpg", .bytes = bytes, .length = 1 };
    struct intake_part large = {
        .name = "a.jpg", .bytes = bytes, .length = INTAKE_PARTS_MAXIMUM_BYTES, .next = &small
    };
    lie.release.assets = &first;
    lie.parts = &large;
    assert_false(lie_is_believed(&lie));
    large.length--;
    assert_true(lie_is_believed(&lie));
    assert_string_equal(lie.text.parts->name, "b.jpg");
    assert_int_equal(lie.text.parts->next->length, INTAKE_PARTS_MAXIMUM_BYTES - 1);
    large.name = "../c.jpg"; /* no asset of the release: it is not even sent */
    assert_true(lie_is_believed(&lie));
    assert_null(lie.text.parts->next);
    lie_end(&lie);
}

/* Cut anywhere, it is none. */
static void a_torn_reply_is_not_believed(void **state)
{
    struct lie lie;
    struct string_builder packet;
    (void)state;
    lie_begin(&lie);
    struct body_node *paragraph = body_append(&lie.arena, lie.release.body, BODY_PARAGRAPH);
    body_append_text(&lie.arena, paragraph, "Tekst", 5);
    const struct intake_text sent = { .release = &lie.release };
    string_builder_init(&packet, 0);
    reading_put_text(&packet, &lie.source, &sent, &lie.problems);
    for (size_t length = 0; length < packet.length; length++) {
        struct intake_problem_list problems;
        intake_problem_list_init(&problems, &lie.arena, lie.source.name);
        assert_false(
            reading_take_text(packet.data, length, &lie.arena, &lie.source, &lie.text, &problems));
    }
    string_builder_release(&packet);
    lie_end(&lie);
}

static int open_words(void **state)
{
    struct error error;
    (void)state;
    words = shipped_words();
    locale = locale_context_new("Europe/Copenhagen", &error);
    return locale ? 0 : -1;
}

static int close_words(void **state)
{
    (void)state;
    language_words_free(words);
    locale_context_free(locale);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_comes_over_whole),
        cmocka_unit_test(every_text_of_a_corpus_comes_over_whole),
        cmocka_unit_test(what_a_release_can_say_is_believed),
        cmocka_unit_test(a_wrong_name_is_not_believed),
        cmocka_unit_test(a_release_without_a_title_is_not_believed),
        cmocka_unit_test(characters_that_no_text_holds_are_mended),
        cmocka_unit_test(a_link_to_anywhere_is_not_believed),
        cmocka_unit_test(a_part_in_the_wrong_place_is_not_believed),
        cmocka_unit_test(a_tree_without_an_end_is_not_believed),
        cmocka_unit_test(a_problem_of_no_line_is_not_believed),
        cmocka_unit_test(a_message_that_we_do_not_have_is_not_believed),
        cmocka_unit_test(texts_of_a_problem_that_never_end_are_not_believed),
        cmocka_unit_test(too_much_within_a_file_is_not_believed),
        cmocka_unit_test(a_torn_reply_is_not_believed),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
