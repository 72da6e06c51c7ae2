/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "cli/context.h"
#include "config/config.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Numeric addresses only ("127.0.0.1:8080", "[::1]:8080"), so that no resolver is asked. */
static struct addrinfo *listen_address(struct arena *arena, const char *listen)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    const char *colon = strrchr(listen, ':');
    size_t brackets = *listen == '[';
    if (!colon || (size_t)(colon - listen) < 2 * brackets)
        return NULL;
    const char *host = arena_copy_bytes(arena, listen + brackets,
                                        (size_t)(colon - listen) - 2 * brackets);
    return getaddrinfo(host, colon + 1, &hints, &found) == 0 ? found : NULL;
}

static int connect_to(const struct addrinfo *address)
{
    const struct timeval patience = { .tv_sec = 5 };
    int descriptor = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0)
        return descriptor;
    (void)close(descriptor);
    return -1;
}

/* The first bytes of the answer to /healthz. */
static bool is_healthy(int descriptor)
{
    static const char request[] = "GET /healthz HTTP/1.0\r\n\r\n";
    char answer[64] = "";
    if (send(descriptor, request, sizeof request - 1, MSG_NOSIGNAL) < 0)
        return false;
    ssize_t length = recv(descriptor, answer, sizeof answer - 1, MSG_WAITALL);
    return length > 12 && strncmp(answer, "HTTP/1.", 7) == 0 && strncmp(answer + 8, " 200", 4) == 0;
}

void doctor_serve(struct doctor *doctor)
{
    const struct config *config = doctor->context->config;
    const char *listen = config->serve.listen;
    if (!config->newsroom.endpoint) {
        doctor_report(doctor, DOCTOR_SKIPPED, "serve.listen", "not wanted: site.endpoint is none");
        return;
    }
    struct addrinfo *address = listen_address(doctor->context->arena, listen);
    int descriptor = address ? connect_to(address) : -1;
    if (descriptor < 0)
        doctor_report(doctor, DOCTOR_WARNING, "serve.listen",
                      "nobody answers at %s, so links in mails lead nowhere" ERROR_ADVICE
                      "start `pressroom serve`, "
                      "or write site.endpoint: none",
                      listen);
    else if (!is_healthy(descriptor))
        doctor_report(doctor, DOCTOR_PROBLEM, "serve.listen",
                      "what answers at %s is not a healthy pressroom" ERROR_ADVICE
                      "find out what runs there",
                      listen);
    else
        doctor_report(doctor, DOCTOR_GOOD, "serve.listen", "%s answers and is well", listen);
    if (descriptor >= 0)
        (void)close(descriptor);
    if (address)
        freeaddrinfo(address);
}
