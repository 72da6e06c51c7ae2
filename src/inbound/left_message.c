/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "inbound/message_batch.h"
#include "net/mailbox.h"
#include "queue/transactional_mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *inbound_left_text(enum inbound_left why)
{
    static const char *const texts[LEFT_COUNT] = { INBOUND_LEFTS(SQL_NAME) };
    return texts[why];
}

struct inbound_left_cursor {
    const struct inbound_settings *settings;
    struct database *database;
    struct mailbox *mailbox; /* NULL: none is read */
    const char *wanted;      /* NULL: all */
    struct message_pipeline *pipeline;
    struct mime_reader *single_reader;
    struct string_builder bytes;
    bool is_last;                /* nothing more of the mailbox comes */
    struct message_batch *batch; /* whose messages are returned; NULL: none */
    size_t next;
    int64_t forward;    /* the one that was returned last */
    struct arena arena; /* of it */
    char id[INBOUND_ID_SIZE];
    bool has_failed;
    struct error failure; /* of the mailbox: what was read before is returned first */
};

static void write_id(const struct hash *hash, char id[INBOUND_ID_SIZE])
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(hash, hex);
    memcpy(id, hex, INBOUND_ID_SIZE - 1);
    id[INBOUND_ID_SIZE - 1] = '\0';
}

static bool is_wanted(const struct inbound_left_cursor *cursor, const char *id)
{
    return !cursor->wanted || strcmp(cursor->wanted, id) == 0;
}

static bool is_wanted_hash(const struct inbound_left_cursor *cursor, const struct hash *hash)
{
    char id[INBOUND_ID_SIZE];
    write_id(hash, id);
    return is_wanted(cursor, id);
}

struct inbound_left_cursor *inbound_left_open(const struct inbound_settings *settings,
                                              struct database *database, struct mailbox *mailbox,
                                              const char *id)
{
    struct inbound_left_cursor *cursor = memory_allocate(sizeof *cursor);
    cursor->settings = settings;
    cursor->database = database;
    cursor->mailbox = mailbox;
    cursor->wanted = id;
    cursor->pipeline = message_pipeline_new();
    cursor->single_reader = mime_reader_new();
    cursor->is_last = !mailbox;
    string_builder_init(&cursor->bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    return cursor;
}

bool inbound_left_close(struct inbound_left_cursor *cursor)
{
    bool done = !cursor->has_failed;
    message_pipeline_free(cursor->pipeline);
    mime_reader_free(cursor->single_reader);
    string_builder_release(&cursor->bytes);
    arena_release(&cursor->arena);
    free(cursor);
    return done;
}

/* ---- in the mailbox ---- */

/* A message without a name in the mailbox is recognized by its content. */
static bool take_nameless(struct inbound_left_cursor *cursor, bool is_cut, struct error *error)
{
    struct hash hash;
    bool is_known = false;
    mailbox_content_hash(cursor->bytes.data, cursor->bytes.length, &hash);
    if (!message_known(cursor->database, &hash, &is_known, error))
        return false;
    if (!is_known && is_wanted_hash(cursor, &hash))
        message_pipeline_add(cursor->pipeline, 0, "", &hash, &cursor->bytes, is_cut);
    return true;
}

/* The present message, where an earlier run left it. */
static bool take(struct inbound_left_cursor *cursor, const char *key, struct error *error)
{
    struct hash hash;
    enum place_state state = PLACE_UNKNOWN;
    bool is_cut = false;
    bool found = false;
    place_hash(cursor->settings->mailbox_name, key, &hash);
    if (*key && !place_find(cursor->database, &hash, &state, error))
        return false;
    if (*key && (state != PLACE_LEFT || !is_wanted_hash(cursor, &hash)))
        return true;
    struct error failure = { .kind = ERROR_NONE };
    if (!mailbox_read(cursor->mailbox, &cursor->bytes, &is_cut, &found, &failure)) {
        if (failure.kind == ERROR_INPUT) /* one that may not be read: `collect` logs it */
            return true;
        *error = failure;
        return false;
    }
    if (found && !*key)
        return take_nameless(cursor, is_cut, error);
    if (found)
        message_pipeline_add(cursor->pipeline, 0, key, &hash, &cursor->bytes, is_cut);
    return true;
}

static bool take_next(struct inbound_left_cursor *cursor, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = false;
    if (!mailbox_next(cursor->mailbox, key, &found, error))
        return false;
    cursor->is_last = !found;
    return !found || take(cursor, key, error);
}

/* On to the next batch of the mailbox; NULL, where has_failed is not set: there is no more. */
static struct message_batch *next_batch(struct inbound_left_cursor *cursor, struct error *error)
{
    while (!cursor->is_last && message_pipeline_has_room(cursor->pipeline))
        if (!take_next(cursor, &cursor->failure))
            cursor->is_last = true;
    struct message_batch *batch = message_pipeline_next(cursor->pipeline);
    if (!batch && cursor->failure.kind != ERROR_NONE) {
        *error = cursor->failure;
        cursor->has_failed = true;
    }
    if (batch && !message_batch_parse(batch, cursor->single_reader, error)) {
        cursor->has_failed = true;
        return NULL;
    }
    return batch;
}

/* *found false: that was all. */
static bool next_in_mailbox(struct inbound_left_cursor *cursor, struct inbound_message *message,
                            bool *found, struct error *error)
{
    struct place place;
    *found = false;
    if (!cursor->mailbox)
        return true;
    if (!cursor->batch || cursor->next == cursor->batch->count) {
        cursor->next = 0;
        cursor->batch = next_batch(cursor, error);
        if (!cursor->batch)
            return !cursor->has_failed;
    }
    const struct batched_message *item = &cursor->batch->items[cursor->next++];
    write_id(&item->place, cursor->id);
    if (!place_load(cursor->database, &item->place, &place, error))
        return false;
    *message = (struct inbound_message){ .id = cursor->id,
                                         .at = place.at,
                                         .why = item->message ? place.why : LEFT_UNREADABLE,
                                         .message = item->message };
    *found = true;
    return true;
}

/* ---- what could not be sent on: by a pipe or by POP3 it may lie nowhere else ---- */

static bool next_failed(struct inbound_left_cursor *cursor, struct inbound_message *message,
                        bool *found, struct error *error)
{
    struct queue_forward_failed failed;
    struct error unread = { .kind = ERROR_NONE };
    do {
        arena_release(&cursor->arena);
        if (!queue_forward_next_failed(cursor->database, &cursor->arena, cursor->forward, &failed,
                                       found, error))
            return false;
        if (!*found)
            return true;
        cursor->forward = failed.transactional;
        (void)snprintf(cursor->id, sizeof cursor->id, "s%lld", (long long)failed.transactional);
    } while (!is_wanted(cursor, cursor->id));
    *message = (struct inbound_message){
        .id = cursor->id,
        .at = failed.at,
        .why = LEFT_FAILED,
        .message = mime_reader_read(cursor->single_reader, &cursor->arena, failed.bytes,
                                    failed.length, &unread),
    };
    if (message->message || unread.kind == ERROR_INPUT)
        return true;
    *error = unread;
    return false;
}

bool inbound_left_next(struct inbound_left_cursor *cursor, struct inbound_message *message,
                       struct error *error)
{
    bool found = false;
    bool done = next_in_mailbox(cursor, message, &found, error);
    if (done && !found) {
        cursor->mailbox = NULL;
        done = next_failed(cursor, message, &found, error);
    }
    cursor->has_failed = !done;
    return done && found;
}
