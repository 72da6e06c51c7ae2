/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime/mime_packet.h"

#include <stdlib.h>
#include <string.h>

enum {
    MEMORY_MAXIMUM = 512 * 1024 * 1024, /* of address space, most of it libraries */
    CPU_SECONDS_MAXIMUM = 5,
    WALL_SECONDS_MAXIMUM = 20 /* what is allowed of the processor, on a busy machine */
};

/* ---- in the confined process ---- */

struct message_function {
    const struct mime_parser *parser;
    const struct html_reader *html;
};

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    (void)setup;
    (void)length;
    struct message_function *function = memory_allocate(sizeof *function);
    *state = function;
    function->html = confined_load("html", HTML_READER_SYMBOL, "libgumbo", HTML_READER_VERSION,
                                   error);
    if (!function->html)
        return false;
    function->parser = confined_load("mime_parser", MIME_PARSER_SYMBOL, "GMime",
                                     MIME_PARSER_VERSION, error);
    if (!function->parser)
        return false;
    function->parser->start(function->html);
    return true;
}

/* A request is one message or several, each with its length before it; so is the reply. */
static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    const struct message_function *function = state;
    struct packet request;
    struct string_builder message;
    size_t length = 0;
    const void *bytes = confined_request(exchange, &length);
    packet_init(&request, bytes, length);
    string_builder_init(&message, MIME_PACKET_MAXIMUM);
    while (request.next < request.end) {
        struct arena arena = { 0 };
        bytes = packet_bytes(&request, &length);
        string_builder_clear(&message);
        mime_packet_write(&message, function->parser->read(function->html, &arena, bytes, length));
        packet_put_bytes(reply, message.data, message.length);
        arena_release(&arena);
    }
    string_builder_release(&message);
    return packet_is_good(&request) || error_set(error, ERROR_INPUT, "is no request");
}

const struct confined_function message_confined = {
    .name = "message",
    .limits = { .memory_bytes = MEMORY_MAXIMUM,
                .cpu_seconds = CPU_SECONDS_MAXIMUM,
                .wall_seconds = WALL_SECONDS_MAXIMUM,
                .reply_bytes = MIME_PACKET_MAXIMUM },
    .prepare = prepare,
    .answer = answer,
};

/* ---- in the parent ---- */

static void put_message(struct string_builder *request, const char *bytes, size_t length)
{
    /* Cut, because what lies beyond is not read anyway. */
    packet_put_bytes(request, bytes, length < MIME_MESSAGE_MAXIMUM ? length : MIME_MESSAGE_MAXIMUM);
}

/* A worker serves one call, and no more. */
static bool call_once(struct confined *confined, struct confined_call *call,
                      struct string_builder *reply, struct error *error)
{
    bool done = confined_call(confined, call, reply, error);
    confined_renew(confined);
    /* The reader reports no errors of its own, so one that claims to come from it is not believed.
     */
    if (!done && call->end == CONFINED_REPLIED && error->kind == ERROR_INPUT)
        return error_set(error, ERROR_INPUT, "its reader said what it may not");
    return done;
}

/* The messages that a reply brings, just so many. */
static bool take_messages(struct arena *arena, const struct string_builder *reply, size_t count,
                          const struct mime_message **messages, struct error *error)
{
    struct packet packet;
    bool is_good = true;
    packet_init(&packet, reply->data, reply->length);
    for (size_t i = 0; is_good && i < count; i++) {
        size_t length = 0;
        const void *bytes = packet_bytes(&packet, &length);
        messages[i] = bytes ? mime_packet_read(arena, bytes, length) : NULL;
        is_good = messages[i] != NULL;
    }
    return (is_good && packet_is_good(&packet)) ||
           error_set(error, ERROR_INPUT, "its reader said what cannot be understood");
}

/* ---- one by one ---- */

struct mime_reader {
    struct confined *confined; /* NULL before the first message */
};

struct mime_reader *mime_reader_new(void)
{
    struct mime_reader *reader = memory_allocate(sizeof *reader);
    return reader;
}

const struct mime_message *mime_reader_read(struct mime_reader *reader, struct arena *arena,
                                            const char *bytes, size_t length, struct error *error)
{
    struct string_builder request;
    struct string_builder reply;
    const struct mime_message *message = NULL;
    if (!reader->confined)
        reader->confined = confined_open(message_confined.name, NULL, 0, error);
    if (!reader->confined)
        return NULL;
    string_builder_init(&request, 0);
    string_builder_init(&reply, MIME_PACKET_MAXIMUM);
    put_message(&request, bytes, length);
    struct confined_call call = { .request = request.data,
                                  .length = request.length,
                                  .descriptor = -1 };
    bool done = call_once(reader->confined, &call, &reply, error) &&
                take_messages(arena, &reply, 1, &message, error);
    string_builder_release(&request);
    string_builder_release(&reply);
    return done ? message : NULL;
}

const char *mime_reader_text_of(struct mime_reader *reader, struct arena *arena, const char *html,
                                struct error *error)
{
    static const char header[] = "Content-Type: text/html; charset=utf-8\n\n";
    struct string_builder bytes;
    string_builder_init(&bytes, 0);
    string_builder_append(&bytes, header);
    string_builder_append(&bytes, html);
    const struct mime_message *message = mime_reader_read(reader, arena, bytes.data, bytes.length,
                                                          error);
    string_builder_release(&bytes);
    return message ? message->text : NULL;
}

void mime_reader_free(struct mime_reader *reader)
{
    if (!reader)
        return;
    confined_close(reader->confined);
    free(reader);
}

/* ---- several at a time ---- */

struct mime_batch {
    struct confined *confined; /* NULL before the first message */
    struct confined_call call;
    struct string_builder request;
    struct string_builder reply;
    size_t count;
};

struct mime_batch *mime_batch_new(void)
{
    struct mime_batch *batch = memory_allocate(sizeof *batch);
    string_builder_init(&batch->request, 0);
    string_builder_init(&batch->reply, MIME_PACKET_MAXIMUM);
    return batch;
}

void mime_batch_add(struct mime_batch *batch, const char *bytes, size_t length)
{
    put_message(&batch->request, bytes, length);
    batch->count++;
}

bool mime_batch_is_full(const struct mime_batch *batch)
{
    return batch->count == MIME_BATCH_MAXIMUM || batch->request.length >= MIME_BATCH_OCTETS;
}

/* A batch that cannot be begun fails when its result is taken. */
void mime_batch_begin(struct mime_batch *batch)
{
    struct error error;
    batch->call = (struct confined_call){ .request = batch->request.data,
                                          .length = batch->request.length,
                                          .descriptor = -1 };
    if (!batch->confined)
        batch->confined = confined_open(message_confined.name, NULL, 0, &error);
    if (batch->confined)
        confined_begin(batch->confined, &batch->call);
}

bool mime_batch_take(struct mime_batch *batch, struct arena *arena,
                     const struct mime_message **messages, struct error *error)
{
    size_t count = batch->count;
    if (!batch->confined)
        batch->confined = confined_open(message_confined.name, NULL, 0, error);
    bool done = batch->confined && call_once(batch->confined, &batch->call, &batch->reply, error) &&
                take_messages(arena, &batch->reply, count, messages, error);
    batch->count = 0;
    string_builder_clear(&batch->request);
    return done;
}

void mime_batch_free(struct mime_batch *batch)
{
    if (!batch)
        return;
    confined_close(batch->confined);
    string_builder_release(&batch->request);
    string_builder_release(&batch->reply);
    free(batch);
}
