/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_SEND_H
#define CLI_DOCTOR_SEND_H

#include "cli/doctor.h"

#include <stdbool.h>
#include <stddef.h>

/* Inside doctor_send.c, doctor_wait.c and doctor_copy.c only. */

/* A mail of `doctor --send`, as it left. */
struct test_letter {
    const char *mark; /* letters that stand in no other mail: value of X-Pressroom-Test, and in its
                         addresses */
    const char *sender;    /* of its envelope */
    const char *recipient; /* likewise */
    const char *bytes;
    size_t length;
    const char *message_id;
    const char *unsubscribe; /* values of its fields; NULL: it has none */
    const char *unsubscribe_post;
};

#define TEST_LETTER_FIELD "X-Pressroom-Test"

/* What of a letter's was found in the mailbox. */
struct test_find {
    enum { TEST_NOT_COME, TEST_COPY, TEST_BOUNCE } kind;

    const char *bytes; /* in the command's arena */
    size_t length;
    bool is_cut;
};

struct test_watch;

/* Opens mail.inbox and takes note of what lies in it, so that only what comes later is read. NULL:
 * it cannot be, which is told. */
struct test_watch *test_watch_begin(struct doctor *doctor);

/* Waits for the letter, or its bounce, at most so long; the copy goes to where all go that are
 * done. */
void test_watch_wait(struct test_watch *watch, const struct test_letter *letter, int64_t most_ms,
                     struct test_find *find);
void test_watch_end(struct test_watch *watch);

/* What became of the letter on its way: signatures, verdicts, encryption, fields. */
void test_copy_examine(struct doctor *doctor, const struct test_letter *letter,
                       const struct test_find *find);

#endif
