/* SPDX-License-Identifier: MIT */
#include "http/exchange.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "http/clients.h"
#include "http/thread.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    EVENTS = 64,
    ACCEPTED_AT_ONCE = 64,
    TICK_MS = 1000,
    TICKS_A_LIMIT = 4 /* how often a request's time is looked at */
};

struct server_thread {
    struct http_server *server;
    struct http_thread shared; /* with its exchanges */
    pthread_t thread;
    int poll;
    bool is_listening;
    struct http_exchange *newest; /* a ring: newest->previous is the oldest */
    struct http_exchange *dead;   /* freed behind the events that may still name them */
    int64_t ticked_ms;
};

struct http_server {
    struct http_server_settings settings;
    struct http_clients *clients;
    int listening;
    atomic_uint open;
    atomic_bool is_quiet;
    atomic_bool is_ending;
    unsigned thread_count;
    struct server_thread *threads;
};

/* ---- connections ---- */

static void link_newest(struct server_thread *thread, struct http_exchange *exchange)
{
    struct http_exchange *newest = thread->newest;
    exchange->next = newest ? newest : exchange;
    exchange->previous = newest ? newest->previous : exchange;
    exchange->next->previous = exchange;
    exchange->previous->next = exchange;
    thread->newest = exchange;
}

/* Takes the connection out of the ring at once; it is freed behind the events of this wait. */
static void retire(struct server_thread *thread, struct http_exchange *exchange)
{
    struct http_server *server = thread->server;
    (void)epoll_ctl(thread->poll, EPOLL_CTL_DEL, exchange->descriptor, NULL);
    exchange->next->previous = exchange->previous;
    exchange->previous->next = exchange->next;
    if (thread->newest == exchange)
        thread->newest = exchange->next == exchange ? NULL : exchange->next;
    if (exchange->is_limited)
        http_clients_give_back(server->clients, &exchange->client);
    (void)atomic_fetch_sub(&server->open, 1);
    exchange->state = EXCHANGE_DEAD;
    exchange->next = thread->dead;
    thread->dead = exchange;
}

static void free_dead(struct server_thread *thread)
{
    while (thread->dead) {
        struct http_exchange *exchange = thread->dead;
        thread->dead = exchange->next;
        exchange_free(exchange);
    }
}

/* Has epoll report what the exchange waits for now. */
static void watch(struct server_thread *thread, struct http_exchange *exchange)
{
    uint32_t wanted = exchange->state == EXCHANGE_ANSWER    ? EPOLLOUT
                      : exchange->state == EXCHANGE_WAITING ? 0
                                                            : EPOLLIN;
    if (exchange->state == EXCHANGE_DEAD) {
        retire(thread, exchange);
        return;
    }
    if (wanted == exchange->watched)
        return;
    struct epoll_event event = { .events = wanted, .data.ptr = exchange };
    int action = wanted == 0              ? EPOLL_CTL_DEL
                 : exchange->watched == 0 ? EPOLL_CTL_ADD
                                          : EPOLL_CTL_MOD;
    exchange->watched = wanted;
    if (epoll_ctl(thread->poll, action, exchange->descriptor, &event) != 0)
        retire(thread, exchange);
}

static bool is_of(const struct http_exchange *exchange, const struct http_client *client)
{
    return !client ||
           (exchange->is_limited && memcmp(&exchange->client, client, sizeof *client) == 0);
}

/* Closes the oldest idle connection, else the one whose request has been arriving for the longest
 * time, so that slow senders cannot use up all connections. client: only a connection of that
 * client. */
static bool evict(struct server_thread *thread, const struct http_client *client, int64_t now_ms)
{
    struct http_exchange *exchange = thread->newest ? thread->newest->previous : NULL;
    struct http_exchange *slowest = NULL;
    for (; exchange; exchange = exchange == thread->newest ? NULL : exchange->previous) {
        if (!is_of(exchange, client))
            continue;
        if (exchange_is_idle(exchange, now_ms)) {
            retire(thread, exchange);
            return true;
        }
        if (exchange_is_slow(exchange, now_ms) &&
            (!slowest || exchange->since_ms < slowest->since_ms))
            slowest = exchange;
    }
    if (slowest)
        retire(thread, slowest);
    return slowest != NULL;
}

