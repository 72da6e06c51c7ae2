/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/string_builder.h"
#include "database/database.h"
#include "inbound/decision.h"
#include "inbound/dmarc_store.h"
#include "inbound/message_batch.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

#include <stdio.h>
#include <string.h>

enum { TRANSACTION_MS = 100 };

struct collection {
    const struct inbound_settings *settings;
    const struct subscriber_service *service;
    struct mailbox *mailbox;
    struct message_pipeline *pipeline;
    struct mime_reader *single_reader;
    struct inbound_totals *totals;
    struct inbound_context context;
    struct string_builder bytes;
    struct arena arena; /* of the run */
    size_t unopened;    /* messages whose file may not be read */
    struct error first_unopened;
};

/* Decided and applied one by one, so that a decision sees the effects of the messages before it. */
static bool record_one(struct collection *collection, struct message_batch *batch,
                       const struct batched_message *item, struct decision *decision,
                       struct error *error)
{
    const struct subscriber_service *service = collection->service;
    *decision = (struct decision){ .job = { .settings = collection->settings,
                                            .service = service,
                                            .arena = &batch->arena,
                                            .reader = collection->single_reader,
                                            .message = item->message,
                                            .bytes = item->bytes,
                                            .length = item->length,
                                            .is_cut = item->is_cut,
                                            .now_at = clock_now(service->clock) } };
    return decision_make(decision, &item->reading, error) && decision_apply(decision, error) &&
           (!item->has_place || place_record(service->database, &item->place, decision->why,
                                             decision->job.now_at, error));
}

/* Records messages from `first` up to *end, for TRANSACTION_MS at most, because other processes
 * wait for the write lock meanwhile. */
static bool record_some(struct collection *collection, struct message_batch *batch,
                        struct decision *decisions, size_t first, size_t *end, struct error *error)
{
    int64_t until_ms = clock_monotonic_now() + TRANSACTION_MS;
    bool done = true;
    *end = first;
    do {
        done = record_one(collection, batch, &batch->items[*end], &decisions[*end], error);
        (*end)++;
    } while (done && *end < batch->count && clock_monotonic_now() < until_ms);
    return done;
}

static bool record_all(struct collection *collection, struct message_batch *batch,
                       struct decision *decisions, struct error *error)
{
    size_t end = 0;
    for (size_t first = 0; first < batch->count; first = end) {
        struct transaction transaction = transaction_of(collection->service->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction,
                            record_some(collection, batch, decisions, first, &end, error), error);
        if (!transaction.is_done)
            return false;
        for (size_t i = first; i < end; i++)
            decision_log(&decisions[i]);
    }
    return true;
}

/* ---- afterwards ---- */

/* One line for all of them, because strangers decide how many there are. */
static void log_unsent(const struct inbound_totals *totals)
{
    if (totals->unsent)
        log_line(LOG_NOTICE,
                 "inbox: %lld answer%s not sent on to a contact: %s; see `pressroom inbox list`",
                 (long long)totals->unsent, totals->unsent == 1 ? " was" : "s were",
                 totals->unsent_why);
}

/* One line for all of them, because whoever can write to the mailbox decides how many there are. */
static void log_unopened(const struct collection *collection)
{
    char more[48] = "";
    if (collection->unopened > 1)
        (void)snprintf(more, sizeof more, " (and %zu more)", collection->unopened - 1);
    if (collection->unopened)
        log_line(LOG_ERROR,
                 "%s%s; what pressroom may not read stays there: let its user read it; the others "
                 "were read",
                 collection->first_unopened.message, more);
}

/* A message that cannot be read stays for a person. It is logged once, because from now on it is
 * recorded as left. */
static void log_unread(const struct batched_message *item)
{
    log_line(LOG_WARNING, "inbox: message %s was left unread: %s",
             *item->key ? item->key : "without a name", item->unread.message);
}

static void count_one(struct inbound_totals *totals, const struct batched_message *item,
                      const struct decision *decision)
{
    if (!item->message)
        log_unread(item);
    else if (decision->stays && item->is_cut)
        dmarc_log_cut(item->message);
    totals->unreadable += !item->message;
    totals->refused += decision->is_refused;
    if (item->message && decision->reading.unsent_why) {
        totals->unsent++;
        totals->unsent_why = decision->reading.unsent_why;
    }
    if (decision->why == LEFT_CAME_BACK)
        log_line(LOG_WARNING, "inbox: what was sent on to a contact came back, so that the contact "
                              "has not read it; see `pressroom inbox list`");
    if (!item->message || decision->is_refused)
        totals->count[INBOUND_NOT_OURS]++;
    else if (decision->stays || decision->is_new)
        totals->count[decision->effect]++;
    else
        totals->repeated++;
    totals->count[INBOUND_NOT_OURS] += !decision->stays && decision->why != LEFT_NOT;
}

