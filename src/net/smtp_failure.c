/* SPDX-License-Identifier: MIT */
#include "net/smtp_connecting.h"

#include "base/error.h"
#include "net/smtp_login.h"
#include "net/smtp_port.h"

#include <string.h>
#include <strings.h>

/* Why a relay is not ready for mail, in words for the operator, because libcurl's own are for
 * developers. */

static const char *failure_text(const struct smtp_connecting *connecting)
{
    return *connecting->error_text ? connecting->error_text : curl_easy_strerror(connecting->code);
}

/* Words for the common failures; NULL: another one. */
static const char *everyday_text(const struct smtp_connecting *connecting)
{
    switch ((int)connecting->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "the relay's name is not known; mend mail.smtp, or see that the name servers answer";
    case CURLE_OPERATION_TIMEDOUT:
        return "the relay does not answer in time; is it the relay, and does a firewall let us "
               "through?";
    case CURLE_WEIRD_SERVER_REPLY:
        return "what answers does not speak as a mail relay does; is mail.smtp right?";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
        return "the relay closed the connection before it was ready for mail; its log may say why";
    default:
        return NULL;
    }
}

static void describe_lost_way(const struct smtp_connecting *connecting, struct error *error)
{
    long number = 0;
    (void)curl_easy_getinfo(connecting->curl, CURLINFO_OS_ERRNO, &number);
    const char *reason = number ? strerrordesc_np((int)number) : NULL;
    (void)error_set(
        error, ERROR_TEMPORARY,
        "%s: cannot be reached%s%s%s" ERROR_ADVICE "is the relay running, and mail.smtp right?",
        connecting->settings->url, reason ? " (" : "", reason ? reason : "", reason ? ")" : "");
}

static void describe_other(const struct smtp_connecting *connecting, struct error *error)
{
    char other[512];
    const char *url = connecting->settings->url;
    smtp_port_other_url(url, other, sizeof other);
    if (strncasecmp(url, "smtps:", 6) == 0)
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay does not begin with TLS on this port" ERROR_ADVICE
                        "write mail.smtp: %s",
                        url, other);
    else
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay speaks TLS at once on this port" ERROR_ADVICE
                        "write mail.smtp: %s",
                        url, other);
}

static void describe_connection(const struct smtp_connecting *connecting, struct error *error)
{
    const char *url = connecting->settings->url;
    switch ((int)connecting->code) {
    case CURLE_USE_SSL_FAILED:
        if (smtp_reply_is_transient(&connecting->reply))
            (void)error_set(error, ERROR_TEMPORARY,
                            "%s: the relay can begin no TLS just now (%d %s), and mail.tls is "
                            "required" ERROR_ADVICE "nothing was sent",
                            url, connecting->reply.code, connecting->reply.text);
        else
            (void)error_set(error, ERROR_PERMANENT,
                            "%s: the relay offers no TLS and mail.tls is required" ERROR_ADVICE
                            "nothing was sent",
                            url);
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay's certificate cannot be trusted (%s)" ERROR_ADVICE
                        "nothing was sent",
                        url, failure_text(connecting));
        return;
    case CURLE_COULDNT_CONNECT:
        describe_lost_way(connecting, error);
        return;
    default:
        break;
    }
    const char *everyday = everyday_text(connecting);
    if (connecting->reply.code >= 500 && connecting->is_welcome && !connecting->ehlo_lines)
        (void)error_set(error, ERROR_TEMPORARY,
                        "%s: the relay does not take our greeting (EHLO %s): %d %s" ERROR_ADVICE
                        "write the name "
                        "that it knows this host by as mail.helo",
                        url, connecting->helo, connecting->reply.code, connecting->reply.text);
    else if (connecting->reply.code >= 400)
        (void)error_set(error, ERROR_TEMPORARY, "%s: the relay turned us away: %d %s", url,
                        connecting->reply.code, connecting->reply.text);
    else
        (void)error_set(error, ERROR_TEMPORARY, "%s: %s", url,
                        everyday ? everyday : failure_text(connecting));
}

