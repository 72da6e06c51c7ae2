/* SPDX-License-Identifier: MIT */
#include "inbound/message_batch.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Two are read, on two processors, while a third is seen to. */
enum { BATCHES = 3 };

static void message_batch_init(struct message_batch *batch)
{
    *batch = (struct message_batch){ .reader = mime_batch_new() };
    string_builder_init(&batch->bytes, 0);
}

static void message_batch_release(struct message_batch *batch)
{
    mime_batch_free(batch->reader);
    string_builder_release(&batch->bytes);
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

/* Its messages are read from now on, while the caller is busy with another. */
static void message_batch_begin(struct message_batch *batch)
{
    const char *at = batch->bytes.data;
    for (size_t i = 0; i < batch->count; i++) {
        batch->items[i].bytes = at;
        at += batch->items[i].length;
    }
    mime_batch_begin(batch->reader);
}

/* ---- reading ---- */

static bool take_alone(struct message_batch *batch, struct batched_message *item,
                       struct mime_reader *alone, struct error *error)
{
    item->message = mime_reader_read(alone, &batch->arena, item->bytes, item->length,
                                     &item->unread);
    if (item->message || item->unread.kind == ERROR_INPUT)
        return true;
    *error = item->unread;
    return false;
}

/* *is_batch: by the one process, which lived. */
static bool take(struct message_batch *batch, struct mime_reader *alone, bool *is_batch,
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
        if (!*is_batch && !take_alone(batch, &batch->items[i], alone, error))
            return false;
    }
    return true;
}

bool message_batch_parse(struct message_batch *batch, struct mime_reader *alone,
                         struct error *error)
{
    bool is_batch = false;
    return batch->count == 0 || take(batch, alone, &is_batch, error);
}

bool message_batch_read(struct message_batch *batch, const struct inbound_context *context,
                        struct mime_reader *alone, struct error *error)
{
    bool is_batch = false;
    if (batch->count && !take(batch, alone, &is_batch, error))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct batched_message *item = &batch->items[i];
        if (item->message)
            inbound_read(context, &batch->arena, item->message, &item->reading);
        if (!is_batch || batched_message_is_trusted(item, context))
            continue;
        if (!take_alone(batch, item, alone, error))
            return false;
        if (item->message)
            inbound_read(context, &batch->arena, item->message, &item->reading);
    }
    return true;
}

/* ---- one after the other ---- */

static void message_batch_clear(struct message_batch *batch)
{
    batch->count = 0;
    string_builder_clear(&batch->bytes);
    arena_release(&batch->arena);
}

static bool any_is_filled(const struct message_batch batches[BATCHES])
{
    for (size_t i = 0; i < BATCHES; i++) {
        if (batches[i].count)
            return true;
    }
    return false;
}

static bool run(struct message_batch batches[BATCHES], const struct message_batch_work *work,
                struct error *error)
{
    struct error later;
    bool done = true;
    bool is_last = false;
    size_t turn = 0;
    do {
        struct message_batch *batch = &batches[turn++ % BATCHES];
        struct message_batch *oldest = &batches[turn % BATCHES];
        if (done && !is_last)
            done = work->fill(work->payload, batch, &is_last, error);
        if (batch->count)
            message_batch_begin(batch);
        if (oldest->count && !work->settle(work->payload, oldest, done ? error : &later))
            return false;
        message_batch_clear(oldest);
    } while ((done && !is_last) || any_is_filled(batches));
    return done;
}

bool message_batches_run(const struct message_batch_work *work, struct error *error)
{
    struct message_batch *batches = memory_allocate_array(BATCHES, sizeof *batches);
    for (size_t i = 0; i < BATCHES; i++)
        message_batch_init(&batches[i]);
    bool done = run(batches, work, error);
    for (size_t i = 0; i < BATCHES; i++)
        message_batch_release(&batches[i]);
    free(batches);
    return done;
}
