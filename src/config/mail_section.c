/* SPDX-License-Identifier: MIT */
#include "config/loading.h"

#include "address/address.h"
#include "address/token.h"
#include "address/verp.h"
#include "base/arena.h"
#include "base/error.h"
#include "config/url.h"
#include "net/smtp.h"

#include <ctype.h>
#include <string.h>

/* The longest words that are put behind a base address: "unsubscribe-TOKEN", and a return path's
 * token. */
enum {
    REPLY_EXTENSION_MAXIMUM = sizeof "unsubscribe-" - 1 + TOKEN_LENGTH,
    ANSWER_EXTENSION_MAXIMUM = sizeof "answer-" - 1 + TOKEN_BOUNCE_LENGTH,
    BOUNCE_EXTENSION_MAXIMUM = TOKEN_BOUNCE_LENGTH
};

enum { RATE_MAXIMUM = 100000 /* messages a second */ };

static void problem(struct loading *loading, const struct yaml_node *mail, const char *key,
                    const char *message)
{
    yaml_problem(loading->problems, mail, key, "“%s” %s", key, message);
}

static const struct address *read_from(struct loading *loading, const struct yaml_node *mail)
{
    struct mail_settings *settings = &loading->config->mail;
    const char *from;
    struct error error;
    if (!yaml_get(mail, "from")) {
        yaml_problem(loading->problems, mail, "from",
                     "“mail.from” is missing; write the sender, like \"Region Nordhav "
                     "<presse@nordhav.example>\"");
        return NULL;
    }
    if (!yaml_read_line(loading->problems, mail, "from", &from))
        return NULL;
    const struct address *address = address_parse_display(loading->arena, from,
                                                          &settings->from_name, &error);
    if (address)
        settings->from_address = address->envelope;
    else
        yaml_problem(loading->problems, mail, "from", "“from”: %s", error.message);
    return address;
}

static void read_delimiter(struct loading *loading, const struct yaml_node *mail)
{
    const char *delimiter = "+";
    if (yaml_read_line(loading->problems, mail, "delimiter", &delimiter) &&
        (strlen(delimiter) != 1 || !strchr("+-=_.", *delimiter))) {
        problem(loading, mail, "delimiter", "must be one of + - = _ .");
        delimiter = "+";
    }
    loading->config->mail.delimiter = delimiter;
    loading->config->message_source.delimiter = delimiter;
}

/* A base address for words behind a delimiter; from where the key is not there. */
static const char *read_base(struct loading *loading, const struct yaml_node *mail, const char *key,
                             size_t longest_extension)
{
    const char *string = NULL;
    struct verp_base base;
    struct error error;
    const char *from = loading->config->mail.from_address;
    bool is_given = yaml_read_line(loading->problems, mail, key, &string);
    if (!is_given)
        string = from;
    if (!string || verp_base_parse(loading->arena, string, *loading->config->mail.delimiter,
                                   longest_extension, &base, &error))
        return string;
    if (is_given)
        yaml_problem(loading->problems, mail, key, "“%s”: %s", key, error.message);
    else
        yaml_problem(loading->problems, mail, key,
                     "“from” cannot serve as “%s”, which is missing: %s", key, error.message);
    return NULL;
}

/* "maildir:PATH": the path, NULL where it is something else. */
static const char *path_behind(struct loading *loading, const char *string, const char *prefix)
{
    size_t length = strlen(prefix);
    if (strncmp(string, prefix, length) != 0 || !string[length])
        return NULL;
    return loading_path(loading, string + length);
}

static void read_tls(struct loading *loading, const struct yaml_node *mail,
                     const struct config_url *relay)
{
    static const char *const choices[] = { "required", "opportunistic", "none", NULL };
    bool is_smtps = strcmp(relay->scheme, "smtps") == 0;
    int choice = relay->is_loopback && !is_smtps ? SMTP_TLS_NONE : SMTP_TLS_REQUIRED;
    if (yaml_read_choice(loading->problems, mail, "tls", choices, &choice)) {
        if (choice == SMTP_TLS_NONE && !relay->is_loopback)
            problem(loading, mail, "tls",
                    "none would send mail over the network unencrypted; write required or "
                    "opportunistic");
        else if (choice != SMTP_TLS_REQUIRED && is_smtps)
            problem(loading, mail, "tls", "must be required with smtps://; or write smtp://");
    }
    loading->config->deliver.smtp.tls = (enum smtp_tls)choice;
}

static void read_relay(struct loading *loading, const struct yaml_node *mail)
{
    struct config *config = loading->config;
    struct config_url url = { .scheme = "smtp", .is_loopback = true };
    struct error error;
    const char *smtp = "smtp://127.0.0.1:25";
    (void)yaml_read_line(loading->problems, mail, "smtp", &smtp);
    config->deliver.maildir = path_behind(loading, smtp, "maildir:");
    if (config->deliver.maildir) {
        read_tls(loading, mail, &url);
        return;
    }
    static const char beginnings[] = "smtp://, smtps:// or maildir:";
    if (!config_url_parse(loading->arena, smtp, beginnings, &url, &error)) {
        problem(loading, mail, "smtp", error.message);
        return;
    }
    if (strcmp(url.scheme, "smtp") != 0 && strcmp(url.scheme, "smtps") != 0)
        yaml_problem(loading->problems, mail, "smtp", "“smtp” must begin with %s", beginnings);
    if (url.user)
        problem(loading, mail, "smtp", "holds a user name; write it as mail.user");
    if (url.path[0] && strcmp(url.path, "/") != 0)
        problem(loading, mail, "smtp", "has a path; leave out what follows host and port");
    url.path = "";
    config->deliver.smtp.url = config_url_write(loading->arena, &url);
    config->relay.is_on_this_machine = url.is_loopback;
    read_tls(loading, mail, &url);
}