/* There is a user, and nothing that the relay offers takes his password. */
static void describe_offers(const struct smtp_connecting *connecting, struct error *error)
{
    const struct smtp_capabilities *offers = &connecting->capabilities;
    const char *url = connecting->settings->url;
    bool is_open = smtp_connecting_tls(connecting->settings) == SMTP_TLS_NONE;
    if (offers->mechanisms & SMTP_MECHANISM_TOKEN)
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay takes no passwords, only tokens of a sign-in service "
                        "(XOAUTH2), which pressroom cannot get" ERROR_ADVICE
                        "ask its operator for a login with "
                        "a password (SMTP AUTH, an app password), or for a relay that knows this "
                        "machine by its address; nothing was sent",
                        url);
    else if (offers->mechanisms)
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay offers no way to log in that pressroom knows" ERROR_ADVICE
                        "ask its "
                        "operator for PLAIN or LOGIN; nothing was sent",
                        url);
    else if (is_open && offers->starttls)
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: the relay offers AUTH, if at all, only after STARTTLS" ERROR_ADVICE
                        "write "
                        "mail.tls: required; nothing was sent",
                        url);
    else
        (void)error_set(error, ERROR_PERMANENT,
                        "%s: mail.user is set and the relay offers no AUTH" ERROR_ADVICE
                        "take mail.user away "
                        "where it knows this machine by its address, else ask its operator for the "
                        "port that takes passwords (often 587); nothing was sent",
                        url);
}

static void describe_login(const struct smtp_connecting *connecting, struct error *error)
{
    const char *url = connecting->settings->url;
    const struct smtp_reply *reply = &connecting->reply;
    switch (connecting->login) {
    case SMTP_LOGIN_DONE:
        break;
    case SMTP_LOGIN_NONE:
        describe_offers(connecting, error);
        break;
    case SMTP_LOGIN_REFUSED:
        if (!connecting->denial.code)
            describe_offers(connecting, error);
        else if (connecting->denial.code == 538 ||
                 strcmp(connecting->denial.enhanced, "5.7.11") == 0)
            (void)error_set(error, ERROR_PERMANENT,
                            "%s: the relay takes passwords only after STARTTLS (%d %s)" ERROR_ADVICE
                            "write "
                            "mail.tls: required",
                            url, connecting->denial.code, connecting->denial.text);
        else
            (void)error_set(error, ERROR_PERMANENT,
                            "%s: the relay refuses mail.user and its password (%d %s)" ERROR_ADVICE
                            "mend "
                            "mail.user or mail.password_file",
                            url, connecting->denial.code, connecting->denial.text);
        break;
    case SMTP_LOGIN_PUT_OFF:
        (void)error_set(error, ERROR_TEMPORARY,
                        "%s: the relay cannot take the login just now: %d %s", url, reply->code,
                        reply->text);
        break;
    case SMTP_LOGIN_LOST:
        if (reply->code)
            (void)error_set(error, ERROR_TEMPORARY,
                            "%s: the relay's answer to the login is no yes: %d %s", url,
                            reply->code, reply->text);
        else
            (void)error_set(error, ERROR_TEMPORARY,
                            "%s: the relay was gone while we logged in" ERROR_ADVICE
                            "its log may say why",
                            url);
        break;
    }
}

bool smtp_connecting_judge(const struct smtp_connecting *connecting, struct error *error)
{
    const char *user = connecting->settings->user;
    bool wants_login = user && *user;
    if (connecting->is_other)
        describe_other(connecting, error);
    else if (connecting->code != CURLE_OK && connecting->login != SMTP_LOGIN_REFUSED &&
             connecting->login != SMTP_LOGIN_PUT_OFF)
        describe_connection(connecting, error);
    else if (wants_login && connecting->login != SMTP_LOGIN_DONE)
        describe_login(connecting, error);
    else
        return true;
    return false;
}
