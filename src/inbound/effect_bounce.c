/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "base/arena.h"
#include "net/refusal.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "queue/trouble.h"
#include "receipt/receipt.h"
#include "subscriber/standing.h"
#include "subscriber/subscriber.h"

#include <string.h>
#include <strings.h>

/* What a bounce or a complaint changes: the delivery's feedback in any case; the subscriber's
 * standing only where the bounce is the address's own fault. */

/* Why it came back, in words of ours, because a stranger's server may name other people in its own,
 * and erasing a subscriber does not search them. */
static const char *words_of(const struct effect_job *job)
{
    static const char *const words[] = {
        [REFUSAL_UNPLACED] = "no reason that can be placed",
        [REFUSAL_UNKNOWN_ADDRESS] = "nobody is there",
        [REFUSAL_NO_DOMAIN] = "its domain takes no mail",
        [REFUSAL_DISABLED] = "the mailbox is closed",
        [REFUSAL_FULL] = "the mailbox is full",
        [REFUSAL_GREYLISTED] = "put off too often",
        [REFUSAL_TIMEOUT] = "its server did not answer",
        [REFUSAL_RATE] = "too many in too short a time",
        [REFUSAL_QUOTA] = "too many in a day",
        [REFUSAL_CONNECTIONS] = "too many connections",
        [REFUSAL_POLICY] = "refused by policy",
        [REFUSAL_SPAM] = "taken for spam",
        [REFUSAL_BLOCKLIST] = "our relay is on a block list",
        [REFUSAL_AUTHENTICATION] = "our mail is not authenticated",
        [REFUSAL_REVERSE_NAME] = "our relay has no name",
        [REFUSAL_SENDER] = "our sender's address is refused",
        [REFUSAL_RELAYING] = "relaying is refused",
        [REFUSAL_SIZE] = "too large",
        [REFUSAL_CONTENT] = "its content is refused",
        [REFUSAL_SYSTEM] = "its server is in trouble",
    };
    const struct inbound_recipient *recipient = job->reading->recipient;
    return words[recipient ? recipient->cause : REFUSAL_UNPLACED];
}

static bool record_feedback(const struct effect_job *job, const struct message_record *record,
                            enum queue_feedback_kind kind, struct queue_feedback_row *row,
                            struct error *error)
{
    const char *text = kind == QUEUE_COMPLAINED
                           ? "reported as unwanted"
                           : arena_format(job->arena, "came back: %s", words_of(job));
    const struct queue_feedback feedback = { .kind = kind,
                                             .announcement = record->announcement,
                                             .subscriber = record->subscriber,
                                             .smtp_code = job->reading->smtp_code,
                                             .enhanced = job->reading->enhanced,
                                             .text = text,
                                             .at = job->now_at };
    *row = (struct queue_feedback_row){ .is_there = false };
    return record->announcement == 0 ||
           queue_record_feedback(job->service->database, &feedback, row, error);
}

/* The length of the local part without its tag, which stays the same where a server writes the
 * domain in another form. */
static size_t name_length(const char *address)
{
    return strcspn(address, "@+");
}

static bool is_other_name(const char *address, const char *mailed)
{
    size_t length = name_length(mailed);
    return *address &&
           (name_length(address) != length || strncasecmp(address, mailed, length) != 0);
}

/* An editorial desk's address goes on to several people: that one of them is gone says nothing of
 * the rest. *is_other: the report names another mailbox than the one that was mailed. */
static bool was_sent_on(const struct effect_job *job, int64_t subscriber_row_id, bool *is_other,
                        struct error *error)
{
    bool failed = false;
    const struct inbound_recipient *recipient = job->reading->recipient;
    const struct subscriber *subscriber = subscriber_find_by_row_id(
        job->service->database, job->arena, subscriber_row_id, &failed, error);
    *is_other = subscriber && recipient &&
                (is_other_name(recipient->address, subscriber->address) ||
                 is_other_name(recipient->other, subscriber->address));
    return !failed;
}

