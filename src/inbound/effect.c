/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "inbound/answer.h"
#include "inbound/dmarc_store.h"
#include "inbound/receipt_reply.h"
#include "mime/mime.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "subscriber/subscriber.h"

#include <string.h>

#define NEWEST_WITHIN_MS (7 * DURATION_DAY)

/* A bounce or a complaint that shows the link to leave alone, which is the same in all mails to a
 * subscriber: it is about the newest, where one was sent of late. */
static bool newest_resolve(const struct effect_job *job, struct message_record *record,
                           struct error *error)
{
    bool found = false;
    if (job->reading->effect != INBOUND_BOUNCED && job->reading->effect != INBOUND_COMPLAINED)
        return true;
    return queue_mailed_since(job->service->database, record->subscriber,
                              job->now_at - NEWEST_WITHIN_MS, &record->announcement, &found, error);
}

bool effect_resolve(const struct effect_job *job, struct message_record *record,
                    struct error *error)
{
    const struct token *token = &job->reading->token;
    struct queue_transactional_mail mail = { 0 };
    bool found = false;
    switch (token->purpose) {
    case TOKEN_BOUNCE:
    case TOKEN_ANSWER:
        record->subscriber = token->row_id;
        record->announcement = token->announcement;
        return true;
    case TOKEN_BOUNCE_TRANSACTIONAL:
        if (!queue_transactional_find(job->service->database, token->row_id, &mail, &found, error))
            return false;
        record->subscriber = found ? mail.subscriber : 0;
        return true;
    case TOKEN_UNSUBSCRIBE:
        record->subscriber = token->row_id;
        return newest_resolve(job, record, error);
    case TOKEN_CONFIRM:
    case TOKEN_CONFIRM_MAIL:
    case TOKEN_PREFERENCES:
    case TOKEN_MY_DATA:
    case TOKEN_ERASE:
    case TOKEN_RECEIPT:
    case TOKEN_PREVIEW:
    case TOKEN_STATUS:
    case TOKEN_RECEIPT_MAIL:
        break;
    }
    return true;
}

static bool apply_leaving(const struct effect_job *job, struct error *error)
{
    bool known = false;
    bool failed = false;
    const struct subscriber *subscriber = subscriber_find_by_row_id(
        job->service->database, job->arena, job->reading->token.row_id, &failed, error);
    if (failed)
        return false;
    const struct subscriber_proof proof = {
        .way = SUBSCRIBER_BY_MAIL,
        .evidence = joining_evidence(job, subscriber ? subscriber->address : NULL),
    };
    return subscriber_unsubscribe(job->service, job->reading->token.row_id, &proof, &known, error);
}

static bool apply_confirmation(const struct effect_job *job, enum inbound_effect *effect,
                               struct error *error)
{
    int64_t request = job->reading->token.row_id;
    enum subscriber_token_result result = SUBSCRIBER_TOKEN_NOT_OURS;
    struct subscriber_request *found = NULL;
    if (!subscriber_request_find(job->service, job->arena, request, &found, error))
        return false;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                      .wording = joining_wording(job, request),
                                      .evidence = joining_evidence(job,
                                                                   found ? found->address : NULL) };
    if (proof.wording) {
        struct hash hash;
        char hex[HASH_HEX_SIZE];
        hash_bytes(proof.wording, strlen(proof.wording), &hash);
        hash_to_hex(&hash, hex);
        proof.wording_version = arena_format(job->arena, "%.16s", hex);
    }
    if (!subscriber_confirm(job->service, job->reading->token_text, &proof, &result, NULL, error))
        return false;
    bool asked = false;
    if (result == SUBSCRIBER_TOKEN_EXPIRED && !joining_repeat(job, request, &asked, error))
        return false;
    if (asked)
        *effect = INBOUND_ASKED;
    return true;
}

bool effect_apply(const struct effect_job *job, const struct message_record *record,
                  enum inbound_effect *effect, struct error *error)
{
    *effect = job->reading->effect;
    switch (job->reading->effect) {
    case INBOUND_BOUNCED:
        return effect_bounce(job, record, error);
    case INBOUND_COMPLAINED:
        return effect_complaint(job, record, error);
    case INBOUND_CONFIRMED:
        return apply_confirmation(job, effect, error);
    case INBOUND_UNSUBSCRIBED:
        return apply_leaving(job, error);
    case INBOUND_ASKED:
        return joining_ask(job, error);
    case INBOUND_HUMAN:
    case INBOUND_LEAVE_HINT:
    case INBOUND_CONFIRM_HINT:
        return effect_answer(job, record, error);
    case INBOUND_DMARC:
        return dmarc_store(job, error);
    case INBOUND_REPORTED:
        return effect_reported(job, error);
    case INBOUND_STOPPED:
    case INBOUND_APPROVED:
    case INBOUND_RECEIPT_WORDS:
    case INBOUND_REASON:
        return receipt_reply_apply(job, error);
    case INBOUND_NOT_OURS:
    case INBOUND_DELAYED:
    case INBOUND_AUTOMATIC:
    case INBOUND_CHALLENGE:
    case INBOUND_DELIVERED:
    case INBOUND_EFFECT_COUNT:
        break;
    }
    return true;
}
