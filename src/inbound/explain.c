/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "inbound/message_batch.h"

#include <stdlib.h>

/* Messages are read many at a time by one process. What a hostile one among them makes it say of
 * the others changes nothing here but what is shown, so none is read once more by itself. */
struct inbound_explainer {
    const struct inbound_context *context;
    struct message_pipeline *pipeline;
    struct mime_reader *single_reader;
    struct message_batch *batch; /* whose messages are returned; NULL: none */
    size_t next;
    bool has_failed;
};

struct inbound_explainer *inbound_explainer_new(const struct inbound_context *context)
{
    struct inbound_explainer *explainer = memory_allocate(sizeof *explainer);
    explainer->context = context;
    explainer->pipeline = message_pipeline_new();
    explainer->single_reader = mime_reader_new();
    return explainer;
}

static bool is_at_end(const struct inbound_explainer *explainer)
{
    return !explainer->batch || explainer->next == explainer->batch->count;
}

bool inbound_explainer_has_room(struct inbound_explainer *explainer)
{
    if (!is_at_end(explainer))
        return false;
    explainer->batch = NULL;
    return message_pipeline_has_room(explainer->pipeline);
}

void inbound_explainer_add(struct inbound_explainer *explainer, const char *name,
                           const struct string_builder *bytes)
{
    message_pipeline_add(explainer->pipeline, 0, name, NULL, bytes, false);
}

bool inbound_explainer_next(struct inbound_explainer *explainer,
                            struct inbound_explanation *explanation, struct error *error)
{
    if (is_at_end(explainer)) {
        explainer->next = 0;
        explainer->batch = message_pipeline_next(explainer->pipeline);
        if (!explainer->batch)
            return false;
        explainer->has_failed = !message_batch_parse(explainer->batch, explainer->single_reader,
                                                     error);
        if (explainer->has_failed)
            return false;
    }
    struct batched_message *item = &explainer->batch->items[explainer->next++];
    if (item->message)
        inbound_read(explainer->context, &explainer->batch->arena, item->message, &item->reading);
    *explanation = (struct inbound_explanation){ .name = item->key,
                                                 .reading = item->message ? &item->reading : NULL,
                                                 .unread = &item->unread };
    return true;
}

bool inbound_explainer_free(struct inbound_explainer *explainer)
{
    bool done = !explainer->has_failed;
    message_pipeline_free(explainer->pipeline);
    mime_reader_free(explainer->single_reader);
    free(explainer);
    return done;
}
