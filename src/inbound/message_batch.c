/* SPDX-License-Identifier: MIT */
#include "inbound/message_batch.h"

#include "locale/mail_phrases.h"

void message_batch_init(struct message_batch *batch)
{
    *batch = (struct message_batch){ .reader = mime_batch_new() };
    string_builder_init(&batch->bytes, 0);
}

void message_batch_release(struct message_batch *batch)
{
    mime_batch_free(batch->reader);
    string_builder_release(&batch->bytes);
    arena_release(&batch->arena);
}

void message_batch_clear(struct message_batch *batch)
{
    batch->count = 0;
    string_builder_clear(&batch->bytes);
    arena_release(&batch->arena);
}

void message_batch_add(struct message_batch *batch, size_t number, const char *key,
                       const struct hash *place, const struct string_builder *bytes, bool is_cut)
{
    struct batched_message *item = &batch->items[batch->count++];
    *item = (struct batched_message){ .number = number,
                                      .key = arena_copy(&batch->arena, key),
                                      .has_place = place != NULL,
                                      .length = bytes->length,
                                      .is_cut = is_cut };
    if (place)
        item->place = *place;
    string_builder_append_bytes(&batch->bytes, bytes->data, bytes->length);
    mime_batch_add(batch->reader, bytes->data, bytes->length);
}

bool message_batch_is_full(const struct message_batch *batch)
{
    return mime_batch_is_full(batch->reader);
}

void message_batch_begin(struct message_batch *batch)
{
    const char *at = batch->bytes.data;
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].bytes = at;
        at += batch->items[i].length;
    }
    mime_batch_begin(batch->reader);
}

/* ---- reading ---- */

static bool read_singly(struct message_batch *batch, struct batched_message *item,
                        struct mime_reader *single_reader, struct error *error)
{
    item->message = mime_reader_read(single_reader, &batch->arena, item->bytes, item->length,
                                     &item->unread);
    if (item->message || item->unread.kind == ERROR_INPUT)
        return true;
    *error = item->unread;
    return false;
}

/* *is_batch: one process read all of them and did not die. */
static bool parse(struct message_batch *batch, struct mime_reader *single_reader, bool *is_batch,
                  struct error *error)
{
    const struct mime_message *messages[MIME_BATCH_MAXIMUM] = { NULL };
    struct error lost;
    *is_batch = mime_batch_take(batch->reader, &batch->arena, messages, &lost);
    if (!*is_batch && lost.kind != ERROR_INPUT) {
        *error = lost;
        return false;
    }
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].message = *is_batch ? messages[i] : NULL;
        if (!*is_batch && !read_singly(batch, &batch->items[i], single_reader, error))
            return false;
    }
    return true;
}

bool message_batch_parse(struct message_batch *batch, struct mime_reader *single_reader,
                         struct error *error)
{
    bool is_batch = false;
    return batch->count == 0 || parse(batch, single_reader, &is_batch, error);
}

bool message_batch_read(struct message_batch *batch, const struct inbound_context *context,
                        struct mime_reader *single_reader, struct error *error)
{
    bool is_batch = false;
    if (batch->count && (!mail_phrases_open(context->phrases, error) ||
                         !parse(batch, single_reader, &is_batch, error)))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct batched_message *item = &batch->items[i];
        if (item->message)
            inbound_read(context, &batch->arena, item->message, &item->reading);
        if (!is_batch || batched_message_is_trusted(item, context))
            continue;
        if (!read_singly(batch, item, single_reader, error))
            return false;
        if (item->message)
            inbound_read(context, &batch->arena, item->message, &item->reading);
    }
    return true;
}
