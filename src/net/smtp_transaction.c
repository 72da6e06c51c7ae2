/* SPDX-License-Identifier: MIT */
#include "net/smtp.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "net/smtp_dialogue.h"
#include "net/smtp_path.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *smtp_step_name(enum smtp_step step)
{
    static const char *const names[] = {
        "connect", "AUTH", "MAIL", "RCPT", "DATA", "text", "RSET"
    };
    return names[step];
}

struct smtp_transaction *smtp_transaction_new(const struct smtp_capabilities *capabilities,
                                              enum smtp_pipelining maximum)
{
    struct smtp_transaction *transaction = memory_allocate(sizeof *transaction);
    transaction->capabilities = *capabilities;
    transaction->level = capabilities->pipelining ? maximum : SMTP_PIPELINING_NONE;
    smtp_reply_parser_init(&transaction->parser);
    string_builder_init(&transaction->output, OUTPUT_MAXIMUM);
    return transaction;
}

void smtp_transaction_free(struct smtp_transaction *transaction)
{
    if (!transaction)
        return;
    string_builder_release(&transaction->output);
    free(transaction);
}

enum smtp_pipelining smtp_transaction_pipelining(const struct smtp_transaction *transaction)
{
    return transaction->level;
}

/* ---- messages ---- */

bool smtp_transaction_wants_message(const struct smtp_transaction *transaction)
{
    if (transaction->is_broken)
        return false;
    if (transaction->slots[transaction->front].state == SLOT_FREE)
        return true;
    return transaction->level == SMTP_PIPELINING_MESSAGES &&
           transaction->slots[smtp_dialogue_back(transaction)].state == SLOT_FREE;
}

static bool refuse_before(struct smtp_result *result, void *owner, enum smtp_step step,
                          const struct smtp_reply *reply)
{
    *result = (struct smtp_result){
        .kind = SMTP_RESULT_REFUSED, .step = step, .reply = *reply, .owner = owner
    };
    return false;
}

bool smtp_transaction_add(struct smtp_transaction *transaction, const struct smtp_message *message,
                          struct smtp_result *result)
{
    assert(smtp_transaction_wants_message(transaction));
    const struct smtp_capabilities *capabilities = &transaction->capabilities;
    struct smtp_reply reply;
    if (!*message->recipient || !smtp_path_is_valid(message->recipient)) {
        smtp_reply_set(&reply, 553, "5.1.3", "the address cannot be written in SMTP");
        return refuse_before(result, message->owner, SMTP_STEP_RCPT, &reply);
    }
    if (!smtp_path_is_valid(message->sender) ||
        (message->envelope_id && !smtp_envelope_id_is_valid(message->envelope_id))) {
        smtp_reply_set(&reply, 553, "5.1.7", "the sender cannot be written in SMTP");
        return refuse_before(result, message->owner, SMTP_STEP_MAIL, &reply);
    }
    if (smtp_dialogue_needs_smtputf8(message) && !capabilities->smtputf8) {
        smtp_reply_set(&reply, 553, "5.6.7", "the relay takes no addresses beyond ASCII");
        return refuse_before(result, message->owner, SMTP_STEP_RCPT, &reply);
    }
    if (message->is_eight_bit && !capabilities->eight_bit) {
        smtp_reply_set(&reply, 554, "5.6.3", "the relay takes no 8-bit text");
        return refuse_before(result, message->owner, SMTP_STEP_MAIL, &reply);
    }
    if (capabilities->size_maximum &&
        (uint64_t)message->length > (uint64_t)capabilities->size_maximum) {
        smtp_reply_set(&reply, 552, "5.3.4", "the message is larger than the relay takes");
        return refuse_before(result, message->owner, SMTP_STEP_MAIL, &reply);
    }
    unsigned at = smtp_dialogue_front(transaction)->state == SLOT_FREE
                      ? transaction->front
                      : smtp_dialogue_back(transaction);
    transaction->slots[at] = (struct slot){ .state = SLOT_WAITING, .message = *message };
    smtp_dialogue_advance(transaction);
    return true;
}

void *smtp_transaction_unsaid_owner(const struct smtp_transaction *transaction)
{
    const struct slot *back = &transaction->slots[smtp_dialogue_back(transaction)];
    return back->state == SLOT_WAITING && !transaction->is_broken ? back->message.owner : NULL;
}

