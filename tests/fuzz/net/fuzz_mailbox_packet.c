/* SPDX-License-Identifier: MIT */
/* What the process that reads a mail server's answers says, if it is no longer ours: whatever the
 * bytes are, a reply is one within its bounds, and a command is one line that the step needs. */
#include "base/arena.h"
#include "base/string_builder.h"
#include "net/mailbox.h"
#include "net/mailbox_commands.h"
#include "net/mailbox_packet.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char mark[] = "markmarkmarkmarkmarkmarkma";

static void check_list(const struct mailbox_list *list)
{
    assert(list->count <= MAILBOX_LIST_MAXIMUM);
    for (size_t i = 0; i < list->count; i++) {
        assert(list->entries[i].number > 0);
        assert(i == 0 || list->entries[i - 1].number < list->entries[i].number);
        for (size_t j = 0; list->count < 100 && j < i; j++)
            assert(!list->entries[i].name || !list->entries[j].name ||
                   strcmp(list->entries[i].name, list->entries[j].name) != 0);
    }
}

/* Also: said again, it is the same. */
static void take_reply(enum mailbox_step step, const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct mailbox_reply reply;
    struct mailbox_reply again;
    struct string_builder packet;
    string_builder_init(&packet, 0);
    if (mailbox_reply_take(data, size, step, &arena, &reply)) {
        assert(memchr(reply.verdict.answer, '\0', sizeof reply.verdict.answer));
        assert(reply.length <= MAILBOX_MESSAGE_MAXIMUM + 1);
        assert(reply.length == 0 || ((const uint8_t *)reply.message >= data &&
                                     (const uint8_t *)reply.message + reply.length <= data + size));
        check_list(&reply.list);
        mailbox_reply_put(&packet, step, &reply);
        assert(mailbox_reply_take(packet.data, packet.length, step, &arena, &again));
        assert(again.list.count == reply.list.count && again.length == reply.length);
        assert(strcmp(again.verdict.answer, reply.verdict.answer) == 0);
    }
    string_builder_release(&packet);
    arena_release(&arena);
}

/* Nothing is marked or removed but what was asked for. */
static void check_removal(enum mailbox_step step, const char *verb)
{
    static const struct {
        const char *verb;
        enum mailbox_step step;
        const char *line;
    } removals[] = {
        { "UID STORE", MAILBOX_STEP_REMOVE, "UID STORE 17,18 +FLAGS.SILENT (\\Deleted)\r\n" },
        { "UID EXPUNGE", MAILBOX_STEP_REMOVE, "UID EXPUNGE 17,18\r\n" },
    };

    for (size_t i = 0; i < sizeof removals / sizeof removals[0]; i++)
        if (strncmp(verb, removals[i].verb, strlen(removals[i].verb)) == 0)
            assert(step == removals[i].step && strcmp(verb, removals[i].line) == 0);
    if (strncmp(verb, "DELE ", 5) == 0)
        assert(step == MAILBOX_STEP_REMOVE &&
               (strcmp(verb, "DELE 17\r\n") == 0 || strcmp(verb, "DELE 18\r\n") == 0));
    if (strncmp(verb, "UID MOVE", 8) == 0 || strncmp(verb, "UID COPY", 8) == 0)
        assert(step == MAILBOX_STEP_REMOVE && strncmp(verb + 8, " 17,18 \"", 8) == 0 &&
               strstr(verb, "pressroom-done\"\r\n"));
    assert(strncmp(verb, "EXPUNGE", 7) != 0 && strncmp(verb, "CLOSE", 5) != 0);
}

static void take_question(enum mailbox_step step, bool is_imap, const uint8_t *data, size_t size)
{
    struct mailbox_question question;
    struct mailbox_commands commands;
    struct string_builder command;
    const struct mailbox_request request = { .step = step,
                                             .login = { "presse", mark, "INBOX" },
                                             .entry = { .number = 17 },
                                             .numbers = { 17, 18 },
                                             .count = 2 };
    if (!mailbox_question_take(data, size, &question))
        return;
    assert(question.most <= MAILBOX_PIECE_MAXIMUM && question.length <= size);
    string_builder_init(&command, 0);
    assert(mailbox_commands_init(&commands, is_imap, "hemmelig\"\\", mark));
    mailbox_commands_allow(&commands, &request);
    if (question.length &&
        mailbox_commands_complete(&commands, question.bytes, question.length, &command)) {
        assert(command.length == strlen(command.data));
        assert(strcspn(command.data, "\r\n") == command.length - 2);
        assert(!strstr(command.data, mark));
        assert(!strstr(command.data, "hemmelig") || step == MAILBOX_STEP_OPEN);
        const char *space = is_imap ? strchr(command.data, ' ') : NULL;
        check_removal(step, space ? space + 1 : command.data);
    }
    mailbox_commands_release(&commands);
    string_builder_release(&command);
}

/* data[0]: the step; whether a reply, or a question in POP3 or IMAP. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    enum mailbox_step step = (enum mailbox_step)((data[0] >> 2U) % MAILBOX_STEPS);
    if (data[0] & 2)
        take_reply(step, data + 1, size - 1);
    else
        take_question(step, data[0] & 1, data + 1, size - 1);
    return 0;
}
