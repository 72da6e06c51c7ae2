/* SPDX-License-Identifier: MIT */
#include "endpoint/rate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_SETS = 8192, RATE_WAYS = 4 };

/* One counter (the generic cell rate algorithm of ITU-T I.371): the instant by which all that was
 * taken will have been paid back. It costs one number a network. */
struct rate_slot {
    struct network_address network;
    int64_t paid_us; /* 0: free */
};

/* In thousandths of a millisecond, so that high rates are exact enough. */
struct rate_price {
    int64_t each_us;
    int64_t credit_us;
};

struct rate {
    pthread_mutex_t mutex;
    struct rate_price network;
    struct rate_price all;
    int64_t all_paid_us;
    uint64_t seed;
    struct rate_slot slots[RATE_SETS][RATE_WAYS];
};

static struct rate_price price(const struct rate_limit *limit)
{
    int64_t each = INT64_C(3600000000) / (limit->per_hour ? limit->per_hour : 1);
    return (struct rate_price){ .each_us = each, .credit_us = each * limit->burst };
}

struct rate *rate_new(const struct rate_limit *network, const struct rate_limit *all, uint64_t seed)
{
    struct rate *rate = calloc(1, sizeof *rate);
    if (!rate || pthread_mutex_init(&rate->mutex, NULL) != 0)
        abort();
    rate->network = price(network);
    rate->all = price(all);
    rate->seed = seed;
    return rate;
}

void rate_free(struct rate *rate)
{
    if (!rate)
        return;
    (void)pthread_mutex_destroy(&rate->mutex);
    free(rate);
}

static size_t set_of(const struct rate *rate, const struct network_address *network)
{
    uint64_t mixed = rate->seed;
    for (size_t i = 0; i < sizeof network->bytes; i++) {
        mixed = (mixed ^ network->bytes[i]) * 0x9e3779b97f4a7c15ULL;
        mixed ^= mixed >> 29;
    }
    return (size_t)(mixed % RATE_SETS);
}

static struct rate_slot *slot_of(struct rate *rate, const struct network_address *network)
{
    struct rate_slot *ways = rate->slots[set_of(rate, network)];
    struct rate_slot *least = &ways[0];
    for (size_t i = 0; i < RATE_WAYS; i++) {
        if (memcmp(&ways[i].network, network, sizeof *network) == 0)
            return &ways[i];
        if (ways[i].paid_us < least->paid_us)
            least = &ways[i];
    }
    *least = (struct rate_slot){ .network = *network };
    return least;
}

static bool is_affordable(const struct rate_price *price, int64_t paid_us, int64_t now_us)
{
    return paid_us + price->each_us - now_us <= price->credit_us;
}

static int64_t pay(const struct rate_price *price, int64_t paid_us, int64_t now_us)
{
    return (paid_us > now_us ? paid_us : now_us) + price->each_us;
}

bool rate_take(struct rate *rate, const struct network_address *network, int64_t now_ms)
{
    int64_t now_us = now_ms * 1000;
    (void)pthread_mutex_lock(&rate->mutex);
    struct rate_slot *slot = slot_of(rate, network);
    bool is_allowed = is_affordable(&rate->network, slot->paid_us, now_us) &&
                      is_affordable(&rate->all, rate->all_paid_us, now_us);
    if (is_allowed) {
        slot->paid_us = pay(&rate->network, slot->paid_us, now_us);
        rate->all_paid_us = pay(&rate->all, rate->all_paid_us, now_us);
    }
    (void)pthread_mutex_unlock(&rate->mutex);
    return is_allowed;
}
