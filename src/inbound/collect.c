/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/text.h"
#include "database/database.h"
#include "inbound/answer.h"
#include "inbound/dmarc_store.h"
#include "inbound/effect.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* Notes of messages that stay are written so many at a time. */
enum { LEFT_AT_ONCE = 100 };

struct collection {
    const struct inbound_settings *settings;
    const struct subscriber_office *office;
    struct mailbox *mailbox;
    struct mime_reader *reader;
    struct inbound_totals *totals;
    struct inbound_desk desk;
    struct hash left[LEFT_AT_ONCE];
    size_t left_count;
    struct text bytes;
    struct arena arena;   /* of the run */
    struct arena message; /* of one message */
};

/* ---- what stays ---- */

static bool left_flush(struct collection *collection, struct error *error)
{
    struct database *database = collection->office->database;
    int64_t now_at = clock_now(collection->office->clock);
    if (collection->left_count == 0)
        return true;
    bool done = database_begin(database, error);
    if (!done)
        return false;
    for (size_t i = 0; done && i < collection->left_count; i++)
        done = place_record(database, &collection->left[i], false, now_at, error);
    collection->left_count = 0;
    return database_end(database, done, error);
}

/* place NULL: it has no name to know it by. */
static bool left_add(struct collection *collection, const struct hash *place, struct error *error)
{
    if (!place)
        return true;
    collection->left[collection->left_count++] = *place;
    return collection->left_count < LEFT_AT_ONCE || left_flush(collection, error);
}

/* ---- what has an effect ---- */

/* keeps: the message stays where it is all the same. */
static bool apply(struct collection *collection, const struct effect_job *job,
                  const struct hash *place, bool keeps, struct error *error)
{
    struct database *database = collection->office->database;
    struct message_record record = { .at = job->now_at, .effect = job->reading->effect };
    enum inbound_effect effect = job->reading->effect;
    bool is_new = false;
    message_hash(collection->bytes.data, collection->bytes.length, &record.hash);
    if (!database_begin(database, error))
        return false;
    bool done = effect_resolve(job, &record, error) &&
                message_record(database, &record, &is_new, error) &&
                (!is_new || effect_apply(job, &record, &effect, error)) &&
                (!place || place_record(database, place, !keeps, job->now_at, error));
    if (!database_end(database, done, error))
        return false;
    if (is_new)
        collection->totals->count[effect]++;
    else
        collection->totals->repeated++;
    return true;
}

/* Text that nobody has shown to be ours may be a no; and whoever has a mail that was sent on to him
 * does not speak for the one it was for: a person reads it. */
static bool yes_counts(const struct effect_job *job, bool *counts, struct error *error)
{
    const struct inbound_reading *reading = job->reading;
    *counts = joining_quotes(job, reading->token.id);
    if (!*counts || reading->named_by == NAMED_BY_ADDRESS)
        return true;
    if (!joining_is_own(job, reading->token.id, counts, error))
        return false;
    if (!*counts)
        log_line(LOG_NOTICE,
                 "inbox: a yes was left: it comes from another address than the one asked, or its "
                 "request is gone");
    return true;
}

/* A yes to an address that people read, and something for them below it. */
static bool says_more(const struct inbound_reading *reading)
{
    return reading->effect == INBOUND_CONFIRMED && reading->named_by != NAMED_BY_ADDRESS &&
           strchr(reading->own_text, '\n');
}

