/* SPDX-License-Identifier: MIT */
#include "endpoint/peers.h"

#include "endpoint/monotonic.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { LOOK_EVERY_MS = 5000, LOOKS_A_LIMIT = 4 };

struct peer {
    int descriptor;
    atomic_llong since_ms; /* when the request began to come; 0: it is being answered */
    struct peer *next;
    struct peer **link;
};

struct peers {
    int64_t limit_ms;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_closing;
    struct peer *first;
};

/* Shut down, not closed: libmicrohttpd sees the end and closes. */
static void end_slow(struct peers *peers)
{
    int64_t now_ms = monotonic_ms();
    for (struct peer *peer = peers->first; peer; peer = peer->next) {
        int64_t since_ms = atomic_load_explicit(&peer->since_ms, memory_order_relaxed);
        if (since_ms && now_ms - since_ms > peers->limit_ms)
            (void)shutdown(peer->descriptor, SHUT_RDWR);
    }
}

static void *run(void *payload)
{
    struct peers *peers = payload;
    (void)pthread_mutex_lock(&peers->mutex);
    while (!peers->is_closing) {
        int64_t often_ms = peers->limit_ms / LOOKS_A_LIMIT;
        int64_t next_ms = monotonic_ms() + (often_ms < LOOK_EVERY_MS ? often_ms : LOOK_EVERY_MS);
        const struct timespec until = { .tv_sec = next_ms / 1000,
                                        .tv_nsec = next_ms % 1000 * 1000000 };
        (void)pthread_cond_timedwait(&peers->wake, &peers->mutex, &until);
        end_slow(peers);
    }
    (void)pthread_mutex_unlock(&peers->mutex);
    return NULL;
}

struct peers *peers_open(int64_t limit_ms)
{
    pthread_condattr_t attributes;
    struct peers *peers = calloc(1, sizeof *peers);
    if (!peers)
        abort();
    peers->limit_ms = limit_ms;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&peers->mutex, NULL);
    (void)pthread_cond_init(&peers->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    if (pthread_create(&peers->thread, NULL, run, peers) != 0)
        abort();
    return peers;
}

void peers_close(struct peers *peers)
{
    if (!peers)
        return;
    (void)pthread_mutex_lock(&peers->mutex);
    peers->is_closing = true;
    (void)pthread_cond_signal(&peers->wake);
    (void)pthread_mutex_unlock(&peers->mutex);
    (void)pthread_join(peers->thread, NULL);
    (void)pthread_cond_destroy(&peers->wake);
    (void)pthread_mutex_destroy(&peers->mutex);
    free(peers);
}

static struct peer *add(struct peers *peers, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct peer *peer = info ? calloc(1, sizeof *peer) : NULL;
    if (!peer)
        return NULL;
    peer->descriptor = info->connect_fd;
    atomic_store(&peer->since_ms, monotonic_ms());
    (void)pthread_mutex_lock(&peers->mutex);
    peer->next = peers->first;
    peer->link = &peers->first;
    if (peer->next)
        peer->next->link = &peer->next;
    peers->first = peer;
    (void)pthread_mutex_unlock(&peers->mutex);
    return peer;
}

static void drop(struct peers *peers, struct peer *peer)
{
    (void)pthread_mutex_lock(&peers->mutex);
    *peer->link = peer->next;
    if (peer->next)
        peer->next->link = peer->link;
    (void)pthread_mutex_unlock(&peers->mutex);
    free(peer);
}

void peers_notify(void *payload, struct MHD_Connection *connection, void **socket_context,
                  enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = add(payload, connection);
    } else if (*socket_context) {
        drop(payload, *socket_context);
        *socket_context = NULL;
    }
}

static void set_since(struct MHD_Connection *connection, int64_t since_ms)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct peer *peer = info ? info->socket_context : NULL;
    if (peer)
        atomic_store_explicit(&peer->since_ms, since_ms, memory_order_relaxed);
}

void peers_arrived(struct MHD_Connection *connection)
{
    set_since(connection, 0);
}

void peers_answered(struct MHD_Connection *connection)
{
    set_since(connection, monotonic_ms());
}
