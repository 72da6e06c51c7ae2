/* SPDX-License-Identifier: MIT */
#include "delivery/outcome.h"

#include "base/clock.h"
#include "net/refusal.h"

#include <string.h>

int64_t outcome_retry_ms(int tries)
{
    static const int64_t first[] = { 5 * DURATION_MINUTE, 15 * DURATION_MINUTE, DURATION_HOUR,
                                     4 * DURATION_HOUR };
    if (tries >= OUTCOME_TRIES_MAXIMUM)
        return -1;
    if (tries < 1)
        tries = 1;
    return tries <= 4 ? first[tries - 1] : 6 * DURATION_HOUR;
}

/* What is said at MAIL is about the sender. */
static bool blames_address(enum smtp_step step, const struct smtp_reply *reply)
{
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text };
    struct refusal refusal;
    refusal_read(&words, &refusal);
    return (step == SMTP_STEP_RCPT || step == SMTP_STEP_DATA || step == SMTP_STEP_DOT) &&
           refusal.kind == REFUSAL_ADDRESS;
}

/* Greylisting answers 4.7.x to RCPT: that is this recipient's alone. */
static bool is_throttling(enum smtp_step step, const struct smtp_reply *reply)
{
    return reply->code == 421 ||
           (step != SMTP_STEP_RCPT && strncmp(reply->enhanced, "4.7.", 4) == 0);
}

static enum outcome_class classify_refusal(enum smtp_step step, const struct smtp_reply *reply)
{
    if (smtp_reply_is_transient(reply))
        return is_throttling(step, reply) ? OUTCOME_THROTTLE : OUTCOME_LATER;
    if (strcmp(reply->enhanced, "5.6.7") == 0) /* RFC 6531: no address beyond ASCII */
        return OUTCOME_UNABLE;
    return blames_address(step, reply) ? OUTCOME_ADDRESS : OUTCOME_NOBODY;
}

static enum outcome_class classify(const struct smtp_result *result,
                                   const struct outcome_circumstances *circumstances)
{
    switch (result->kind) {
    case SMTP_RESULT_ACCEPTED:
        return OUTCOME_ACCEPTED;
    case SMTP_RESULT_REFUSED:
        return classify_refusal(result->step, &result->reply);
    case SMTP_RESULT_UNSENT:
        /* A session that had done its work may close; one that never did may close because of
         * this very message, which would otherwise be tried for ever. */
        return circumstances->is_first && !circumstances->was_useful ? OUTCOME_LOST
                                                                     : OUTCOME_UNTRIED;
    case SMTP_RESULT_DOUBT:
        break;
    }
    return OUTCOME_DOUBT;
}

/* It may have arrived, so it never counts as failed: how often it is sent again is for the queue
 * (queue_recover), when is said here. */
static void set_aside(struct queue_result *result,
                      const struct outcome_circumstances *circumstances)
{
    int64_t delay_ms = outcome_retry_ms(circumstances->attempts + 1);
    result->state = QUEUE_UNKNOWN;
    result->next_at = circumstances->now_at +
                      (delay_ms < 0 ? outcome_retry_ms(OUTCOME_TRIES_MAXIMUM - 1) : delay_ms);
}

static void put_off(struct queue_result *result, const struct outcome_circumstances *circumstances)
{
    int64_t delay_ms = outcome_retry_ms(circumstances->attempts + 1);
    result->state = delay_ms < 0 ? QUEUE_FAILED : QUEUE_DEFERRED;
    result->next_at = delay_ms < 0 ? INSTANT_NONE : circumstances->now_at + delay_ms;
}

void outcome_decide(const struct smtp_result *result,
                    const struct outcome_circumstances *circumstances,
                    struct delivery_outcome *outcome)
{
    outcome->class = classify(result, circumstances);
    outcome->result = (struct queue_result){
        .smtp_code = result->reply.code,
        .enhanced = *result->reply.enhanced ? result->reply.enhanced : NULL,
        .text = *result->reply.text ? result->reply.text : NULL,
    };
    switch (outcome->class) {
    case OUTCOME_ACCEPTED:
        outcome->result.state = QUEUE_SENT;
        return;
    case OUTCOME_ADDRESS:
    case OUTCOME_UNABLE:
        outcome->result.state = QUEUE_FAILED;
        return;
    case OUTCOME_UNTRIED:
        outcome->result.state = QUEUE_QUEUED;
        return;
    case OUTCOME_DOUBT:
        set_aside(&outcome->result, circumstances);
        return;
    case OUTCOME_LATER:
    case OUTCOME_THROTTLE:
    case OUTCOME_NOBODY:
    case OUTCOME_LOST:
        break;
    }
    put_off(&outcome->result, circumstances);
}
