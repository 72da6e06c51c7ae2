/* SPDX-License-Identifier: MIT */
#include "net/smtp_transaction.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/smtp_path.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOT_COUNT = 2,
    EXPECTATION_MAXIMUM = 16,
    PATH_MAXIMUM = 254,               /* RFC 5321 section 4.5.3.1.3, erratum 1690 */
    OUTPUT_MAXIMUM = 64 * 1024 * 1024 /* two messages and their commands */
};

enum slot_state {
    SLOT_FREE,
    SLOT_WAITING,  /* added, nothing said yet */
    SLOT_ENVELOPE, /* commands are out */
    SLOT_READY,    /* 354 heard, text in the output, dot held back */
    SLOT_RELEASED  /* dot in the output */
};

struct slot {
    enum slot_state state;
    struct smtp_message message;
    bool is_refused;
    enum smtp_step refused_at;
    struct smtp_reply refusal;
    uint64_t dot_end; /* position in the stream behind the final dot */
};

/* A reply that must come, in this order, and not before the stream has been written up to after. */
struct expectation {
    enum smtp_step step;
    unsigned slot;
    uint64_t after;
};

struct smtp_transaction {
    struct smtp_capabilities capabilities;
    enum smtp_pipelining level;
    struct smtp_reply_parser parser;
    struct slot slots[SLOT_COUNT];
    unsigned front;
    struct expectation expected[EXPECTATION_MAXIMUM];
    unsigned expected_first;
    unsigned expected_count;
    struct text output;
    size_t output_taken; /* bytes of output that are written */
    uint64_t appended;   /* stream position of output's end */
    uint64_t written;    /* stream position of what was written */
    bool needs_reset;    /* the relay may still hold an envelope that came to nothing */
    bool is_broken;
    struct smtp_reply failure;
};

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
    struct smtp_transaction *transaction = calloc(1, sizeof *transaction);
    if (!transaction)
        abort();
    transaction->capabilities = *capabilities;
    transaction->level = capabilities->pipelining ? maximum : SMTP_PIPELINING_NONE;
    smtp_reply_parser_init(&transaction->parser);
    text_init(&transaction->output, OUTPUT_MAXIMUM);
    return transaction;
}

void smtp_transaction_free(struct smtp_transaction *transaction)
{
    if (!transaction)
        return;
    text_release(&transaction->output);
    free(transaction);
}

enum smtp_pipelining smtp_transaction_pipelining(const struct smtp_transaction *transaction)
{
    return transaction->level;
}

static struct slot *front_slot(struct smtp_transaction *transaction)
{
    return &transaction->slots[transaction->front];
}

static unsigned back_index(const struct smtp_transaction *transaction)
{
    return (transaction->front + 1) % SLOT_COUNT;
}

/* ---- what goes out ---- */

static void put_bytes(struct smtp_transaction *transaction, const char *bytes, size_t length)
{
    text_append_bytes(&transaction->output, bytes, length);
    transaction->appended += length;
}

static void put(struct smtp_transaction *transaction, const char *string)
{
    put_bytes(transaction, string, strlen(string));
}

/* The reply to what was just put. */
static void expect(struct smtp_transaction *transaction, enum smtp_step step, unsigned slot)
{
    assert(transaction->expected_count < EXPECTATION_MAXIMUM);
    unsigned at = (transaction->expected_first + transaction->expected_count++) %
                  EXPECTATION_MAXIMUM;
    transaction->expected[at] = (struct expectation){ .step = step,
                                                      .slot = slot,
                                                      .after = transaction->appended };
}

static bool needs_smtputf8(const struct smtp_message *message)
{
    return !smtp_path_is_ascii(message->recipient) || !smtp_path_is_ascii(message->sender);
}

static void put_reset(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, "RSET\r\n");
    expect(transaction, SMTP_STEP_RESET, slot);
    transaction->needs_reset = false;
}

static void put_mail(struct smtp_transaction *transaction, unsigned slot)
{
    const struct smtp_capabilities *capabilities = &transaction->capabilities;
    const struct smtp_message *message = &transaction->slots[slot].message;
    put(transaction, "MAIL FROM:<");
    put(transaction, message->sender);
    put(transaction, ">");
    if (capabilities->size) {
        char size[32];
        (void)snprintf(size, sizeof size, " SIZE=%zu", message->length);
        put(transaction, size);
    }
    if (capabilities->eight_bit && message->is_eight_bit)
        put(transaction, " BODY=8BITMIME");
    if (capabilities->smtputf8 && needs_smtputf8(message))
        put(transaction, " SMTPUTF8");
    if (capabilities->dsn && message->envelope_id) {
        put(transaction, " RET=HDRS ENVID=");
        put(transaction, message->envelope_id);
    }
    put(transaction, "\r\n");
    expect(transaction, SMTP_STEP_MAIL, slot);
}

