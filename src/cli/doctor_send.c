/* SPDX-License-Identifier: MIT */
#include "cli/doctor_send.h"

#include "address/address.h"
#include "address/verp.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "dkim/dkim.h"
#include "locale/context.h"
#include "locale/zone.h"
#include "mail/composition.h"
#include "mail/test_mail.h"
#include "net/smtp_command.h"
#include "net/smtp_session.h"

#include <inttypes.h>
#include <string.h>

enum { MARK_LENGTH = 20, TOKEN_PLACE = 32, WAIT_MS = 2 * 60 * 1000, DATA_PATIENCE_MS = 60000 };

static const char place[] = "doctor --send";

/* ---- making it ---- */

/* "svar+test-MARK@…"; the base itself where it takes no words behind it. */
static const char *marked(struct doctor *doctor, const char *base, const char *mark)
{
    struct error error;
    struct verp_base taken;
    struct command_context *context = doctor->context;
    const char *word = arena_format(context->arena, "test-%s", mark);
    if (!verp_base_parse(context->arena, base, *context->config->mail.delimiter, strlen(word),
                         &taken, &error))
        return base;
    return verp_build(context->arena, &taken, word);
}

/* The fields of ours that a copy is compared with. */
static void note_fields(struct arena *arena, struct test_letter *letter)
{
    struct dkim_header header;
    size_t from = 0;
    dkim_header_read(arena, letter->bytes, letter->length, &header);
    letter->message_id = dkim_header_value(arena, &header, "Message-ID", &from);
    from = 0;
    letter->unsubscribe = dkim_header_value(arena, &header, "List-Unsubscribe", &from);
    from = 0;
    letter->unsubscribe_post = dkim_header_value(arena, &header, "List-Unsubscribe-Post", &from);
}

static bool compose(struct doctor *doctor, struct test_letter *letter, struct error *error)
{
    struct command_context *context = doctor->context;
    const struct config *config = context->config;
    struct arena *arena = context->arena;
    struct string_builder bytes;
    const char *at = strrchr(config->mail.from_address, '@');
    /* Links of the right length that lead nobody anywhere. */
    const char *token = random_name(&context->random, arena, TOKEN_PLACE);
    const struct mail_values values = { {
        [MAIL_SLOT_TO] = letter->recipient,
        [MAIL_SLOT_DATE] = zone_format_rfc822(locale_context_zone(config->workshop.locale), arena,
                                              clock_now(&context->clock)),
        [MAIL_SLOT_MESSAGE_ID] = arena_format(arena, "<test-%s%s>", letter->mark, at ? at : ""),
        [MAIL_SLOT_UNSUBSCRIBE] = token,
        [MAIL_SLOT_PREFERENCES] = token,
    } };
    const struct mail_message *message = test_mail_build(arena, &config->workshop,
                                                         config->newsroom.language, error);
    string_builder_init(&bytes, MAIL_SIZE_MAXIMUM);
    string_builder_append_format(&bytes, TEST_LETTER_FIELD ": %s\r\n", letter->mark);
    bool done = message && mail_build(arena, message, &values, &bytes, error);
    if (done) {
        letter->length = bytes.length;
        letter->bytes = arena_copy_bytes(arena, bytes.data, bytes.length);
        note_fields(arena, letter);
    }
    string_builder_release(&bytes);
    return done;
}

/* ---- sending it ---- */

struct step {
    const char *command;
    const char *address; /* NULL: none */
};

static bool say_step(struct smtp_session *session, const struct step *step,
                     struct smtp_reply *reply, struct error *error)
{
    if (step->address)
        return smtp_command_path(session, step->command, step->address, DOCTOR_PATIENCE_MS, reply,
                                 error);
    return smtp_command(session, step->command, strlen(step->command), DATA_PATIENCE_MS, reply,
                        error);
}

