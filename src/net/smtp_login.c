/* SPDX-License-Identifier: MIT */
#include "net/smtp_login.h"

#include "base/base64.h"
#include "base/string_builder.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { COMMAND_MAXIMUM = 512 }; /* RFC 5321 section 4.5.3.1.4 */

static const struct {
    const char *name;
    enum smtp_mechanism mechanism;
} mechanisms[] = {
    { "PLAIN", SMTP_MECHANISM_PLAIN },       { "LOGIN", SMTP_MECHANISM_LOGIN },
    { "CRAM-MD5", SMTP_MECHANISM_CRAM_MD5 }, { "DIGEST-MD5", SMTP_MECHANISM_DIGEST_MD5 },
    { "NTLM", SMTP_MECHANISM_NTLM },         { "XOAUTH2", SMTP_MECHANISM_TOKEN },
    { "OAUTHBEARER", SMTP_MECHANISM_TOKEN },
};

enum { MECHANISM_COUNT = sizeof mechanisms / sizeof mechanisms[0] };

unsigned smtp_mechanisms_read(const char *words, size_t length)
{
    unsigned found = 0;
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && words[end] != ' ' && words[end] != '\t')
            end++;
        unsigned mechanism = end > at ? SMTP_MECHANISM_OTHER : 0;
        for (size_t i = 0; i < MECHANISM_COUNT; i++)
            if (strlen(mechanisms[i].name) == end - at &&
                strncasecmp(mechanisms[i].name, words + at, end - at) == 0)
                mechanism = mechanisms[i].mechanism;
        found |= mechanism;
        at = end + 1;
    }
    return found;
}

const char *smtp_mechanism_name(enum smtp_mechanism mechanism)
{
    for (size_t i = 0; i < MECHANISM_COUNT; i++)
        if (mechanisms[i].mechanism == mechanism)
            return mechanisms[i].name;
    return "";
}

enum smtp_mechanism smtp_login_next(unsigned offered, unsigned failed, unsigned worked,
                                    bool is_secure)
{
    static const enum smtp_mechanism secure[] = { SMTP_MECHANISM_PLAIN, SMTP_MECHANISM_LOGIN,
                                                  SMTP_MECHANISM_CRAM_MD5,
                                                  SMTP_MECHANISM_DIGEST_MD5, SMTP_MECHANISM_NTLM };

    static const enum smtp_mechanism open[] = { SMTP_MECHANISM_CRAM_MD5, SMTP_MECHANISM_DIGEST_MD5,
                                                SMTP_MECHANISM_NTLM, SMTP_MECHANISM_PLAIN,
                                                SMTP_MECHANISM_LOGIN };

    unsigned left = offered & ~failed;
    if (left & worked)
        return (enum smtp_mechanism)worked;
    for (size_t i = 0; i < sizeof secure / sizeof secure[0]; i++) {
        enum smtp_mechanism mechanism = is_secure ? secure[i] : open[i];
        if (left & mechanism)
            return mechanism;
    }
    return SMTP_MECHANISM_NONE;
}

bool smtp_login_is_ours(enum smtp_mechanism mechanism)
{
    return mechanism == SMTP_MECHANISM_PLAIN || mechanism == SMTP_MECHANISM_LOGIN;
}

/* RFC 4616: an empty authorization identity, user and password, each separated by NUL. */
static void append_plain(const struct smtp_login *login, struct string_builder *line)
{
    struct string_builder message;
    string_builder_init(&message, 8192);
    string_builder_append_bytes(&message, "", 1);
    string_builder_append(&message, login->user);
    string_builder_append_bytes(&message, "", 1);
    string_builder_append(&message, login->password);
    base64_append(line, message.data, message.length);
    string_builder_release(&message);
}

/* The command has its answer with it where that fits (RFC 4954 section 4). */
static bool next_plain_line(struct smtp_login *login, struct string_builder *line)
{
    bool is_command = login->lines_sent == 0;
    if (is_command)
        string_builder_append(line, "AUTH PLAIN ");
    append_plain(login, line);
    if (is_command && line->length + 2 > COMMAND_MAXIMUM) {
        string_builder_clear(line);
        string_builder_append(line, "AUTH PLAIN");
    }
    return login->lines_sent <= 1;
}

static bool next_login_line(struct smtp_login *login, struct string_builder *line)
{
    if (login->lines_sent == 0)
        string_builder_append(line, "AUTH LOGIN");
    else if (login->lines_sent == 1)
        base64_append(line, login->user, strlen(login->user));
    else
        base64_append(line, login->password, strlen(login->password));
    return login->lines_sent <= 2;
}

bool smtp_login_next_line(struct smtp_login *login, struct string_builder *line)
{
    string_builder_clear(line);
    bool has_more = login->mechanism == SMTP_MECHANISM_PLAIN ? next_plain_line(login, line)
                                                             : next_login_line(login, line);
    if (!has_more) {
        string_builder_clear(line);
        string_builder_append(line, "*");
    }
    login->lines_sent++;
    string_builder_append(line, "\r\n");
    return has_more && !string_builder_overflowed(line);
}

/* So many characters of base64 in a row are no chance. */
enum { REPEATED_LENGTH = 12 };

static bool begins_within(const char *answer, const struct string_builder *encoded)
{
    char begin[REPEATED_LENGTH + 1];
    (void)snprintf(begin, sizeof begin, "%s", encoded->data);
    begin[strcspn(begin, "=")] = '\0'; /* padding may be left out */
    return strstr(answer, begin) != NULL;
}

bool smtp_login_is_repeated(const struct smtp_login *login, const char *answer)
{
    if (!login->password || !*login->password)
        return false;
    struct string_builder encoded;
    string_builder_init(&encoded, 8192);
    base64_append(&encoded, login->password, strlen(login->password));
    bool is_repeated = strstr(answer, login->password) || begins_within(answer, &encoded);
    if (login->user) {
        string_builder_clear(&encoded);
        append_plain(login, &encoded);
        is_repeated = is_repeated || begins_within(answer, &encoded);
    }
    string_builder_release(&encoded);
    return is_repeated;
}
