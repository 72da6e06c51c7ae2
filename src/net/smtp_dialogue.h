/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_DIALOGUE_H
#define NET_SMTP_DIALOGUE_H

#include "base/string_builder.h"
#include "net/smtp_reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside net/ only: what a transaction holds, and our half of it, the commands and the answers that
 * they are waiting for. The relay's half is smtp_transaction.c. */

enum {
    SLOT_COUNT = 2,
    EXPECTATION_MAXIMUM = 16,
    PATH_MAXIMUM = 254,        /* RFC 5321 section 4.5.3.1.3, erratum 1690 */
    OUTPUT_MAXIMUM = 64 * 1024 /* commands of two messages */
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
    /* Commands, and before them what is left of the text of a message: there is none before that,
     * as it is asked for when all commands have left. */
    struct smtp_piece text;
    struct string_builder output;
    size_t output_taken; /* bytes of output that are written */
    uint64_t appended;   /* stream position of output's end */
    uint64_t written;    /* stream position of what was written */
    size_t held;         /* bytes behind it that the library has taken and not written */
    bool needs_reset;    /* the relay may still hold an envelope that came to nothing */
    bool is_broken;
    struct smtp_reply failure;
};

struct slot *smtp_dialogue_front(struct smtp_transaction *transaction);
unsigned smtp_dialogue_back(const struct smtp_transaction *transaction);

/* Whether the message can be sent with SMTPUTF8 alone (RFC 6531). */
bool smtp_dialogue_needs_smtputf8(const struct smtp_message *message);

/* The next command of a slot's message, into the output; with the answer that must come. */
void smtp_dialogue_put_mail(struct smtp_transaction *transaction, unsigned slot);
void smtp_dialogue_put_rcpt(struct smtp_transaction *transaction, unsigned slot);
void smtp_dialogue_put_data(struct smtp_transaction *transaction, unsigned slot);

/* The text without its final dot, and the dot. */
void smtp_dialogue_put_text(struct smtp_transaction *transaction, unsigned slot);
void smtp_dialogue_put_dot(struct smtp_transaction *transaction, unsigned slot);

/* Says what may be said now: the front message's envelope, and the next one's once the front's
 * final dot stands before it (RFC 2920 section 3.1 lets the text be the first of a group). */
void smtp_dialogue_advance(struct smtp_transaction *transaction);

#endif