static bool handle(struct collection *collection, const struct mime_message *message,
                   const struct hash *place, bool is_cut, struct error *error)
{
    struct inbound_reading reading;
    struct error refusal = { .kind = ERROR_NONE };
    inbound_read(&collection->desk, &collection->message, message, &reading);
    const struct effect_job job = { .settings = collection->settings,
                                    .office = collection->office,
                                    .arena = &collection->message,
                                    .message = message,
                                    .reading = &reading,
                                    .bytes = collection->bytes.data,
                                    .length = collection->bytes.length,
                                    .is_cut = is_cut,
                                    .now_at = clock_now(collection->office->clock) };
    bool counts = true;
    if (reading.effect == INBOUND_CONFIRMED && !yes_counts(&job, &counts, error))
        return false;
    if (!counts)
        reading.effect = INBOUND_NOT_OURS;
    if (!answer_settle(&job, &reading, error))
        return false;
    bool stays = reading.effect == INBOUND_NOT_OURS ||
                 (reading.effect == INBOUND_AUTOMATIC && !reading.is_for_machine);
    bool keeps = reading.stays || says_more(&reading);
    if (!stays && apply(collection, &job, place, keeps, &refusal)) {
        fault_point("inbound_recorded");
        collection->totals->count[INBOUND_NOT_OURS] += keeps;
        return keeps || mailbox_done(collection->mailbox, error);
    }
    if (!stays && refusal.kind != ERROR_INPUT) {
        *error = refusal;
        return false;
    }
    if (!stays) {
        log_line(LOG_NOTICE, "inbox: a message was left: %s", refusal.message);
        collection->totals->refused++;
    }
    collection->totals->count[stays ? reading.effect : INBOUND_NOT_OURS]++;
    return left_add(collection, place, error);
}

/* ---- one message after the other ---- */

/* What cannot be read stays, told once, for a person to look at; the rest goes on. */
static bool leave_unread(struct collection *collection, const char *key, const struct hash *place,
                         const struct error *reason, struct error *error)
{
    log_line(LOG_WARNING, "inbox: message %s was left unread: %s", *key ? key : "without a name",
             reason->message);
    collection->totals->unreadable++;
    collection->totals->count[INBOUND_NOT_OURS]++;
    return left_add(collection, place, error);
}

static bool read_one(struct collection *collection, const char *key, const struct hash *place,
                     bool is_cut, struct error *error)
{
    struct error reason;
    const struct mime_message *message = mime_reader_read(collection->reader, &collection->message,
                                                          collection->bytes.data,
                                                          collection->bytes.length, &reason);
    if (message)
        return handle(collection, message, place, is_cut, error);
    if (reason.kind == ERROR_INPUT)
        return leave_unread(collection, key, place, &reason, error);
    *error = reason;
    return false;
}

static bool take(struct collection *collection, const char *key, struct error *error)
{
    struct hash place;
    enum place_state state = PLACE_UNKNOWN;
    bool is_cut = false;
    bool found = false;
    place_hash(collection->settings->mailbox_name, key, &place);
    if (*key && !place_find(collection->office->database, &place, &state, error))
        return false;
    if (state == PLACE_LEFT) {
        collection->totals->count[INBOUND_NOT_OURS]++;
        return true;
    }
    if (state == PLACE_DONE)
        return mailbox_done(collection->mailbox, error);
    if (!mailbox_read(collection->mailbox, &collection->bytes, &is_cut, &found, error))
        return false;
    bool done = !found || read_one(collection, key, *key ? &place : NULL, is_cut, error);
    arena_release(&collection->message);
    return done;
}

static bool take_all(struct collection *collection, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (found) {
        if (!mailbox_next(collection->mailbox, key, &found, error))
            return false;
        if (found && !take(collection, key, error))
            return false;
    }
    return true;
}

bool inbound_run(const struct inbound_settings *settings, const struct subscriber_office *office,
                 struct mailbox *mailbox, struct inbound_totals *totals, struct error *error)
{
    struct collection collection = { .settings = settings,
                                     .office = office,
                                     .mailbox = mailbox,
                                     .reader = mime_reader_new(),
                                     .totals = totals };
    struct error unwritten;
    text_init(&collection.bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    bool done = record_expire(office->database, clock_now(office->clock), error) &&
                dmarc_expire(office->database, clock_now(office->clock), error) &&
                inbound_desk_init(&collection.desk, &collection.arena, settings, office->keys,
                                  error) &&
                take_all(&collection, error);
    /* Also after a failure: what was read need not be read again. */
    if (!left_flush(&collection, done ? error : &unwritten))
        done = false;
    mime_reader_free(collection.reader);
    text_release(&collection.bytes);
    arena_release(&collection.message);
    arena_release(&collection.arena);
    return done;
}
