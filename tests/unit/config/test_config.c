/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/error_list.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "config/config.h"
#include "confined/confined.h"
#include "feed/feed.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/mail_phrases.h"
#include "presentation/presentation.h"
#include "release/release.h"
#include "template/template.h"
#include "unit/golden.h"
#include "unit/languages.h"
#include "yaml/yaml.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct error_list problems;
static struct config config;

static bool load_with(const char *directory, const char *share)
{
    error_list_init(&problems, &arena, NULL);
    return config_load(&config, directory, share, "pressroom 0", &problems);
}

static bool load(const char *directory)
{
    return load_with(directory, TEST_SOURCE_DIRECTORY);
}

static int release(void **state)
{
    (void)state;
    config_release(&config);
    arena_release(&arena);
    return 0;
}

static const char *golden(const char *name, const char *file)
{
    return arena_format(&arena, "%s/config/%s%s%s", TEST_DATA_DIRECTORY, name, file ? "/" : "",
                        file ? file : "");
}

/* All problems, one a line as they are shown. */
static const char *told(void)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const struct file_error *problem = problems.first; problem; problem = problem->next) {
        string_builder_append_format(&text, "%s:", problem->file);
        if ((int)problem->error.line)
            string_builder_append_format(&text, "%d:", (int)problem->error.line);
        string_builder_append_format(&text, " %s\n", problem->error.message);
    }
    const char *copy = arena_copy_bytes(&arena, text.data, text.length);
    string_builder_release(&text);
    return copy;
}

/* Holds I7. */
static void bad_newsrooms_are_told_all_that_is_wrong(void **state)
{
    (void)state;
    static const char *const names[] = {
        "unknown-keys", "missing",         "empty",        "broken-yaml", "not-a-mapping",
        "wrong-values", "login",           "unencrypted",  "smtps-none",  "password-alone",
        "postgresql",   "addresses",       "user-in-site", "duplicate",   "feeds-wrong",
        "no-feeds",     "templates-wrong", "topics-wrong", "words-wrong",
    };
    bool all_as_expected = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_false(load(golden(names[i], NULL)));
        const char *path = arena_format(&arena, "config/%s/problems.txt", names[i]);
        all_as_expected = golden_is(path, told()) && all_as_expected;
        (void)release(NULL);
    }
    assert_true(all_as_expected);
}

static void defaults_hold_and_depend(void **state)
{
    (void)state;
    if (!load(golden("good", NULL)))
        fail_msg("%s", told());
    const struct newsroom *newsroom = &config.newsroom;
    assert_string_equal(newsroom->site_url, "https://presse.nordhav.example/nyt/");
    assert_string_equal(newsroom->endpoint, newsroom->site_url);
    assert_string_equal(newsroom->language, "da");
    assert_string_equal(newsroom->timezone, "Europe/Copenhagen");
    assert_string_equal(localized_get(newsroom->about, "en"), "About us");
    assert_string_equal(newsroom->contacts->name, "Mads Overby");
    assert_string_equal(config.mail.from_name, "Region Nordhav Presse");
    assert_string_equal(config.mail.from_address, "presse@nordhav.example");
    assert_string_equal(config.mail.replies, "presse@nordhav.example");
    assert_string_equal(config.message_source.bounces, "presse@nordhav.example");
    assert_string_equal(config.mail.delimiter, "+");
    assert_string_equal(config.list_id_wanted, "news.presse.nordhav.example");
    assert_string_equal(config.deliver.smtp.url, "smtp://relay.nordhav.example");
    assert_null(config.deliver.maildir);
    assert_int_equal(config.deliver.smtp.tls, SMTP_TLS_REQUIRED);
    assert_int_equal(config.deliver.connections, 10);
    assert_int_equal(config.deliver.hours_from, 22);
    assert_int_equal(config.deliver.hours_until, 7);
    assert_true(config.deliver.resend_unknown);
    assert_non_null(strstr(config.relay.password_file, "/good/state/smtp.password"));
    assert_int_equal(config.announce.delay_ms, 0);
    assert_int_equal(config.announce.max_age_ms, 48 * DURATION_HOUR);
    assert_int_equal(config.announce.max_new, 5);
    assert_int_equal(config.intake.debounce_ms, 2 * DURATION_SECOND);
    assert_string_equal(config.serve.listen, "127.0.0.1:8080");
    assert_null(config.serve.trusted_proxies);
    assert_null(config.inbox.url);
    assert_string_equal(config.publish.signup_address, "presse@nordhav.example");
}