static void read_login(struct loading *loading, const struct yaml_node *mail)
{
    struct config *config = loading->config;
    const char *file;
    (void)yaml_read_line(loading->problems, mail, "user", &config->deliver.smtp.user);
    if (yaml_read_line(loading->problems, mail, "password_file", &file))
        config->relay.password_file = loading_path(loading, file);
    if (config->deliver.smtp.user && !config->relay.password_file)
        problem(loading, mail, "user",
                "needs “password_file”, the name of a file that holds the password alone");
    if (config->relay.password_file && !config->deliver.smtp.user)
        problem(loading, mail, "password_file", "needs “user”");
}

/* An address literal is taken as it is; whether a name is fully qualified is checked by `doctor`.
 */
static void read_helo(struct loading *loading, const struct yaml_node *mail)
{
    struct config *config = loading->config;
    if (yaml_read_line(loading->problems, mail, "helo", &config->deliver.smtp.helo) &&
        !smtp_helo_is_valid(config->deliver.smtp.helo)) {
        yaml_problem(loading->problems, mail, "helo",
                     "“helo” is “%s”; write this host's full name, like mail.nordhav.example, or "
                     "its address, like [192.0.2.1]",
                     config->deliver.smtp.helo);
        config->deliver.smtp.helo = NULL;
    }
}

/* "07-22" */
static bool hours_parse(const char *string, int *from, int *until)
{
    if (strlen(string) != 5 || string[2] != '-')
        return false;
    for (int i = 0; i < 5; i++)
        if (i != 2 && !isdigit((unsigned char)string[i]))
            return false;
    *from = (string[0] - '0') * 10 + string[1] - '0';
    *until = (string[3] - '0') * 10 + string[4] - '0';
    return *from <= 23 && *until <= 24 && *until >= 1 && *from != *until;
}

/* "14" messages a second, "30/m", "500/h", "2000/d", "0": how long from one to the next. */
static bool rate_parse(const char *string, int64_t *interval_ns)
{
    static const struct {
        const char *suffix;
        int64_t seconds;
    } units[] = { { "", 1 }, { "/s", 1 }, { "/m", 60 }, { "/h", 3600 }, { "/d", 86400 } };

    int64_t count = 0;
    const char *at = string;
    for (; isdigit((unsigned char)*at) && at - string < 9; at++)
        count = count * 10 + (*at - '0');
    if (at == string)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(at, units[i].suffix) != 0)
            continue;
        *interval_ns = count ? units[i].seconds * INT64_C(1000000000) / count : 0;
        return count <= RATE_MAXIMUM * units[i].seconds;
    }
    return false;
}

static void read_rate(struct loading *loading, const struct yaml_node *mail)
{
    const char *rate = "0";
    if (yaml_read_line(loading->problems, mail, "rate", &rate) &&
        !rate_parse(rate, &loading->config->deliver.interval_ns))
        yaml_problem(loading->problems, mail, "rate",
                     "“rate” is “%s”; write a number of messages a second like 14, or 30/m, 500/h, "
                     "2000/d; at most %d a second, 0 for no limit",
                     rate, RATE_MAXIMUM);
}

static void read_pace(struct loading *loading, const struct yaml_node *mail)
{
    static const char *const choices[] = { "resend", "hold", NULL };
    struct config *config = loading->config;
    int64_t connections = 10;
    int unknown = 0;
    const char *hours = "00-24";
    (void)yaml_read_integer(loading->problems, mail, "connections", 1, 500, &connections);
    read_rate(loading, mail);
    (void)yaml_read_choice(loading->problems, mail, "unknown", choices, &unknown);
    (void)yaml_read_line(loading->problems, mail, "hours", &hours);
    config->deliver.connections = (int)connections;
    config->deliver.resend_unknown = unknown == 0;
    if (!hours_parse(hours, &config->deliver.hours_from, &config->deliver.hours_until)) {
        yaml_problem(loading->problems, mail, "hours",
                     "“hours” is “%s”; write two hours of the day like 07-22", hours);
        config->deliver.hours_from = 0;
        config->deliver.hours_until = 24;
    }
}

