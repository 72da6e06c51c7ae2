/* SPDX-License-Identifier: MIT */
#include "base/memory.h"
#include "inbound/message_batch.h"

#include <stdlib.h>

/* Two are read, on two processors, while a third is seen to. */
enum { BATCHES = 3 };

/* A ring. From the oldest on: the batch that came out, where one did, those that are read, and the
 * one that is filled. */
struct message_pipeline {
    struct message_batch batches[BATCHES];
    size_t oldest;
    size_t begun; /* that are read */
    bool is_out;
};

struct message_pipeline *message_pipeline_new(void)
{
    struct message_pipeline *pipeline = memory_allocate(sizeof *pipeline);
    for (size_t i = 0; i < BATCHES; i++)
        message_batch_init(&pipeline->batches[i]);
    return pipeline;
}

void message_pipeline_free(struct message_pipeline *pipeline)
{
    if (!pipeline)
        return;
    for (size_t i = 0; i < BATCHES; i++)
        message_batch_release(&pipeline->batches[i]);
    free(pipeline);
}

static void take_back(struct message_pipeline *pipeline)
{
    if (!pipeline->is_out)
        return;
    message_batch_clear(&pipeline->batches[pipeline->oldest]);
    pipeline->oldest = (pipeline->oldest + 1) % BATCHES;
    pipeline->is_out = false;
}

/* The batch that is being filled, once the one that came out was taken back; NULL: all are being
 * read. */
static struct message_batch *filling(struct message_pipeline *pipeline)
{
    size_t index = (pipeline->oldest + pipeline->begun) % BATCHES;
    return pipeline->begun < BATCHES ? &pipeline->batches[index] : NULL;
}

bool message_pipeline_has_room(struct message_pipeline *pipeline)
{
    take_back(pipeline);
    struct message_batch *batch = filling(pipeline);
    if (batch && message_batch_is_full(batch)) {
        message_batch_begin(batch);
        pipeline->begun++;
    }
    return filling(pipeline) != NULL;
}

void message_pipeline_add(struct message_pipeline *pipeline, size_t number, const char *key,
                          const struct hash *place, const struct string_builder *bytes, bool is_cut)
{
    message_batch_add(filling(pipeline), number, key, place, bytes, is_cut);
}

struct message_batch *message_pipeline_next(struct message_pipeline *pipeline)
{
    take_back(pipeline);
    struct message_batch *batch = filling(pipeline);
    if (batch && batch->count) {
        message_batch_begin(batch);
        pipeline->begun++;
    }
    if (pipeline->begun == 0)
        return NULL;
    pipeline->begun--;
    pipeline->is_out = true;
    return &pipeline->batches[pipeline->oldest];
}
