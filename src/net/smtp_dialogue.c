/* SPDX-License-Identifier: MIT */
#include "net/smtp_dialogue.h"

#include "net/smtp_path.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct slot *smtp_dialogue_front(struct smtp_transaction *transaction)
{
    return &transaction->slots[transaction->front];
}

unsigned smtp_dialogue_back(const struct smtp_transaction *transaction)
{
    return (transaction->front + 1) % SLOT_COUNT;
}

static void put(struct smtp_transaction *transaction, const char *string)
{
    size_t length = strlen(string);
    string_builder_append_bytes(&transaction->output, string, length);
    transaction->appended += length;
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

bool smtp_dialogue_needs_smtputf8(const struct smtp_message *message)
{
    return !smtp_path_is_ascii(message->recipient) || !smtp_path_is_ascii(message->sender);
}

static void put_reset(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, "RSET\r\n");
    expect(transaction, SMTP_STEP_RESET, slot);
    transaction->needs_reset = false;
}

void smtp_dialogue_put_mail(struct smtp_transaction *transaction, unsigned slot)
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
    if (capabilities->smtputf8 && smtp_dialogue_needs_smtputf8(message))
        put(transaction, " SMTPUTF8");
    if (capabilities->dsn && message->envelope_id) {
        put(transaction, " RET=HDRS ENVID=");
        put(transaction, message->envelope_id);
    }
    put(transaction, "\r\n");
    expect(transaction, SMTP_STEP_MAIL, slot);
}

void smtp_dialogue_put_rcpt(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, "RCPT TO:<");
    put(transaction, transaction->slots[slot].message.recipient);
    put(transaction, transaction->capabilities.dsn ? "> NOTIFY=FAILURE\r\n" : ">\r\n");
    expect(transaction, SMTP_STEP_RCPT, slot);
}

void smtp_dialogue_put_data(struct smtp_transaction *transaction, unsigned slot)
{
    put(transaction, "DATA\r\n");
    expect(transaction, SMTP_STEP_DATA, slot);
}

void smtp_dialogue_put_text(struct smtp_transaction *transaction, unsigned slot)
{
    const struct smtp_message *message = &transaction->slots[slot].message;
    assert(!transaction->text.length && !transaction->output.length);
    transaction->text = (struct smtp_piece){ message->data, message->length };
    transaction->appended += message->length;
    if (message->length < 2 || memcmp(message->data + message->length - 2, "\r\n", 2) != 0)
        put(transaction, "\r\n");
    transaction->slots[slot].state = SLOT_READY;
}

void smtp_dialogue_put_dot(struct smtp_transaction *transaction, unsigned slot)
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
    smtp_dialogue_put_mail(transaction, slot);
    if (is_stepwise)
        return;
    smtp_dialogue_put_rcpt(transaction, slot);
    smtp_dialogue_put_data(transaction, slot);
}

void smtp_dialogue_advance(struct smtp_transaction *transaction)
{
    if (transaction->is_broken)
        return;
    struct slot *front = smtp_dialogue_front(transaction);
    if (front->state == SLOT_WAITING)
        begin(transaction, transaction->front);
    if (front->state == SLOT_RELEASED && !front->is_refused &&
        transaction->slots[smtp_dialogue_back(transaction)].state == SLOT_WAITING)
        begin(transaction, smtp_dialogue_back(transaction));
}
