/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "address/verp.h"
#include "base/arena.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/relay.h"
#include "config/config.h"
#include "net/refusal.h"
#include "net/smtp.h"

#include <poll.h>
#include <string.h>

/* ---- what the relay says no to, and what to do ---- */

/* NULL: there is no advice for that cause. */
static const char *advice_for(enum refusal_cause cause, bool has_user)
{
    switch (cause) {
    case REFUSAL_UNKNOWN_ADDRESS:
    case REFUSAL_DISABLED:
        return "the relay knows no such mailbox" ERROR_ADVICE "make it, or write one that is there";
    case REFUSAL_NO_DOMAIN:
        return "its domain is not known there" ERROR_ADVICE
               "see that it has an MX record, and is spelt right";
    case REFUSAL_FULL:
        return "the mailbox is full" ERROR_ADVICE "make room in it";
    case REFUSAL_AUTHENTICATION:
        return has_user ? "the login was taken, but not for this sender" ERROR_ADVICE
                          "ask the relay's operator "
                          "to let mail.user send as this address"
                        : "set mail.user and mail.password_file, or ask the relay's operator to "
                          "let this machine send";
    case REFUSAL_RELAYING:
        return has_user ? "ask the relay's operator to let mail.user send to everywhere"
                        : "set mail.user and mail.password_file, or ask the relay's operator to "
                          "let this machine send to everywhere";
    case REFUSAL_SENDER:
        return "ask the relay's operator to allow this sender, or take one that it allows for "
               "mail.from and mail.bounces";
    case REFUSAL_REVERSE_NAME:
        return "give this machine's address a name (PTR record) that leads back to it, and write "
               "that as mail.helo";
    case REFUSAL_BLOCKLIST:
        return "this machine's address, or the domain, is on a list" ERROR_ADVICE
               "the list says how to get off "
               "it";
    default:
        return NULL;
    }
}

void doctor_report_refusal(struct doctor *doctor, const char *place, const char *tried,
                           const struct smtp_reply *reply)
{
    struct refusal refusal;
    const struct config *config = doctor->context->config;
    const struct refusal_words words = { reply->code, reply->enhanced, reply->text,
                                         config->deliver.phrases };
    bool is_later = reply->code < 500;
    refusal_read(&words, &refusal);
    bool wants_login = reply->code == 530;
    const char *advice = advice_for(wants_login ? REFUSAL_AUTHENTICATION : refusal.cause,
                                    config->deliver.smtp.user != NULL);
    if (!advice)
        advice = is_later ? "that may pass: run `pressroom doctor` again in a while"
                          : "ask the relay's operator, with these words";
    doctor_report(doctor, is_later ? DOCTOR_WARNING : DOCTOR_PROBLEM, place,
                  "the relay does not take %s: %d %s%s%s" ERROR_ADVICE "%s", tried, reply->code,
                  reply->enhanced, *reply->enhanced ? " " : "", reply->text, advice);
}

/* ---- the greeting ---- */

static void report_greeting(struct doctor *doctor, const char *helo)
{
    const struct config *config = doctor->context->config;
    if (!*helo || doctor->has_reported_greeting)
        return;
    doctor->has_reported_greeting = true;
    if (!smtp_helo_is_full(helo))
        doctor_report(
            doctor, DOCTOR_WARNING, "mail.helo",
            "“%s” is not a full name, and many relays refuse a greeting by such a one" ERROR_ADVICE
            "write a name with its domain, like mail.nordhav.example",
            helo);
    else if (!config->deliver.smtp.helo && *helo == '[' && !config->relay.is_on_this_machine)
        doctor_report(
            doctor, DOCTOR_WARNING, "mail.helo",
            "this host has no full name, so the relay is greeted as %s, which some refuse" ERROR_ADVICE
            "write its name with its domain, like mail.nordhav.example",
            helo);
    else
        doctor_report(doctor, DOCTOR_GOOD, "mail.helo", "the relay is greeted as %s", helo);
}

/* ---- entering ---- */

