/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/string_builder.h"
#include "net/mailbox_commands.h"

#include <string.h>

static const char mark[] = "qzwmark";

struct row {
    bool is_imap;
    enum mailbox_step step;
    const char *line;
    const char *sent; /* NULL: refused */
};

static const struct row rows[] = {
    { true, MAILBOX_STEP_OPEN, "1 LOGIN presse qzwmark\r\n", "1 LOGIN presse \"a\\\"b\\\\c\"\r\n" },
    { true, MAILBOX_STEP_OPEN, "1 LOGIN \"p q\" \"qzwmark\"\r\n",
      "1 LOGIN \"p q\" \"a\\\"b\\\\c\"\r\n" },
    { true, MAILBOX_STEP_OPEN, "2 SELECT \"in \\\"d\"\r\n", "2 SELECT \"in \\\"d\"\r\n" },
    { true, MAILBOX_STEP_OPEN, "2 SELECT \"in \\\"dx\"\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 SELECT \"in \\\"\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 SELECT INBOX\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 SELECT qzwmark\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 LOGIN qzwmark x\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 LOGIN qzwmark qzwmark\" \r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 DELETE INBOX\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 UID SEARCH UNDELETED\r\n", "2 UID SEARCH UNDELETED\r\n" },
    { true, MAILBOX_STEP_OPEN, "2 SELECT INBOX\r\n3 CLOSE\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "2 SELECT INBOX", NULL },
    { true, MAILBOX_STEP_READ, "4 UID FETCH 17 BODY.PEEK[]<0.262145>\r\n",
      "4 UID FETCH 17 BODY.PEEK[]<0.262145>\r\n" },
    { true, MAILBOX_STEP_READ, "4 UID FETCH 170 BODY.PEEK[]<0.262145>\r\n", NULL },
    { true, MAILBOX_STEP_READ, "4 UID FETCH 17 BODY[]\r\n", NULL },
    { true, MAILBOX_STEP_READ, "4 UID FETCH 17 BODY.PEEK[]<0.262145> BODY[]\r\n", NULL },
    { true, MAILBOX_STEP_READ, "4 UID STORE 17 +FLAGS.SILENT (\\Deleted)\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID STORE 3,4294967295 +FLAGS.SILENT (\\Deleted)\r\n",
      "5 UID STORE 3,4294967295 +FLAGS.SILENT (\\Deleted)\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 UID STORE 3 +FLAGS.SILENT (\\Deleted)\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID STORE 1:* +FLAGS.SILENT (\\Deleted)\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID STORE 3,4294967295 +FLAGS (\\Seen)\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 EXPUNGE\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID EXPUNGE 3,4294967295\r\n",
      "5 UID EXPUNGE 3,4294967295\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 UID EXPUNGE 3,4\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID EXPUNGE 3,4294967295,5\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID MOVE 3,4294967295 \"pressroom-done\"\r\n",
      "5 UID MOVE 3,4294967295 \"pressroom-done\"\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 UID MOVE 3,4294967295 \"INBOX.pressroom-done\"\r\n",
      "5 UID MOVE 3,4294967295 \"INBOX.pressroom-done\"\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 UID MOVE 3,4294967295 \"Trash\"\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID MOVE 1:* \"pressroom-done\"\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE,
      "5 UID MOVE 3,4294967295 \"pressroom-done\" \"pressroom-done\"\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 UID COPY 3,4294967295 \"pressroom-done\"\r\n",
      "5 UID COPY 3,4294967295 \"pressroom-done\"\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 UID COPY 3,4294967295 pressroom-done\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 CREATE \"INBOX/pressroom-done\"\r\n",
      "5 CREATE \"INBOX/pressroom-done\"\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 CREATE \"x\"\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 SUBSCRIBE \"pressroom-done\"\r\n",
      "5 SUBSCRIBE \"pressroom-done\"\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 DELETE \"pressroom-done\"\r\n", NULL },
    { true, MAILBOX_STEP_REMOVE, "5 NAMESPACE\r\n", "5 NAMESPACE\r\n" },
    { true, MAILBOX_STEP_REMOVE, "5 UID FETCH 17 BODY[]\r\n", NULL },
    { true, MAILBOX_STEP_WAIT, "5 IDLE\r\n", "5 IDLE\r\n" },
    { true, MAILBOX_STEP_WAIT, "5 UID SEARCH UID 18:* UNDELETED\r\n",
      "5 UID SEARCH UID 18:* UNDELETED\r\n" },
    { true, MAILBOX_STEP_WAIT, "5 UID SEARCH UID 1:* UNDELETED\r\n", NULL },
    { true, MAILBOX_STEP_WAIT, "5 UID SEARCH UNDELETED\r\n", NULL },
    { true, MAILBOX_STEP_WAIT, "5 DONE\r\n", NULL },
    { true, MAILBOX_STEP_WAIT, "DONE\r\n", "DONE\r\n" },
    { true, MAILBOX_STEP_READ, "DONE\r\n", NULL },
    { true, MAILBOX_STEP_OPEN, "6 CAPABILITY\r\n", "6 CAPABILITY\r\n" },
    { true, MAILBOX_STEP_FINISH, "7 LOGOUT\r\n", "7 LOGOUT\r\n" },
    { true, MAILBOX_STEP_FINISH, "LOGOUT\r\n", NULL },
    { false, MAILBOX_STEP_OPEN, "USER presse\r\n", "USER presse\r\n" },
    { false, MAILBOX_STEP_OPEN, "PASS qzwmark\r\n", "PASS a\"b\\c\r\n" },
    { false, MAILBOX_STEP_OPEN, "USER qzwmark\r\n", NULL },
    { false, MAILBOX_STEP_OPEN, "LIST\r\n", "LIST\r\n" },
    { false, MAILBOX_STEP_OPEN, "DELE 17\r\n", NULL },
    { false, MAILBOX_STEP_OPEN, "QUIT\r\n", NULL },
    { false, MAILBOX_STEP_READ, "RETR 17\r\n", "RETR 17\r\n" },
    { false, MAILBOX_STEP_READ, "TOP 17 2000\r\n", "TOP 17 2000\r\n" },
    { false, MAILBOX_STEP_READ, "TOP 17 0\r\n", NULL },
    { false, MAILBOX_STEP_READ, "RETR 1\r\n", NULL },
    { false, MAILBOX_STEP_READ, "DELE 17\r\n", NULL },
    { false, MAILBOX_STEP_REMOVE, "DELE 3\r\n", "DELE 3\r\n" },
    { false, MAILBOX_STEP_REMOVE, "DELE 17\r\n", NULL },
    { false, MAILBOX_STEP_REMOVE, "DELE 3,4294967295\r\n", NULL },
    { false, MAILBOX_STEP_WAIT, "DONE\r\n", NULL },
    { false, MAILBOX_STEP_FINISH, "QUIT\r\n", "QUIT\r\n" },
    { false, MAILBOX_STEP_WAIT, "QUIT\r\n", NULL },
};

static void only_what_a_step_needs_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mailbox_commands commands;
        struct string_builder sent;
        const struct mailbox_request request = { .step = rows[i].step,
                                                 .login = { .folder = "in \"d" },
                                                 .entry = { .number = 17 },
                                                 .numbers = { 3, UINT32_MAX },
                                                 .count = 2 };
        string_builder_init(&sent, 0);
        assert_true(mailbox_commands_init(&commands, rows[i].is_imap, "a\"b\\c", mark));
        mailbox_commands_allow(&commands, &request);
        bool done = mailbox_commands_complete(&commands, rows[i].line, strlen(rows[i].line), &sent);
        if (done != (rows[i].sent != NULL))
            print_error("%s", rows[i].line);
        assert_int_equal(done, rows[i].sent != NULL);
        if (done)
            assert_string_equal(sent.data, rows[i].sent);
        mailbox_commands_release(&commands);
        string_builder_release(&sent);
    }
}

static void the_password_is_said_once(void **state)
{
    (void)state;
    struct mailbox_commands commands;
    struct string_builder sent;
    const struct mailbox_request request = { .step = MAILBOX_STEP_OPEN };
    string_builder_init(&sent, 0);
    assert_true(mailbox_commands_init(&commands, false, "x", mark));
    mailbox_commands_allow(&commands, &request);
    assert_true(mailbox_commands_complete(&commands, "PASS qzwmark\r\n", 14, &sent));
    assert_false(mailbox_commands_complete(&commands, "PASS qzwmark\r\n", 14, &sent));
    mailbox_commands_release(&commands);
    assert_false(mailbox_commands_init(&commands, false, "x\r\nDELE 1", mark));
    mailbox_commands_release(&commands);
    assert_true(mailbox_commands_init(&commands, false, NULL, mark));
    mailbox_commands_release(&commands);
    string_builder_release(&sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_a_step_needs_is_said),
        cmocka_unit_test(the_password_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
