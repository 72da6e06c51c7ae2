/* SPDX-License-Identifier: MIT */
#include "net/smtp.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_SECONDS = 3, LABEL_MAXIMUM = 63 };

/* ---- what a name is ---- */

static bool is_literal(const char *name)
{
    static const char tag[] = "IPv6:";
    char address[INET6_ADDRSTRLEN] = "";
    struct in6_addr bytes;
    size_t length = strlen(name);
    if (length < 2 || name[0] != '[' || name[length - 1] != ']')
        return false;
    bool is_new = strncasecmp(name + 1, tag, sizeof tag - 1) == 0;
    size_t from = is_new ? sizeof tag : 1;
    if (from >= length || length - 1 - from >= sizeof address)
        return false;
    memcpy(address, name + from, length - 1 - from);
    return inet_pton(is_new ? AF_INET6 : AF_INET, address, &bytes) == 1;
}

static bool is_domain(const char *name)
{
    size_t label = 0;
    for (const char *c = name; *c; c++) {
        bool is_hyphen = *c == '-';
        if (*c == '.') {
            if (!label || c[-1] == '-' || !c[1])
                return false;
            label = 0;
        } else if ((!isalnum((unsigned char)*c) && !is_hyphen) || (is_hyphen && !label) ||
                   ++label > LABEL_MAXIMUM) {
            return false;
        }
    }
    return label && name[strlen(name) - 1] != '-';
}

bool smtp_helo_is_valid(const char *name)
{
    return strlen(name) < SMTP_HELO_SIZE && (is_literal(name) || is_domain(name));
}

bool smtp_helo_is_full(const char *name)
{
    static const char *const everybodys[] = { ".localdomain", ".local", ".localhost" };
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof everybodys / sizeof everybodys[0]; i++) {
        size_t end = strlen(everybodys[i]);
        if (length >= end && strcasecmp(name + length - end, everybodys[i]) == 0)
            return false;
    }
    return is_literal(name) || (is_domain(name) && strchr(name, '.'));
}

/* ---- this host's ---- */

/* getaddrinfo() cannot be interrupted and may wait long for name servers, so it runs in a thread of
 * its own that is left behind after the time limit. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t known;
    bool is_asked;
    bool is_over; /* answered, or not waited for any more */
    char host[SMTP_HELO_SIZE];
    char name[SMTP_HELO_SIZE]; /* "" where it has no full one */
} host = { .lock = PTHREAD_MUTEX_INITIALIZER, .known = PTHREAD_COND_INITIALIZER };

static void *resolve(void *payload)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_CANONNAME };
    struct addrinfo *found = NULL;
    (void)payload;
    bool is_known = getaddrinfo(host.host, NULL, &hints, &found) == 0 && found &&
                    found->ai_canonname && smtp_helo_is_valid(found->ai_canonname) &&
                    smtp_helo_is_full(found->ai_canonname);
    (void)pthread_mutex_lock(&host.lock);
    if (is_known && !host.is_over)
        (void)snprintf(host.name, sizeof host.name, "%s", found->ai_canonname);
    host.is_over = true;
    (void)pthread_cond_broadcast(&host.known);
    (void)pthread_mutex_unlock(&host.lock);
    if (found)
        freeaddrinfo(found);
    return NULL;
}

/* The lock is held. */
static void ask(void)
{
    pthread_t thread;
    host.is_asked = true;
    host.is_over = true;
    if (gethostname(host.host, sizeof host.host) != 0)
        return;
    host.host[sizeof host.host - 1] = '\0';
    if (smtp_helo_is_valid(host.host) && smtp_helo_is_full(host.host)) {
        memcpy(host.name, host.host, sizeof host.name);
        return;
    }
    host.is_over = false;
    if (pthread_create(&thread, NULL, resolve, NULL) == 0)
        (void)pthread_detach(thread);
    else
        host.is_over = true;
}

/* The local address of the default route: connecting a datagram socket looks it up without sending
 * anything. */
static bool outside_address(const char *there, int family, char literal[SMTP_HELO_SIZE])
{
    struct sockaddr_storage address = { 0 };
    struct sockaddr_in *old = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *new = (struct sockaddr_in6 *)&address;
    socklen_t length = family == AF_INET ? sizeof *old : sizeof *new;
    void *bytes = family == AF_INET ? (void *)&old->sin_addr : (void *)&new->sin6_addr;
    char text[INET6_ADDRSTRLEN];
    address.ss_family = (sa_family_t)family;
    old->sin_port = htons(9); /* the same place in both */
    (void)inet_pton(family, there, bytes);
    int socket_number = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_found = socket_number >= 0 &&
                    connect(socket_number, (struct sockaddr *)&address, length) == 0 &&
                    getsockname(socket_number, (struct sockaddr *)&address, &length) == 0 &&
                    inet_ntop(family, bytes, text, sizeof text);
    if (is_found)
        (void)snprintf(literal, SMTP_HELO_SIZE, family == AF_INET ? "[%s]" : "[IPv6:%s]", text);
    if (socket_number >= 0)
        (void)close(socket_number);
    return is_found;
}

void smtp_helo_default(char name[SMTP_HELO_SIZE])
{
    struct timespec end;
    (void)clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_SECONDS;
    (void)pthread_mutex_lock(&host.lock);
    if (!host.is_asked)
        ask();
    while (!host.is_over && pthread_cond_timedwait(&host.known, &host.lock, &end) == 0)
        ;
    host.is_over = true;
    (void)snprintf(name, SMTP_HELO_SIZE, "%s", host.name);
    (void)pthread_mutex_unlock(&host.lock);
    /* The targets are documentation addresses (RFC 5737, RFC 3849), which take the default route
     * and belong to nobody. */
    if (!*name && !outside_address("192.0.2.1", AF_INET, name) &&
        !outside_address("2001:db8::1", AF_INET6, name))
        (void)snprintf(name, SMTP_HELO_SIZE, "[127.0.0.1]");
}
