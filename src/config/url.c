/* SPDX-License-Identifier: MIT */
#include "config/url.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool port_is_valid(const char *port)
{
    size_t length = strlen(port);
    if (length == 0 || length > 5 || strspn(port, "0123456789") != length)
        return false;
    long number = strtol(port, NULL, 10);
    return number >= 1 && number <= 65535;
}

bool config_network_is_valid(const char *string)
{
    unsigned char bytes[16];
    char address[64];
    const char *slash = strchr(string, '/');
    size_t length = slash ? (size_t)(slash - string) : strlen(string);
    if (length >= sizeof address)
        return false;
    memcpy(address, string, length);
    address[length] = '\0';
    bool is_v4 = inet_pton(AF_INET, address, bytes) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address, bytes) != 1)
        return false;
    if (!slash)
        return true;
    size_t digits = strspn(slash + 1, "0123456789");
    return digits > 0 && digits <= 3 && slash[1 + digits] == '\0' &&
           strtol(slash + 1, NULL, 10) <= (is_v4 ? 32 : 128);
}

/* [::1] or 127.0.0.1 */
static bool host_is_ip(const char *host, bool *is_loopback)
{
    unsigned char bytes[16];
    char inner[64];
    size_t length = strlen(host);
    *is_loopback = false;
    if (inet_pton(AF_INET, host, bytes) == 1) {
        *is_loopback = bytes[0] == 127;
        return true;
    }
    if (length < 4 || length >= sizeof inner || host[0] != '[' || host[length - 1] != ']')
        return false;
    memcpy(inner, host + 1, length - 2);
    inner[length - 2] = '\0';
    if (inet_pton(AF_INET6, inner, bytes) != 1)
        return false;
    static const unsigned char loopback[16] = { [15] = 1 };
    *is_loopback = memcmp(bytes, loopback, sizeof loopback) == 0;
    return true;
}

/* Letters and digits, and what else RFC 3986 allows in a path. */
static bool path_is_valid(const char *path)
{
    for (const char *c = path; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-._~!$&'()*+,;=:@/%", *c))
            return false;
    return true;
}

static bool host_parse(struct arena *arena, char *authority, struct config_url *url,
                       struct error *error)
{
    char *at = strrchr(authority, '@');
    if (at) {
        *at = '\0';
        url->user = authority;
        authority = at + 1;
        if (strchr(url->user, ':'))
            return error_set(error, ERROR_USAGE,
                             "holds a password" ERROR_ADVICE "put that into a file of its own");
    }
    char *bracket = strchr(authority, ']');
    char *colon = strrchr(bracket ? bracket : authority, ':');
    if (colon) {
        *colon = '\0';
        url->port = colon + 1;
        if (!port_is_valid(url->port))
            return error_set(error, ERROR_USAGE, "has a port that is no number from 1 to 65535");
    }
    url->is_address = host_is_ip(authority, &url->is_loopback);
    if (url->is_address) {
        url->host = authority;
        return true;
    }
    if (strcasecmp(authority, "localhost") == 0) {
        url->host = "localhost";
        url->is_loopback = true;
        return true;
    }
    struct error reason;
    url->host = address_domain_ascii(arena, authority, &reason);
    if (!url->host)
        return error_set(error, ERROR_USAGE,
                         "has a host name that cannot be used, “%s”" ERROR_ADVICE "write one like "
                         "presse.nordhav.example",
                         authority);
    return true;
}

/* "https:/host" and "https//host" are nearly right: what lacks is said, not that https is wanted.
 */
static bool no_scheme(const char *string, const char *beginnings, struct error *error)
{
    static const char *const schemes[] = {
        "https", "http", "smtps", "smtp", "imaps", "pop3s", NULL
    };
    for (const char *const *scheme = schemes; *scheme; scheme++) {
        size_t length = strlen(*scheme);
        if (strncasecmp(string, *scheme, length) == 0 && strchr(":/", string[length]))
            return error_set(error, ERROR_USAGE,
                             "lacks the “://” behind “%s”" ERROR_ADVICE "write %s://… instead",
                             *scheme, *scheme);
    }
    return error_set(error, ERROR_USAGE, "must begin with %s", beginnings);
}

bool config_url_parse(struct arena *arena, const char *string, const char *beginnings,
                      struct config_url *url, struct error *error)
{
    *url = (struct config_url){ .path = "" };
    const char *separator = strstr(string, "://");
    if (!separator || separator == string)
        return no_scheme(string, beginnings, error);
    char *scheme = arena_copy_bytes(arena, string, (size_t)(separator - string));
    for (char *c = scheme; *c; c++) {
        if (!isalnum((unsigned char)*c))
            return no_scheme(string, beginnings, error);
        *c = (char)tolower((unsigned char)*c);
    }
    url->scheme = scheme;
    const char *rest = separator + 3;
    size_t length = strcspn(rest, "/?#");
    url->path = arena_copy(arena, rest + length);
    if (strpbrk(url->path, "?#"))
        return error_set(error, ERROR_USAGE,
                         "has a “?” or “#”" ERROR_ADVICE "leave out what begins there");
    if (!path_is_valid(url->path))
        return error_set(error, ERROR_USAGE,
                         "has a character that an address cannot hold" ERROR_ADVICE
                         "write it as %%XX");
    if (length == 0)
        return error_set(error, ERROR_USAGE,
                         "has no host name" ERROR_ADVICE "write one behind %s://", scheme);
    return host_parse(arena, arena_copy_bytes(arena, rest, length), url, error);
}

bool config_web_url_parse(struct arena *arena, const char *string, struct config_url *url,
                          struct error *error)
{
    static const char beginnings[] = "https://, like https://presse.nordhav.example/";
    if (!config_url_parse(arena, string, beginnings, url, error))
        return false;
    if (strcmp(url->scheme, "https") != 0 && strcmp(url->scheme, "http") != 0)
        return error_set(error, ERROR_USAGE, "must begin with %s", beginnings);
    return !url->user ||
           error_set(error, ERROR_USAGE,
                     "holds a user name before its “@”" ERROR_ADVICE "leave out both");
}

const char *config_url_write(struct arena *arena, const struct config_url *url)
{
    return arena_format(arena, "%s://%s%s%s%s%s%s", url->scheme, url->user ? url->user : "",
                        url->user ? "@" : "", url->host, url->port ? ":" : "",
                        url->port ? url->port : "", url->path);
}

bool config_listen_is_valid(const char *string)
{
    char host[64];
    bool is_loopback;
    const char *colon = strrchr(string, ':');
    size_t length = colon ? (size_t)(colon - string) : 0;
    if (length == 0 || length >= sizeof host || !port_is_valid(colon + 1))
        return false;
    memcpy(host, string, length);
    host[length] = '\0';
    return host_is_ip(host, &is_loopback) || strcmp(host, "localhost") == 0;
}
