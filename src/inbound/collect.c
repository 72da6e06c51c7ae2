/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "database/database.h"
#include "inbound/answer.h"
#include "inbound/dmarc_store.h"
#include "inbound/effect.h"
#include "inbound/parcel.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

#include <stdlib.h>
#include <string.h>

struct collection {
    const struct inbound_settings *settings;
    const struct subscriber_office *office;
    struct mailbox *mailbox;
    struct mime_reader *alone;
    struct parcel parcels[2]; /* one is read while the other is seen to: two processors */
    struct inbound_totals *totals;
    struct inbound_desk desk;
    struct text bytes;
    struct arena arena; /* of the run */
    bool was_last;
};

/* What becomes of a message, once it is known what it says. */
struct decision {
    struct effect_job job;
    bool stays;      /* nothing is done about it */
    bool keeps;      /* it stays where it is all the same */
    bool is_refused; /* what it asks for cannot be */
    bool is_new;
    enum inbound_effect effect;
};

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

/* ---- what is to be done ---- */

static bool decide(struct collection *collection, struct parcel *parcel, struct parcel_item *item,
                   struct decision *decision, struct error *error)
{
    bool has_yes_counted = true;
    *decision = (struct decision){ .job = { .settings = collection->settings,
                                            .office = collection->office,
                                            .arena = &parcel->arena,
                                            .message = item->message,
                                            .reading = &item->reading,
                                            .bytes = item->bytes,
                                            .length = item->length,
                                            .is_cut = item->is_cut,
                                            .now_at = clock_now(collection->office->clock) },
                                   .stays = !item->message,
                                   .effect = item->reading.effect };
    if (decision->stays)
        return true;
    if (item->reading.effect == INBOUND_CONFIRMED &&
        !yes_counts(&decision->job, &has_yes_counted, error))
        return false;
    if (!has_yes_counted)
        item->reading.effect = INBOUND_NOT_OURS;
    if (!answer_settle(&decision->job, &item->reading, error))
        return false;
    decision->effect = item->reading.effect;
    decision->stays = decision->effect == INBOUND_NOT_OURS ||
                      (decision->effect == INBOUND_AUTOMATIC && !item->reading.is_for_machine);
    decision->keeps = item->reading.stays || says_more(&item->reading);
    return true;
}

/* ---- effects, of many messages in one transaction ---- */

/* What a message asks for may turn out not to be possible when half of it is written. */
static bool may_be_refused(enum inbound_effect effect)
{
    return effect != INBOUND_BOUNCED && effect != INBOUND_DELAYED && effect != INBOUND_DELIVERED;
}

static bool apply(struct database *database, const struct parcel_item *item,
                  struct decision *decision, struct error *error)
{
    struct message_record record = { .at = decision->job.now_at, .effect = decision->effect };
    message_hash(item->bytes, item->length, &record.hash);
    return effect_resolve(&decision->job, &record, error) &&
           message_record(database, &record, &decision->is_new, error) &&
           (!decision->is_new || effect_apply(&decision->job, &record, &decision->effect, error));
}

/* As if the message had not been there, where what it asks for cannot be. */
static bool apply_or_refuse(struct database *database, const struct parcel_item *item,
                            struct decision *decision, struct error *error)
{
    struct error refusal = { .kind = ERROR_NONE };
    if (!may_be_refused(decision->effect))
        return apply(database, item, decision, error);
    if (!database_execute(database, "SAVEPOINT message", error))
        return false;
    if (apply(database, item, decision, &refusal))
        return database_execute(database, "RELEASE SAVEPOINT message", error);
    if (refusal.kind != ERROR_INPUT) {
        *error = refusal;
        return false;
    }
    log_line(LOG_NOTICE, "inbox: a message was left: %s", refusal.message);
    decision->stays = decision->is_refused = true;
    return database_execute(database, "ROLLBACK TO SAVEPOINT message", error) &&
           database_execute(database, "RELEASE SAVEPOINT message", error);
}

/* What is decided sees what those before it did. */
static bool record_one(struct collection *collection, struct parcel *parcel,
                       struct parcel_item *item, struct decision *decision, struct error *error)
{
    struct database *database = collection->office->database;
    if (!decide(collection, parcel, item, decision, error))
        return false;
    if (!decision->stays && !apply_or_refuse(database, item, decision, error))
        return false;
    bool is_done = !decision->stays && !decision->keeps;
    return !item->has_place ||
           place_record(database, &item->place, is_done, decision->job.now_at, error);
}

static bool record_all(struct collection *collection, struct parcel *parcel,
                       struct decision *decisions, struct error *error)
{
    struct database *database = collection->office->database;
    bool done = database_begin(database, error);
    if (!done)
        return false;
    for (size_t i = 0; done && i < parcel->count; i++)
        done = record_one(collection, parcel, &parcel->items[i], &decisions[i], error);
    return database_end(database, done, error);
}

/* ---- afterwards ---- */