static void feeds_templates_and_strings_are_read(void **state)
{
    (void)state;
    assert_true(load(golden("good", NULL)));
    const struct feed *feed = feed_find(config.feeds, "news");
    assert_non_null(feed);
    assert_string_equal(feed->title->language, "da");
    assert_string_equal(feed->languages->name, "da");
    assert_string_equal(feed->languages->next->name, "en-GB");
    assert_string_equal(feed->topics->name, "sundhed");
    assert_null(feed->types);
    assert_int_equal(feed->formats, FEED_ATOM);
    assert_int_equal(feed->entries, 20);
    assert_false(feed->signup_open);
    struct string_builder rendered;
    string_builder_init(&rendered, 0);
    assert_true(
        template_render(config.publish.templates, "release", NULL, TEMPLATE_HTML, &rendered, NULL));
    string_builder_release(&rendered);
    assert_string_equal(strings_get(config.publish.strings, "da", "nav_front"), "Forsiden");
    assert_string_equal(strings_get(config.publish.strings, "da", "type_event"), "Arrangement");
    assert_string_equal(strings_get(config.publish.strings, "da", "nav_media"), "Billeder");
    assert_string_equal(strings_get(config.publish.strings, "da", "nav_follow"), "Følg os");
    assert_string_equal(strings_get(config.publish.strings, "no", "nav_front"), "Nyheter");
    assert_string_equal(strings_get(config.publish.strings, "la", "nav_front"), "News");
    assert_string_equal(language_words_show(config.words, WORD_GROUP_WEEKDAY, "nn-NO", "tuesday"),
                        "tirsdag");
    assert_string_equal(language_words_show(config.words, WORD_GROUP_WEEKDAY, "la", "tuesday"),
                        "Tuesday");
    assert_string_equal(config.newsroom.country, "DK");
    assert_string_equal(config.publish.style, "body{}");
    const struct newsroom_topic *topic = config.publish.topics;
    assert_string_equal(topic->name, "sundhed");
    assert_string_equal(localized_get(topic->title, "en"), "Health");
    assert_string_equal(localized_get(topic->title, "da"), "Sundhed");
    assert_string_equal(topic->introductions->language, "da");
    assert_string_equal(topic->introductions->next->language, "en");
    assert_null(topic->next);
    assert_ptr_equal(config.resources.strings, config.publish.strings);
}

static void words_of_a_newsroom_are_added(void **state)
{
    (void)state;
    if (!load(golden("good", NULL)))
        fail_msg("%s", told());
    assert_ptr_equal(config.intake.words, config.words);
    assert_string_equal(
        language_words_find(config.words, WORD_GROUP_TYPE, "da", "kommunikeret", true)->name,
        "press-release");
    assert_string_equal(
        language_words_find(config.words, WORD_GROUP_TYPE, "da", "pressemeddelelse", true)->name,
        "press-release");
}

static void phrases_of_a_newsroom_are_added(void **state)
{
    (void)state;
    if (!load(golden("good", NULL)))
        fail_msg("%s", told());
    assert_ptr_equal(config.deliver.phrases, config.phrases);
    assert_true(mail_phrases_have(config.phrases, PHRASE_FULL, "kassen er helt fyldt"));
    assert_true(mail_phrases_have(config.phrases, PHRASE_FULL, "postkassen er fuld"));
    assert_true(mail_phrases_have(config.phrases, AUTOMATIC_SUBJECT, "自動応答"));
}

/* What English has phrases for, every shipped language has some for, but for what servers say. */
static void shipped_phrases_are_complete(void **state)
{
    (void)state;
    for (const char *const *language = shipped_languages; *language; language++) {
        struct error error;
        if (strcmp(*language, "en") == 0)
            continue;
        struct string_builder bytes;
        string_builder_init(&bytes, 0);
        const char *path = arena_format(
            &arena, TEST_SOURCE_DIRECTORY "/templates/languages/%s/mail.yaml", *language);
        assert_true(file_read(AT_FDCWD, path, &bytes, &error));
        const struct yaml_node *root = yaml_parse(&arena, bytes.data, bytes.length, 1, &error);
        assert_non_null(root);
        for (int i = QUOTATION_FROM; i <= REPORT_LABEL; i++) {
            const char *group = phrase_meaning_group((enum phrase_meaning)i);
            const char *name = phrase_meaning_name((enum phrase_meaning)i);
            if (!yaml_get(yaml_get(root, group), name))
                fail_msg("%s: nothing for %s of %s", *language, name, group);
        }
        string_builder_release(&bytes);
    }
}