static bool process(struct collection *collection, struct message_batch *batch, struct error *error)
{
    struct decision decisions[MIME_BATCH_MAXIMUM];
    size_t numbers[MIME_BATCH_MAXIMUM];
    size_t count = 0;
    if (!message_batch_read(batch, &collection->context, collection->single_reader, error) ||
        !record_all(collection, batch, decisions, error))
        return false;
    fault_point("inbound_recorded");
    for (size_t i = 0; i < batch->count; i++) {
        count_one(collection->totals, &batch->items[i], &decisions[i]);
        if (decisions[i].why == LEFT_NOT)
            numbers[count++] = batch->items[i].number;
    }
    return mailbox_done(collection->mailbox, numbers, count, error);
}

/* ---- one message after the other ---- */

/* A message whose file may not be opened is skipped, because the messages behind it must not wait
 * for it. */
static bool open_present(struct collection *collection, bool *is_cut, bool *found,
                         struct error *error)
{
    struct error failure = { .kind = ERROR_NONE };
    if (mailbox_read(collection->mailbox, &collection->bytes, is_cut, found, &failure))
        return true;
    *found = false;
    if (failure.kind != ERROR_INPUT) {
        *error = failure;
        return false;
    }
    if (collection->unopened++ == 0)
        collection->first_unopened = failure;
    return true;
}

/* POP3 may give the name of a removed message to another one (RFC 1939 section 7). So where a name
 * is recorded as done, the content must be known too before the message is removed unread. In an
 * mbox the name is the hash of the content already. */
static bool is_same_message(struct collection *collection, bool *is_same, struct error *error)
{
    struct hash content;
    bool is_cut = false;
    bool found = false;
    *is_same = true;
    if (strncmp(collection->settings->mailbox_name, "mbox:", strlen("mbox:")) == 0)
        return true;
    if (!open_present(collection, &is_cut, &found, error))
        return false;
    mailbox_content_hash(collection->bytes.data, collection->bytes.length, &content);
    *is_same = false;
    return !found || message_known(collection->service->database, &content, is_same, error);
}

/* The present message, where it is not known already. */
static bool take(struct collection *collection, const char *key, struct error *error)
{
    struct hash place;
    enum place_state state = PLACE_UNKNOWN;
    size_t number = mailbox_number(collection->mailbox);
    bool is_cut = false;
    bool found = false;
    place_hash(collection->settings->mailbox_name, key, &place);
    if (*key && !place_find(collection->service->database, &place, &state, error))
        return false;
    if (state == PLACE_LEFT)
        collection->totals->count[INBOUND_NOT_OURS]++;
    bool is_done = false;
    if (state == PLACE_DONE && !is_same_message(collection, &is_done, error))
        return false;
    if (is_done)
        return mailbox_done(collection->mailbox, &number, 1, error);
    if (state == PLACE_DONE)
        state = PLACE_UNKNOWN;
    if (state != PLACE_UNKNOWN)
        return true;
    if (!open_present(collection, &is_cut, &found, error))
        return false;
    if (found)
        message_pipeline_add(collection->pipeline, number, key, *key ? &place : NULL,
                             &collection->bytes, is_cut);
    return true;
}

static bool take_next(struct collection *collection, bool *is_last, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = false;
    if (!mailbox_next(collection->mailbox, key, &found, error))
        return false;
    *is_last = !found || (collection->settings->stop && *collection->settings->stop);
    return *is_last || take(collection, key, error);
}

/* What was read before the mailbox failed is processed all the same. */
static bool collect_all(struct collection *collection, struct error *error)
{
    struct error later;
    struct message_batch *batch;
    bool done = true;
    bool is_last = false;
    for (;;) {
        while (done && !is_last && message_pipeline_has_room(collection->pipeline))
            done = take_next(collection, &is_last, error);
        if (!(batch = message_pipeline_next(collection->pipeline)))
            return done;
        if (!process(collection, batch, done ? error : &later))
            return false;
    }
}

bool inbound_run(const struct inbound_settings *settings, const struct subscriber_service *service,
                 struct mailbox *mailbox, struct inbound_totals *totals, struct error *error)
{
    struct collection collection = { .settings = settings,
                                     .service = service,
                                     .mailbox = mailbox,
                                     .pipeline = message_pipeline_new(),
                                     .single_reader = mime_reader_new(),
                                     .totals = totals };
    string_builder_init(&collection.bytes, MAILBOX_MESSAGE_MAXIMUM + 1024);
    bool done = record_expire(service->database, clock_now(service->clock), error) &&
                dmarc_expire(service->database, clock_now(service->clock), error) &&
                inbound_context_init(&collection.context, &collection.arena, settings,
                                     service->keys, error) &&
                collect_all(&collection, error) &&
                dmarc_update_notice(&collection.context, &collection.arena, service->database,
                                    clock_now(service->clock), totals->count[INBOUND_DMARC] > 0,
                                    error);
    log_unsent(totals);
    log_unopened(&collection);
    message_pipeline_free(collection.pipeline);
    mime_reader_free(collection.single_reader);
    string_builder_release(&collection.bytes);
    arena_release(&collection.arena);
    return done;
}
