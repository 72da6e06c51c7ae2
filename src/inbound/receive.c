/* SPDX-License-Identifier: MIT */
#include "inbound/inbound.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hash.h"
#include "database/database.h"
#include "inbound/answer.h"
#include "inbound/decision.h"
#include "locale/mail_phrases.h"
#include "mail/mail.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

#include <stdlib.h>

/* A message by a pipe is kept nowhere else. What would stay in a mailbox for a person is therefore
 * sent on to the publisher's contact; but not what a program wrote, because where the contact's
 * mail leads back here it would loop for ever. */

/* Whether the message needs nothing more after that; else *error says why. */
static bool is_seen_to(const struct effect_job *job, enum answer_end end, struct error *error)
{
    const char *from = job->reading->from;
    bool is_understood = job->reading->effect == INBOUND_AUTOMATIC ||
                         (from && answer_is_ours(job, from));
    if (end == ANSWER_CAME_BACK)
        effect_log(job, LOG_WARNING, "inbox: %s", answer_end_text(end));
    /* It was sent on to a contact whose mail comes back here; refused, so that whoever handed it
     * over keeps it. */
    if (mime_field(job->message->fields, FORWARD_MARK))
        return error_set(
            error, ERROR_INPUT,
            "it was sent on to a contact already, whose mail leads back here" ERROR_ADVICE "give "
            "the contact an address that a person reads");
    if (end == ANSWER_QUEUED || end == ANSWER_CAME_BACK ||
        (end == ANSWER_AUTOMATIC && is_understood))
        return true;
    return error_set(error, ERROR_INPUT, "it cannot be sent on: %s",
                     end == ANSWER_AUTOMATIC ? "it names no sender, or comes from the contact"
                                             : answer_end_text(end));
}

static bool send_on(struct decision *decision, struct error *error)
{
    enum answer_end end = ANSWER_QUEUED;
    const struct effect_job *job = &decision->job;
    struct message_record record = { .at = job->now_at, .effect = INBOUND_HUMAN };
    mailbox_content_hash(job->bytes, job->length, &record.hash);
    if (decision->stays &&
        !message_record(job->service->database, &record, &decision->is_new, error))
        return false;
    if (!decision->is_new)
        return true;
    if (!answer_forward(job, &end, error) || !is_seen_to(job, end, error))
        return false;
    if (decision->stays)
        decision->effect = end == ANSWER_QUEUED ? INBOUND_HUMAN : INBOUND_AUTOMATIC;
    return true;
}

static bool record_all(struct decision *decision, const struct inbound_reading *reading,
                       struct error *error)
{
    if (!decision_make(decision, reading, error))
        return false;
    bool is_whole = !decision->stays && decision->why == LEFT_NOT &&
                    decision->effect != INBOUND_HUMAN;
    if (decision->job.is_cut && !is_whole)
        return error_set(error, ERROR_INPUT, "it is too long to be sent on");
    return decision_apply(decision, error) &&
           (decision->why == LEFT_NOT || send_on(decision, error));
}

bool inbound_receive(const struct inbound_settings *settings,
                     const struct subscriber_service *service, const char *bytes, size_t length,
                     bool is_cut, struct inbound_totals *totals, struct error *error)
{
    struct arena arena = { 0 };
    struct inbound_context context;
    struct inbound_reading reading;
    struct mime_reader *reader = mime_reader_new();
    bool done = mail_phrases_open(settings->phrases, error) &&
                inbound_context_init(&context, &arena, settings, service->keys, error);
    const struct mime_message *message = done ? mime_reader_read(reader, &arena, bytes, length,
                                                                 error)
                                              : NULL;
    struct decision decision = { .job = { .settings = settings,
                                          .service = service,
                                          .arena = &arena,
                                          .reader = reader,
                                          .message = message,
                                          .bytes = bytes,
                                          .length = length,
                                          .is_cut = is_cut,
                                          .now_at = clock_now(service->clock) } };
    done = message != NULL;
    if (done)
        inbound_read(&context, &arena, message, &reading);
    if (done) {
        struct transaction transaction = transaction_of(service->database);
        while (transaction_run(&transaction, error))
            transaction_end(&transaction, record_all(&decision, &reading, error), error);
        decision_log(&decision); /* also why nothing could be done */
        done = transaction.is_done;
    }
    if (done) {
        fault_point("inbound_recorded");
        if (decision.is_new)
            totals->count[decision.effect]++;
        else
            totals->repeated++;
    }
    mime_reader_free(reader);
    arena_release(&arena);
    return done;
}