static int hex_value(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* The address of the mailbox that this user of a server has: most servers' users are addresses. */
static const char *address_of_user(struct loading *loading, const char *user,
                                   const struct address *from)
{
    char *name = arena_copy(loading->arena, user);
    char *end = name;
    struct error error;
    for (const char *c = user; *c; c++) {
        int high = *c == '%' ? hex_value(c[1]) : -1;
        int low = high >= 0 ? hex_value(c[2]) : -1;
        if (low < 0) {
            *end++ = *c;
            continue;
        }
        unsigned char octet = (unsigned char)(high * 16 + low);
        memcpy(end++, &octet, 1);
        c += 2;
    }
    *end = '\0';
    if (!strchr(name, '@') && from)
        name = arena_format(loading->arena, "%s@%s", name, from->domain);
    const struct address *address = address_parse(loading->arena, name, strlen(name), &error);
    return address ? address->typed : NULL;
}

/* Where the base is too long for such an address, answers go to the contact. */
static bool takes_answers(const struct loading *loading)
{
    struct verp_base base;
    struct error error;
    const struct mail_settings *settings = &loading->config->mail;
    return loading->config->inbox.url && settings->replies &&
           verp_base_parse(loading->arena, settings->replies, *settings->delimiter,
                           ANSWER_EXTENSION_MAXIMUM, &base, &error);
}

static void read_inbox(struct loading *loading, const struct yaml_node *mail,
                       const struct address *from)
{
    struct config_inbox *inbox = &loading->config->inbox;
    struct config_url url;
    struct error error;
    const char *string;
    if (yaml_read_line(loading->problems, mail, "inbox_password_file", &string))
        inbox->password_file = loading_path(loading, string);
    if (!yaml_read_line(loading->problems, mail, "inbox", &string))
        return;
    const char *maildir = path_behind(loading, string, "maildir:");
    const char *mbox = path_behind(loading, string, "mbox:");
    if (maildir || mbox) {
        inbox->url = arena_format(loading->arena, "%s:%s", maildir ? "maildir" : "mbox",
                                  maildir ? maildir : mbox);
        return;
    }
    static const char beginnings[] = "imaps://, pop3s://, maildir: or mbox:";
    if (!config_url_parse(loading->arena, string, beginnings, &url, &error)) {
        problem(loading, mail, "inbox", error.message);
        return;
    }
    if (strcmp(url.scheme, "imaps") != 0 && strcmp(url.scheme, "pop3s") != 0)
        yaml_problem(loading->problems, mail, "inbox", "“inbox” must begin with %s", beginnings);
    else if (!url.user)
        problem(loading, mail, "inbox", "has no user; write it like imaps://user@host/INBOX");
    else if (!inbox->password_file)
        problem(loading, mail, "inbox",
                "needs “inbox_password_file”, the name of a file that holds the password alone");
    inbox->url = config_url_write(loading->arena, &url);
    inbox->address = url.user ? address_of_user(loading, url.user, from) : NULL;
}

/* List-Id, RFC 2919 section 2: labels of letters, digits, hyphens and the like, dots between. */
static bool list_id_is_valid(const char *list_id)
{
    size_t length = strlen(list_id);
    bool has_dot = false;
    if (length > 255 || length == 0 || list_id[0] == '.' || list_id[length - 1] == '.')
        return false;
    for (const char *c = list_id; *c; c++) {
        if (*c == '.' && c[1] == '.')
            return false;
        has_dot = has_dot || *c == '.';
        if (!isalnum((unsigned char)*c) && !strchr(".-_", *c))
            return false;
    }
    return has_dot;
}

static void read_list_id(struct loading *loading, const struct yaml_node *mail,
                         const struct address *from)
{
    struct config *config = loading->config;
    struct config_url url;
    struct error error;
    if (yaml_read_line(loading->problems, mail, "list_id", &config->list_id_wanted)) {
        if (!list_id_is_valid(config->list_id_wanted))
            problem(loading, mail, "list_id",
                    "must be letters, digits and hyphens with dots between, like "
                    "news.presse.example.dk");
        return;
    }
    const char *host = from ? from->domain : "localhost";
    /* An address of numbers names nobody for ever: the sender's domain does. */
    if (config->newsroom.site_url &&
        config_web_url_parse(loading->arena, config->newsroom.site_url, &url, &error) &&
        !url.is_address && !url.is_loopback)
        host = url.host;
    config->list_id_wanted = arena_format(loading->arena, "news.%s", host);
}

void loading_mail(struct loading *loading, const struct yaml_node *mail)
{
    static const char *const keys[] = {
        "from",    "smtp",        "tls",           "user",      "rate",
        "hours",   "unknown",     "password_file", "list_id",   "bounces",
        "replies", "connections", "inbox",         "delimiter", "inbox_password_file",
        "helo",    NULL
    };
    struct config *config = loading->config;
    yaml_check_keys(loading->problems, mail, keys, NULL);
    const struct address *from = read_from(loading, mail);
    read_delimiter(loading, mail);
    config->mail.replies = read_base(loading, mail, "replies", REPLY_EXTENSION_MAXIMUM);
    config->message_source.bounces = read_base(loading, mail, "bounces", BOUNCE_EXTENSION_MAXIMUM);
    read_relay(loading, mail);
    read_login(loading, mail);
    read_helo(loading, mail);
    read_pace(loading, mail);
    read_inbox(loading, mail, from);
    config->mail.is_answered = takes_answers(loading);
    read_list_id(loading, mail, from);
}