static bool blame_address(const struct effect_job *job, const struct message_record *record,
                          const struct queue_feedback_row *row, struct error *error)
{
    const struct inbound_reading *reading = job->reading;
    struct standing_refusal refusal = { .subscriber = record->subscriber,
                                        .mailing = row->mailing,
                                        .sent_at = row->sent_at,
                                        .smtp_code = reading->smtp_code,
                                        .enhanced = reading->enhanced,
                                        .text = words_of(job),
                                        .is_forgeable = reading->known_by == KNOWN_BY_REPORT ||
                                                        reading->known_by == KNOWN_BY_FORM };
    struct queue_transactional_mail mail = { 0 };
    bool found = row->is_there;
    if (reading->token.purpose == TOKEN_BOUNCE_TRANSACTIONAL) {
        if (!queue_transactional_find(job->service->database, reading->token.row_id, &mail, &found,
                                      error))
            return false;
        refusal.transactional = reading->token.row_id;
        refusal.sent_at = mail.state_at;
    }
    bool is_other = false;
    int64_t subscriber = mail.subscriber ? mail.subscriber : record->subscriber;
    if (!was_sent_on(job, subscriber, &is_other, error))
        return false;
    return !found || is_other || standing_refuse(job->service, &refusal, error);
}

/* Whether the refusal is our fault, and the report is certainly about a mail of ours. */
static bool is_our_fault(const struct inbound_reading *reading)
{
    return reading->recipient && reading->recipient->kind == REFUSAL_OURS &&
           (reading->known_by == KNOWN_BY_TOKEN || reading->known_by == KNOWN_BY_HEADER);
}

/* A refusal that is our fault counts against the receiver, which is held where there are too many.
 */
static bool blame_ourselves(const struct effect_job *job, const struct message_record *record,
                            struct error *error)
{
    struct queue_receiver_hold hold;
    const struct inbound_reading *reading = job->reading;
    const struct inbound_recipient *recipient = reading->recipient;
    bool is_transactional = reading->token.purpose == TOKEN_BOUNCE_TRANSACTIONAL;
    if (!is_transactional && record->announcement == 0)
        return true;
    const struct queue_receiver_return back = {
        .announcement = is_transactional ? 0 : record->announcement,
        .subscriber = record->subscriber,
        .transactional = is_transactional ? reading->token.row_id : 0,
        .address = recipient->address,
        .refusal = { .remote_host = *recipient->remote_host ? recipient->remote_host : NULL,
                     .code = recipient->code,
                     .enhanced = recipient->enhanced,
                     .text = recipient->text,
                     .at = job->now_at },
    };
    if (!queue_receiver_returned(job->service->database, &back, &hold, error))
        return false;
    if (hold.is_new)
        effect_log(job, LOG_WARNING, "%s", hold.words);
    return true;
}

/* Whoever a receipt was for knows nothing now: kept beside it, so that operators are told. */
static bool note_receipt(const struct effect_job *job, struct error *error)
{
    bool found = false;
    bool is_receipt = false;
    struct queue_transactional_mail mail = { .kind = 0 };
    struct database *database = job->service->database;
    const struct token *token = &job->reading->token;
    if (token->purpose != TOKEN_BOUNCE_TRANSACTIONAL)
        return true;
    if (!queue_transactional_find(database, token->row_id, &mail, &found, error))
        return false;
    if (found && mail.kind == QUEUE_TRANSACTIONAL_RECEIPT &&
        !receipt_note_returned(database, token->row_id, words_of(job), job->now_at, &is_receipt,
                               error))
        return false;
    if (is_receipt)
        effect_log(job, LOG_WARNING, "a receipt to a press officer came back: %s", words_of(job));
    return true;
}

bool effect_bounce(const struct effect_job *job, const struct message_record *record,
                   struct error *error)
{
    struct queue_feedback_row row;
    return record_feedback(job, record, QUEUE_BOUNCED, &row, error) && note_receipt(job, error) &&
           (!job->reading->blames_address || blame_address(job, record, &row, error)) &&
           (!is_our_fault(job->reading) || blame_ourselves(job, record, error));
}

bool effect_complaint(const struct effect_job *job, const struct message_record *record,
                      struct error *error)
{
    struct queue_feedback_row row;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                            .evidence = job->reading->report };
    return record_feedback(job, record, QUEUE_COMPLAINED, &row, error) &&
           (record->subscriber == 0 || subscriber_deactivate(job->service, record->subscriber,
                                                             SUBSCRIBER_COMPLAINS, &proof, error));
}
