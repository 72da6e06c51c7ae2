/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "confined/confined.h"
#include "mime/mime.h"
#include "mime/mime_packet.h"
#include "mime/parser.h"

#include <stdint.h>
#include <stdlib.h>

enum {
    MEMORY_MAXIMUM = 512 * 1024 * 1024, /* of address space, most of it libraries */
    CPU_SECONDS_MAXIMUM = 5,
    WALL_SECONDS_MAXIMUM = 20 /* what is allowed of the processor, on a busy machine */
};

/* ---- in the confined process ---- */

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    (void)setup;
    (void)length;
    const struct mime_parser *parser = confined_load("mime_parser", MIME_PARSER_SYMBOL, "GMime",
                                                     error);
    if (!parser)
        return false;
    if (parser->version != MIME_PARSER_VERSION)
        return error_set(error, ERROR_SYSTEM,
                         "mime_parser.so: is of another version; install pressroom anew");
    parser->start();
    *state = (void *)(uintptr_t)parser; /* NOLINT(performance-no-int-to-ptr): const alone goes */
    return true;
}

static bool answer(void *state, struct confined_exchange *exchange, struct text *reply,
                   struct error *error)
{
    struct arena arena = { 0 };
    size_t length = 0;
    const void *bytes = confined_request(exchange, &length);
    const struct mime_parser *parser = state;
    (void)error;
    mime_packet_write(reply, parser->read(&arena, bytes, length));
    arena_release(&arena);
    return true;
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

struct mime_reader {
    struct confined *confined; /* NULL before the first message */
};

struct mime_reader *mime_reader_new(void)
{
    struct mime_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        memory_failed(sizeof *reader);
    return reader;
}

static bool call(struct mime_reader *reader, struct text *reply, const char *bytes, size_t length,
                 struct error *error)
{
    /* What lies beyond is not read anyway. */
    if (length > MIME_MESSAGE_MAXIMUM)
        length = MIME_MESSAGE_MAXIMUM;
    struct confined_call call = { .request = bytes, .length = length, .descriptor = -1 };
    if (!reader->confined)
        reader->confined = confined_open(message_confined.name, NULL, 0, error);
    if (!reader->confined)
        return false;
    bool done = confined_call(reader->confined, &call, reply, error);
    confined_renew(reader->confined);
    /* It has no errors of its own: one that it tells is no word for us to go by. */
    if (!done && call.end == CONFINED_REPLIED)
        return error_set(error, ERROR_INPUT, "its reader said what it may not");
    return done;
}

const struct mime_message *mime_reader_read(struct mime_reader *reader, struct arena *arena,
                                            const char *bytes, size_t length, struct error *error)
{
    struct text reply;
    const struct mime_message *message = NULL;
    text_init(&reply, MIME_PACKET_MAXIMUM);
    if (call(reader, &reply, bytes, length, error)) {
        message = mime_packet_read(arena, reply.data, reply.length);
        if (!message)
            (void)error_set(error, ERROR_INPUT, "its reader said what cannot be understood");
    }
    text_release(&reply);
    return message;
}

void mime_reader_free(struct mime_reader *reader)
{
    if (!reader)
        return;
    confined_close(reader->confined);
    free(reader);
}