static void folder_without_newsroom_is_named(void **state)
{
    (void)state;
    assert_false(load("/nonexistent"));
    assert_string_equal(told(), "/nonexistent: holds no newsroom.yaml; give a newsroom's folder "
                                "with -C, or make one with `pressroom init`\n");
}

static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory && (entry = readdir(directory))) { /* NOLINT(concurrency-mt-unsafe) */
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *below = file_join(&arena, path, entry->d_name);
        if (unlink(below) != 0)
            remove_tree(below);
    }
    if (directory)
        (void)closedir(directory);
    (void)rmdir(path);
}

static void who_mails_come_from_is_made_of_name_and_address(void **state)
{
    struct error error = { 0 };
    (void)state;
    assert_string_equal(
        config_likely_from(&arena, "Nord: \"Havet\"", "https://presse.nordhav.example/a/", &error),
        "\"Nord: \\\"Havet\\\"\" <presse@nordhav.example>");
    assert_string_equal(config_likely_from(&arena, "Nord", "https://nordhav.example", &error),
                        "\"Nord\" <presse@nordhav.example>");
    assert_null(config_likely_from(&arena, "Nord", "http://127.0.0.1:8000/", &error));
    assert_non_null(strstr(error.message, "--from is missing"));
    assert_null(config_likely_from(&arena, "Nord", "https:/presse.nordhav.example", &error));
    assert_string_equal(error.message, "--url https:/presse.nordhav.example lacks the “://” behind "
                                       "“https”; write https://… instead");
}

/* A share folder as ours, with these words of Danish alone. */
static const char *share_with_words(const char *top, const char *yaml)
{
    struct error error;
    const char *shipped = TEST_SOURCE_DIRECTORY "/templates";
    const char *templates = file_join(&arena, top, "templates");
    const char *language = file_join(&arena, templates, "languages/da");
    DIR *directory = opendir(shipped);
    const struct dirent *entry;
    assert_non_null(directory);
    assert_true(file_make_directories(AT_FDCWD, language, &error));
    assert_int_equal(symlink(file_join(&arena, shipped, "languages/en"),
                             file_join(&arena, templates, "languages/en")),
                     0);
    assert_int_equal(symlink(TEST_SOURCE_DIRECTORY "/feeds", file_join(&arena, top, "feeds")), 0);
    while ((entry = readdir(directory))) /* NOLINT(concurrency-mt-unsafe) */
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "languages") != 0)
            assert_int_equal(symlink(file_join(&arena, shipped, entry->d_name),
                                     file_join(&arena, templates, entry->d_name)),
                             0);
    (void)closedir(directory);
    assert_true(file_write_atomic(AT_FDCWD, file_join(&arena, language, "words.yaml"), yaml,
                                  strlen(yaml), 0644, &error));
    return top;
}

