/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "net/mailbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int entries(int directory, const char *name)
{
    struct error error;
    int folder = file_open_directory(directory, name, &error);
    assert_true(folder >= 0);
    DIR *stream = fdopendir(folder);
    assert_non_null(stream);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(stream))) /* NOLINT(concurrency-mt-unsafe) */
        count += entry->d_name[0] != '.';
    (void)closedir(stream);
    return count;
}

static void a_message_arrives_once_and_plain(void **state)
{
    (void)state;
    char path[] = "/tmp/pressroom-maildir-XXXXXX";
    assert_non_null(mkdtemp(path));
    struct error error = { 0 };
    int maildir = maildir_open(path, &error);
    assert_true(maildir >= 0);
    static const char data[] = "Subject: hej\r\n\r\n..prik\r\n. \r\nslut\r\n";
    struct maildir_message message = { .name = "d1-2.pressroom",
                                       .sender = "v+1@nordhav.example",
                                       .recipient = "a@x.example\r\nX: y",
                                       .data = data,
                                       .length = sizeof data - 1 };
    assert_true(maildir_write(maildir, &message, &error));
    assert_true(maildir_write(maildir, &message, &error));
    assert_int_equal(entries(maildir, "new"), 1);
    assert_int_equal(entries(maildir, "tmp"), 0);
    struct string_builder text;
    string_builder_init(&text, 4096);
    assert_true(file_read(maildir, "new/d1-2.pressroom", &text, &error));
    assert_string_equal(text.data, "Return-Path: <v+1@nordhav.example>\n"
                                   "Delivered-To: a@x.example??X: y\n"
                                   "Subject: hej\n\n.prik\n \nslut\n");
    string_builder_release(&text);

    message.name = "../escape";
    assert_false(maildir_write(maildir, &message, &error));
    assert_int_equal(error.kind, ERROR_INPUT);

    (void)unlinkat(maildir, "new/d1-2.pressroom", 0);
    (void)unlinkat(maildir, "new", AT_REMOVEDIR);
    (void)unlinkat(maildir, "cur", AT_REMOVEDIR);
    (void)unlinkat(maildir, "tmp", AT_REMOVEDIR);
    (void)close(maildir);
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_message_arrives_once_and_plain) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