void smtp_transaction_withdraw(struct smtp_transaction *transaction)
{
    if (smtp_transaction_unsaid_owner(transaction))
        transaction->slots[smtp_dialogue_back(transaction)].state = SLOT_FREE;
}

int smtp_transaction_answers_ahead(const struct smtp_transaction *transaction)
{
    const struct slot *front = &transaction->slots[transaction->front];
    const struct slot *back = &transaction->slots[smtp_dialogue_back(transaction)];
    if (transaction->is_broken)
        return -1;
    if (front->state == SLOT_FREE)
        return 0;
    if (transaction->level != SMTP_PIPELINING_MESSAGES ||
        (back->state != SLOT_FREE && back->state != SLOT_WAITING))
        return -1;
    /* The front's final dot is answered before it, also where it has not left yet. */
    return (int)transaction->expected_count + (front->state != SLOT_RELEASED);
}

void *smtp_transaction_ready_owner(const struct smtp_transaction *transaction)
{
    const struct slot *front = &transaction->slots[transaction->front];
    return front->state == SLOT_READY ? front->message.owner : NULL;
}

void smtp_transaction_release(struct smtp_transaction *transaction)
{
    if (smtp_dialogue_front(transaction)->state != SLOT_READY || transaction->is_broken)
        return;
    smtp_dialogue_put_dot(transaction, transaction->front);
    smtp_dialogue_advance(transaction);
}

size_t smtp_transaction_output(const struct smtp_transaction *transaction,
                               struct smtp_piece pieces[SMTP_PIECES_MAXIMUM])
{
    size_t count = 0;
    size_t commands = transaction->output.length - transaction->output_taken;
    if (transaction->is_broken) /* its text may be freed by its owner from here on */
        return 0;
    if (transaction->text.length)
        pieces[count++] = transaction->text;
    if (commands)
        pieces[count++] = (struct smtp_piece){ transaction->output.data + transaction->output_taken,
                                               commands };
    return count;
}

void smtp_transaction_held(struct smtp_transaction *transaction, size_t length)
{
    transaction->held = length;
}

void smtp_transaction_written(struct smtp_transaction *transaction, size_t length)
{
    size_t text = length < transaction->text.length ? length : transaction->text.length;
    if (text) { /* where there is none, it stands nowhere */
        transaction->text.bytes += text;
        transaction->text.length -= text;
    }
    transaction->written += length;
    length -= text;
    assert(length <= transaction->output.length - transaction->output_taken);
    transaction->output_taken += length;
    if (transaction->output_taken == transaction->output.length) {
        string_builder_clear(&transaction->output);
        transaction->output_taken = 0;
    }
}

/* ---- what comes in ---- */

static void refuse(struct slot *slot, enum smtp_step step, const struct smtp_reply *reply)
{
    if (slot->is_refused)
        return;
    slot->is_refused = true;
    slot->refused_at = step;
    slot->refusal = *reply;
}

static void break_with(struct smtp_transaction *transaction, const struct smtp_reply *reply)
{
    if (transaction->is_broken)
        return;
    transaction->is_broken = true;
    transaction->failure = *reply;
}

static enum smtp_event break_protocol(struct smtp_transaction *transaction, enum smtp_step step,
                                      const struct smtp_reply *reply)
{
    char text[96];
    (void)snprintf(text, sizeof text, "the relay broke the protocol: %d came as answer to %s",
                   reply->code, smtp_step_name(step));
    struct smtp_reply failure;
    smtp_reply_set(&failure, 0, "", text);
    break_with(transaction, &failure);
    return SMTP_EVENT_BROKEN;
}

static enum smtp_event finish(struct smtp_transaction *transaction, unsigned index,
                              enum smtp_result_kind kind, enum smtp_step step,
                              const struct smtp_reply *reply, struct smtp_result *result)
{
    struct slot *slot = &transaction->slots[index];
    *result = (struct smtp_result){
        .kind = kind, .step = step, .reply = *reply, .owner = slot->message.owner
    };
    slot->state = SLOT_FREE;
    if (index == transaction->front)
        transaction->front = smtp_dialogue_back(transaction);
    smtp_dialogue_advance(transaction);
    return SMTP_EVENT_RESULT;
}

