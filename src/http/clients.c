/* SPDX-License-Identifier: MIT */
#include "http/clients.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 2048, WAYS = 8, SECOND_US = 1000 * 1000 };

/* paid_us is the theoretical arrival time of the generic cell rate algorithm (ITU-T I.371): when
 * all connections taken so far would have come at the allowed rate. */
struct slot {
    struct http_client client;
    int64_t paid_us;
    unsigned open;
};

struct http_clients {
    pthread_mutex_t mutex;
    unsigned open;
    int64_t each_us;
    int64_t credit_us;
    uint64_t seed;
    struct slot slots[SETS][WAYS];
};

struct http_clients *http_clients_new(const struct http_client_limits *limits, uint64_t seed)
{
    struct http_clients *clients = memory_allocate(sizeof *clients);
    if (pthread_mutex_init(&clients->mutex, NULL) != 0)
        memory_failed(sizeof clients->mutex);
    clients->open = limits->open;
    clients->each_us = SECOND_US / (limits->per_second ? limits->per_second : 1);
    clients->credit_us = clients->each_us * limits->burst;
    clients->seed = seed;
    return clients;
}

void http_clients_free(struct http_clients *clients)
{
    if (!clients)
        return;
    (void)pthread_mutex_destroy(&clients->mutex);
    free(clients);
}

static size_t set_of(const struct http_clients *clients, const struct http_client *client)
{
    uint64_t mixed = clients->seed;
    for (size_t i = 0; i < sizeof client->bytes; i++) {
        mixed = (mixed ^ client->bytes[i]) * 0x9e3779b97f4a7c15ULL;
        mixed ^= mixed >> 29;
    }
    return (size_t)(mixed % SETS);
}

/* The client's slot, else with is_new the one that is missed least; NULL: there is none, or all
 * hold open connections. */
static struct slot *slot_of(struct http_clients *clients, const struct http_client *client,
                            bool is_new)
{
    struct slot *ways = clients->slots[set_of(clients, client)];
    struct slot *least = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        bool is_used = ways[i].open || ways[i].paid_us;
        if (is_used && memcmp(&ways[i].client, client, sizeof *client) == 0)
            return &ways[i];
        if (!ways[i].open && (!least || ways[i].paid_us < least->paid_us))
            least = &ways[i];
    }
    if (is_new && least)
        *least = (struct slot){ .client = *client };
    return is_new ? least : NULL;
}

static enum http_client_verdict take(struct http_clients *clients, struct slot *slot,
                                     int64_t now_us)
{
    if (slot->paid_us + clients->each_us - now_us > clients->credit_us)
        return HTTP_CLIENT_FAST;
    if (slot->open >= clients->open)
        return HTTP_CLIENT_FULL;
    slot->paid_us = (slot->paid_us > now_us ? slot->paid_us : now_us) + clients->each_us;
    slot->open++;
    return HTTP_CLIENT_TAKEN;
}

enum http_client_verdict http_clients_take(struct http_clients *clients,
                                           const struct http_client *client, int64_t now_ms)
{
    (void)pthread_mutex_lock(&clients->mutex);
    struct slot *slot = slot_of(clients, client, true);
    enum http_client_verdict verdict = slot ? take(clients, slot, now_ms * 1000) : HTTP_CLIENT_FAST;
    (void)pthread_mutex_unlock(&clients->mutex);
    return verdict;
}

void http_clients_give_back(struct http_clients *clients, const struct http_client *client)
{
    (void)pthread_mutex_lock(&clients->mutex);
    struct slot *slot = slot_of(clients, client, false);
    if (slot && slot->open)
        slot->open--;
    (void)pthread_mutex_unlock(&clients->mutex);
}
