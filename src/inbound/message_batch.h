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

/* Fills the message of every item. alone: for those that are read by themselves. False: as
 * mime_reader_read(), but for what one message costs, which stands in its item. */
bool message_batch_parse(struct message_batch *batch, struct mime_reader *alone,
                         struct error *error);

/* The same, and the reading. */
bool message_batch_read(struct message_batch *batch, const struct inbound_context *context,
                        struct mime_reader *alone, struct error *error);

/* Whether what a reader of several messages said of this one counts; else it is read once more, by
 * itself. */
bool batched_message_is_trusted(const struct batched_message *item,
                                const struct inbound_context *context);

/* What fills batches, and what is done with each; it is emptied then. *is_last:
 * nothing more comes. */
struct message_batch_work {
    bool (*fill)(void *payload, struct message_batch *batch, bool *is_last, struct error *error);
    bool (*settle)(void *payload, struct message_batch *batch, struct error *error);
    void *payload;
};

/* Some in turns: others are read while one is seen to. What was filled before a
 * filling failed is seen to all the same. */
bool message_batches_run(const struct message_batch_work *work, struct error *error);

#endif