/* What cannot be read stays, told once, for a person to look at; the rest goes on. */
static void tell_unread(const struct parcel_item *item)
{
    log_line(LOG_WARNING, "inbox: message %s was left unread: %s",
             *item->key ? item->key : "without a name", item->unread.message);
}

static void count_one(struct inbound_totals *totals, const struct parcel_item *item,
                      const struct decision *decision)
{
    if (!item->message)
        tell_unread(item);
    else if (decision->stays && item->is_cut)
        dmarc_tell_cut(item->message);
    totals->unreadable += !item->message;
    totals->refused += decision->is_refused;
    if (!item->message || decision->is_refused)
        totals->count[INBOUND_NOT_OURS]++;
    else if (decision->stays || decision->is_new)
        totals->count[decision->effect]++;
    else
        totals->repeated++;
    totals->count[INBOUND_NOT_OURS] += !decision->stays && decision->keeps;
}

static bool settle(struct collection *collection, struct parcel *parcel, struct error *error)
{
    struct decision decisions[MIME_BATCH_MAXIMUM];
    size_t numbers[MIME_BATCH_MAXIMUM];
    size_t count = 0;
    if (!parcel_read(parcel, &collection->desk, collection->alone, error))
        return false;
    if (!record_all(collection, parcel, decisions, error))
        return false;
    fault_point("inbound_recorded");
    for (size_t i = 0; i < parcel->count; i++) {
        count_one(collection->totals, &parcel->items[i], &decisions[i]);
        if (!decisions[i].stays && !decisions[i].keeps)
            numbers[count++] = parcel->items[i].number;
    }
    parcel_clear(parcel);
    return mailbox_done(collection->mailbox, numbers, count, error);
}

/* ---- one message after the other ---- */

/* The present message, where it is not known already. */
static bool take(struct collection *collection, struct parcel *parcel, const char *key,
                 struct error *error)
{
    struct hash place;
    enum place_state state = PLACE_UNKNOWN;
    size_t number = mailbox_number(collection->mailbox);
    bool is_cut = false;
    bool found = false;
    place_hash(collection->settings->mailbox_name, key, &place);
    if (*key && !place_find(collection->office->database, &place, &state, error))
        return false;
    if (state == PLACE_LEFT)
        collection->totals->count[INBOUND_NOT_OURS]++;
    if (state == PLACE_DONE)
        return mailbox_done(collection->mailbox, &number, 1, error);
    if (state != PLACE_UNKNOWN)
        return true;
    if (!mailbox_read(collection->mailbox, &collection->bytes, &is_cut, &found, error))
        return false;
    if (found)
        parcel_add(parcel, number, key, *key ? &place : NULL, &collection->bytes, is_cut);
    return true;
}

static bool is_stopped(const struct collection *collection)
{
    return collection->settings->stop && *collection->settings->stop;
}

static bool fill(struct collection *collection, struct parcel *parcel, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (!collection->was_last && !parcel_is_full(parcel)) {
        if (!mailbox_next(collection->mailbox, key, &found, error))
            return false;
        collection->was_last = !found || is_stopped(collection);
        if (found && !collection->was_last && !take(collection, parcel, key, error))
            return false;
    }
    if (parcel->count)
        parcel_begin(parcel);
    return true;
}

/* What was read before a failure of the mailbox is seen to all the same: it need not be read again.
 */
static bool take_all(struct collection *collection, struct error *error)
{
    struct error later;
    bool done = true;
    size_t turn = 0;
    do {
        struct parcel *parcel = &collection->parcels[turn++ % 2];
        struct parcel *other = &collection->parcels[turn % 2];
        if (done && !fill(collection, parcel, error)) {
            done = false;
            if (parcel->count)
                parcel_begin(parcel);
        }
        if (other->count && !settle(collection, other, done ? error : &later))
            return false;
    } while ((done && !collection->was_last) || collection->parcels[(turn + 1) % 2].count);
    return done;
}

bool inbound_run(const struct inbound_settings *settings, const struct subscriber_office *office,
                 struct mailbox *mailbox, struct inbound_totals *totals, struct error *error)
{
    struct collection *collection = calloc(1, sizeof *collection);
    if (!collection)
        memory_failed(sizeof *collection);
    *collection = (struct collection){ .settings = settings,
                                       .office = office,
                                       .mailbox = mailbox,
                                       .alone = mime_reader_new(),
                                       .totals = totals };
    text_init(&collection->bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    parcel_init(&collection->parcels[0]);
    parcel_init(&collection->parcels[1]);
    bool done = record_expire(office->database, clock_now(office->clock), error) &&
                dmarc_expire(office->database, clock_now(office->clock), error) &&
                inbound_desk_init(&collection->desk, &collection->arena, settings, office->keys,
                                  error) &&
                take_all(collection, error);
    parcel_release(&collection->parcels[0]);
    parcel_release(&collection->parcels[1]);
    mime_reader_free(collection->alone);
    text_release(&collection->bytes);
    arena_release(&collection->arena);
    free(collection);
    return done;
}
