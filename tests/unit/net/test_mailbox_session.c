/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "net/mailbox.h"
#include "net/mailbox_session.h"

#include <string.h>

/* A server that says what it says, a piece at each reading; what it is told is kept. */
struct script {
    const char *const *pieces;
    struct string_builder told;
};

static size_t read_script(void *payload, void *bytes, size_t size)
{
    struct script *script = payload;
    if (!*script->pieces)
        return 0;
    size_t length = strlen(*script->pieces);
    assert_true(length <= size);
    memcpy(bytes, *script->pieces++, length);
    return length;
}

static bool write_script(void *payload, const void *bytes, size_t length)
{
    struct script *script = payload;
    string_builder_append_bytes(&script->told, bytes, length);
    return true;
}

struct session {
    struct script script;
    struct mailbox_stream stream;
    const struct mailbox_protocol *protocol;
    void *state;
    struct arena arena;
    struct mailbox_list list;
    struct mailbox_verdict verdict;
    struct string_builder message;
};

static void session_open(struct session *session, const struct mailbox_protocol *protocol,
                         const char *const *pieces)
{
    const struct mailbox_login login = { "presse", "mark", "a\"b\\" };
    *session = (struct session){ .script = { .pieces = pieces }, .protocol = protocol };
    string_builder_init(&session->script.told, 0);
    string_builder_init(&session->message, MAILBOX_MESSAGE_MAXIMUM + 1024);
    session->stream = (struct mailbox_stream){ read_script, write_script, &session->script };
    session->state = protocol->start(&session->stream);
    protocol->open(session->state, &login, &session->arena, &session->list, &session->verdict);
    assert_int_equal(session->verdict.outcome, MAILBOX_WELL);
}

static void session_close(struct session *session)
{
    session->protocol->stop(session->state);
    string_builder_release(&session->script.told);
    string_builder_release(&session->message);
    arena_release(&session->arena);
}

#define IMAP_OPENING                                                                               \
    "* OK ready\r\n", "1 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n",                                   \
        "* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 7] x {5}\r\n2 OK [READ-WRITE] x\r\n",               \
        "* SEARCH 17 4294967295\r\n* SEARCH 3 x 0\r\n3 OK x\r\n"

static void an_imap_folder_is_opened_by_its_name(void **state)
{
    (void)state;
    static const char *const pieces[] = { IMAP_OPENING, NULL };
    struct session session;
    session_open(&session, &mailbox_protocol_imap, pieces);
    assert_string_equal(session.script.told.data,
                        "1 LOGIN \"presse\" \"mark\"\r\n2 SELECT \"a\\\"b\\\\\"\r\n"
                        "3 UID SEARCH UNDELETED\r\n");
    assert_int_equal(session.list.validity, 7);
    assert_int_equal(session.list.count, 3);
    assert_int_equal(session.list.entries[1].number, UINT32_MAX);
    assert_int_equal(session.list.unreadable, 2);
    session_close(&session);
}

