/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/error.h"
#include "cli/context.h"
#include "cli/relay.h"
#include "config/config.h"
#include "net/mailbox.h"
#include "net/net.h"

#include <poll.h>
#include <unistd.h>

enum { PATIENCE_MS = 15000 };

/* ---- the relay ---- */

static void say_relay(struct doctor *doctor, const struct smtp_session *session)
{
    const struct config_delivery *delivery = &doctor->context->config->delivery;
    const struct smtp_capabilities *offers = smtp_session_capabilities(session);
    static const char *const security[] = {
        [CONFIG_TLS_REQUIRED] = "certificate verified",
        [CONFIG_TLS_OPPORTUNISTIC] = "TLS where it is offered",
        [CONFIG_TLS_NONE] = "without TLS",
    };
    if (delivery->tls == CONFIG_TLS_OPPORTUNISTIC)
        doctor_say(doctor, DOCTOR_WARNING, "mail.tls",
                   "opportunistic: nobody verifies whom the mails are given to; make it required "
                   "where the relay's certificate is good");
    if (!offers->smtputf8)
        doctor_say(doctor, DOCTOR_SKIPPED, "mail.smtp",
                   "the relay takes no international local parts (SMTPUTF8); mails to such "
                   "addresses fail");
    doctor_say(doctor, DOCTOR_GOOD, "mail.smtp", "%s greets and takes mails, %s%s", delivery->smtp,
               security[delivery->tls], delivery->user ? ", user and password accepted" : "");
}

static void check_relay(struct doctor *doctor)
{
    struct error error;
    struct command_context *context = doctor->context;
    const char *password = NULL;
    if (!context_read_password(context, context->config->delivery.password_file,
                               "mail.password_file", &password, &error)) {
        doctor_say_error(doctor, "mail.smtp", &error);
        return;
    }
    struct smtp_session_settings settings = relay_settings(context->config, password);
    settings.connect_timeout_ms = PATIENCE_MS;
    struct smtp_session *session = smtp_session_start(&settings, &error);
    if (!session) {
        doctor_say_error(doctor, "mail.smtp", &error);
        return;
    }
    struct pollfd ended = { .fd = smtp_session_descriptor(session), .events = POLLIN };
    (void)poll(&ended, 1, PATIENCE_MS);
    if (!ended.revents)
        doctor_say(doctor, DOCTOR_PROBLEM, "mail.smtp", "%s does not answer; is it the relay?",
                   settings.url);
    else if (smtp_session_finish(session, &error) == SMTP_SESSION_READY)
        say_relay(doctor, session);
    else
        doctor_say_error(doctor, "mail.smtp", &error);
    smtp_session_free(session);
}

static void check_maildir(struct doctor *doctor)
{
    const char *path = doctor->context->config->delivery.maildir;
    if (access(path, F_OK) != 0)
        doctor_say(doctor, DOCTOR_SKIPPED, "mail.smtp", "%s is made with the first mail", path);
    else if (access(path, W_OK | X_OK) != 0)
        doctor_say(doctor, DOCTOR_PROBLEM, "mail.smtp",
                   "%s cannot be written; give it to this user", path);
    else
        doctor_say(doctor, DOCTOR_GOOD, "mail.smtp", "%s can be written", path);
}

/* ---- the mailbox ---- */

/* Opened and closed again: nothing in it is read or removed. */
static void check_mailbox(struct doctor *doctor)
{
    struct error error;
    struct command_context *context = doctor->context;
    const struct config_inbox *inbox = &context->config->inbox;
    struct mailbox_settings settings = { .url = inbox->url,
                                         .ca_file = context_ca_file(),
                                         .timeout_ms = PATIENCE_MS };
    if (!inbox->url) {
        doctor_say(doctor, DOCTOR_SKIPPED, "mail.inbox",
                   "not set: bounces and replies are read by nobody; name the mailbox of "
                   "mail.bounces and mail.replies");
        return;
    }
    if (!context_read_password(context, inbox->password_file, "mail.inbox_password_file",
                               &settings.password, &error)) {
        doctor_say_error(doctor, "mail.inbox", &error);
        return;
    }
    struct mailbox *mailbox = mailbox_open(&settings, &error);
    if (mailbox && mailbox_close(mailbox, &error))
        doctor_say(doctor, DOCTOR_GOOD, "mail.inbox", "can be opened");
    else
        doctor_say_error(doctor, "mail.inbox", &error);
}

void doctor_mail(struct doctor *doctor)
{
    struct error error;
    if (!net_initialize(&error)) {
        doctor_say_error(doctor, "mail", &error);
        return;
    }
    if (doctor->context->config->delivery.smtp)
        check_relay(doctor);
    else
        check_maildir(doctor);
    check_mailbox(doctor);
}