/* Whether the new connection is within the client's limits and the server's. */
static bool is_admitted(struct server_thread *thread, const union http_address *peer,
                        struct http_client *client, bool *is_limited, int64_t now_ms)
{
    struct http_server *server = thread->server;
    const struct http_handler *handler = &server->settings.handler;
    *is_limited = handler->client && handler->client(handler->payload, &peer->any, client);
    if (*is_limited) {
        enum http_client_verdict verdict = http_clients_take(server->clients, client, now_ms);
        if (verdict == HTTP_CLIENT_FULL && evict(thread, client, now_ms))
            verdict = http_clients_take(server->clients, client, now_ms);
        if (verdict != HTTP_CLIENT_TAKEN)
            return false;
    }
    if (atomic_load(&server->open) < server->settings.connections || evict(thread, NULL, now_ms))
        return true;
    if (*is_limited)
        http_clients_give_back(server->clients, client);
    return false;
}

static void add_connection(struct server_thread *thread, int descriptor,
                           const union http_address *peer, int64_t now_ms)
{
    const int yes = 1;
    struct http_client client = { { 0 } };
    bool is_limited = false;
    if (!is_admitted(thread, peer, &client, &is_limited, now_ms)) {
        if (thread->server->settings.refused)
            (void)atomic_fetch_add(thread->server->settings.refused, 1);
        (void)close(descriptor);
        return;
    }
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct http_exchange *exchange = exchange_new(&thread->shared, descriptor, peer, now_ms);
    exchange->client = client;
    exchange->is_limited = is_limited;
    (void)atomic_fetch_add(&thread->server->open, 1);
    link_newest(thread, exchange);
    watch(thread, exchange);
}

/* ---- the socket that listens ---- */

static void listen_again(struct server_thread *thread)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = thread->server };
    if (!thread->is_listening && !atomic_load(&thread->server->is_quiet))
        thread->is_listening = epoll_ctl(thread->poll, EPOLL_CTL_ADD, thread->server->listening,
                                         &event) == 0;
}

static void listen_no_more(struct server_thread *thread)
{
    if (thread->is_listening)
        (void)epoll_ctl(thread->poll, EPOLL_CTL_DEL, thread->server->listening, NULL);
    thread->is_listening = false;
}

static void accept_some(struct server_thread *thread, int64_t now_ms)
{
    for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
        union http_address peer;
        socklen_t length = sizeof peer;
        memset(&peer, 0, sizeof peer);
        int descriptor = accept4(thread->server->listening, &peer.any, &length,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            add_connection(thread, descriptor, &peer, now_ms);
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED)
            continue;
        /* No descriptors are left: an idle connection is closed for it, or no more are accepted
         * until the next tick. */
        if ((errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) &&
            !evict(thread, NULL, now_ms))
            listen_no_more(thread);
        return;
    }
}

/* ---- the loop ---- */

static void take_resumed(struct server_thread *thread, int64_t now_ms)
{
    struct http_exchange *exchange = thread_take_resumed(&thread->shared);
    while (exchange) {
        struct http_exchange *next = exchange->resumed;
        exchange_resumed(exchange, now_ms);
        watch(thread, exchange);
        exchange = next;
    }
}

static void end_late(struct server_thread *thread, int64_t now_ms)
{
    struct http_exchange *exchange = thread->newest ? thread->newest->previous : NULL;
    while (exchange) {
        struct http_exchange *next = exchange == thread->newest ? NULL : exchange->previous;
        if (exchange_is_late(exchange, now_ms))
            retire(thread, exchange);
        exchange = next;
    }
}

static int tick_ms(const struct server_thread *thread)
{
    int64_t often = (int64_t)thread->server->settings.request_seconds * 1000 / TICKS_A_LIMIT;
    return (int)(often > 0 && often < TICK_MS ? often : TICK_MS);
}