static enum smtp_event finish_refused(struct smtp_transaction *transaction, unsigned index,
                                      struct smtp_result *result)
{
    struct smtp_reply refusal = transaction->slots[index].refusal;
    return finish(transaction, index, SMTP_RESULT_REFUSED, transaction->slots[index].refused_at,
                  &refusal, result);
}

static bool is_refusal(const struct smtp_reply *reply)
{
    return smtp_reply_is_transient(reply) || smtp_reply_is_permanent(reply);
}

/* MAIL and RCPT. Step by step the next command follows; in a group it is out already. */
static enum smtp_event receive_envelope(struct smtp_transaction *transaction,
                                        const struct expectation *expected,
                                        const struct smtp_reply *reply, struct smtp_result *result)
{
    struct slot *slot = &transaction->slots[expected->slot];
    bool is_stepwise = transaction->level == SMTP_PIPELINING_NONE;
    if (is_refusal(reply)) {
        refuse(slot, expected->step, reply);
        transaction->needs_reset = true;
        return is_stepwise || transaction->is_broken
                   ? finish_refused(transaction, expected->slot, result)
                   : SMTP_EVENT_NONE;
    }
    if (!smtp_reply_is_positive(reply))
        return break_protocol(transaction, expected->step, reply);
    if (is_stepwise && expected->step == SMTP_STEP_MAIL)
        smtp_dialogue_put_rcpt(transaction, expected->slot);
    else if (is_stepwise)
        smtp_dialogue_put_data(transaction, expected->slot);
    return SMTP_EVENT_NONE;
}

static enum smtp_event receive_data(struct smtp_transaction *transaction,
                                    const struct expectation *expected,
                                    const struct smtp_reply *reply, struct smtp_result *result)
{
    struct slot *slot = &transaction->slots[expected->slot];
    if (is_refusal(reply)) {
        refuse(slot, expected->step, reply);
        transaction->needs_reset = true;
        return finish_refused(transaction, expected->slot, result);
    }
    if (reply->code != 354)
        return break_protocol(transaction, expected->step, reply);
    /* The recipient was refused but DATA accepted (RFC 2920 section 3.1): an empty text ends it. */
    if (slot->is_refused) {
        smtp_dialogue_put_dot(transaction, expected->slot);
        return SMTP_EVENT_NONE;
    }
    smtp_dialogue_put_text(transaction, expected->slot);
    return SMTP_EVENT_READY;
}

static enum smtp_event receive_dot(struct smtp_transaction *transaction,
                                   const struct expectation *expected,
                                   const struct smtp_reply *reply, struct smtp_result *result)
{
    if (!is_refusal(reply) && !smtp_reply_is_positive(reply))
        return break_protocol(transaction, expected->step, reply);
    if (transaction->slots[expected->slot].is_refused)
        return finish_refused(transaction, expected->slot, result);
    return finish(transaction, expected->slot,
                  smtp_reply_is_positive(reply) ? SMTP_RESULT_ACCEPTED : SMTP_RESULT_REFUSED,
                  SMTP_STEP_DOT, reply, result);
}

/* A reply nobody waits for, or before its command has left: a refusal ends the session (421; 552
 * in the middle of a text), anything else breaks the protocol. */
static enum smtp_event receive_early(struct smtp_transaction *transaction,
                                     const struct smtp_reply *reply, struct smtp_result *result)
{
    struct slot *front = smtp_dialogue_front(transaction);
    if (!is_refusal(reply))
        return break_protocol(transaction, smtp_transaction_step(transaction), reply);
    break_with(transaction, reply);
    if (front->state != SLOT_READY && front->state != SLOT_RELEASED)
        return SMTP_EVENT_BROKEN;
    refuse(front, SMTP_STEP_DOT, reply);
    return finish_refused(transaction, transaction->front, result);
}

