/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "net/mailbox.h"
#include "net/mailbox_packet.h"

#include <string.h>

static bool pass_on(const struct mailbox_reply *reply, enum mailbox_step step, struct arena *arena,
                    struct mailbox_reply *taken)
{
    static char kept[1024];
    struct string_builder packet;
    string_builder_init(&packet, 0);
    mailbox_reply_put(&packet, step, reply);
    assert_true(packet.length <= sizeof kept);
    memcpy(kept, packet.data, packet.length);
    bool done = mailbox_reply_take(kept, packet.length, step, arena, taken);
    string_builder_release(&packet);
    return done;
}

static void a_request_comes_as_it_was_put(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder packet;
    struct mailbox_request taken;
    const struct mailbox_request request = { .step = MAILBOX_STEP_OPEN,
                                             .is_imap = true,
                                             .login = { "presse", "mark", "INBOX" } };
    const struct mailbox_request remove = { .step = MAILBOX_STEP_REMOVE,
                                            .numbers = { 7, UINT32_MAX },
                                            .count = 2 };
    string_builder_init(&packet, 0);
    mailbox_request_put(&packet, &request);
    assert_true(mailbox_request_take(packet.data, packet.length, &arena, &taken));
    assert_true(taken.is_imap && taken.step == MAILBOX_STEP_OPEN);
    assert_string_equal(taken.login.user, "presse");
    assert_string_equal(taken.login.folder, "INBOX");
    assert_false(mailbox_request_take(packet.data, packet.length - 1, &arena, &taken));
    string_builder_clear(&packet);
    mailbox_request_put(&packet, &remove);
    assert_true(mailbox_request_take(packet.data, packet.length, &arena, &taken));
    assert_int_equal(taken.count, 2);
    assert_int_equal(taken.numbers[1], UINT32_MAX);
    string_builder_release(&packet);
    arena_release(&arena);
}

static void a_list_comes_in_order_and_each_once(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct mailbox_reply taken;
    struct mailbox_entry entries[] = { { .number = 9, .name = "c" },
                                       { .number = 2, .name = "same", .size = UINT32_MAX },
                                       { .number = 9, .name = "d" },
                                       { .number = 4, .name = "same" },
                                       { .number = UINT32_MAX, .name = NULL } };
    const struct mailbox_reply reply = { .verdict = { .phase = MAILBOX_LIST },
                                         .list = { .entries = entries,
                                                   .count = 5,
                                                   .validity = 77,
                                                   .unreadable = 3,
                                                   .can_wait = true } };
    assert_true(pass_on(&reply, MAILBOX_STEP_OPEN, &arena, &taken));
    assert_int_equal(taken.list.count, 4);
    assert_int_equal(taken.list.validity, 77);
    assert_int_equal(taken.list.unreadable, 3);
    assert_true(taken.list.can_wait);
    assert_int_equal(taken.list.entries[0].number, 2);
    assert_int_equal(taken.list.entries[0].size, UINT32_MAX);
    assert_null(taken.list.entries[0].name); /* two have it */
    assert_null(taken.list.entries[1].name);
    assert_int_equal(taken.list.entries[2].number, 9);
    assert_non_null(taken.list.entries[2].name);
    assert_int_equal(taken.list.entries[3].number, UINT32_MAX);
    arena_release(&arena);
}

static void a_message_and_a_no_come_as_they_are(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct mailbox_reply taken;
    const struct mailbox_reply message = { .message = "A: b\0\r\n", .length = 7 };
    struct mailbox_reply no = { .verdict = { .outcome = MAILBOX_REFUSED, .answer = "not today" } };
    assert_true(pass_on(&message, MAILBOX_STEP_READ, &arena, &taken));
    assert_int_equal(taken.length, 7);
    assert_memory_equal(taken.message, "A: b\0\r\n", 7);
    assert_true(pass_on(&no, MAILBOX_STEP_REMOVE, &arena, &taken));
    assert_string_equal(taken.verdict.answer, "not today");
    /* Only a message can be gone. */
    no.verdict.outcome = MAILBOX_GONE;
    assert_false(pass_on(&no, MAILBOX_STEP_REMOVE, &arena, &taken));
    arena_release(&arena);
}

static void what_is_no_reply_is_refused(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct mailbox_reply taken;
    struct string_builder packet;
    string_builder_init(&packet, 0);
    for (int kind = 0; kind < 4; kind++) {
        string_builder_clear(&packet);
        packet_put_integer(&packet, kind == 0 ? MAILBOX_PHASES : MAILBOX_LIST);
        packet_put_integer(&packet, kind == 1 ? -1 : MAILBOX_WELL);
        packet_put_string(&packet, "");
        packet_put_integer(&packet, kind == 2 ? INT64_C(1) << 32 : 1);
        packet_put_integer(&packet, 0);
        packet_put_bool(&packet, false);
        packet_put_count(&packet, 1);
        packet_put_integer(&packet, kind == 3 ? 0 : 1);
        packet_put_integer(&packet, 0);
        packet_put_string(&packet, NULL);
        assert_false(
            mailbox_reply_take(packet.data, packet.length, MAILBOX_STEP_OPEN, &arena, &taken));
    }
    assert_false(mailbox_reply_take("", 0, MAILBOX_STEP_FINISH, &arena, &taken));
    string_builder_release(&packet);
    arena_release(&arena);
}

static void a_question_wants_bytes_or_has_some(void **state)
{
    (void)state;
    struct string_builder packet;
    struct mailbox_question taken;
    const struct mailbox_question questions[] = { { .most = 5 },
                                                  { .bytes = "x\r\n", .length = 3 },
                                                  { .most = 0 },
                                                  { .most = 1, .bytes = "x", .length = 1 },
                                                  { .most = MAILBOX_PIECE_MAXIMUM + 1 } };
    string_builder_init(&packet, 0);
    for (int i = 0; i < 5; i++) {
        string_builder_clear(&packet);
        mailbox_question_put(&packet, &questions[i]);
        assert_int_equal(mailbox_question_take(packet.data, packet.length, &taken), i < 2);
    }
    string_builder_release(&packet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_comes_as_it_was_put),
        cmocka_unit_test(a_list_comes_in_order_and_each_once),
        cmocka_unit_test(a_message_and_a_no_come_as_they_are),
        cmocka_unit_test(what_is_no_reply_is_refused),
        cmocka_unit_test(a_question_wants_bytes_or_has_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
