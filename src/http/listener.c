/* SPDX-License-Identifier: MIT */
#include "http/listener.h"

#include "base/error.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_SIZE = 256, BACKLOG = 511 };

/* Takes "HOST:PORT" apart; "" for every address. */
static bool split(const char *address, char host[HOST_SIZE], const char **port)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon[1] == '\0' || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    size_t length = (size_t)(colon - address);
    bool is_bracketed = length >= 2 && address[0] == '[' && colon[-1] == ']';
    address += is_bracketed;
    length -= is_bracketed ? 2 : 0;
    if (length >= HOST_SIZE || (!is_bracketed && memchr(address, ':', length)))
        return false;
    memcpy(host, address, length);
    host[length] = '\0';
    *port = colon + 1;
    return true;
}

static int listen_at(const struct addrinfo *address)
{
    const int yes = 1;
    const int no = 0;
    int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -1;
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->ai_family == AF_INET6)
        (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(descriptor, address->ai_addr, address->ai_addrlen) == 0 &&
        listen(descriptor, BACKLOG) == 0)
        return descriptor;
    int saved = errno;
    (void)close(descriptor);
    errno = saved;
    return -1;
}

int listener_open(const char *address, const char *key, struct error *error)
{
    char host[HOST_SIZE];
    const char *port = NULL;
    struct addrinfo *found = NULL;
    int descriptor = -1;
    const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM };
    if (!split(address, host, &port)) {
        (void)error_set(error, ERROR_USAGE,
                        "%s: \"%.80s\" is no address and port" ERROR_ADVICE
                        "write 127.0.0.1:8080 or [::1]:8080",
                        key, address);
        return -1;
    }
    int code = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (code != 0) {
        (void)error_set(error, ERROR_USAGE, "%s: %.80s: %s", key, address, gai_strerror(code));
        return -1;
    }
    /* Without a host, the IPv6 socket takes IPv4 as well; where there is no IPv6, the other does.
     */
    for (int family = AF_INET6; descriptor < 0; family = AF_INET) {
        for (struct addrinfo *item = found; item && descriptor < 0; item = item->ai_next)
            if (item->ai_family == family || *host)
                descriptor = listen_at(item);
        if (family == AF_INET)
            break;
    }
    if (descriptor < 0)
        (void)error_set_errno(error, ERROR_USAGE, errno,
                              "%s: cannot listen at %.80s; stop what listens there, or choose "
                              "another address",
                              key, address);
    freeaddrinfo(found);
    return descriptor;
}

unsigned listener_port(int socket_descriptor)
{
    struct sockaddr_storage address = { 0 };
    socklen_t length = sizeof address;
    if (getsockname(socket_descriptor, (struct sockaddr *)&address, &length) != 0)
        return 0;
    if (address.ss_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, &address, sizeof ipv6);
        return ntohs(ipv6.sin6_port);
    }
    struct sockaddr_in ipv4;
    memcpy(&ipv4, &address, sizeof ipv4);
    return ntohs(ipv4.sin_port);
}
