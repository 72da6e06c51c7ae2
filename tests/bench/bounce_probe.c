/* SPDX-License-Identifier: MIT */
/* How fast bounces are read: every message of a Maildir, by two confined processes as collect reads
 * them, and what it says of whose mail; nothing is done about it. Prints how many were understood,
 * and seconds.
 *
 *   bounce_probe PRESSROOM NEWSROOM MAILDIR */
#include "base/arena.h"
#include "base/error.h"
#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/inbox.h"
#include "config/config.h"
#include "confined/confined.h"
#include "inbound/message_batch.h"
#include "net/mailbox.h"

#include <stdio.h>
#include <time.h>

struct probe {
    struct mailbox *mailbox;
    struct inbound_context context;
    struct mime_reader *alone;
    struct string_builder bytes;
    long understood;
};

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool take_next(struct probe *probe, struct message_pipeline *pipeline, bool *is_last,
                      struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = false;
    bool is_cut = false;
    if (!mailbox_next(probe->mailbox, key, &found, error))
        return false;
    *is_last = !found;
    if (found && !mailbox_read(probe->mailbox, &probe->bytes, &is_cut, &found, error))
        return false;
    if (found)
        message_pipeline_add(pipeline, 0, key, NULL, &probe->bytes, is_cut);
    return true;
}

static bool read_all(struct probe *probe, struct message_pipeline *pipeline, struct error *error)
{
    struct message_batch *batch;
    bool is_last = false;
    for (;;) {
        while (!is_last && message_pipeline_has_room(pipeline))
            if (!take_next(probe, pipeline, &is_last, error))
                return false;
        if (!(batch = message_pipeline_next(pipeline)))
            return true;
        if (!message_batch_read(batch, &probe->context, probe->alone, error))
            return false;
        for (size_t i = 0; i < batch->count; i++)
            probe->understood += batch->items[i].reading.known_by == KNOWN_BY_TOKEN;
    }
}

static bool measure(struct command_context *context, struct probe *probe, const char *url,
                    struct error *error)
{
    struct inbound_settings settings = inbox_settings(context);
    const struct mailbox_settings place = { .url = url };
    struct message_pipeline *pipeline = message_pipeline_new();
    if (!context_open_keys(context, error) ||
        !inbound_context_init(&probe->context, context->arena, &settings, context->keys, error))
        return false;
    double began = now();
    probe->mailbox = mailbox_open(&place, error);
    bool done = probe->mailbox && read_all(probe, pipeline, error);
    double seconds = now() - began;
    message_pipeline_free(pipeline);
    struct error closing;
    (void)!mailbox_close(probe->mailbox, &closing);
    if (done)
        (void)printf("%ld %.4f\n", probe->understood, seconds);
    return done;
}

int main(int count, char **arguments)
{
    struct arena arena = { 0 };
    const struct arguments none = { 0 };
    struct command_context context;
    struct error error = { .message = "" };
    struct probe probe = { .alone = mime_reader_new() };
    int code = 2;
    if (count != 4) {
        (void)fprintf(stderr, "usage: bounce_probe PRESSROOM NEWSROOM MAILDIR\n");
        return 2;
    }
    confined_set_program(arguments[1]);
    string_builder_init(&probe.bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    context_init(&context, &arena, NULL, &none);
    context.directory = arguments[2];
    if (context_open_database(&context, CONTEXT_WRITE, &code)) {
        code = measure(&context, &probe, arena_format(&arena, "maildir:%s", arguments[3]), &error)
                   ? 0
                   : 1;
        if (code)
            (void)fprintf(stderr, "bounce_probe: %s\n", error.message);
    }
    context_close(&context);
    mime_reader_free(probe.alone);
    string_builder_release(&probe.bytes);
    arena_release(&arena);
    return code;
}
