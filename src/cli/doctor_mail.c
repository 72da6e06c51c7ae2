/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/relay.h"
#include "cli/reserved_name.h"
#include "config/config.h"
#include "net/mailbox.h"
#include "net/net.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { PATIENCE_MS = 15000, ANSWER_SIZE = 4096 };

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
                   "the relay takes no international local parts (SMTPUTF8); such addresses are "
                   "told as failed");
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

/* ---- DNS ---- */

/* Whether one of the name's TXT records begins so; *answered false: nobody could be asked. */
static bool has_text(struct __res_state *resolver, const char *name, const char *beginning,
                     bool *answered)
{
    unsigned char answer[ANSWER_SIZE];
    ns_msg message;
    ns_rr record;
    int length = res_nquery(resolver, name, ns_c_in, ns_t_txt, answer, sizeof answer);
    *answered = length >= 0 || resolver->res_h_errno == HOST_NOT_FOUND ||
                resolver->res_h_errno == NO_DATA;
    if (length < 0 || ns_initparse(answer, length < ANSWER_SIZE ? length : ANSWER_SIZE, &message))
        return false;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
        if (ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != ns_t_txt ||
            ns_rr_rdlen(record) < 1 || ns_rr_rdata(record)[0] >= ns_rr_rdlen(record))
            continue;
        if (ns_rr_rdata(record)[0] >= strlen(beginning) &&
            strncasecmp((const char *)ns_rr_rdata(record) + 1, beginning, strlen(beginning)) == 0)
            return true;
    }
    return false;
}

static void check_record(struct doctor *doctor, struct __res_state *resolver, const char *name,
                         const char *beginning, const char *advice)
{
    bool answered = false;
    if (has_text(resolver, name, beginning, &answered))
        doctor_say(doctor, DOCTOR_GOOD, "DNS", "%s has a record %s…", name, beginning);
    else if (answered)
        doctor_say(doctor, DOCTOR_WARNING, "DNS", "%s has no record %s…; %s", name, beginning,
                   advice);
    else
        doctor_say(doctor, DOCTOR_SKIPPED, "DNS", "%s: nobody answers from here", name);
}

static void check_dns(struct doctor *doctor)
{
    struct __res_state resolver;
    struct command_context *context = doctor->context;
    const char *at = strrchr(context->config->mail.from_address, '@');
    const char *domain = at ? at + 1 : context->config->mail.from_address;
    if (name_is_reserved(domain)) {
        doctor_say(doctor, DOCTOR_SKIPPED, "DNS", "%s is a name for examples", domain);
        return;
    }
    memset(&resolver, 0, sizeof resolver);
    if (res_ninit(&resolver) != 0)
        return;
    resolver.retrans = 2;
    resolver.retry = 1;
    check_record(doctor, &resolver, domain, "v=spf1",
                 "large mailbox providers then refuse mails; name the relay in one");
    check_record(doctor, &resolver, arena_format(context->arena, "_dmarc.%s", domain), "v=DMARC1",
                 "large mailbox providers ask for one; \"v=DMARC1; p=none\" is the beginning");
    res_nclose(&resolver);
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
    check_dns(doctor);
}