struct smtp_session *doctor_enter_relay(struct doctor *doctor)
{
    struct error error;
    struct command_context *context = doctor->context;
    const char *password = NULL;
    doctor->is_relay_unusable = true;
    if (!context_read_password(context, context->config->relay.password_file, "mail.password_file",
                               &password, &error)) {
        doctor_report_error(doctor, "mail.smtp", &error);
        return NULL;
    }
    struct smtp_session_settings *settings = arena_allocate(context->arena, sizeof *settings);
    *settings = relay_settings(context->config, password);
    settings->connect_timeout_ms = DOCTOR_PATIENCE_MS;
    struct smtp_session *session = smtp_session_start(settings, &error);
    if (!session) {
        doctor_report_error(doctor, "mail.smtp", &error);
        return NULL;
    }
    bool is_ready = smtp_session_finish(session, &error) == SMTP_SESSION_READY;
    report_greeting(doctor, smtp_session_helo(session));
    doctor->is_relay_unusable = !is_ready;
    if (is_ready)
        return session;
    doctor_report_error(
        doctor, smtp_session_step(session) == SMTP_STEP_AUTH ? "mail.user" : "mail.smtp", &error);
    smtp_session_free(session);
    return NULL;
}

/* Does not wait for the answer to QUIT, because nothing depends on it. */
void doctor_leave_relay(struct smtp_session *session)
{
    size_t sent = 0;
    struct error ignored;
    static const struct smtp_piece quit = { "QUIT\r\n", 6 };
    if (session)
        (void)smtp_session_send(session, &quit, 1, &sent, &ignored);
    smtp_session_free(session);
}

/* ---- whether it takes mails of ours ---- */

/* Sends MAIL FROM or RCPT TO; false: refused, which is reported. */
static bool try_path(struct doctor *doctor, struct smtp_session *session, const char *command,
                     const char *address, const char *tried)
{
    struct error error;
    struct smtp_reply reply;
    if (!smtp_command_path(session, command, address, DOCTOR_PATIENCE_MS, &reply, &error)) {
        doctor_report(doctor, DOCTOR_PROBLEM, "mail.smtp", "%s: %s", tried, error.message);
        return false;
    }
    if (smtp_reply_is_positive(&reply))
        return true;
    doctor_report_refusal(doctor, "mail.smtp", tried, &reply);
    return false;
}

/* A return path as mailings have them. */
static const char *return_path(struct doctor *doctor)
{
    struct error error;
    struct verp_base base;
    struct arena *arena = doctor->context->arena;
    const struct message_source_settings *source = &doctor->context->config->message_source;
    if (!verp_base_parse(arena, source->bounces, *source->delimiter, 0, &base, &error))
        return source->bounces;
    return verp_build(arena, &base, "doctor");
}

/* Tries an envelope and resets it, so that no mail is sent. */
static bool takes_envelope(struct doctor *doctor, struct smtp_session *session)
{
    struct error error;
    struct smtp_reply reply;
    static const char reset[] = "RSET\r\n";
    struct arena *arena = doctor->context->arena;
    const char *sender = return_path(doctor);
    const char *recipient = doctor->context->config->mail.from_address;
    bool is_taken = try_path(doctor, session, "MAIL FROM:", sender,
                             arena_format(arena, "mails from %s", sender)) &&
                    try_path(doctor, session, "RCPT TO:", recipient,
                             arena_format(arena, "a mail to %s", recipient));
    return smtp_command(session, reset, sizeof reset - 1, DOCTOR_PATIENCE_MS, &reply, &error) &&
           is_taken;
}

static void report_capabilities(struct doctor *doctor, const struct smtp_session *session)
{
    if (doctor->context->config->deliver.smtp.tls == SMTP_TLS_OPPORTUNISTIC)
        doctor_report(doctor, DOCTOR_WARNING, "mail.tls",
                      "opportunistic: nobody verifies whom the mails are given to" ERROR_ADVICE
                      "make it required "
                      "where the relay's certificate is good");
    if (!smtp_session_capabilities(session)->smtputf8)
        doctor_report(doctor, DOCTOR_SKIPPED, "mail.smtp",
                      "the relay takes no international local parts (SMTPUTF8)" ERROR_ADVICE
                      "mails to such "
                      "addresses fail");
}

void doctor_relay(struct doctor *doctor)
{
    const struct config *config = doctor->context->config;
    static const char *const security[] = {
        [SMTP_TLS_REQUIRED] = "certificate verified",
        [SMTP_TLS_OPPORTUNISTIC] = "TLS where it is offered",
        [SMTP_TLS_NONE] = "without TLS",
    };
    struct smtp_session *session = doctor_enter_relay(doctor);
    if (!session)
        return;
    report_capabilities(doctor, session);
    if (takes_envelope(doctor, session))
        doctor_report(doctor, DOCTOR_GOOD, "mail.smtp", "%s greets and takes mails, %s%s",
                      config->deliver.smtp.url, security[config->deliver.smtp.tls],
                      config->deliver.smtp.user ? ", user and password accepted" : "");
    doctor_leave_relay(session);
}
