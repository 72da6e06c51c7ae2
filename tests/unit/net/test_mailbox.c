/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "net/mailbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char folder[64];
    char url[200];
};

static int place_make(void **state)
{
    static struct place place;
    (void)snprintf(place.folder, sizeof place.folder, "/tmp/pressroom-mailbox-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    *state = &place;
    return 0;
}

static int place_remove(void **state)
{
    char command[160];
    struct place *place = *state;
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    return system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe): a folder of our own */
}

static void put(const struct place *place, const char *name, const char *bytes, size_t length)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", place->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static bool is_there(const struct place *place, const char *name)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", place->folder, name);
    return access(path, F_OK) == 0;
}

static const char two[] = "From a@b.example Tue Jun  9 10:00:00 2026\n"
                          "From: a@b.example\nSubject: one\n\nfirst\n>From the sea\n\n"
                          "From c@d.example Tue Jun  9 11:00:00 2026\n"
                          "From: c@d.example\nSubject: two\nStatus: RO\n\nsecond\n";

static void make_maildir(struct place *place)
{
    static const char *const folders[] = { "new", "cur", "tmp" };
    for (size_t i = 0; i < 3; i++) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s/%s", place->folder, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    (void)snprintf(place->url, sizeof place->url, "maildir:%s", place->folder);
}

static struct mailbox *open_place(const struct place *place)
{
    struct error error = { 0 };
    const struct mailbox_settings settings = { .url = place->url };
    struct mailbox *mailbox = mailbox_open(&settings, &error);
    if (!mailbox)
        print_error("%s\n", error.message);
    assert_non_null(mailbox);
    return mailbox;
}

