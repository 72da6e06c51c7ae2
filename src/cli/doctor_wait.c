/* SPDX-License-Identifier: MIT */
#include "cli/doctor_send.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "cli/context.h"
#include "config/config.h"
#include "dkim/dkim.h"
#include "net/mailbox.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAUSE_MS = 3000, WAIT_AT_ONCE_MS = 30000, KNOWN_MAXIMUM = 100000 };

static const char place[] = "mail.inbox";

/* The mailbox, and the keys of the messages that are no news; sorted when searched. */
struct test_mailbox {
    struct doctor *doctor;
    struct mailbox_settings settings;
    struct mailbox *mailbox;
    char (*known)[MAILBOX_KEY_SIZE];
    size_t count;
    size_t room;
};

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* False also for a message without a key, which is read each time. */
static bool is_known(struct test_mailbox *test, const char *key)
{
    return *key && test->count &&
           bsearch(key, test->known, test->count, sizeof *test->known, compare_keys);
}

static void note(struct test_mailbox *test, const char *key)
{
    if (!*key || test->count == KNOWN_MAXIMUM)
        return;
    ARRAY_GROW(test->known, test->count, test->room);
    (void)strncpy(test->known[test->count], key, MAILBOX_KEY_SIZE - 1);
    test->known[test->count++][MAILBOX_KEY_SIZE - 1] = '\0';
}

static void sort(struct test_mailbox *test)
{
    if (test->count)
        qsort(test->known, test->count, sizeof *test->known, compare_keys);
}

/* ---- what lies there before ---- */

static bool note_all(struct test_mailbox *test, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (found) {
        if (!mailbox_next(test->mailbox, key, &found, error))
            return false;
        if (found)
            note(test, key);
    }
    sort(test);
    return true;
}

struct test_mailbox *test_mailbox_open(struct doctor *doctor)
{
    struct error error;
    struct command_context *context = doctor->context;
    const struct config_inbox *inbox = &context->config->inbox;
    struct test_mailbox *test = memory_allocate(sizeof *test);
    test->doctor = doctor;
    test->settings = (struct mailbox_settings){ .url = inbox->url,
                                                .ca_file = context_ca_file(),
                                                .timeout_ms = DOCTOR_PATIENCE_MS };
    if (context_read_password(context, inbox->password_file, "mail.inbox_password_file",
                              &test->settings.password, &error) &&
        (test->mailbox = mailbox_open(&test->settings, &error)) != NULL && note_all(test, &error))
        return test;
    doctor_report_error(doctor, place, &error);
    test_mailbox_close(test);
    return NULL;
}

/* ---- what comes ---- */

/* The copy has the mark in a header field of its own; a message that has it elsewhere is a bounce
 * of it. */
static bool is_copy_or_bounce(struct arena *arena, const struct test_message *message,
                              const struct string_builder *bytes, struct test_result *result)
{
    struct dkim_header header;
    size_t from = 0;
    if (!memmem(bytes->data, bytes->length, message->mark, strlen(message->mark)))
        return false;
    result->bytes = arena_copy_bytes(arena, bytes->data, bytes->length);
    result->length = bytes->length;
    dkim_header_read(arena, result->bytes, result->length, &header);
    const char *mark = dkim_header_value(arena, &header, TEST_LETTER_FIELD, &from);
    result->kind = mark && strcmp(mark, message->mark) == 0 ? TEST_COPY : TEST_BOUNCE;
    return true;
}

/* Reads the present message; false: the connection failed. */
static bool examine_message(struct test_mailbox *test, const struct test_message *message,
                            struct test_result *result, struct error *error)
{
    struct string_builder bytes;
    bool found = false;
    string_builder_init(&bytes, 2 * (size_t)MAILBOX_MESSAGE_MAXIMUM);
    struct error failure = { .kind = ERROR_NONE };
    bool done = mailbox_read(test->mailbox, &bytes, &result->is_cut, &found, &failure) ||
                failure.kind == ERROR_INPUT; /* one that may not be read is not ours */
    if (!done)
        *error = failure;
    found = found && failure.kind == ERROR_NONE;
    if (done && found && is_copy_or_bounce(test->doctor->context->arena, message, &bytes, result)) {
        size_t number = mailbox_number(test->mailbox);
        done = mailbox_done(test->mailbox, &number, 1, error);
    }
    string_builder_release(&bytes);
    return done;
}

static bool examine_new(struct test_mailbox *test, const struct test_message *message,
                        struct test_result *result, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (found && result->kind == TEST_MISSING) {
        if (!mailbox_next(test->mailbox, key, &found, error))
            return false;
        if (!found || is_known(test, key))
            continue;
        if (!examine_message(test, message, result, error))
            return false;
        note(test, key);
        sort(test);
    }
    return true;
}

static bool reopen(struct test_mailbox *test, struct error *error)
{
    struct mailbox *mailbox = test->mailbox;
    test->mailbox = NULL;
    if (mailbox && !mailbox_close(mailbox, error))
        return false;
    test->mailbox = mailbox_open(&test->settings, error);
    return test->mailbox != NULL;
}

/* Waits until a message may have come. */
static bool wait_for_news(struct test_mailbox *test, int64_t left_ms, struct error *error)
{
    enum mailbox_news news = MAILBOX_AGAIN;
    if (mailbox_can_wait(test->mailbox)) {
        int64_t most_ms = left_ms < WAIT_AT_ONCE_MS ? left_ms : WAIT_AT_ONCE_MS;
        if (!mailbox_wait(test->mailbox, most_ms, &news, error))
            return false;
    } else {
        int64_t pause_ms = left_ms < PAUSE_MS ? left_ms : PAUSE_MS;
        const struct timespec pause = { .tv_sec = pause_ms / 1000,
                                        .tv_nsec = pause_ms % 1000 * 1000000 };
        (void)nanosleep(&pause, NULL);
    }
    return news != MAILBOX_AGAIN || reopen(test, error);
}

void test_mailbox_wait(struct test_mailbox *test, const struct test_message *message,
                       int64_t most_ms, struct test_result *result)
{
    struct error error;
    int64_t until_ms = clock_monotonic_now() + most_ms;
    *result = (struct test_result){ .kind = TEST_MISSING };
    bool done = reopen(test, &error) && examine_new(test, message, result, &error);
    while (done && result->kind == TEST_MISSING && clock_monotonic_now() < until_ms)
        done = wait_for_news(test, until_ms - clock_monotonic_now(), &error) &&
               examine_new(test, message, result, &error);
    if (!done)
        doctor_report_error(test->doctor, place, &error);
}

void test_mailbox_close(struct test_mailbox *test)
{
    struct error error;
    if (!test)
        return;
    if (test->mailbox && !mailbox_close(test->mailbox, &error))
        doctor_report_error(test->doctor, place, &error);
    free(test->known);
    free(test);
}