static enum smtp_event receive_reply(struct smtp_transaction *transaction,
                                     const struct smtp_reply *reply, struct smtp_result *result)
{
    const struct expectation expected = transaction->expected[transaction->expected_first];
    if (!transaction->expected_count || expected.after > transaction->written)
        return receive_early(transaction, reply, result);
    transaction->expected_first = (transaction->expected_first + 1) % EXPECTATION_MAXIMUM;
    transaction->expected_count--;
    if (reply->code == 421) /* it closes now (RFC 5321 section 3.8) */
        break_with(transaction, reply);
    switch (expected.step) {
    case SMTP_STEP_CONNECT:
    case SMTP_STEP_AUTH:
        break;
    case SMTP_STEP_MAIL:
    case SMTP_STEP_RCPT:
        return receive_envelope(transaction, &expected, reply, result);
    case SMTP_STEP_DATA:
        return receive_data(transaction, &expected, reply, result);
    case SMTP_STEP_DOT:
        return receive_dot(transaction, &expected, reply, result);
    case SMTP_STEP_RESET:
        if (is_refusal(reply))
            break_with(transaction, reply);
        if (!smtp_reply_is_positive(reply))
            return break_protocol(transaction, expected.step, reply);
        if (transaction->level == SMTP_PIPELINING_NONE)
            smtp_dialogue_put_mail(transaction, expected.slot);
        return SMTP_EVENT_NONE;
    }
    return break_protocol(transaction, expected.step, reply);
}

enum smtp_event smtp_transaction_receive(struct smtp_transaction *transaction, const char *bytes,
                                         size_t length, size_t *used, struct smtp_result *result)
{
    *used = 0;
    while (!transaction->is_broken) {
        size_t taken = 0;
        struct smtp_reply reply;
        enum smtp_reply_status status = smtp_reply_parser_feed(&transaction->parser, bytes + *used,
                                                               length - *used, &taken, &reply);
        *used += taken;
        if (status == SMTP_REPLY_MORE)
            return SMTP_EVENT_NONE;
        if (status == SMTP_REPLY_BAD) {
            break_with(transaction, &reply);
            break;
        }
        enum smtp_event event = receive_reply(transaction, &reply, result);
        if (event != SMTP_EVENT_NONE)
            return event;
    }
    *used = length;
    return SMTP_EVENT_BROKEN;
}

const struct smtp_reply *smtp_transaction_failure(const struct smtp_transaction *transaction)
{
    return &transaction->failure;
}

/* ---- the end, and waiting ---- */

bool smtp_transaction_abandon(struct smtp_transaction *transaction, struct smtp_result *result)
{
    transaction->is_broken = true;
    unsigned index = transaction->front;
    if (transaction->slots[index].state == SLOT_FREE)
        index = smtp_dialogue_back(transaction);
    const struct slot *slot = &transaction->slots[index];
    if (slot->state == SLOT_FREE)
        return false;
    if (slot->is_refused) {
        (void)finish_refused(transaction, index, result);
        return true;
    }
    bool has_left = slot->state == SLOT_RELEASED &&
                    transaction->written + transaction->held >= slot->dot_end;
    enum smtp_step step = slot->state >= SLOT_READY ? SMTP_STEP_DOT
                                                    : smtp_transaction_step(transaction);
    struct smtp_reply failure = transaction->failure;
    (void)finish(transaction, index, has_left ? SMTP_RESULT_INDETERMINATE : SMTP_RESULT_UNSENT,
                 step, &failure, result);
    return true;
}

enum smtp_step smtp_transaction_step(const struct smtp_transaction *transaction)
{
    if (transaction->expected_count)
        return transaction->expected[transaction->expected_first].step;
    return transaction->slots[transaction->front].state == SLOT_READY ? SMTP_STEP_DOT
                                                                      : SMTP_STEP_MAIL;
}

/* RFC 5321 section 4.5.3.2: MAIL and RCPT 5 minutes, DATA 2, a block of text 3, the final dot 10.
 */
int64_t smtp_transaction_timeout_ms(const struct smtp_transaction *transaction)
{
    if (transaction->text.length || transaction->output.length > transaction->output_taken)
        return 3 * DURATION_MINUTE;
    if (!transaction->expected_count)
        return -1;
    switch (transaction->expected[transaction->expected_first].step) {
    case SMTP_STEP_DATA:
        return 2 * DURATION_MINUTE;
    case SMTP_STEP_DOT:
        return 10 * DURATION_MINUTE;
    case SMTP_STEP_CONNECT:
    case SMTP_STEP_AUTH:
    case SMTP_STEP_MAIL:
    case SMTP_STEP_RCPT:
    case SMTP_STEP_RESET:
        break;
    }
    return 5 * DURATION_MINUTE;
}

bool smtp_transaction_is_idle(const struct smtp_transaction *transaction)
{
    return transaction->slots[0].state == SLOT_FREE && transaction->slots[1].state == SLOT_FREE;
}