static const struct fetch {
    const char *answer;
    enum mailbox_outcome outcome;
    const char *message;
} fetches[] = {
    { "* 1 FETCH (UID 17 BODY[]<0> {5}\r\nA: b\n)\r\n4 OK x\r\n", MAILBOX_WELL, "A: b\n" },
    { "* 1 fetch (body[] {5}\nA: b\n uid 17)\n4 ok x\n", MAILBOX_WELL, "A: b\n" },
    { "* 1 FETCH (BODY[]<0> \"a\\\"\\\\b\" UID 17)\r\n4 OK\r\n", MAILBOX_WELL, "a\"\\b" },
    { "* 1 FETCH (UID 17 BODY[]<0> \"\")\r\n4 OK x\r\n", MAILBOX_WELL, "" },
    { "* 1 FETCH (UID 17 BODY[]<0> {0}\r\n)\r\n4 OK x\r\n", MAILBOX_WELL, "" },
    /* Others come between, and strings that hold what has a meaning outside them. */
    { "* 9 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 18 BODY[]<0> {1}\r\nx)\r\n"
      "* 1 FETCH (ENVELOPE (\"a ) {9}\" {3}\r\n)\r\n ((NIL))) BODY[HEADER.FIELDS (TO X)]<0> \"n\" "
      "UID 17 BODY[]<0> {3}\r\n)\r\n MODSEQ (7))\r\n* OK {5}\r\n4 OK [X] {9}\r\n",
      MAILBOX_WELL, ")\r\n" },
    { "* 1 FETCH (UID 17 BODY[]<0> {1}\r\nx)\r\n* 1 FETCH (UID 17 BODY[]<0> {1}\r\ny)\r\n4 OK\r\n",
      MAILBOX_WELL, "x" },
    { "4 OK x\r\n", MAILBOX_GONE, "" },
    { "* 1 FETCH (UID 17 BODY[]<0> NIL)\r\n4 OK x\r\n", MAILBOX_GONE, "" },
    { "* 1 FETCH (UID 17 BODY[TEXT] {1}\r\nx)\r\n4 OK x\r\n", MAILBOX_GONE, "" },
    { "* 1 FETCH (UID 18 BODY[]<0> {1}\r\nx)\r\n4 OK x\r\n", MAILBOX_GONE, "" },
    { "4 NO [SERVERBUG] x\r\n", MAILBOX_GONE, "" },
    { "* 1 FETCH (UID 17 BODY[]<0> {9}\r\nx)\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* 1 FETCH (UID 17 BODY[]<0> {4294967296}\r\nx)\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* 1 FETCH (UID 17 BODY[]<0> {1}\r\nx\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* 1 FETCH (UID 17 BODY[]<0> \"x)\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* 1 FETCH (UID 4294967313 BODY[]<0> {1}\r\nx)\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* 1 FETCH UID 17\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* 1 FETCH (UID (17) BODY[]<0> )\r\n4 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "* BYE x\r\n", MAILBOX_UNREADABLE, "" },
    { "+ go on\r\n", MAILBOX_UNREADABLE, "" },
    { "5 OK x\r\n", MAILBOX_UNREADABLE, "" },
    { "4 OKAY x\r\n", MAILBOX_UNREADABLE, "" },
    { "\r\n", MAILBOX_UNREADABLE, "" },
    { "4 OK", MAILBOX_UNREADABLE, "" },
};

static void an_imap_message_is_taken_out_of_what_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fetches / sizeof fetches[0]; i++) {
        const char *const pieces[] = { IMAP_OPENING, fetches[i].answer, NULL };
        const struct mailbox_entry entry = { .number = 17 };
        struct session session;
        session_open(&session, &mailbox_protocol_imap, pieces);
        session.protocol->read(session.state, &entry, &session.message, &session.verdict);
        if (session.verdict.outcome != fetches[i].outcome)
            print_error("%s", fetches[i].answer);
        assert_int_equal(session.verdict.outcome, fetches[i].outcome);
        assert_string_equal(session.message.data, fetches[i].message);
        session_close(&session);
    }
}

#define TO_DONE " \"pressroom-done\"\r\n"

