/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/error.h"
#include "cli/context.h"
#include "config/config.h"
#include "net/mailbox.h"
#include "net/net.h"

#include <unistd.h>

/* ---- the relay ---- */

static void check_maildir(struct doctor *doctor)
{
    const char *path = doctor->context->config->deliver.maildir;
    if (access(path, F_OK) != 0)
        doctor_report(doctor, DOCTOR_SKIPPED, "mail.smtp", "%s is made with the first mail", path);
    else if (access(path, W_OK | X_OK) != 0)
        doctor_report(doctor, DOCTOR_PROBLEM, "mail.smtp",
                      "%s cannot be written" ERROR_ADVICE "give it to this user", path);
    else
        doctor_report(doctor, DOCTOR_GOOD, "mail.smtp", "%s can be written", path);
}

/* ---- the mailbox ---- */

/* Opens and closes the mailbox: nothing in it is read or removed. */
static void check_mailbox(struct doctor *doctor)
{
    struct error error;
    struct command_context *context = doctor->context;
    const struct config_inbox *inbox = &context->config->inbox;
    struct mailbox_settings settings = { .url = inbox->url,
                                         .ca_file = context_ca_file(),
                                         .timeout_ms = DOCTOR_PATIENCE_MS };
    if (!inbox->url) {
        doctor_report(doctor, DOCTOR_SKIPPED, "mail.inbox",
                      "not set: bounces and replies are read by nobody" ERROR_ADVICE
                      "name the mailbox of "
                      "mail.bounces and mail.replies");
        return;
    }
    if (!context->config->mail.is_answered)
        doctor_report(doctor, DOCTOR_WARNING, "mail.replies",
                      "over 16 characters before the @ leave no room for what tells answers apart: "
                      "who answers a release writes to its contact, past this mailbox");
    if (!context_read_password(context, inbox->password_file, "mail.inbox_password_file",
                               &settings.password, &error)) {
        doctor_report_error(doctor, "mail.inbox", &error);
        return;
    }
    struct mailbox *mailbox = mailbox_open(&settings, &error);
    if (mailbox && mailbox_close(mailbox, &error))
        doctor_report(doctor, DOCTOR_GOOD, "mail.inbox", "can be opened");
    else
        doctor_report_error(doctor, "mail.inbox", &error);
}

void doctor_mail(struct doctor *doctor)
{
    struct error error;
    if (!net_initialize(&error)) {
        doctor_report_error(doctor, "mail", &error);
        return;
    }
    if (doctor->context->config->deliver.smtp.url)
        doctor_relay(doctor);
    else
        check_maildir(doctor);
    check_mailbox(doctor);
}