static void a_maildir_loses_what_is_done_and_nothing_else(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    struct string_builder bytes;
    char key[MAILBOX_KEY_SIZE];
    char seen[3][MAILBOX_KEY_SIZE];
    bool found = false;
    bool is_cut = false;
    size_t count = 0;
    size_t done[3];
    size_t done_count = 0;
    make_maildir(place);
    put(place, "cur/1.read.host:2,S", "A: 1\n\nold\n", 10);
    put(place, "new/2.new.host", "A: 2\n\nnew\n", 10);
    put(place, "new/3.stays.host", "A: 3\n\nstays\n", 12);
    put(place, "new/.hidden", "x", 1);
    string_builder_init(&bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    struct mailbox *mailbox = open_place(place);
    while (mailbox_next(mailbox, key, &found, &error) && found) {
        assert_true(count < 3);
        (void)snprintf(seen[count++], MAILBOX_KEY_SIZE, "%s", key);
        assert_true(mailbox_read(mailbox, &bytes, &is_cut, &found, &error));
        assert_true(found && !is_cut);
        if (!strstr(bytes.data, "stays"))
            done[done_count++] = mailbox_number(mailbox);
    }
    assert_true(mailbox_done(mailbox, done, done_count, &error));
    assert_int_equal(count, 3);
    assert_string_equal(seen[0], "1.read.host");
    assert_true(mailbox_close(mailbox, &error));
    assert_false(is_there(place, "cur/1.read.host:2,S"));
    assert_false(is_there(place, "new/2.new.host"));
    assert_true(is_there(place, "new/3.stays.host"));
    assert_true(is_there(place, ".pressroom-done/cur/1.read.host:2,S"));
    assert_true(is_there(place, ".pressroom-done/new/2.new.host"));
    assert_true(is_there(place, ".pressroom-done/tmp"));
    assert_true(is_there(place, ".pressroom-done/maildirfolder"));
    string_builder_release(&bytes);
}

static bool put_first_away(const struct place *place, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = false;
    struct mailbox *mailbox = open_place(place);
    assert_true(mailbox_next(mailbox, key, &found, error) && found);
    const size_t number = mailbox_number(mailbox);
    bool done = mailbox_done(mailbox, &number, 1, error);
    struct error closing;
    assert_true(mailbox_close(mailbox, &closing));
    return done;
}

/* A name that comes again (a message put back, a clock set back) replaces nothing. */
static void nothing_is_replaced_among_what_is_done(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    make_maildir(place);
    for (int i = 0; i < 3; i++) {
        put(place, "cur/1.same:2,S", "x", 1);
        assert_true(put_first_away(place, &error));
    }
    assert_true(is_there(place, ".pressroom-done/cur/1.same:2,S"));
    assert_true(is_there(place, ".pressroom-done/cur/1.same.1:2,S"));
    assert_true(is_there(place, ".pressroom-done/cur/1.same.2:2,S"));
}

/* Whoever can write there may not lead what is done elsewhere. */
static void the_folder_for_what_is_done_is_no_link(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    char path[160];
    make_maildir(place);
    put(place, "new/1", "x", 1);
    (void)snprintf(path, sizeof path, "%s/.pressroom-done", place->folder);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_false(put_first_away(place, &error));
    assert_int_equal(error.kind, ERROR_TEMPORARY);
    assert_true(is_there(place, "new/1"));
}

static void a_file_that_changes_is_looked_at_again(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    enum mailbox_news news = MAILBOX_QUIET;
    make_maildir(place);
    struct mailbox *mailbox = open_place(place);
    put(place, "new/1", "x", 1);
    assert_true(mailbox_wait(mailbox, 3600000, &news, &error));
    assert_int_equal(news, MAILBOX_AGAIN);
    assert_true(mailbox_close(mailbox, &error));
    put(place, "mbox", "", 0);
    (void)snprintf(place->url, sizeof place->url, "mbox:%s/mbox", place->folder);
    mailbox = open_place(place);
    put(place, "mbox", two, sizeof two - 1);
    assert_true(mailbox_wait(mailbox, 3600000, &news, &error));
    assert_int_equal(news, MAILBOX_AGAIN);
    assert_true(mailbox_close(mailbox, &error));
}

static void a_message_that_is_gone_or_a_link_is_passed_over(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    struct string_builder bytes;
    char key[MAILBOX_KEY_SIZE];
    char path[160];
    bool found = false;
    bool is_cut = false;
    make_maildir(place);
    put(place, "new/1.gone", "x", 1);
    (void)snprintf(path, sizeof path, "%s/new/2.link", place->folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    (void)snprintf(path, sizeof path, "%s/new/3.folder", place->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/new/4.pipe", place->folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    string_builder_init(&bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    struct mailbox *mailbox = open_place(place);
    (void)snprintf(path, sizeof path, "%s/new/1.gone", place->folder);
    assert_int_equal(unlink(path), 0);
    for (int i = 0; i < 4; i++) {
        assert_true(mailbox_next(mailbox, key, &found, &error) && found);
        assert_true(mailbox_read(mailbox, &bytes, &is_cut, &found, &error));
        assert_false(found);
    }
    assert_true(mailbox_next(mailbox, key, &found, &error) && !found);
    assert_true(mailbox_close(mailbox, &error));
    string_builder_release(&bytes);
}

/* What pressroom may not read is told as one message's fault, and the next is read. */
static void a_message_that_may_not_be_read_holds_up_none(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    struct string_builder bytes;
    char key[MAILBOX_KEY_SIZE];
    char path[160];
    bool found = false;
    bool is_cut = false;
    make_maildir(place);
    put(place, "new/1.closed", "x", 1);
    put(place, "new/2.open", "y", 1);
    (void)snprintf(path, sizeof path, "%s/new/1.closed", place->folder);
    assert_int_equal(chmod(path, 0), 0);
    (void)snprintf(path, sizeof path, "%s/new", place->folder);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(chmod(place->folder, 0755), 0);
    string_builder_init(&bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    struct mailbox *mailbox = open_place(place);
    assert_true(mailbox_next(mailbox, key, &found, &error) && found);
    const uid_t user = geteuid();
    if (user == 0) /* who may read anything */
        assert_int_equal(seteuid(65534), 0);
    bool is_read = mailbox_read(mailbox, &bytes, &is_cut, &found, &error);
    assert_int_equal(seteuid(user), 0);
    assert_false(is_read);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.message, "1.closed: Permission denied"));
    assert_true(mailbox_next(mailbox, key, &found, &error) && found);
    assert_true(mailbox_read(mailbox, &bytes, &is_cut, &found, &error) && found);
    assert_true(mailbox_close(mailbox, &error));
    string_builder_release(&bytes);
}

static void a_large_message_is_read_from_its_beginning(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    struct string_builder bytes;
    char key[MAILBOX_KEY_SIZE];
    bool found = false;
    bool is_cut = false;
    size_t size = 3 * (size_t)MAILBOX_MESSAGE_MAXIMUM;
    char *large = malloc(size);
    assert_non_null(large);
    memset(large, 'x', size);
    make_maildir(place);
    put(place, "new/1", large, size);
    put(place, "new/2", large, MAILBOX_MESSAGE_MAXIMUM);
    string_builder_init(&bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    struct mailbox *mailbox = open_place(place);
    for (int i = 1; i <= 2; i++) {
        assert_true(mailbox_next(mailbox, key, &found, &error) && found);
        assert_true(mailbox_read(mailbox, &bytes, &is_cut, &found, &error));
        assert_int_equal(bytes.length, MAILBOX_MESSAGE_MAXIMUM);
        assert_int_equal(is_cut, i == 1);
    }
    assert_true(mailbox_close(mailbox, &error));
    string_builder_release(&bytes);
    free(large);
}

/* ---- mbox ---- */

static void an_mbox_is_read_and_never_written(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    struct string_builder bytes;
    struct stat before;
    struct stat after;
    char key[2][MAILBOX_KEY_SIZE];
    char path[160];
    bool found = false;
    bool is_cut = false;
    put(place, "mbox", two, sizeof two - 1);
    (void)snprintf(path, sizeof path, "%s/mbox", place->folder);
    (void)snprintf(place->url, sizeof place->url, "mbox:%s", path);
    assert_int_equal(stat(path, &before), 0);
    string_builder_init(&bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    struct mailbox *mailbox = open_place(place);
    for (int i = 0; i < 2; i++) {
        assert_true(mailbox_next(mailbox, key[i], &found, &error) && found);
        assert_true(mailbox_read(mailbox, &bytes, &is_cut, &found, &error));
        assert_true(found);
        assert_true(strncmp(bytes.data, "From: ", 6) == 0);
        assert_non_null(strstr(bytes.data, i ? "second" : "first"));
        assert_null(strstr(bytes.data, i ? "first" : "second"));
        const size_t number = mailbox_number(mailbox);
        assert_true(mailbox_done(mailbox, &number, 1, &error));
    }
    assert_string_not_equal(key[0], key[1]);
    assert_true(mailbox_next(mailbox, key[0], &found, &error) && !found);
    assert_true(mailbox_close(mailbox, &error));
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtime, after.st_mtime);
    assert_false(is_there(place, "mbox.lock"));
    string_builder_release(&bytes);
}

static void an_mbox_that_is_cut_short_meanwhile_does_no_harm(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    struct string_builder bytes;
    char key[MAILBOX_KEY_SIZE];
    char path[160];
    bool found = false;
    bool is_cut = false;
    put(place, "mbox", two, sizeof two - 1);
    (void)snprintf(path, sizeof path, "%s/mbox", place->folder);
    (void)snprintf(place->url, sizeof place->url, "mbox:%s", path);
    string_builder_init(&bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    struct mailbox *mailbox = open_place(place);
    assert_int_equal(truncate(path, 60), 0);
    for (int i = 0; i < 2; i++) {
        assert_true(mailbox_next(mailbox, key, &found, &error) && found);
        assert_true(mailbox_read(mailbox, &bytes, &is_cut, &found, &error));
        assert_false(found);
    }
    assert_true(mailbox_close(mailbox, &error));
    string_builder_release(&bytes);
}

static void an_empty_mbox_holds_nothing(void **state)
{
    struct place *place = *state;
    struct error error = { 0 };
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    put(place, "mbox", "", 0);
    (void)snprintf(place->url, sizeof place->url, "mbox:%s/mbox", place->folder);
    struct mailbox *mailbox = open_place(place);
    assert_true(mailbox_next(mailbox, key, &found, &error) && !found);
    assert_true(mailbox_close(mailbox, &error));
}

static void what_cannot_be_opened_is_told(void **state)
{
    (void)state;

    static const struct {
        const char *url;
        enum error_kind kind;
    } rows[] = {
        { "maildir:/nowhere/at/all", ERROR_USAGE },
        { "mbox:/nowhere/at/all", ERROR_USAGE },
        { "mbox:/etc/passwd", ERROR_USAGE },
        { "imap://presse@127.0.0.1/", ERROR_USAGE },
        { "imaps://", ERROR_USAGE },
        { "imaps://127.0.0.1/INBOX", ERROR_USAGE },
        { "imaps://presse%0D%0AX@127.0.0.1:1/INBOX", ERROR_USAGE },
        { "imaps://presse@127.0.0.1:1/IN%0D%0ABOX", ERROR_USAGE },
        { "imaps://presse@127.0.0.1:1/INBOX", ERROR_TEMPORARY },
        { "pop3s://presse@127.0.0.1:1", ERROR_TEMPORARY },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = { 0 };
        const struct mailbox_settings settings = { .url = rows[i].url, .password = "x" };
        assert_null(mailbox_open(&settings, &error));
        assert_int_equal(error.kind, rows[i].kind);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_maildir_loses_what_is_done_and_nothing_else),
        TEST(nothing_is_replaced_among_what_is_done),
        TEST(the_folder_for_what_is_done_is_no_link),
        TEST(a_file_that_changes_is_looked_at_again),
        TEST(a_message_that_is_gone_or_a_link_is_passed_over),
        TEST(a_message_that_may_not_be_read_holds_up_none),
        TEST(a_large_message_is_read_from_its_beginning),
        TEST(an_mbox_is_read_and_never_written),
        TEST(an_mbox_that_is_cut_short_meanwhile_does_no_harm),
        TEST(an_empty_mbox_holds_nothing),
        cmocka_unit_test(what_cannot_be_opened_is_told),
    };
    confined_set_program(PRESSROOM_PROGRAM);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
