/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_PACKET_H
#define NET_MAILBOX_PACKET_H

#include "net/mailbox_session.h"

/* Inside net/ only: what goes between who holds the socket and who reads the answers. */

enum { MAILBOX_REMOVE_MAXIMUM = 100 }; /* a line of command stays below what servers take */

enum mailbox_step {
    MAILBOX_STEP_OPEN,
    MAILBOX_STEP_READ,
    MAILBOX_STEP_REMOVE,
    MAILBOX_STEP_WAIT,
    MAILBOX_STEP_FINISH,
    MAILBOX_STEPS
};

struct mailbox_request {
    enum mailbox_step step;
    bool is_imap;               /* OPEN */
    struct mailbox_login login; /* OPEN */
    struct mailbox_entry
        entry; /* READ, without its name; WAIT: number alone, of the last one known */
    uint32_t numbers[MAILBOX_REMOVE_MAXIMUM]; /* REMOVE */
    size_t count;
};

void mailbox_request_put(struct string_builder *packet, const struct mailbox_request *request);
bool mailbox_request_take(const void *bytes, size_t length, struct arena *arena,
                          struct mailbox_request *request);

/* A question is for bytes of the server, or has some for it. */
struct mailbox_question {
    size_t most;       /* wanted; 0: bytes are to be written */
    const void *bytes; /* borrowed */
    size_t length;
};

enum { MAILBOX_PIECE_MAXIMUM = 64 * 1024 };

void mailbox_question_put(struct string_builder *packet, const struct mailbox_question *question);
bool mailbox_question_take(const void *bytes, size_t length, struct mailbox_question *question);

struct mailbox_reply {
    struct mailbox_verdict verdict;
    struct mailbox_list list; /* of OPEN and WAIT that went well */
    const char *message;      /* of READ that went well; borrowed from the packet */
    size_t length;
};

void mailbox_reply_put(struct string_builder *packet, enum mailbox_step step,
                       const struct mailbox_reply *reply);

/* Whatever the bytes are: the list is in order and holds each number once, and a name that stands
 * twice names nothing. False where they are no reply to that step. */
bool mailbox_reply_take(const void *bytes, size_t length, enum mailbox_step step,
                        struct arena *arena, struct mailbox_reply *reply);

#endif
