/* SPDX-License-Identifier: MIT */
#include "address/group.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A domain that ends in ".*" stands for that name in every country: "live.dk", "live.co.uk". A host
 * stands for all below it. */
struct provider {
    const char *group;
    const char *const *domains;
    const char *const *hosts;
};

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static const struct provider providers[] = {
    { "outlook.com",
      LIST("outlook.*", "hotmail.*", "live.*", "msn.com", "windowslive.com", "passport.com"),
      LIST("protection.outlook.com", "prod.outlook.com", "mx.microsoft", "hotmail.com") },
    { "gmail.com", LIST("gmail.com", "googlemail.com", "google.com"),
      LIST("google.com", "googlemail.com") },
    { "yahoo.com",
      LIST("yahoo.*", "ymail.com", "rocketmail.com", "aol.*", "aim.com", "verizon.net",
           "myyahoo.com", "netscape.net"),
      LIST("yahoodns.net", "yahoo.com", "aol.com") },
    { "icloud.com", LIST("icloud.com", "me.com", "mac.com"),
      LIST("mail.icloud.com", "icloud.com", "apple.com") },
    { "gmx.net", LIST("gmx.*", "web.de", "mail.com", "email.com", "caramail.com"),
      LIST("gmx.net", "gmx.com", "web.de", "kundenserver.de", "mail.com") },
    { "t-online.de", LIST("t-online.de", "magenta.de"), LIST("t-online.de") },
    { "proton.me", LIST("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
      LIST("protonmail.ch", "proton.me") },
    { "fastmail.com", LIST("fastmail.com", "fastmail.fm", "messagingengine.com"),
      LIST("messagingengine.com") },
    { "zoho.com", LIST("zoho.com", "zohomail.com", "zoho.eu", "zohomail.eu"),
      LIST("zoho.com", "zoho.eu") },
    { "yandex.ru", LIST("yandex.*", "ya.ru"), LIST("yandex.ru", "yandex.net") },
    { "mail.ru", LIST("mail.ru", "bk.ru", "inbox.ru", "list.ru"), LIST("mail.ru") },
    { "orange.fr", LIST("orange.fr", "wanadoo.fr"), LIST("orange.fr", "wanadoo.fr") },
    { "free.fr", LIST("free.fr"), LIST("free.fr") },
    { "libero.it", LIST("libero.it", "inwind.it", "iol.it", "virgilio.it"), LIST("libero.it") },
    { "comcast.net", LIST("comcast.net", "xfinity.com"), LIST("comcast.net") },
    { "qq.com", LIST("qq.com", "foxmail.com"), LIST("qq.com") },
    { "163.com", LIST("163.com", "126.com", "yeah.net"), LIST("163.com", "netease.com") },
    { "seznam.cz", LIST("seznam.cz", "email.cz", "post.cz"), LIST("seznam.cz") },
    { "telia.com", LIST("telia.com"), LIST("telia.com", "telia.net") },
};

/* "dk", "com", "co.uk", "com.au": what may stand behind a name that every country has. */
static bool is_country_end(const char *rest)
{
    size_t first = strcspn(rest, ".");
    if (!rest[first])
        return first == 2 || first == 3;
    bool is_second_level = (first == 2 && strncmp(rest, "co", 2) == 0) ||
                           (first == 3 && strncmp(rest, "com", 3) == 0);
    return is_second_level && strlen(rest + first + 1) == 2;
}

static bool is_domain(const char *domain, const char *pattern)
{
    size_t length = strlen(pattern);
    if (length > 2 && pattern[length - 1] == '*')
        return strncmp(domain, pattern, length - 1) == 0 && is_country_end(domain + length - 1);
    return strcmp(domain, pattern) == 0;
}

static bool is_below(const char *host, const char *suffix)
{
    size_t length = strlen(host);
    size_t end = strlen(suffix);
    return length >= end && strcmp(host + length - end, suffix) == 0 &&
           (length == end || host[length - end - 1] == '.');
}

static void copy_lower(const char *text, char lower[ADDRESS_GROUP_SIZE])
{
    size_t used = 0;
    for (; *text && used + 1 < ADDRESS_GROUP_SIZE; text++)
        lower[used++] = (char)tolower((unsigned char)*text);
    while (used && lower[used - 1] == '.')
        used--;
    lower[used] = '\0';
}

void address_group(const char *address, char group[ADDRESS_GROUP_SIZE])
{
    const char *at = strrchr(address, '@');
    copy_lower(at ? at + 1 : address, group);
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        for (const char *const *domain = providers[i].domains; *domain; domain++) {
            if (is_domain(group, *domain)) {
                (void)snprintf(group, ADDRESS_GROUP_SIZE, "%s", providers[i].group);
                return;
            }
        }
    }
}

const char *address_group_of_host(const char *host)
{
    char lower[ADDRESS_GROUP_SIZE];
    copy_lower(host, lower);
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        for (const char *const *suffix = providers[i].hosts; *suffix; suffix++) {
            if (is_below(lower, *suffix))
                return providers[i].group;
        }
    }
    return NULL;
}

/* ---- what is kept of a server's words ---- */

static bool is_local_part(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || (c && strchr(".!#$%&'*+-/=?^_`{|}~\"", c));
}

void address_redact(const char *text, char *redacted, size_t size)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t used = 0;
    size_t start = 0; /* of what may turn out to be a local part */
    for (; *text && used + sizeof ellipsis + 1 < size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '@' && used > start) {
            memcpy(redacted + start, ellipsis, sizeof ellipsis - 1);
            used = start + sizeof ellipsis - 1;
        }
        redacted[used++] = (char)c;
        if (!is_local_part(c))
            start = used;
    }
    redacted[used] = *text; /* by what would come next utf8_fit() sees whether a character is cut */
    redacted[utf8_fit(redacted, used)] = '\0';
}
