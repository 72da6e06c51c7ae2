/* SPDX-License-Identifier: MIT */
#include "endpoint/rate.h"

#include "base/log.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { NETWORK_SETS = 8192, PROVIDER_SETS = 1024, WAYS = 4, PROVIDER_OCTETS = 4 };

#define HOUR_US INT64_C(3600000000)

/* One counter (the generic cell rate algorithm of ITU-T I.371) is one number: the instant by which
 * all that was taken will have been paid back; 0: free. */
struct rate_slot {
    struct network_address network;
    int64_t paid_us;
    int64_t crowded_us;
};

/* In thousandths of a millisecond, so that high rates are exact enough. */
struct rate_price {
    int64_t each_us;
    int64_t credit_us;
};

struct rate {
    pthread_mutex_t mutex;
    const char *name;
    struct rate_limits limits;
    struct rate_price network;
    struct rate_price provider;
    struct rate_price all;
    struct rate_price crowded;
    int64_t all_paid_us;
    int64_t last_report_us; /* when a crowd was last logged; 0: never */
    uint64_t seed;
    struct rate_slot networks[NETWORK_SETS][WAYS];
    struct rate_slot providers[PROVIDER_SETS][WAYS];
};

static struct rate_price price(const struct rate_limit *limit)
{
    int64_t each = HOUR_US / (limit->per_hour ? limit->per_hour : 1);
    return (struct rate_price){ .each_us = each, .credit_us = each * limit->burst };
}

struct rate *rate_new(const char *name, const struct rate_limits *limits, uint64_t seed)
{
    struct rate *rate = memory_allocate(sizeof *rate);
    if (pthread_mutex_init(&rate->mutex, NULL) != 0)
        memory_failed(sizeof rate->mutex);
    rate->name = name;
    rate->limits = *limits;
    rate->network = price(&limits->network);
    rate->provider = price(&limits->provider);
    rate->all = price(&limits->all);
    rate->crowded = price(&limits->crowded);
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

/* ---- who is counted ---- */

static size_t mixed(const struct rate *rate, const struct network_address *network)
{
    uint64_t mixed = rate->seed;
    for (size_t i = 0; i < sizeof network->bytes; i++) {
        mixed = (mixed ^ network->bytes[i]) * 0x9e3779b97f4a7c15ULL;
        mixed ^= mixed >> 29;
    }
    return (size_t)mixed;
}

static struct rate_slot *slot_of(struct rate_slot *ways, const struct network_address *network)
{
    struct rate_slot *least = &ways[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(&ways[i].network, network, sizeof *network) == 0)
            return &ways[i];
        if (ways[i].paid_us < least->paid_us)
            least = &ways[i];
    }
    *least = (struct rate_slot){ .network = *network };
    return least;
}

/* NULL for IPv4: nobody gets many /24 networks for nothing, so their owners are not counted. */
static struct rate_slot *provider_of(struct rate *rate, const struct network_address *network)
{
    struct network_address provider = { { 0 } };
    if (network_is_ipv4(network))
        return NULL;
    memcpy(provider.bytes, network->bytes, PROVIDER_OCTETS);
    return slot_of(rate->providers[mixed(rate, &provider) % PROVIDER_SETS], &provider);
}

/* ---- counting ---- */

static bool is_affordable(const struct rate_price *price, int64_t paid_us, int64_t now_us)
{
    return paid_us + price->each_us - now_us <= price->credit_us;
}

/* The debt is capped at the burst, because after the price rose an old debt would else take longer
 * to pay than a new one. */
static void pay(const struct rate_price *price, int64_t *paid_us, int64_t now_us)
{
    *paid_us = (*paid_us > now_us ? *paid_us : now_us) + price->each_us;
    if (*paid_us > now_us + price->credit_us)
        *paid_us = now_us + price->credit_us;
}

static bool take(struct rate *rate, const struct network_address *network, int64_t now_us,
                 bool is_crowded)
{
    struct rate_slot *slot = slot_of(rate->networks[mixed(rate, network) % NETWORK_SETS], network);
    struct rate_slot *provider = provider_of(rate, network);
    if (!is_affordable(&rate->network, slot->paid_us, now_us) ||
        (provider && !is_affordable(&rate->provider, provider->paid_us, now_us)) ||
        (is_crowded && !is_affordable(&rate->crowded, slot->crowded_us, now_us)))
        return false;
    pay(&rate->network, &slot->paid_us, now_us);
    pay(&rate->crowded, &slot->crowded_us, now_us);
    pay(&rate->all, &rate->all_paid_us, now_us);
    if (provider)
        pay(&rate->provider, &provider->paid_us, now_us);
    return true;
}

bool rate_take(struct rate *rate, const struct network_address *network, int64_t now_ms)
{
    int64_t now_us = now_ms * 1000;
    (void)pthread_mutex_lock(&rate->mutex);
    bool is_crowded = !is_affordable(&rate->all, rate->all_paid_us, now_us);
    bool is_news = is_crowded &&
                   (rate->last_report_us == 0 || now_us - rate->last_report_us >= HOUR_US);
    if (is_news)
        rate->last_report_us = now_us;
    bool is_allowed = take(rate, network, now_us, is_crowded);
    (void)pthread_mutex_unlock(&rate->mutex);
    if (is_news)
        log_line(LOG_WARNING,
                 "serve: more %s are asked for than %u at once and %u an hour; until there are "
                 "fewer, each network is given %u an hour",
                 rate->name, rate->limits.all.burst, rate->limits.all.per_hour,
                 rate->limits.crowded.per_hour);
    return is_allowed;
}
