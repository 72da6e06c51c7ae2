/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "mime/mime.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* The house rule for refusals that do not say "no such mailbox": so many mails in so long. */
enum { BOUNCES_TO_LOSE = 3 };

#define BOUNCES_WITHIN_MS (30 * DURATION_DAY)

bool effect_resolve(const struct effect_job *job, struct message_record *record,
                    struct error *error)
{
    const struct token *token = &job->reading->token;
    struct queue_single_mail mail = { 0 };
    bool found = false;
    switch (token->purpose) {
    case TOKEN_BOUNCE:
        record->subscriber = token->id;
        record->announcement = token->announcement;
        return true;
    case TOKEN_BOUNCE_SINGLE:
        if (!queue_single_find(job->office->database, token->id, &mail, &found, error))
            return false;
        record->subscriber = found ? mail.subscriber : 0;
        return true;
    case TOKEN_UNSUBSCRIBE:
        record->subscriber = token->id;
        return true;
    case TOKEN_CONFIRM:
    case TOKEN_CONFIRM_MAIL:
    case TOKEN_PREFERENCES:
    case TOKEN_MY_DATA:
    case TOKEN_ERASE:
        break;
    }
    return true;
}

static const char *refusal_text(const struct effect_job *job)
{
    const struct inbound_reading *reading = job->reading;
    const char *enhanced = reading->enhanced ? reading->enhanced : "";
    const char *report = reading->report ? reading->report : "";
    /* A diagnostic mostly begins with the code already. */
    if (strstr(report, enhanced))
        return report;
    return arena_format(job->arena, "%s %s", enhanced, report);
}

static bool record_aftermath(const struct effect_job *job, const struct message_record *record,
                             enum queue_aftermath_kind kind, struct error *error)
{
    bool found = false;
    const struct queue_aftermath aftermath = { .kind = kind,
                                               .announcement = record->announcement,
                                               .subscriber = record->subscriber,
                                               .smtp_code = job->reading->smtp_code,
                                               .enhanced = job->reading->enhanced,
                                               .text = job->reading->report,
                                               .at = job->now_at };
    return record->announcement == 0 ||
           queue_record_aftermath(job->office->database, &aftermath, &found, error);
}

/* Whether this bounce ends it: no such mailbox, a confirmation that never arrived, or the third
 * mail of late that was refused for another reason. */
static bool is_lost(const struct effect_job *job, const struct subscriber *person, bool *lost,
                    struct error *error)
{
    int64_t since_at = job->now_at - BOUNCES_WITHIN_MS;
    int64_t count = 0;
    *lost = job->reading->blames_address || person->state == SUBSCRIBER_PENDING;
    if (*lost)
        return true;
    if (person->changed_at > since_at)
        since_at = person->changed_at;
    if (!message_count_bounces(job->office->database, person->id, since_at, &count, error))
        return false;
    *lost = count >= BOUNCES_TO_LOSE;
    return true;
}

static bool apply_bounce(const struct effect_job *job, const struct message_record *record,
                         struct error *error)
{
    bool lost = false;
    bool failed = false;
    if (!record_aftermath(job, record, QUEUE_BOUNCED, error))
        return false;
    const struct subscriber *person = subscriber_find_by_id(job->office->database, job->arena,
                                                            record->subscriber, &failed, error);
    if (!person)
        return !failed;
    if (!is_lost(job, person, &lost, error))
        return false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_ITSELF,
                                            .evidence = refusal_text(job) };
    return !lost || subscriber_lose(job->office, person->id, SUBSCRIBER_BOUNCES, &proof, error);
}

static bool apply_complaint(const struct effect_job *job, const struct message_record *record,
                            struct error *error)
{
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                            .evidence = job->reading->report };
    return record_aftermath(job, record, QUEUE_COMPLAINED, error) &&
           (record->subscriber == 0 ||
            subscriber_lose(job->office, record->subscriber, SUBSCRIBER_COMPLAINS, &proof, error));
}

static bool apply_leaving(const struct effect_job *job, struct error *error)
{
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                            .evidence = joining_evidence(job) };
    return subscriber_leave(job->office, job->reading->token.id, &proof, &known, error);
}

static bool apply_confirmation(const struct effect_job *job, enum inbound_effect *effect,
                               struct error *error)
{
    int64_t request = job->reading->token.id;
    enum subscriber_token_result result = SUBSCRIBER_TOKEN_NOT_OURS;
    struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                      .wording = joining_wording(job, request),
                                      .evidence = joining_evidence(job) };
    if (proof.wording) {
        struct hash hash;
        char hex[HASH_HEX_SIZE];
        hash_bytes(proof.wording, strlen(proof.wording), &hash);
        hash_to_hex(&hash, hex);
        proof.wording_version = arena_format(job->arena, "%.16s", hex);
    }
    if (!subscriber_confirm(job->office, job->reading->token_text, &proof, &result, NULL, error))
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
        return apply_bounce(job, record, error);
    case INBOUND_COMPLAINED:
        return apply_complaint(job, record, error);
    case INBOUND_CONFIRMED:
        return apply_confirmation(job, effect, error);
    case INBOUND_UNSUBSCRIBED:
        return apply_leaving(job, error);
    case INBOUND_ASKED:
        return joining_ask(job, error);
    case INBOUND_NOT_OURS:
    case INBOUND_DELAYED:
    case INBOUND_AUTOMATIC:
    case INBOUND_EFFECT_COUNT:
        break;
    }
    return true;
}
