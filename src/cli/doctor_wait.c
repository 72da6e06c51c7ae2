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

/* Keys of what lies there; sorted while it is asked. */
struct test_watch {
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

/* Whether it was there before; else it is known from now on. A message without a name is looked at
 * each time. */
static bool is_known(struct test_watch *watch, const char *key)
{
    if (!*key)
        return false;
    if (watch->count &&
        bsearch(key, watch->known, watch->count, sizeof *watch->known, compare_keys))
        return true;
    return false;
}

static void note(struct test_watch *watch, const char *key)
{
    if (!*key || watch->count == KNOWN_MAXIMUM)
        return;
    ARRAY_GROW(watch->known, watch->count, watch->room);
    (void)strncpy(watch->known[watch->count], key, MAILBOX_KEY_SIZE - 1);
    watch->known[watch->count++][MAILBOX_KEY_SIZE - 1] = '\0';
}

static void sort(struct test_watch *watch)
{
    if (watch->count)
        qsort(watch->known, watch->count, sizeof *watch->known, compare_keys);
}

/* ---- what lies there before ---- */

static bool note_all(struct test_watch *watch, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (found) {
        if (!mailbox_next(watch->mailbox, key, &found, error))
            return false;
        if (found)
            note(watch, key);
    }
    sort(watch);
    return true;
}

struct test_watch *test_watch_begin(struct doctor *doctor)
{
    struct error error;
    struct command_context *context = doctor->context;
    const struct config_inbox *inbox = &context->config->inbox;
    struct test_watch *watch = memory_allocate(sizeof *watch);
    watch->doctor = doctor;
    watch->settings = (struct mailbox_settings){ .url = inbox->url,
                                                 .ca_file = context_ca_file(),
                                                 .timeout_ms = DOCTOR_PATIENCE_MS };
    if (context_read_password(context, inbox->password_file, "mail.inbox_password_file",
                              &watch->settings.password, &error) &&
        (watch->mailbox = mailbox_open(&watch->settings, &error)) != NULL &&
        note_all(watch, &error))
        return watch;
    doctor_say_error(doctor, place, &error);
    test_watch_end(watch);
    return NULL;
}

/* ---- what comes ---- */

/* The letter has our field in its header; what speaks of it elsewhere is about it. */
static bool is_of(struct arena *arena, const struct test_letter *letter,
                  const struct string_builder *bytes, struct test_find *find)
{
    struct dkim_header header;
    size_t from = 0;
    if (!memmem(bytes->data, bytes->length, letter->mark, strlen(letter->mark)))
        return false;
    find->bytes = arena_copy_bytes(arena, bytes->data, bytes->length);
    find->length = bytes->length;
    dkim_header_read(arena, find->bytes, find->length, &header);
    const char *mark = dkim_header_value(arena, &header, TEST_LETTER_FIELD, &from);
    find->kind = mark && strcmp(mark, letter->mark) == 0 ? TEST_COPY : TEST_BOUNCE;
    return true;
}

/* The present message; false: the mailbox is of no more use. */
static bool look_at(struct test_watch *watch, const struct test_letter *letter,
                    struct test_find *find, struct error *error)
{
    struct string_builder bytes;
    bool found = false;
    string_builder_init(&bytes, 2 * (size_t)MAILBOX_MESSAGE_MAXIMUM);
    struct error failure = { .kind = ERROR_NONE };
    bool done = mailbox_read(watch->mailbox, &bytes, &find->is_cut, &found, &failure) ||
                failure.kind == ERROR_INPUT; /* one that may not be read is not ours */
    if (!done)
        *error = failure;
    found = found && failure.kind == ERROR_NONE;
    if (done && found && is_of(watch->doctor->context->arena, letter, &bytes, find)) {
        size_t number = mailbox_number(watch->mailbox);
        done = mailbox_done(watch->mailbox, &number, 1, error);
    }
    string_builder_release(&bytes);
    return done;
}

static bool look_through(struct test_watch *watch, const struct test_letter *letter,
                         struct test_find *find, struct error *error)
{
    char key[MAILBOX_KEY_SIZE];
    bool found = true;
    while (found && find->kind == TEST_NOT_COME) {
        if (!mailbox_next(watch->mailbox, key, &found, error))
            return false;
        if (!found || is_known(watch, key))
            continue;
        if (!look_at(watch, letter, find, error))
            return false;
        note(watch, key);
        sort(watch);
    }
    return true;
}

static bool open_anew(struct test_watch *watch, struct error *error)
{
    struct mailbox *mailbox = watch->mailbox;
    watch->mailbox = NULL;
    if (mailbox && !mailbox_close(mailbox, error))
        return false;
    watch->mailbox = mailbox_open(&watch->settings, error);
    return watch->mailbox != NULL;
}

/* Until something may have come. */
static bool wait_for_news(struct test_watch *watch, int64_t left_ms, struct error *error)
{
    enum mailbox_news news = MAILBOX_AGAIN;
    if (mailbox_can_wait(watch->mailbox)) {
        int64_t most_ms = left_ms < WAIT_AT_ONCE_MS ? left_ms : WAIT_AT_ONCE_MS;
        if (!mailbox_wait(watch->mailbox, most_ms, &news, error))
            return false;
    } else {
        int64_t pause_ms = left_ms < PAUSE_MS ? left_ms : PAUSE_MS;
        const struct timespec pause = { .tv_sec = pause_ms / 1000,
                                        .tv_nsec = pause_ms % 1000 * 1000000 };
        (void)nanosleep(&pause, NULL);
    }
    return news != MAILBOX_AGAIN || open_anew(watch, error);
}

void test_watch_wait(struct test_watch *watch, const struct test_letter *letter, int64_t most_ms,
                     struct test_find *find)
{
    struct error error;
    int64_t until_ms = clock_monotonic_now() + most_ms;
    *find = (struct test_find){ .kind = TEST_NOT_COME };
    bool done = open_anew(watch, &error) && look_through(watch, letter, find, &error);
    while (done && find->kind == TEST_NOT_COME && clock_monotonic_now() < until_ms)
        done = wait_for_news(watch, until_ms - clock_monotonic_now(), &error) &&
               look_through(watch, letter, find, &error);
    if (!done)
        doctor_say_error(watch->doctor, place, &error);
}

void test_watch_end(struct test_watch *watch)
{
    struct error error;
    if (!watch)
        return;
    if (watch->mailbox && !mailbox_close(watch->mailbox, &error))
        doctor_say_error(watch->doctor, place, &error);
    free(watch->known);
    free(watch);
}