/* What each command is answered, and what is said in all. */
static const struct removal {
    const char *capabilities;
    const char *answers[8];
    const char *told;
    enum mailbox_outcome outcome;
} removals[] = {
    { "MOVE UIDPLUS", { "5 OK x\r\n" }, "5 UID MOVE 17,3" TO_DONE, MAILBOX_WELL },
    { "UIDPLUS",
      { "5 OK x\r\n", "6 OK x\r\n", "7 OK x\r\n" },
      "5 UID COPY 17,3" TO_DONE "6 UID STORE 17,3 +FLAGS.SILENT (\\Deleted)\r\n"
      "7 UID EXPUNGE 17,3\r\n",
      MAILBOX_WELL },
    { "XUIDPLUS UIDPLUSX XMOVE",
      { "5 OK x\r\n", "6 OK x\r\n" },
      "5 UID COPY 17,3" TO_DONE "6 UID STORE 17,3 +FLAGS.SILENT (\\Deleted)\r\n",
      MAILBOX_WELL },
    /* Made where it is not there. */
    { "MOVE",
      { "5 NO [TRYCREATE] x\r\n", "6 OK x\r\n", "7 NO x\r\n", "8 OK x\r\n" },
      "5 UID MOVE 17,3" TO_DONE "6 CREATE" TO_DONE "7 SUBSCRIBE" TO_DONE "8 UID MOVE 17,3" TO_DONE,
      MAILBOX_WELL },
    { "MOVE",
      { "5 NO x\r\n", "6 NO it is there\r\n", "7 NO over quota\r\n" },
      "5 UID MOVE 17,3" TO_DONE "6 CREATE" TO_DONE "7 UID MOVE 17,3" TO_DONE,
      MAILBOX_REFUSED },
    /* What is not copied is not marked. */
    { "UIDPLUS",
      { "5 NO x\r\n", "6 NO x\r\n", "7 NO x\r\n" },
      "5 UID COPY 17,3" TO_DONE "6 CREATE" TO_DONE "7 UID COPY 17,3" TO_DONE,
      MAILBOX_REFUSED },
    { "UIDPLUS",
      { "5 OK x\r\n", "6 NO read only\r\n" },
      "5 UID COPY 17,3" TO_DONE "6 UID STORE 17,3 +FLAGS.SILENT (\\Deleted)\r\n",
      MAILBOX_REFUSED },
    { "MOVE", { "what?\r\n" }, "5 UID MOVE 17,3" TO_DONE, MAILBOX_UNREADABLE },
    /* Where a user's own folders stand. */
    { "MOVE NAMESPACE",
      { "* NAMESPACE ((\"INBOX.\" \".\")(\"x\" \".\")) NIL NIL\r\n5 OK x\r\n", "6 OK x\r\n" },
      "5 NAMESPACE\r\n6 UID MOVE 17,3 \"INBOX.pressroom-done\"\r\n",
      MAILBOX_WELL },
    { "MOVE NAMESPACE",
      { "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n5 OK x\r\n", "6 OK x\r\n" },
      "5 NAMESPACE\r\n6 UID MOVE 17,3" TO_DONE,
      MAILBOX_WELL },
    { "MOVE NAMESPACE",
      { "* NAMESPACE ((\"a\\\"b\" \"/\")) NIL NIL\r\n5 OK x\r\n", "6 OK x\r\n" },
      "5 NAMESPACE\r\n6 UID MOVE 17,3" TO_DONE,
      MAILBOX_WELL },
    { "MOVE NAMESPACE",
      { "* NAMESPACE NIL NIL NIL\r\n5 OK x\r\n", "6 OK x\r\n" },
      "5 NAMESPACE\r\n6 UID MOVE 17,3" TO_DONE,
      MAILBOX_WELL },
    { "MOVE NAMESPACE",
      { "5 BAD x\r\n", "6 OK x\r\n" },
      "5 NAMESPACE\r\n6 UID MOVE 17,3" TO_DONE,
      MAILBOX_WELL },
};

static void imap_puts_away_by_uid_or_not_at_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof removals / sizeof removals[0]; i++) {
        const struct removal *row = &removals[i];
        struct string_builder capability;
        string_builder_init(&capability, 0);
        string_builder_append_format(&capability, "* CAPABILITY IMAP4rev1 %s\r\n2 OK x\r\n",
                                     row->capabilities);
        const char *const pieces[] = {
            "* OK x\r\n",    "1 OK x\r\n",    capability.data, "3 OK x\r\n",    "4 OK x\r\n",
            row->answers[0], row->answers[1], row->answers[2], row->answers[3], NULL
        };
        const uint32_t numbers[] = { 17, 3 };
        struct session session;
        session_open(&session, &mailbox_protocol_imap, pieces);
        string_builder_clear(&session.script.told);
        session.protocol->remove(session.state, numbers, 2, &session.verdict);
        assert_string_equal(session.script.told.data, row->told);
        assert_int_equal(session.verdict.outcome, row->outcome);
        session_close(&session);
        string_builder_release(&capability);
    }
}

/* "": nothing has come for as long as is waited. */
static const struct waiting {
    const char *answers[7];
    const char *told;
    size_t count;
    enum mailbox_outcome outcome;
} waitings[] = {
    /* What came while something else was done. */
    { { "* SEARCH 20 21\r\n4 OK x\r\n" }, "4 UID SEARCH UID 18:* UNDELETED\r\n", 2, MAILBOX_WELL },
    { { "* SEARCH\r\n* 4 EXISTS\r\n4 OK x\r\n", "* SEARCH 20\r\n5 OK x\r\n" },
      "4 UID SEARCH UID 18:* UNDELETED\r\n5 UID SEARCH UID 18:* UNDELETED\r\n",
      1,
      MAILBOX_WELL },
    /* The last one is in "18:*", however low it is. */
    { { "* SEARCH 17\r\n4 OK x\r\n", "+ idling\r\n* OK still here\r\n* 3 EXPUNGE\r\n",
        "* 4 EXISTS\r\n", "5 OK x\r\n", "* SEARCH 20\r\n6 OK x\r\n" },
      "4 UID SEARCH UID 18:* UNDELETED\r\n5 IDLE\r\nDONE\r\n"
      "6 UID SEARCH UID 18:* UNDELETED\r\n",
      1,
      MAILBOX_WELL },
    { { "* SEARCH\r\n4 OK x\r\n", "+ idling\r\n", "", "5 OK x\r\n" },
      "4 UID SEARCH UID 18:* UNDELETED\r\n5 IDLE\r\nDONE\r\n",
      0,
      MAILBOX_WELL },
    /* Its "+" comes after the wait. */
    { { "* SEARCH\r\n4 OK x\r\n", "", "+ idling\r\n* 4 EXISTS\r\n5 OK x\r\n",
        "* SEARCH 20\r\n6 OK x\r\n" },
      "4 UID SEARCH UID 18:* UNDELETED\r\n5 IDLE\r\nDONE\r\n"
      "6 UID SEARCH UID 18:* UNDELETED\r\n",
      1,
      MAILBOX_WELL },
    { { "* SEARCH\r\n4 OK x\r\n", "5 BAD x\r\n" },
      "4 UID SEARCH UID 18:* UNDELETED\r\n5 IDLE\r\n",
      0,
      MAILBOX_UNREADABLE },
    { { "* SEARCH\r\n4 OK x\r\n", "+ idling\r\n* BYE x\r\n" },
      "4 UID SEARCH UID 18:* UNDELETED\r\n5 IDLE\r\n",
      0,
      MAILBOX_UNREADABLE },
};