static void put_rcpt(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, "RCPT TO:<");
    put(transaction, transaction->slots[slot].message.recipient);
    put(transaction, transaction->capabilities.dsn ? "> NOTIFY=FAILURE\r\n" : ">\r\n");
    expect(transaction, SMTP_STEP_RCPT, slot);
}

static void put_data(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, "DATA\r\n");
    expect(transaction, SMTP_STEP_DATA, slot);
}

static void put_dot(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, ".\r\n");
    expect(transaction, SMTP_STEP_DOT, slot);
    transaction->slots[slot].state = SLOT_RELEASED;
    transaction->slots[slot].dot_end = transaction->appended;
}

static void begin(struct smtp_transaction *transaction, unsigned slot)
{
    transaction->slots[slot].state = SLOT_ENVELOPE;
    bool is_stepwise = transaction->level == SMTP_PIPELINING_NONE;
    if (transaction->needs_reset) {
        put_reset(transaction, slot);
        if (is_stepwise)
            return;
    }
    put_mail(transaction, slot);
    if (is_stepwise)
        return;
    put_rcpt(transaction, slot);
    put_data(transaction, slot);
}

/* Says what may be said now: the front message's envelope, and the next one's once the front's
 * final dot stands before it (RFC 2920 section 3.1 lets the text be the first of a group). */
static void advance(struct smtp_transaction *transaction)
{
    if (transaction->is_broken)
        return;
    struct slot *front = front_slot(transaction);
    if (front->state == SLOT_WAITING)
        begin(transaction, transaction->front);
    if (front->state == SLOT_RELEASED && !front->is_refused &&
        transaction->slots[back_index(transaction)].state == SLOT_WAITING)
        begin(transaction, back_index(transaction));
}

/* ---- messages ---- */

bool smtp_transaction_wants_message(const struct smtp_transaction *transaction)
{
    if (transaction->is_broken)
        return false;
    if (transaction->slots[transaction->front].state == SLOT_FREE)
        return true;
    return transaction->level == SMTP_PIPELINING_MESSAGES &&
           transaction->slots[back_index(transaction)].state == SLOT_FREE;
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
    if (needs_smtputf8(message) && !capabilities->smtputf8) {
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
    unsigned at = front_slot(transaction)->state == SLOT_FREE ? transaction->front
                                                              : back_index(transaction);
    transaction->slots[at] = (struct slot){ .state = SLOT_WAITING, .message = *message };
    advance(transaction);
    return true;
}

void *smtp_transaction_ready_owner(const struct smtp_transaction *transaction)
{
    const struct slot *front = &transaction->slots[transaction->front];
    return front->state == SLOT_READY ? front->message.owner : NULL;
}

void smtp_transaction_release(struct smtp_transaction *transaction)
{
    if (front_slot(transaction)->state != SLOT_READY || transaction->is_broken)
        return;
    put_dot(transaction, transaction->front);
    advance(transaction);
}

const char *smtp_transaction_output(const struct smtp_transaction *transaction, size_t *length)
{
    *length = transaction->output.length - transaction->output_taken;
    return *length ? transaction->output.data + transaction->output_taken : "";
}

void smtp_transaction_written(struct smtp_transaction *transaction, size_t length)
{
    assert(length <= transaction->output.length - transaction->output_taken);
    transaction->output_taken += length;
    transaction->written += length;
    if (transaction->output_taken == transaction->output.length) {
        text_clear(&transaction->output);
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
        transaction->front = back_index(transaction);
    advance(transaction);
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
        put_rcpt(transaction, expected->slot);
    else if (is_stepwise)
        put_data(transaction, expected->slot);
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
    if (slot->is_refused) { /* it waits for a text to nobody (RFC 2920 section 3.1): end it */
        put_dot(transaction, expected->slot);
        return SMTP_EVENT_NONE;
    }
    const struct smtp_message *message = &slot->message;
    put_bytes(transaction, message->data, message->length);
    if (message->length < 2 || memcmp(message->data + message->length - 2, "\r\n", 2) != 0)
        put(transaction, "\r\n");
    slot->state = SLOT_READY;
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
    struct slot *front = front_slot(transaction);
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
            put_mail(transaction, expected.slot);
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
        index = back_index(transaction);
    const struct slot *slot = &transaction->slots[index];
    if (slot->state == SLOT_FREE)
        return false;
    if (slot->is_refused) {
        (void)finish_refused(transaction, index, result);
        return true;
    }
    bool has_left = slot->state == SLOT_RELEASED && transaction->written >= slot->dot_end;
    enum smtp_step step = slot->state >= SLOT_READY ? SMTP_STEP_DOT
                                                    : smtp_transaction_step(transaction);
    struct smtp_reply failure = transaction->failure;
    (void)finish(transaction, index, has_left ? SMTP_RESULT_DOUBT : SMTP_RESULT_UNSENT, step,
                 &failure, result);
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
int64_t smtp_transaction_patience_ms(const struct smtp_transaction *transaction)
{
    if (transaction->output.length > transaction->output_taken)
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
