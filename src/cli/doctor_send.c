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
#include "locale/locale.h"
#include "locale/zone.h"
#include "mail/composition.h"
#include "mail/mail.h"
#include "net/smtp.h"

#include <inttypes.h>
#include <string.h>

enum { MARK_LENGTH = 20, TOKEN_PLACE = 32, WAIT_MS = 2 * 60 * 1000, DATA_PATIENCE_MS = 60000 };

static const char place[] = "doctor --send";

/* ---- making it ---- */

/* "svar+test-MARK@…"; the base itself where the mark does not fit into the local part. */
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

/* Keeps the fields that the copy will be compared with. */
static void copy_fields(struct arena *arena, struct test_message *message)
{
    struct dkim_header header;
    size_t from = 0;
    dkim_header_read(arena, message->bytes, message->length, &header);
    message->message_id = dkim_header_value(arena, &header, "Message-ID", &from);
    from = 0;
    message->unsubscribe = dkim_header_value(arena, &header, "List-Unsubscribe", &from);
    from = 0;
    message->unsubscribe_post = dkim_header_value(arena, &header, "List-Unsubscribe-Post", &from);
}

static bool compose(struct doctor *doctor, struct test_message *message, struct error *error)
{
    struct command_context *context = doctor->context;
    const struct config *config = context->config;
    struct arena *arena = context->arena;
    struct string_builder bytes;
    const char *at = strrchr(config->mail.from_address, '@');
    /* Links have the usual length, but a random token that belongs to nobody. */
    const char *token = random_name(&context->random, arena, TOKEN_PLACE);
    const struct mail_values values = { {
        [MAIL_SLOT_TO] = message->recipient,
        [MAIL_SLOT_DATE] = zone_format_rfc822(locale_context_zone(config->resources.locale), arena,
                                              clock_now(&context->clock)),
        [MAIL_SLOT_MESSAGE_ID] = arena_format(arena, "<test-%s%s>", message->mark, at ? at : ""),
        [MAIL_SLOT_UNSUBSCRIBE] = token,
        [MAIL_SLOT_PREFERENCES] = token,
    } };
    const struct mail_message *built = test_mail_build(arena, &config->resources,
                                                       config->newsroom.language, error);
    string_builder_init(&bytes, MAIL_SIZE_MAXIMUM);
    string_builder_append_format(&bytes, TEST_LETTER_FIELD ": %s\r\n", message->mark);
    bool done = built && mail_build(arena, built, &values, &bytes, error);
    if (done) {
        message->length = bytes.length;
        message->bytes = arena_copy_bytes(arena, bytes.data, bytes.length);
        copy_fields(arena, message);
    }
    string_builder_release(&bytes);
    return done;
}

/* ---- sending it ---- */

struct step {
    const char *command;
    const char *address; /* NULL: none */
};

static bool send_step(struct smtp_session *session, const struct step *step,
                      struct smtp_reply *reply, struct error *error)
{
    if (step->address)
        return smtp_command_path(session, step->command, step->address, DOCTOR_PATIENCE_MS, reply,
                                 error);
    return smtp_command(session, step->command, strlen(step->command), DATA_PATIENCE_MS, reply,
                        error);
}

static bool hand_over(struct doctor *doctor, struct smtp_session *session,
                      const struct test_message *message)
{
    struct arena *arena = doctor->context->arena;
    const char *text = arena_format(arena, "%s.\r\n", message->bytes);
    const struct step steps[] = { { "MAIL FROM:", message->sender },
                                  { "RCPT TO:", message->recipient },
                                  { "DATA\r\n", NULL },
                                  { text, NULL } };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct error error;
        struct smtp_reply reply;
        bool is_data = i == 2;
        if (!send_step(session, &steps[i], &reply, &error)) {
            doctor_report(doctor, DOCTOR_PROBLEM, place, "%s", error.message);
            return false;
        }
        if (is_data ? reply.code != 354 : !smtp_reply_is_positive(&reply)) {
            doctor_report_refusal(doctor, place,
                                  arena_format(arena, "the test mail to %s", message->recipient),
                                  &reply);
            return false;
        }
        if (i == 3)
            doctor_report(doctor, DOCTOR_GOOD, place, "the relay took a test mail to %s (%d %s)",
                          message->recipient, reply.code, reply.text);
    }
    return true;
}

