/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "inbound/message_batch.h"
#include "net/mailbox.h"
#include "queue/forward.h"

#include <stdio.h>
#include <string.h>

const char *inbound_left_text(enum inbound_left why)
{
    static const char *const texts[LEFT_COUNT] = {
        [LEFT_NOT] = "it was left before reasons were kept",
        [LEFT_UNKNOWN] = "nothing in it says what it is",
        [LEFT_PERSON] = "a person wrote it",
        [LEFT_AUTOMATIC] = "a program answered",
        [LEFT_REPORT] = "a report about no mail of ours that is known",
        [LEFT_CHALLENGE] = "it asks for proof that a person sits here",
        [LEFT_YES] = "a yes, but not shown to come from the one who was asked",
        [LEFT_REFUSED] = "what it asks for cannot be done",
        [LEFT_MORE] = "seen to, and it says more than that",
        [LEFT_UNREADABLE] = "its reader died of it",
        [LEFT_UNSENT] = "a person wrote it; it could not be sent on to a contact",
        [LEFT_CAME_BACK] = "what was sent on to a contact came back",
        [LEFT_FAILED] = "a person wrote it; the contact's server did not take it",
    };
    return texts[why];
}

struct look {
    const struct inbound_settings *settings;
    struct database *database;
    struct mailbox *mailbox;
    const char *wanted; /* NULL: all */
    const struct inbound_visitor *visitor;
    struct mime_reader *alone;
    struct string_builder bytes;
};

static void write_id(const struct hash *hash, char id[INBOUND_ID_SIZE])
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(hash, hex);
    memcpy(id, hex, INBOUND_ID_SIZE - 1);
    id[INBOUND_ID_SIZE - 1] = '\0';
}

static bool is_wanted(const struct look *look, const struct hash *hash)
{
    char id[INBOUND_ID_SIZE];
    write_id(hash, id);
    return !look->wanted || strcmp(look->wanted, id) == 0;
}

/* One without a name is known by its content alone. */
static bool take_nameless(struct look *look, struct message_batch *batch, bool is_cut,
                          struct error *error)
{
    struct hash hash;
    bool is_known = false;
    mailbox_content_hash(look->bytes.data, look->bytes.length, &hash);
    if (!message_known(look->database, &hash, &is_known, error))
        return false;
    if (!is_known && is_wanted(look, &hash))
        message_batch_add(batch, 0, "", &hash, &look->bytes, is_cut);
    return true;
}

static bool take(struct look *look, struct message_batch *batch, const char *key,
                 struct error *error)
{
    struct hash hash;
    enum place_state state = PLACE_UNKNOWN;
    bool is_cut = false;
    bool found = false;
    place_hash(look->settings->mailbox_name, key, &hash);
    if (*key && !place_find(look->database, &hash, &state, error))
        return false;
    if (*key && (state != PLACE_LEFT || !is_wanted(look, &hash)))
        return true;
    struct error failure = { .kind = ERROR_NONE };
    if (!mailbox_read(look->mailbox, &look->bytes, &is_cut, &found, &failure)) {
        *error = failure.kind == ERROR_INPUT ? *error : failure;
        return failure.kind == ERROR_INPUT; /* one that may not be read: `collect` tells it */
    }
    if (found && !*key)
        return take_nameless(look, batch, is_cut, error);
    if (found)
        message_batch_add(batch, 0, key, &hash, &look->bytes, is_cut);
    return true;
}

static bool fill(void *payload, struct message_batch *batch, bool *is_last, struct error *error)
{
    struct look *look = payload;
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (!*is_last && !message_batch_is_full(batch)) {
        if (!mailbox_next(look->mailbox, key, &found, error))
            return false;
        *is_last = !found;
        if (found && !take(look, batch, key, error))
            return false;
    }
    return true;
}

static bool show(void *payload, struct message_batch *batch, struct error *error)
{
    struct look *look = payload;
    bool done = message_batch_parse(batch, look->alone, error);
    for (size_t i = 0; done && i < batch->count; i++) {
        const struct batched_message *item = &batch->items[i];
        struct place place;
        char id[INBOUND_ID_SIZE];
        write_id(&item->place, id);
        done = place_load(look->database, &item->place, &place, error);
        const struct inbound_message message = { .id = id,
                                                 .at = place.at,
                                                 .why = item->message ? place.why : LEFT_UNREADABLE,
                                                 .message = item->message };
        done = done && look->visitor->visit(look->visitor->payload, &message, error);
    }
    return done;
}

/* ---- what could not be sent on: by a pipe or by POP3 it may lie nowhere else ---- */

static bool show_failed(void *payload, int64_t single, int64_t at, const char *bytes, size_t length,
                        struct error *error)
{
    struct look *look = payload;
    struct arena arena = { 0 };
    struct error unread;
    char id[INBOUND_ID_SIZE];
    (void)snprintf(id, sizeof id, "s%lld", (long long)single);
    if (look->wanted && strcmp(look->wanted, id) != 0)
        return true;
    const struct inbound_message message = {
        .id = id,
        .at = at,
        .why = LEFT_FAILED,
        .message = mime_reader_read(look->alone, &arena, bytes, length, &unread),
    };
    bool done = message.message || unread.kind == ERROR_INPUT;
    if (done)
        done = look->visitor->visit(look->visitor->payload, &message, error);
    else
        *error = unread;
    arena_release(&arena);
    return done;
}

bool inbound_look(const struct inbound_settings *settings, struct database *database,
                  struct mailbox *mailbox, const char *id, const struct inbound_visitor *visitor,
                  struct error *error)
{
    struct look look = { .settings = settings,
                         .database = database,
                         .mailbox = mailbox,
                         .wanted = id,
                         .visitor = visitor,
                         .alone = mime_reader_new() };
    const struct message_batch_work work = { fill, show, &look };
    string_builder_init(&look.bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    bool done = (!mailbox || message_batches_run(&work, error)) &&
                queue_forward_each_failed(database, show_failed, &look, error);
    mime_reader_free(look.alone);
    string_builder_release(&look.bytes);
    return done;
}