static bool hand_over(struct doctor *doctor, struct smtp_session *session,
                      const struct test_letter *letter)
{
    struct arena *arena = doctor->context->arena;
    const char *text = arena_format(arena, "%s.\r\n", letter->bytes);
    const struct step steps[] = { { "MAIL FROM:", letter->sender },
                                  { "RCPT TO:", letter->recipient },
                                  { "DATA\r\n", NULL },
                                  { text, NULL } };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct error error;
        struct smtp_reply reply;
        bool is_data = i == 2;
        if (!say_step(session, &steps[i], &reply, &error)) {
            doctor_say(doctor, DOCTOR_PROBLEM, place, "%s", error.message);
            return false;
        }
        if (is_data ? reply.code != 354 : !smtp_reply_is_positive(&reply)) {
            doctor_say_refusal(doctor, place,
                               arena_format(arena, "the test mail to %s", letter->recipient),
                               &reply);
            return false;
        }
        if (i == 3)
            doctor_say(doctor, DOCTOR_GOOD, place, "the relay took a test mail to %s (%d %s)",
                       letter->recipient, reply.code, reply.text);
    }
    return true;
}

static bool send_letter(struct doctor *doctor, const struct test_letter *letter)
{
    if (doctor->has_no_relay) {
        doctor_say(doctor, DOCTOR_SKIPPED, place, "the relay cannot be used, as said above");
        return false;
    }
    struct smtp_session *session = doctor_enter_relay(doctor);
    bool done = session && hand_over(doctor, session, letter);
    doctor_leave_relay(session);
    return done;
}

/* ---- waiting for it ---- */

static void tell_waiting(const struct doctor *doctor, int64_t most_ms)
{
    if (!doctor->checks && !doctor->context->quiet)
        terminal_print("%s: waiting for it in mail.inbox, %" PRId64 " s at most\n", place,
                       most_ms / DURATION_SECOND);
}

static void wait_for_copy(struct doctor *doctor, struct test_watch *watch,
                          const struct test_letter *letter, int64_t most_ms)
{
    struct test_find find;
    tell_waiting(doctor, most_ms);
    test_watch_wait(watch, letter, most_ms, &find);
    if (find.kind == TEST_NOT_COME)
        doctor_say(doctor, DOCTOR_PROBLEM, place,
                   "the test mail did not come within %" PRId64 " s; see that mail to %s reaches "
                   "mail.inbox, or give it longer with --wait 10m",
                   most_ms / DURATION_SECOND, letter->recipient);
    else
        test_copy_examine(doctor, letter, &find);
}

/* ---- all of it ---- */

/* What the command line wants; false: it cannot be, which is told. */
static bool read_wishes(struct doctor *doctor, struct test_letter *letter, int64_t *most_ms)
{
    struct error error;
    struct command_context *context = doctor->context;
    const struct config *config = context->config;
    const char *to = arguments_value(context->arguments, "to");
    const char *wait = arguments_value(context->arguments, "wait");
    *most_ms = to ? 0 : WAIT_MS;
    if (wait && !duration_parse(wait, most_ms)) {
        doctor_say(doctor, DOCTOR_PROBLEM, place,
                   "--wait is “%s”; write a duration like 90s or 10m", wait);
        return false;
    }
    if (!config->inbox.url && *most_ms) {
        doctor_say(doctor, DOCTOR_PROBLEM, place,
                   "mail.inbox is not set, so no copy can be read back and nothing was sent; set "
                   "it, or look at the mail yourself with --to ADDRESS");
        return false;
    }
    const struct address *address = to ? address_parse(context->arena, to, strlen(to), &error)
                                       : NULL;
    if (to && !address) {
        doctor_say(doctor, DOCTOR_PROBLEM, place, "--to: %s", error.message);
        return false;
    }
    letter->mark = random_name(&context->random, context->arena, MARK_LENGTH);
    letter->sender = marked(doctor, config->message_source.bounces, letter->mark);
    letter->recipient = address ? address->envelope
                                : marked(doctor, config->mail.replies, letter->mark);
    return true;
}

void doctor_send(struct doctor *doctor)
{
    struct error error;
    struct test_letter letter = { .mark = NULL };
    struct test_watch *watch = NULL;
    int64_t most_ms = 0;
    if (!doctor->context->config->delivery.smtp) {
        doctor_say(doctor, DOCTOR_SKIPPED, place,
                   "mails go into a folder (mail.smtp), and no relay");
        return;
    }
    if (!read_wishes(doctor, &letter, &most_ms))
        return;
    if (!compose(doctor, &letter, &error)) {
        doctor_say_error(doctor, place, &error);
        return;
    }
    if (most_ms && !(watch = test_watch_begin(doctor)))
        return;
    if (send_letter(doctor, &letter) && watch)
        wait_for_copy(doctor, watch, &letter, most_ms);
    test_watch_end(watch);
}