static void handle(struct server_thread *thread, const struct epoll_event *event, int64_t now_ms)
{
    if (event->data.ptr == thread->server) {
        accept_some(thread, now_ms);
    } else if (event->data.ptr == thread) {
        take_resumed(thread, now_ms);
    } else {
        struct http_exchange *exchange = event->data.ptr;
        if (exchange->state == EXCHANGE_DEAD)
            return;
        if (exchange->watched == EPOLLOUT)
            exchange_writable(exchange, now_ms);
        else
            exchange_readable(exchange, now_ms);
        watch(thread, exchange);
    }
}

static void *run(void *payload)
{
    struct server_thread *thread = payload;
    struct http_server *server = thread->server;
    struct epoll_event events[EVENTS];
    while (!atomic_load(&server->is_ending)) {
        bool has_time = thread->newest ||
                        (!thread->is_listening && !atomic_load(&server->is_quiet));
        int count = epoll_wait(thread->poll, events, EVENTS, has_time ? tick_ms(thread) : -1);
        int64_t now_ms = clock_monotonic_now();
        for (int i = 0; i < count; i++)
            handle(thread, &events[i], now_ms);
        if (now_ms - thread->ticked_ms >= tick_ms(thread)) {
            thread->ticked_ms = now_ms;
            end_late(thread, now_ms);
            listen_again(thread);
        }
        if (atomic_load(&server->is_quiet))
            listen_no_more(thread);
        free_dead(thread);
    }
    return NULL;
}

/* ---- opening and closing ---- */

static bool open_thread(struct http_server *server, struct server_thread *thread,
                        struct error *error)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = thread };
    thread->server = server;
    thread->poll = epoll_create1(EPOLL_CLOEXEC);
    server->thread_count++;
    if (!thread_init(&thread->shared, &server->settings) || thread->poll < 0 ||
        epoll_ctl(thread->poll, EPOLL_CTL_ADD, thread->shared.wake, &event) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "serve: epoll");
    listen_again(thread);
    int code = pthread_create(&thread->thread, NULL, run, thread);
    return code == 0 || error_set_errno(error, ERROR_SYSTEM, code, "serve: start a thread");
}

static void end_threads(struct http_server *server, unsigned running)
{
    atomic_store(&server->is_ending, true);
    for (unsigned i = 0; i < running; i++)
        thread_wake(&server->threads[i].shared);
    for (unsigned i = 0; i < running; i++)
        (void)pthread_join(server->threads[i].thread, NULL);
    for (unsigned i = 0; i < server->thread_count; i++) {
        struct server_thread *thread = &server->threads[i];
        while (thread->newest)
            retire(thread, thread->newest);
        free_dead(thread);
        if (thread->poll >= 0)
            (void)close(thread->poll);
        thread_release(&thread->shared);
    }
    http_clients_free(server->clients);
    free(server->threads);
    free(server);
}

struct http_server *http_server_open(const struct http_server_settings *settings, int listening,
                                     struct error *error)
{
    struct http_server *server = memory_allocate(sizeof *server);
    struct server_thread *threads = memory_allocate_array(settings->threads, sizeof *threads);
    server->settings = *settings;
    server->listening = listening;
    server->threads = threads;
    server->clients = http_clients_new(&settings->client_limits, settings->seed);
    for (unsigned i = 0; i < settings->threads; i++) {
        if (open_thread(server, &threads[i], error))
            continue;
        end_threads(server, i);
        return NULL;
    }
    return server;
}

void http_server_quiesce(struct http_server *server)
{
    atomic_store(&server->is_quiet, true);
    for (unsigned i = 0; i < server->thread_count; i++)
        thread_wake(&server->threads[i].shared);
    (void)shutdown(server->listening, SHUT_RDWR);
}

void http_server_close(struct http_server *server)
{
    if (!server)
        return;
    int listening = server->listening;
    end_threads(server, server->thread_count);
    (void)close(listening);
}