static void imap_waits_until_something_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof waitings / sizeof waitings[0]; i++) {
        const struct waiting *row = &waitings[i];
        const char *const pieces[] = { IMAP_OPENING,
                                       row->answers[0],
                                       row->answers[1],
                                       row->answers[2],
                                       row->answers[3],
                                       row->answers[4],
                                       NULL };
        struct session session;
        session_open(&session, &mailbox_protocol_imap, pieces);
        string_builder_clear(&session.script.told);
        session.list = (struct mailbox_list){ 0 };
        session.protocol->wait(session.state, 17, &session.arena, &session.list, &session.verdict);
        assert_string_equal(session.script.told.data, row->told);
        assert_int_equal(session.verdict.outcome, row->outcome);
        assert_int_equal(session.list.count, row->count);
        assert_true(session.list.can_wait);
        session_close(&session);
    }
}

static void pop3_asks_for_no_more_than_it_can_take(void **state)
{
    (void)state;

    static const struct {
        const char *size;
        const char *const answers[3];
        const char *told;
        enum mailbox_outcome outcome;
    } rows[] = {
        { "100", { "+OK\r\nA\r\n.\r\n" }, "RETR 1\r\n", MAILBOX_WELL },
        { "300000", { "+OK\r\nA\r\n.\r\n" }, "TOP 1 2000\r\n", MAILBOX_WELL },
        { "300000", { "-ERR\r\n", "+OK\r\nA\r\n.\r\n" }, "TOP 1 2000\r\nRETR 1\r\n", MAILBOX_WELL },
        { "x", { "-ERR\r\n", "+OK\r\nA\r\n.\r\n" }, "TOP 1 2000\r\nRETR 1\r\n", MAILBOX_WELL },
        { "40000000", { "-ERR\r\n" }, "TOP 1 2000\r\n", MAILBOX_GONE },
        { "100", { "-ERR [SYS/TEMP] x\r\n" }, "RETR 1\r\n", MAILBOX_GONE },
        { "300000", { "what?\r\n" }, "TOP 1 2000\r\n", MAILBOX_UNREADABLE },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct string_builder list;
        struct session session;
        string_builder_init(&list, 0);
        string_builder_append_format(&list, "+OK\r\n1 %s\r\n.\r\n", rows[i].size);
        const char *const pieces[] = { "+OK\r\n",          "+OK\r\n",  "+OK\r\n",
                                       list.data,          "-ERR\r\n", rows[i].answers[0],
                                       rows[i].answers[1], NULL };
        session_open(&session, &mailbox_protocol_pop3, pieces);
        string_builder_clear(&session.script.told);
        session.protocol->read(session.state, &session.list.entries[0], &session.message,
                               &session.verdict);
        assert_int_equal(session.verdict.outcome, rows[i].outcome);
        assert_string_equal(session.script.told.data, rows[i].told);
        assert_string_equal(session.message.data, rows[i].outcome == MAILBOX_WELL ? "A\r\n" : "");
        session_close(&session);
        string_builder_release(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_imap_folder_is_opened_by_its_name),
        cmocka_unit_test(an_imap_message_is_taken_out_of_what_comes),
        cmocka_unit_test(imap_puts_away_by_uid_or_not_at_all),
        cmocka_unit_test(imap_waits_until_something_comes),
        cmocka_unit_test(pop3_asks_for_no_more_than_it_can_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
