/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "endpoint/rate.h"

#include <stdio.h>
#include <string.h>

enum { NOW_MS = 1000000, HOUR_MS = 3600000 };

static const struct rate_limits wide = {
    .network = { 30, 120 }, .provider = { 600, 2400 }, .all = { 2000, 20000 }, .crowded = { 4, 4 }
};

static struct network_address network(const char *string)
{
    char text[NETWORK_TEXT_SIZE];
    struct network_address address;
    assert_true(network_parse(string, strlen(string), &address));
    network_truncate(&address, text);
    return address;
}

/* 10.0.0.0/24, 10.0.1.0/24 … */
static struct network_address ipv4(unsigned number)
{
    char text[NETWORK_TEXT_SIZE];
    (void)snprintf(text, sizeof text, "10.%u.%u.1", number >> 8 & 255, number & 255);
    return network(text);
}

/* Networks of one /32, from the second on of others. */
static struct network_address ipv6(unsigned provider, unsigned number)
{
    char text[NETWORK_TEXT_SIZE];
    (void)snprintf(text, sizeof text, "2001:%x:%x::1", provider, number);
    return network(text);
}

static unsigned take_many(struct rate *rate, const struct network_address *address, unsigned count,
                          int64_t now_ms)
{
    unsigned allowed = 0;
    while (count--)
        allowed += rate_take(rate, address, now_ms);
    return allowed;
}

static void a_network_has_its_share_and_gets_it_back(void **state)
{
    (void)state;
    struct rate *rate = rate_new("mails", &wide, 7);
    const struct network_address one = network("192.0.2.7");
    const struct network_address neighbour = network("192.0.2.250");
    const struct network_address other = network("192.0.3.7");
    assert_int_equal(take_many(rate, &one, 40, NOW_MS), 30);
    assert_false(rate_take(rate, &neighbour, NOW_MS));
    assert_true(rate_take(rate, &other, NOW_MS));
    assert_false(rate_take(rate, &one, NOW_MS + 29000));
    assert_true(rate_take(rate, &one, NOW_MS + 30000));
    assert_int_equal(take_many(rate, &one, 40, NOW_MS + HOUR_MS), 30);
    rate_free(rate);
}

/* Twenty thousand strangers an hour, and as many again: who comes from elsewhere is let in, and the
 * strangers are let in less and less. */
static void a_crowd_shuts_nobody_out_who_asked_little(void **state)
{
    (void)state;
    struct rate *rate = rate_new("mails", &wide, 7);
    unsigned allowed = 0;
    for (unsigned i = 0; i < 20000; i++) {
        const struct network_address stranger = ipv4(i % 2000);
        allowed += rate_take(rate, &stranger, NOW_MS);
    }
    assert_int_equal(allowed, 2000 * 4); /* the first 2,000 for all, then four of each network */
    const struct network_address reader = network("198.51.100.9");
    assert_int_equal(take_many(rate, &reader, 10, NOW_MS), 4);
    rate_free(rate);
}

static void crowd(struct rate *rate, int64_t now_ms)
{
    for (unsigned i = 0; i < 8000; i++) {
        const struct network_address stranger = ipv4(i);
        (void)rate_take(rate, &stranger, now_ms);
    }
}

static void who_asked_much_before_the_crowd_waits_no_longer_than_it_lasts(void **state)
{
    (void)state;
    struct rate *rate = rate_new("mails", &wide, 7);
    const struct network_address office = network("203.0.113.1");
    assert_int_equal(take_many(rate, &office, 10, NOW_MS), 10);
    crowd(rate, NOW_MS);
    assert_false(rate_take(rate, &office, NOW_MS));
    assert_int_equal(take_many(rate, &office, 10, NOW_MS + 60000), 10); /* all is calm again */
    crowd(rate, NOW_MS + 60000);
    assert_false(rate_take(rate, &office, NOW_MS + 60000));
    crowd(rate, NOW_MS + 60000 + HOUR_MS / 4);
    assert_true(rate_take(rate, &office, NOW_MS + 60000 + HOUR_MS / 4));
    assert_false(rate_take(rate, &office, NOW_MS + 60000 + HOUR_MS / 4));
    rate_free(rate);
}

static void a_provider_of_ipv6_has_a_share_too(void **state)
{
    (void)state;
    struct rate *rate = rate_new("mails", &wide, 7);
    unsigned allowed = 0;
    for (unsigned i = 0; i < 5000; i++) {
        const struct network_address stranger = ipv6(0xdb8, i);
        allowed += rate_take(rate, &stranger, NOW_MS);
    }
    assert_int_equal(allowed, 600);
    const struct network_address other = ipv6(0xdb9, 1);
    const struct network_address reader = network("198.51.100.9");
    assert_true(rate_take(rate, &other, NOW_MS));
    assert_true(rate_take(rate, &reader, NOW_MS));
    rate_free(rate);
}

static void many_networks_take_no_more_memory(void **state)
{
    (void)state;
    const struct rate_limits one = { .network = { 1, 1 },
                                     .provider = { 1000000, 1000000 },
                                     .all = { 1000000, 1000000 },
                                     .crowded = { 1, 1 } };
    struct rate *rate = rate_new("mails", &one, 7);
    unsigned allowed = 0;
    for (unsigned i = 0; i < 100000; i++) {
        const struct network_address address = ipv6(i >> 16, i & 0xffff);
        allowed += rate_take(rate, &address, NOW_MS);
    }
    assert_int_equal(allowed, 100000);
    rate_free(rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_has_its_share_and_gets_it_back),
        cmocka_unit_test(a_crowd_shuts_nobody_out_who_asked_little),
        cmocka_unit_test(who_asked_much_before_the_crowd_waits_no_longer_than_it_lasts),
        cmocka_unit_test(a_provider_of_ipv6_has_a_share_too),
        cmocka_unit_test(many_networks_take_no_more_memory),
    };
    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
