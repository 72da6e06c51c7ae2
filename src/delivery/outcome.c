/* SPDX-License-Identifier: MIT */
#include "delivery/outcome.h"

#include "base/clock.h"

#include <string.h>

/* Longer pauses than for a mailbox, because what is ours is mended by a person. */
int64_t outcome_ours_retry_ms(int tries)
{
    static const int64_t first[] = { 30 * DURATION_MINUTE, 2 * DURATION_HOUR };
    if (tries >= OUTCOME_OURS_TRIES_MAXIMUM)
        return -1;
    if (tries < 1)
        tries = 1;
    return tries <= 2 ? first[tries - 1] : 6 * DURATION_HOUR;
}

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

/* What was said, as it is meant at this step: what comes before RCPT is about the sender, and a
 * 4.7.x at RCPT is how greylisting answers: that is this recipient's alone. */
static void read_refusal(const struct mail_phrases *phrases, enum smtp_step step,
                         const struct smtp_reply *reply, struct refusal *refusal)
{
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text, phrases };
    refusal_read(&words, refusal);
    if (step < SMTP_STEP_RCPT && refusal->kind != REFUSAL_OURS)
        *refusal = (struct refusal){ REFUSAL_OURS,
                                     step == SMTP_STEP_MAIL ? REFUSAL_SENDER : REFUSAL_SYSTEM };
    if (step == SMTP_STEP_RCPT && refusal->cause == REFUSAL_POLICY &&
        smtp_reply_is_transient(reply))
        refusal->kind = REFUSAL_MAILBOX;
}

/* What the relay says of itself, at whatever message it says it. Greylisting is the other side's,
 * and so is a rate at which one subscriber gets mail. */
static bool is_relay_trouble(enum smtp_step step, const struct smtp_reply *reply,
                             const struct refusal *refusal)
{
    if (refusal->cause == REFUSAL_GREYLISTED)
        return false;
    if (refusal->kind == REFUSAL_OURS &&
        (refusal->cause == REFUSAL_RATE || refusal->cause == REFUSAL_QUOTA ||
         refusal->cause == REFUSAL_CONNECTIONS))
        return true;
    return smtp_reply_is_transient(reply) &&
           (step < SMTP_STEP_RCPT || reply->code == 421 || reply->code == 432 ||
            reply->code == 454 || strcmp(reply->enhanced, "4.3.2") == 0);
}

/* In this order, because what the relay says of itself it may say with any code: only what is left
 * is the recipient's, then the message's, then ours. */
static enum outcome_class classify_refusal(enum smtp_step step, const struct smtp_reply *reply,
                                           const struct refusal *refusal)
{
    if (is_relay_trouble(step, reply, refusal))
        return OUTCOME_RELAY;
    if (refusal->kind == REFUSAL_MAILBOX)
        return OUTCOME_LATER;
    if (!smtp_reply_is_transient(reply) &&
        strcmp(reply->enhanced, "5.6.7") == 0) /* RFC 6531: no address beyond ASCII */
        return OUTCOME_UNABLE;
    return refusal->kind == REFUSAL_ADDRESS ? OUTCOME_ADDRESS : OUTCOME_OURS;
}

static enum outcome_class classify(const struct smtp_result *result,
                                   const struct outcome_circumstances *circumstances,
                                   const struct refusal *refusal)
{
    switch (result->kind) {
    case SMTP_RESULT_ACCEPTED:
        return OUTCOME_ACCEPTED;
    case SMTP_RESULT_REFUSED:
        return classify_refusal(result->step, &result->reply, refusal);
    case SMTP_RESULT_UNSENT:
        /* A session that had done its work may close; one that never did may close because of
         * this very message, which would otherwise be tried for ever. */
        return circumstances->is_first && !circumstances->was_useful ? OUTCOME_LOST
                                                                     : OUTCOME_UNTRIED;
    case SMTP_RESULT_INDETERMINATE:
        break;
    }
    return OUTCOME_INDETERMINATE;
}

/* The message may have arrived, so it never counts as failed. When it may go again is decided here;
 * how often, in queue_recover(). */
static void set_aside(struct delivery_outcome *outcome,
                      const struct outcome_circumstances *circumstances)
{
    int64_t delay_ms = outcome_retry_ms(circumstances->attempts + 1);
    outcome->state = QUEUE_UNKNOWN;
    outcome->next_at = circumstances->now_at +
                       (delay_ms < 0 ? outcome_retry_ms(OUTCOME_TRIES_MAXIMUM - 1) : delay_ms);
}

static void put_off(struct delivery_outcome *outcome, int64_t now_at, int64_t delay_ms)
{
    outcome->state = delay_ms < 0 ? QUEUE_FAILED : QUEUE_DEFERRED;
    outcome->next_at = delay_ms < 0 ? INSTANT_NONE : now_at + delay_ms;
}

static void fill_state(const struct outcome_circumstances *circumstances,
                       struct delivery_outcome *outcome)
{
    int tries = circumstances->attempts + 1;
    switch (outcome->class) {
    case OUTCOME_ACCEPTED:
        outcome->state = QUEUE_SENT;
        return;
    case OUTCOME_ADDRESS:
    case OUTCOME_UNABLE:
        outcome->state = QUEUE_FAILED;
        return;
    /* As it was, and charged no try: queue_record() takes back what the mark counted (I11). */
    case OUTCOME_UNTRIED:
    case OUTCOME_RELAY:
        outcome->state = QUEUE_QUEUED;
        return;
    case OUTCOME_INDETERMINATE:
        set_aside(outcome, circumstances);
        return;
    case OUTCOME_OURS:
        put_off(outcome, circumstances->now_at, outcome_ours_retry_ms(tries));
        return;
    case OUTCOME_LATER:
    case OUTCOME_LOST:
        break;
    }
    put_off(outcome, circumstances->now_at, outcome_retry_ms(tries));
}

void outcome_decide(const struct smtp_result *result,
                    const struct outcome_circumstances *circumstances,
                    struct delivery_outcome *outcome)
{
    *outcome = (struct delivery_outcome){ .reply = result->reply };
    if (result->kind == SMTP_RESULT_REFUSED)
        read_refusal(circumstances->phrases, result->step, &result->reply, &outcome->refusal);
    outcome->class = classify(result, circumstances, &outcome->refusal);
    outcome->is_of_receiver = outcome->class == OUTCOME_OURS && result->step >= SMTP_STEP_RCPT;
    fill_state(circumstances, outcome);
}
