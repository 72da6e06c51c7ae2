/* SPDX-License-Identifier: MIT */
/* A session with a mail server that says anything. Whatever that is, nothing is said to it but what
 * the step needs, the password's mark stands only where the password goes, and what is made of it
 * comes over whole to who holds the socket. */
#include "base/arena.h"
#include "base/string_builder.h"
#include "net/mailbox.h"
#include "net/mailbox_commands.h"
#include "net/mailbox_packet.h"
#include "net/mailbox_session.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGES_MAXIMUM = 4, SAID_MAXIMUM = 100 };

static const char mark[] = "markmarkmarkmarkmarkmarkma";
static const char password[] = "hemmelig";

/* What the server says: pieces, each up to a byte 0x1E; the next begins with the next reading. */
struct server {
    const uint8_t *data;
    size_t left;
    size_t piece;
    struct mailbox_commands commands;
    unsigned said;
};

static size_t read_server(void *payload, void *bytes, size_t size)
{
    struct server *server = payload;
    size_t most = server->left < size ? server->left : size;
    if (most > server->piece)
        most = server->piece;
    const uint8_t *end = most ? memchr(server->data, 0x1E, most) : NULL;
    size_t length = end ? (size_t)(end - server->data) : most;
    memcpy(bytes, server->data, length);
    server->data += length + (end != NULL);
    server->left -= length + (end != NULL);
    return length;
}

static bool write_server(void *payload, const void *bytes, size_t length)
{
    struct server *server = payload;
    struct string_builder command;
    string_builder_init(&command, 0);
    assert(server->said++ < SAID_MAXIMUM);
    assert(mailbox_commands_complete(&server->commands, bytes, length, &command));
    assert(!strstr(command.data, mark));
    string_builder_release(&command);
    return true;
}

static void check_reply(enum mailbox_step step, const struct mailbox_reply *reply,
                        struct mailbox_reply *taken, struct arena *arena)
{
    struct string_builder packet;
    string_builder_init(&packet, 0);
    mailbox_reply_put(&packet, step, reply);
    const char *kept = arena_copy_bytes(arena, packet.data, packet.length);
    assert(mailbox_reply_take(kept, packet.length, step, arena, taken));
    assert(taken->verdict.outcome == reply->verdict.outcome);
    assert(taken->list.count <= reply->list.count && taken->length == reply->length);
    string_builder_release(&packet);
}

/* False: the session is of no more use. */
static bool take_step(const struct mailbox_protocol *protocol, void *session, struct server *server,
                      const struct mailbox_request *request, struct mailbox_reply *taken,
                      struct arena *arena)
{
    struct string_builder message;
    struct mailbox_reply reply = { 0 };
    string_builder_init(&message, MAILBOX_MESSAGE_MAXIMUM + 1024);
    mailbox_commands_allow(&server->commands, request);
    if (request->step == MAILBOX_STEP_OPEN)
        protocol->open(session, &request->login, arena, &reply.list, &reply.verdict);
    else if (request->step == MAILBOX_STEP_READ)
        protocol->read(session, &request->entry, &message, &reply.verdict);
    else if (request->step == MAILBOX_STEP_REMOVE)
        protocol->remove(session, request->numbers, request->count, &reply.verdict);
    else if (request->step == MAILBOX_STEP_WAIT)
        protocol->wait(session, request->entry.number, arena, &reply.list, &reply.verdict);
    else
        protocol->finish(session, &reply.verdict);
    assert(!string_builder_overflowed(&message));
    reply.message = message.data;
    reply.length = reply.verdict.outcome == MAILBOX_WELL ? message.length : 0;
    check_reply(request->step, &reply, taken, arena);
    string_builder_release(&message);
    return reply.verdict.outcome == MAILBOX_WELL || reply.verdict.outcome == MAILBOX_GONE;
}

static void hold_session(const struct mailbox_protocol *protocol, bool is_imap,
                         struct server *server)
{
    struct arena arena = { 0 };
    struct mailbox_reply opened;
    struct mailbox_reply taken;
    const struct mailbox_stream stream = { read_server, write_server, server };
    struct mailbox_request request = { .step = MAILBOX_STEP_OPEN,
                                       .is_imap = is_imap,
                                       .login = { "presse", mark, "INBOX" } };
    void *session = protocol->start(&stream);
    bool goes_on = take_step(protocol, session, server, &request, &opened, &arena);
    for (size_t i = 0; goes_on && i < opened.list.count && i < MESSAGES_MAXIMUM; i++) {
        request = (struct mailbox_request){ .step = MAILBOX_STEP_READ,
                                            .entry = opened.list.entries[i] };
        goes_on = take_step(protocol, session, server, &request, &taken, &arena);
        request = (struct mailbox_request){ .step = MAILBOX_STEP_REMOVE,
                                            .numbers = { opened.list.entries[i].number,
                                                         UINT32_MAX },
                                            .count = 2 };
        goes_on = goes_on && take_step(protocol, session, server, &request, &taken, &arena);
    }
    request = (struct mailbox_request){ .step = MAILBOX_STEP_WAIT, .entry = { .number = 7 } };
    goes_on = goes_on && take_step(protocol, session, server, &request, &taken, &arena);
    request = (struct mailbox_request){ .step = MAILBOX_STEP_FINISH };
    if (goes_on)
        (void)take_step(protocol, session, server, &request, &taken, &arena);
    protocol->stop(session);
    arena_release(&arena);
}

/* data[0]: the protocol, and how much comes at once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    bool is_imap = data[0] & 1;
    struct server server = { .data = data + 1,
                             .left = size - 1,
                             .piece = data[0] & 2 ? 1 + (size_t)(data[0] >> 2U) : SIZE_MAX };
    assert(mailbox_commands_init(&server.commands, is_imap, password, mark));
    hold_session(is_imap ? &mailbox_protocol_imap : &mailbox_protocol_pop3, is_imap, &server);
    mailbox_commands_release(&server.commands);
    return 0;
}
