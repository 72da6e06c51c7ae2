/* SPDX-License-Identifier: MIT */
/* A long way to a relay that is near: passes bytes on to another port of 127.0.0.1, each after half
 * the round trip, in both directions. What is under way is bounded by memory alone.
 *
 *   round_trip MS PORT
 *
 * Prints the port to connect to; ends on SIGTERM. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK_SIZE = 65536, EVENTS = 64 };

struct end;

/* Bytes on their way to an end; length 0: the other one has closed. */
struct chunk {
    struct chunk *next;
    struct end *to;
    int64_t due_ns;
    size_t length;
    char bytes[];
};

struct end {
    int descriptor;
    bool is_closed;
    struct end *other;
};

static int poll_descriptor;
static struct chunk *first; /* in the order of their times, for all take equally long */
static struct chunk *last;

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void add_end(struct end *end)
{
    int on = 1;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = end };
    (void)setsockopt(end->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, end->descriptor, &event);
}

static void take_connection(int listener, const struct sockaddr_in *relay)
{
    struct end *ends = calloc(2, sizeof *ends); /* as many as a measurement has: never freed */
    if (!ends)
        abort();
    ends[0] = (struct end){ .descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC),
                            .other = &ends[1] };
    ends[1] = (struct end){ .descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                            .other = &ends[0] };
    if (ends[0].descriptor < 0 ||
        connect(ends[1].descriptor, (const struct sockaddr *)relay, sizeof *relay) != 0) {
        (void)close(ends[0].descriptor);
        (void)close(ends[1].descriptor);
        return;
    }
    add_end(&ends[0]);
    add_end(&ends[1]);
}

static void read_end(struct end *end, int64_t delay_ns)
{
    static char bytes[CHUNK_SIZE];
    ssize_t got = recv(end->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return;
    size_t length = got > 0 ? (size_t)got : 0;
    struct chunk *chunk = malloc(sizeof *chunk + length);
    if (!chunk)
        abort();
    *chunk = (struct chunk){ .to = end->other, .due_ns = now_ns() + delay_ns, .length = length };
    memcpy(chunk->bytes, bytes, length);
    if (last)
        last->next = chunk;
    else
        first = chunk;
    last = chunk;
    if (length == 0)
        (void)epoll_ctl(poll_descriptor, EPOLL_CTL_DEL, end->descriptor, NULL);
}

static void write_due(void)
{
    int64_t now = now_ns();
    while (first && first->due_ns <= now) {
        struct chunk *chunk = first;
        first = chunk->next;
        if (!first)
            last = NULL;
        struct end *to = chunk->to;
        for (size_t at = 0; at < chunk->length && !to->is_closed;) {
            ssize_t sent = send(to->descriptor, chunk->bytes + at, chunk->length - at,
                                MSG_NOSIGNAL);
            if (sent <= 0)
                to->is_closed = true;
            else
                at += (size_t)sent;
        }
        if (chunk->length == 0) {
            to->is_closed = true;
            (void)shutdown(to->descriptor, SHUT_WR);
        }
        free(chunk);
    }
}

static void run(int listener, const struct sockaddr_in *relay, int64_t delay_ns)
{
    struct epoll_event events[EVENTS];
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    (void)epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct timespec wait = { .tv_sec = 1 };
        if (first) {
            int64_t left = first->due_ns - now_ns();
            wait = (struct timespec){ .tv_nsec = left > 0 ? left : 0 };
        }
        int count = epoll_pwait2(poll_descriptor, events, EVENTS, &wait, NULL);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr)
                read_end(events[i].data.ptr, delay_ns);
            else
                take_connection(listener, relay);
        }
        write_due();
    }
}

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    struct sockaddr_in here = { .sin_family = AF_INET };
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct sockaddr_in relay = here;
    relay.sin_port = htons((uint16_t)strtol(arguments[2], NULL, 10));
    socklen_t length = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&here, length) != 0 || listen(listener, 400) != 0 ||
        getsockname(listener, (struct sockaddr *)&here, &length) != 0)
        return 1;
    poll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    (void)printf("%d\n", ntohs(here.sin_port));
    (void)fflush(stdout);
    run(listener, &relay, strtol(arguments[1], NULL, 10) * INT64_C(500000));
    return 0;
}