static bool send_letter(struct doctor *doctor, const struct test_message *message)
{
    if (doctor->is_relay_unusable) {
        doctor_report(doctor, DOCTOR_SKIPPED, place, "the relay cannot be used, as said above");
        return false;
    }
    struct smtp_session *session = doctor_enter_relay(doctor);
    bool done = session && hand_over(doctor, session, message);
    doctor_leave_relay(session);
    return done;
}

/* ---- waiting for it ---- */

static void wait_for_copy(struct doctor *doctor, struct test_mailbox *test,
                          const struct test_message *message, int64_t most_ms)
{
    struct test_result result;
    if (!doctor->checks && !doctor->context->quiet)
        terminal_print("%s: waiting for it in mail.inbox, %" PRId64 " s at most\n", place,
                       most_ms / DURATION_SECOND);
    test_mailbox_wait(test, message, most_ms, &result);
    if (result.kind == TEST_MISSING)
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "the test mail did not come within %" PRId64 " s" ERROR_ADVICE
                      "see that mail to %s reaches "
                      "mail.inbox, or give it longer with --wait 10m",
                      most_ms / DURATION_SECOND, message->recipient);
    else
        test_message_examine(doctor, message, &result);
}

/* ---- all of it ---- */

/* Reads the options; false: one is wrong, which is reported. */
static bool read_options(struct doctor *doctor, struct test_message *message, int64_t *most_ms)
{
    struct error error;
    struct command_context *context = doctor->context;
    const struct config *config = context->config;
    const char *to = arguments_value(context->arguments, "to");
    const char *wait = arguments_value(context->arguments, "wait");
    *most_ms = to ? 0 : WAIT_MS;
    if (wait && !duration_parse(wait, most_ms)) {
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "--wait is “%s”" ERROR_ADVICE "write a duration like 90s or 10m", wait);
        return false;
    }
    if (!config->inbox.url && *most_ms) {
        doctor_report(
            doctor, DOCTOR_PROBLEM, place,
            "mail.inbox is not set, so no copy can be read back and nothing was sent" ERROR_ADVICE
            "set "
            "it, or look at the mail yourself with --to ADDRESS");
        return false;
    }
    const struct address *address = to ? address_parse(context->arena, to, strlen(to), &error)
                                       : NULL;
    if (to && !address) {
        doctor_report(doctor, DOCTOR_PROBLEM, place, "--to: %s", error.message);
        return false;
    }
    message->mark = random_name(&context->random, context->arena, MARK_LENGTH);
    message->sender = marked(doctor, config->message_source.bounces, message->mark);
    message->recipient = address ? address->envelope
                                 : marked(doctor, config->mail.replies, message->mark);
    return true;
}

void doctor_send(struct doctor *doctor)
{
    struct error error;
    struct test_message message = { .mark = NULL };
    struct test_mailbox *test = NULL;
    int64_t most_ms = 0;
    if (!doctor->context->config->deliver.smtp.url) {
        doctor_report(doctor, DOCTOR_SKIPPED, place,
                      "mails go into a folder (mail.smtp), and no relay");
        return;
    }
    if (!read_options(doctor, &message, &most_ms))
        return;
    if (!compose(doctor, &message, &error)) {
        doctor_report_error(doctor, place, &error);
        return;
    }
    if (most_ms && !(test = test_mailbox_open(doctor)))
        return;
    if (send_letter(doctor, &message) && test)
        wait_for_copy(doctor, test, &message, most_ms);
    test_mailbox_close(test);
}
