/* SPDX-License-Identifier: MIT */
#include "net/mailbox.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "net/mailbox_packet.h"

#include <string.h>

/* Reads a mail server's answers without a socket: for every octet it asks the parent. One process
 * serves one session. */

/* A list of 10,000 takes 66 MB of addresses, nearly all of them the program's own, and no time that
 * can be measured; the longest that is taken (650,000 lines, of which 200,000 go on, with names of
 * 70 characters) 106 MB, 0.25 s and a reply of 17 MB; a message of 25 MB 66 MB and 0.03 s. The rest
 * is for names that are longer, and for machines that are slower. */
enum {
    MEMORY_MAXIMUM = 256 * 1024 * 1024,
    REPLY_MAXIMUM = 32 * 1024 * 1024,
    CPU_SECONDS = 10,
    WALL_SECONDS = 60
};

struct reader {
    const struct mailbox_protocol *protocol; /* NULL: no session yet */
    void *session;
    struct mailbox_stream stream;
    struct confined_exchange *exchange; /* of the present request */
    struct string_builder question;
};

static bool ask(struct reader *reader, const struct mailbox_question *question, const void **answer,
                size_t *length)
{
    string_builder_clear(&reader->question);
    mailbox_question_put(&reader->question, question);
    return confined_ask(reader->exchange, reader->question.data, reader->question.length, answer,
                        length);
}

static size_t stream_read(void *payload, void *bytes, size_t size)
{
    const void *answer = NULL;
    size_t length = 0;
    const struct mailbox_question question = { .most = size < MAILBOX_PIECE_MAXIMUM
                                                           ? size
                                                           : MAILBOX_PIECE_MAXIMUM };
    if (size == 0 || !ask(payload, &question, &answer, &length) || length > size)
        return 0;
    memcpy(bytes, answer, length);
    return length;
}

static bool stream_write(void *payload, const void *bytes, size_t length)
{
    const void *answer = NULL;
    size_t answer_length = 0;
    const struct mailbox_question question = { .bytes = bytes, .length = length };
    return ask(payload, &question, &answer, &answer_length);
}

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    (void)setup, (void)length, (void)error;
    struct reader *reader = memory_allocate(sizeof *reader);
    reader->stream = (struct mailbox_stream){ stream_read, stream_write, reader };
    string_builder_init(&reader->question, 0);
    *state = reader;
    return true;
}

static void run_step(struct reader *reader, const struct mailbox_request *request,
                     struct arena *arena, struct string_builder *message,
                     struct mailbox_reply *reply)
{
    const struct mailbox_protocol *protocol = reader->protocol;
    switch (request->step) {
    case MAILBOX_STEP_OPEN:
        protocol->open(reader->session, &request->login, arena, &reply->list, &reply->verdict);
        break;
    case MAILBOX_STEP_READ:
        protocol->read(reader->session, &request->entry, message, &reply->verdict);
        reply->message = message->data;
        reply->length = message->length;
        break;
    case MAILBOX_STEP_REMOVE:
        protocol->remove(reader->session, request->numbers, request->count, &reply->verdict);
        break;
    case MAILBOX_STEP_WAIT:
        protocol->wait(reader->session, request->entry.number, arena, &reply->list,
                       &reply->verdict);
        break;
    case MAILBOX_STEP_FINISH:
    case MAILBOX_STEPS:
        protocol->finish(reader->session, &reply->verdict);
        break;
    }
}

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *packet,
                   struct error *error)
{
    struct reader *reader = state;
    struct arena arena = { 0 };
    struct string_builder message;
    struct mailbox_request request;
    struct mailbox_reply reply = { 0 };
    size_t length = 0;
    const void *bytes = confined_request(exchange, &length);
    reader->exchange = exchange;
    if (!mailbox_request_take(bytes, length, &arena, &request) ||
        (request.step == MAILBOX_STEP_OPEN) != !reader->protocol) {
        arena_release(&arena);
        return error_set(error, ERROR_INPUT, "asked for something out of turn");
    }
    if (!reader->protocol) {
        reader->protocol = request.is_imap ? &mailbox_protocol_imap : &mailbox_protocol_pop3;
        reader->session = reader->protocol->start(&reader->stream);
    }
    string_builder_init(&message, MAILBOX_MESSAGE_MAXIMUM + 1024);
    run_step(reader, &request, &arena, &message, &reply);
    mailbox_reply_put(packet, request.step, &reply);
    string_builder_release(&message);
    arena_release(&arena);
    return true;
}

const struct confined_function mailbox_confined = {
    .name = "mailbox",
    .limits = { .memory_bytes = MEMORY_MAXIMUM,
                .cpu_seconds = CPU_SECONDS,
                .wall_seconds = WALL_SECONDS,
                .reply_bytes = REPLY_MAXIMUM },
    .prepare = prepare,
    .answer = answer,
};
