/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_SEND_H
#define CLI_DOCTOR_SEND_H

#include "cli/doctor.h"

#include <stdbool.h>
#include <stddef.h>

/* Inside cli/ only: doctor_send.c, doctor_wait.c and doctor_copy.c. */

/* The test mail of `doctor --send`, as it was sent. */
struct test_message {
    const char *mark; /* random, so that it stands in no other mail: the value of X-Pressroom-Test,
                         and part of its addresses */
    const char *sender;    /* of its envelope */
    const char *recipient; /* likewise */
    const char *bytes;
    size_t length;
    const char *message_id;
    const char *unsubscribe; /* values of its fields; NULL: it has none */
    const char *unsubscribe_post;
};

#define TEST_LETTER_FIELD "X-Pressroom-Test"

/* What of it was found in the mailbox. */
struct test_result {
    enum { TEST_MISSING, TEST_COPY, TEST_BOUNCE } kind;

    const char *bytes; /* in the command's arena */
    size_t length;
    bool is_cut;
};

struct test_mailbox;

/* Opens mail.inbox and remembers which messages it holds, so that only new ones are read. NULL:
 * that failed, which is reported. */
struct test_mailbox *test_mailbox_open(struct doctor *doctor);

/* Waits at most so long for the test mail or a bounce of it, and then removes it from the mailbox
 * as `collect` does. */
void test_mailbox_wait(struct test_mailbox *test, const struct test_message *message,
                       int64_t most_ms, struct test_result *result);
void test_mailbox_close(struct test_mailbox *test);

/* Checks the copy: signatures, verdicts of servers, encryption, fields. */
void test_message_examine(struct doctor *doctor, const struct test_message *message,
                          const struct test_result *result);

#endif
