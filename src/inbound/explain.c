/* SPDX-License-Identifier: MIT */
#include "inbound/message_batch.h"

/* Messages are read many at a time by one process. What a hostile one among them makes it say of
 * the others changes nothing here but what is shown, so none is read once more by itself. */
struct explain {
    const struct inbound_context *context;
    const struct inbound_explaining *explaining;
    struct mime_reader *alone;
    struct string_builder bytes;
};

static bool fill(void *payload, struct message_batch *batch, bool *is_last, struct error *error)
{
    struct explain *explain = payload;
    (void)error;
    while (!*is_last && !message_batch_is_full(batch)) {
        const char *name = NULL;
        explain->explaining->next(explain->explaining->payload, &explain->bytes, &name);
        *is_last = !name;
        if (name)
            message_batch_add(batch, 0, name, NULL, &explain->bytes, false);
    }
    return true;
}

static bool show(void *payload, struct message_batch *batch, struct error *error)
{
    struct explain *explain = payload;
    const struct inbound_explaining *explaining = explain->explaining;
    if (!message_batch_parse(batch, explain->alone, error))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct batched_message *item = &batch->items[i];
        if (item->message)
            inbound_read(explain->context, &batch->arena, item->message, &item->reading);
        explaining->show(explaining->payload, item->key, item->message ? &item->reading : NULL,
                         &item->unread);
    }
    return true;
}

bool inbound_explain(const struct inbound_context *context,
                     const struct inbound_explaining *explaining, struct error *error)
{
    struct explain explain = { .context = context,
                               .explaining = explaining,
                               .alone = mime_reader_new() };
    const struct message_batch_work work = { fill, show, &explain };
    string_builder_init(&explain.bytes, MIME_MESSAGE_MAXIMUM + 64 * 1024);
    bool done = message_batches_run(&work, error);
    mime_reader_free(explain.alone);
    string_builder_release(&explain.bytes);
    return done;
}