static void shipped_words_are_read_with_the_first_question(void **state)
{
    char top[] = "/tmp/pressroom-config-XXXXXX";
    struct error error = { 0 };
    (void)state;
    assert_non_null(mkdtemp(top));
    const char *share = share_with_words(top, "months:\n  june: [juni]\n  juli: [juli]\n");
    if (!load_with(golden("good", NULL), share))
        fail_msg("%s", told());
    assert_false(language_words_open(config.words, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_string_equal(error.message,
                        arena_format(&arena,
                                     "%s/templates/languages/da/words.yaml:3: unknown key “juli”; "
                                     "did you mean “july”? (is pressroom completely installed?)",
                                     top));
    remove_tree(top);
}

static void shipped_strings_are_read_with_the_first_question(void **state)
{
    char top[] = "/tmp/pressroom-config-XXXXXX";
    struct error error = { 0 };
    static const char broken[] = "nav_front: Forside\nnav_media: [a, b]\n";
    (void)state;
    assert_non_null(mkdtemp(top));
    const char *share = share_with_words(top, "months:\n  june: [juni]\n");
    const char *file = file_join(&arena, share, "templates/languages/nb/strings.yaml");
    const char *about = file_join(&arena, share, "templates/languages/nb/language.yaml");
    assert_true(file_make_directories(AT_FDCWD, file_join(&arena, share, "templates/languages/nb"),
                                      &error));
    assert_true(file_write_atomic(AT_FDCWD, about, "also: [nn]\n", 11, 0644, &error));
    assert_true(file_write_atomic(AT_FDCWD, file, broken, strlen(broken), 0644, &error));
    if (!load_with(golden("good", NULL), share))
        fail_msg("%s", told());
    assert_string_equal(strings_get(config.publish.strings, "en", "nav_front"), "News");
    assert_false(strings_open(config.publish.strings, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_string_equal(error.message,
                        arena_format(&arena,
                                     "%s:2: “nav_media” must be a text, not a list (is pressroom "
                                     "completely installed?)",
                                     file));
    assert_true(file_write_atomic(AT_FDCWD, file, broken, strcspn(broken, "\n") + 1, 0644, &error));
    config_release(&config);
    if (!load_with(golden("good", NULL), share))
        fail_msg("%s", told());
    assert_true(strings_open(config.publish.strings, &error));
    assert_string_equal(strings_get(config.publish.strings, "nn-NO", "nav_front"), "Forside");
    remove_tree(top);
}

static void new_newsroom_can_be_loaded(void **state)
{
    (void)state;
    char top[] = "/tmp/pressroom-config-XXXXXX";
    struct error error = { 0 };
    struct stat status;
    assert_non_null(mkdtemp(top));
    const char *directory = file_join(&arena, top, "newsroom");
    struct config_new_newsroom bad = { .name = "Region Nordhav",
                                       .url = "not an address",
                                       .from = "presse@nordhav.example" };
    assert_false(config_make_newsroom(directory, TEST_SOURCE_DIRECTORY, &bad, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_int_not_equal(stat(directory, &status), 0);
    struct config_new_newsroom values = { .name = "Nord: \"Havet\" # {a}",
                                          .url = "https://presse.nordhav.example",
                                          .from = "Presse Nord <presse@nordhav.example>",
                                          .language = "en" };
    if (!config_make_newsroom(directory, TEST_SOURCE_DIRECTORY, &values, &error))
        fail_msg("%s", error.message);
    assert_false(config_make_newsroom(directory, TEST_SOURCE_DIRECTORY, &values, &error));
    assert_non_null(strstr(error.message, "holds a newsroom already"));
    if (!load(directory))
        fail_msg("%s", told());
    assert_string_equal(config.newsroom.name, "Nord: \"Havet\" # {a}");
    assert_string_equal(config.newsroom.language, "en");
    assert_null(config.newsroom.country);
    assert_int_equal(config.announce.delay_ms, 5 * DURATION_MINUTE);
    assert_non_null(feed_find(config.feeds, "press-releases"));
    assert_int_equal(stat(config.state_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(stat(config.releases_path, &status), 0);
    remove_tree(top);
}

/* Where answers go: to an address of ours where a mailbox is read and the address is short enough
 * for a token; and what is known of the mailbox's own address. */
static void answers_are_taken_where_a_mailbox_is_read(void **state)
{
    (void)state;

    static const struct {
        const char *mail;
        bool is_answered;
        const char *address;
    } rows[] = {
        { "  from: presse@nordhav.example\n", false, NULL },
        { "  from: presse@nordhav.example\n  inbox: maildir:post\n", true, NULL },
        { "  from: presse@nordhav.example\n  inbox: imaps://post%40nordhav.example@mx.example/\n"
          "  inbox_password_file: p\n",
          true, "post@nordhav.example" },
        { "  from: presse@nordhav.example\n  inbox: pop3s://post@mx.example\n"
          "  inbox_password_file: p\n",
          true, "post@nordhav.example" },
        { "  from: pressemeddelelse@nordhav.example\n  inbox: maildir:post\n", true, NULL },
        { "  from: pressemeddelelser@nordhav.example\n  inbox: maildir:post\n", false, NULL },
        { "  from: pressemeddelelser@nordhav.example\n  replies: svar@nordhav.example\n"
          "  inbox: maildir:post\n",
          true, NULL },
    };
    struct error error;
    char directory[] = "/tmp/pressroom-config-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_int_equal(symlink(golden("good", "feeds"), arena_format(&arena, "%s/feeds", directory)),
                     0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = arena_format(&arena,
                                        "publisher: {name: N}\nsite: {url: https://n.example/}\n"
                                        "mail:\n%s",
                                        rows[i].mail);
        assert_true(file_write_atomic(AT_FDCWD, arena_format(&arena, "%s/newsroom.yaml", directory),
                                      text, strlen(text), 0644, &error));
        if (!load(directory))
            fail_msg("%s", told());
        assert_int_equal(config.mail.is_answered, rows[i].is_answered);
        if (rows[i].address)
            assert_string_equal(config.inbox.address, rows[i].address);
        else
            assert_null(config.inbox.address);
        config_release(&config);
    }
    remove_tree(directory);
}

/* Who may say yes is shown by name, else by what stands before the @: never by an address. */
static void approvers_have_names(void **state)
{
    (void)state;
    static const char text[] = "publisher: {name: N}\nsite: {url: https://n.example/}\n"
                               "mail: {from: presse@nordhav.example, inbox: 'maildir:post'}\n"
                               "intake: {approval: required}\n"
                               "receipts: {approvers: [Anna Holm <anna@nordhav.example>,"
                               " bo.lund@nordhav.example]}\n";
    struct error error;
    char directory[] = "/tmp/pressroom-config-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_int_equal(symlink(golden("good", "feeds"), arena_format(&arena, "%s/feeds", directory)),
                     0);
    assert_true(file_write_atomic(AT_FDCWD, arena_format(&arena, "%s/newsroom.yaml", directory),
                                  text, strlen(text), 0644, &error));
    if (!load(directory))
        fail_msg("%s", told());
    assert_string_equal(config.receipt.approvers->address, "anna@nordhav.example");
    assert_string_equal(config.receipt.approvers->next->address, "bo.lund@nordhav.example");
    assert_string_equal(config.status_page.approvers[0], "Anna Holm");
    assert_string_equal(config.status_page.approvers[1], "bo.lund");
    assert_null(config.status_page.approvers[2]);
    assert_true(config.intake.notifies && config.intake.hears);
    remove_tree(directory);
}

/* A name that only looks like such an address is another machine. */
static void a_relay_is_on_this_machine_by_its_address(void **state)
{
    (void)state;

    static const struct {
        const char *relay;
        bool is_here;
    } rows[] = {
        { "smtp://localhost", true },
        { "smtp://LOCALHOST:2525/", true },
        { "smtp://127.0.0.1:25", true },
        { "smtp://127.8.9.10", true },
        { "smtps://[::1]:465", true },
        { "smtp://127.nordhav.example", false },
        { "smtp://localhost.nordhav.example", false },
        { "smtp://192.0.2.1:25", false },
        { "smtp://[2001:db8::1]", false },
        { "maildir:mail", false },
    };

    char directory[] = "/tmp/pressroom-config-XXXXXX";
    struct error error = { 0 };
    assert_non_null(mkdtemp(directory));
    assert_int_equal(symlink(golden("good", "feeds"), arena_format(&arena, "%s/feeds", directory)),
                     0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = arena_format(&arena,
                                        "publisher: {name: N}\nsite: {url: https://n.example/}\n"
                                        "mail: {from: p@n.example, smtp: \"%s\"}\n",
                                        rows[i].relay);
        assert_true(file_write_atomic(AT_FDCWD, arena_format(&arena, "%s/newsroom.yaml", directory),
                                      text, strlen(text), 0644, &error));
        if (!load(directory))
            fail_msg("%s", told());
        if (config.relay.is_on_this_machine != rows[i].is_here)
            fail_msg("%s", rows[i].relay);
        config_release(&config);
    }
    remove_tree(directory);
}

static void example_newsroom_is_good(void **state)
{
    (void)state;
    if (!load(arena_format(&arena, "%s/tests/example/newsroom", TEST_SOURCE_DIRECTORY)))
        fail_msg("%s", told());
    assert_string_equal(config.newsroom.endpoint, config.newsroom.site_url);
    assert_null(config.serve.metrics);
    assert_int_equal(config.deliver.smtp.tls, SMTP_TLS_NONE);
    assert_string_equal(config.list_id_wanted, "news.nordhav.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(bad_newsrooms_are_told_all_that_is_wrong, release),
        cmocka_unit_test_teardown(defaults_hold_and_depend, release),
        cmocka_unit_test_teardown(feeds_templates_and_strings_are_read, release),
        cmocka_unit_test_teardown(words_of_a_newsroom_are_added, release),
        cmocka_unit_test_teardown(phrases_of_a_newsroom_are_added, release),
        cmocka_unit_test_teardown(shipped_phrases_are_complete, release),
        cmocka_unit_test_teardown(shipped_words_are_read_with_the_first_question, release),
        cmocka_unit_test_teardown(shipped_strings_are_read_with_the_first_question, release),
        cmocka_unit_test_teardown(folder_without_newsroom_is_named, release),
        cmocka_unit_test_teardown(who_mails_come_from_is_made_of_name_and_address, release),
        cmocka_unit_test_teardown(new_newsroom_can_be_loaded, release),
        cmocka_unit_test_teardown(answers_are_taken_where_a_mailbox_is_read, release),
        cmocka_unit_test_teardown(approvers_have_names, release),
        cmocka_unit_test_teardown(a_relay_is_on_this_machine_by_its_address, release),
        cmocka_unit_test_teardown(example_newsroom_is_good, release),
    };
    confined_set_program(PRESSROOM_PROGRAM); /* which reads topics */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
