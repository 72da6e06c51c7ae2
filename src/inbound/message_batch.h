/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_MESSAGE_BATCH_H
#define INBOUND_MESSAGE_BATCH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "inbound/reading.h"
#include "inbound/record.h"
#include "mime/mime.h"

/* Inside inbound/ only: some messages of a mailbox that are read together by one confined process,
 * while another batch is read by another, and their effects recorded together. */

struct batched_message {
    size_t number; /* of the message, for mailbox_done() */
    const char *key;
    bool has_place;
    struct hash place;
    const char *bytes;
    size_t length;
    bool is_cut;                        /* the message is longer */
    const struct mime_message *message; /* NULL: its reader died of it; unread says how */
    struct inbound_reading reading;
    struct error unread;
};

struct message_batch {
    struct mime_batch *reader;
    struct arena arena;          /* of what is in it */
    struct string_builder bytes; /* of all its messages */
    struct batched_message items[MIME_BATCH_MAXIMUM];
    size_t count;
};

/* One more message, copied. place NULL: it has no name to know it by. */
void message_batch_add(struct message_batch *batch, size_t number, const char *key,
                       const struct hash *place, const struct string_builder *bytes, bool is_cut);

bool message_batch_is_full(const struct message_batch *batch);

void message_batch_init(struct message_batch *batch);
void message_batch_release(struct message_batch *batch);
void message_batch_clear(struct message_batch *batch);

/* Its messages are read from now on, while the caller is busy with another. */
void message_batch_begin(struct message_batch *batch);

/* Fills the message of every item. single_reader: for those that are read by themselves. False: as
 * mime_reader_read(), but for what one message costs, which stands in its item. */
bool message_batch_parse(struct message_batch *batch, struct mime_reader *single_reader,
                         struct error *error);

/* The same, and the reading. */
bool message_batch_read(struct message_batch *batch, const struct inbound_context *context,
                        struct mime_reader *single_reader, struct error *error);

/* Whether what a reader of several messages said of this one counts; else it is read once more, by
 * itself. */
bool batched_message_is_trusted(const struct batched_message *item,
                                const struct inbound_context *context);

/* ---- several in turn (message_pipeline.c) ---- */

/* Some batches are read by processes while another is seen to. What is added comes out in its
 * order, and what was added before a source of messages failed comes out all the same:
 *
 *     for (;;) {
 *         while (there is more && message_pipeline_has_room(pipeline))
 *             message_pipeline_add(pipeline, …);
 *         if (!(batch = message_pipeline_next(pipeline)))
 *             break;
 *         message_batch_read(batch, …)
 *     } */
struct message_pipeline;

struct message_pipeline *message_pipeline_new(void);

/* Takes NULL. */
void message_pipeline_free(struct message_pipeline *pipeline);

/* Whether one more message may be added now. The batch that came out last is of no more use. */
bool message_pipeline_has_room(struct message_pipeline *pipeline);

/* As message_batch_add(), where there is room. */
void message_pipeline_add(struct message_pipeline *pipeline, size_t number, const char *key,
                          const struct hash *place, const struct string_builder *bytes,
                          bool is_cut);

/* The oldest batch, which lives until the next call; NULL: all have come out. */
struct message_batch *message_pipeline_next(struct message_pipeline *pipeline);

#endif
