/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "endpoint/network.h"
#include "endpoint/public_files.h"
#include "endpoint/rate.h"
#include "endpoint/request.h"
#include "feed/feed.h"

#include <stdlib.h>
#include <string.h>

static void addresses_lead_to_their_pages(void **state)
{
    (void)state;

    static const struct {
        const char *path;
        enum request_route want;
        const char *token;
    } cases[] = {
        { "/subscribe", REQUEST_SUBSCRIBE, "" },
        { "/subscribe/", REQUEST_NONE, "" },
        { "/subscribers", REQUEST_NONE, "" },
        { "/confirm/abc", REQUEST_CONFIRM, "abc" },
        { "/confirm", REQUEST_NONE, "" },
        { "/confirm/", REQUEST_NONE, "" },
        { "/unsubscribe/abc", REQUEST_UNSUBSCRIBE, "abc" },
        { "/preferences", REQUEST_PREFERENCES, "" },
        { "/preferences/abc", REQUEST_PREFERENCES, "abc" },
        { "/press/confirm/abc", REQUEST_CONFIRM, "abc" },
        { "/press/subscribe", REQUEST_SUBSCRIBE, "" },
        { "/other/subscribe", REQUEST_NONE, "" },
        { "/healthz", REQUEST_HEALTH, "" },
        { "/metrics", REQUEST_NONE, "" },
        { "/", REQUEST_NONE, "" },
        { "", REQUEST_NONE, "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *token = NULL;
        assert_int_equal(request_route(cases[i].path, "/press/", &token), cases[i].want);
        assert_string_equal(token, cases[i].token);
    }
}

static void only_paths_beneath_the_folder_are_files(void **state)
{
    (void)state;

    static const struct {
        const char *url;
        const char *path; /* NULL: refused */
    } cases[] = {
        { "/", "index.html" },
        { "/feeds/", "feeds/index.html" },
        { "/feeds/a.atom", "feeds/a.atom" },
        { "/a%20b", "a b" },
        { "/bl%C3%A5b%C3%A6r", "blåbær" },
        { "/../etc/passwd", NULL },
        { "/a/../b", NULL },
        { "/%2e%2e/b", NULL },
        { "/a/%2E%2E%2Fb", NULL },
        { "/.git/config", NULL },
        { "/a/.hidden", NULL },
        { "//etc/passwd", NULL },
        { "/a//b", NULL },
        { "/a%00b", NULL },
        { "/a%0ab", NULL },
        { "/a\\b", NULL },
        { "/a%5cb", NULL },
        { "/%ff", NULL },
        { "/a%", NULL },
        { "a", NULL },
        { "", NULL },
    };

    char path[PUBLIC_PATH_MAXIMUM];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool done = public_path_from_url(cases[i].url, path);
        assert_int_equal(done, cases[i].path != NULL);
        if (done)
            assert_string_equal(path, cases[i].path);
    }
    char longest[PUBLIC_PATH_MAXIMUM + 1];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    assert_false(public_path_from_url(longest, path));
}

static const char *resolved(const char *connection, const char *forwarded_for)
{
    static char text[NETWORK_TEXT_SIZE];
    struct arena arena = { 0 };
    struct error error;
    struct network_proxies proxies;
    struct network_address address;
    const struct feed_name ten = { "10.0.0.0/8", NULL };
    const struct feed_name names = { "127.0.0.1", &ten };
    assert_true(network_proxies_parse(&arena, &names, &proxies, &error));
    assert_true(network_parse(connection, strlen(connection), &address));
    network_resolve(&proxies, forwarded_for, &address);
    network_truncate(&address, text);
    arena_release(&arena);
    return text;
}

static void only_trusted_proxies_are_believed(void **state)
{
    (void)state;
    assert_string_equal(resolved("192.0.2.77", NULL), "192.0.2.0/24");
    assert_string_equal(resolved("2001:db8:1:2::3", NULL), "2001:db8:1::/48");
    assert_string_equal(resolved("192.0.2.77", "198.51.100.1"), "192.0.2.0/24");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", "203.0.113.5, 198.51.100.1"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1, 10.1.2.3"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1,nonsense"), "127.0.0.0/24");
    assert_string_equal(resolved("127.0.0.1", "[2001:db8:7::1]:443"), "2001:db8:7::/48");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1:8080"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", ""), "127.0.0.0/24");
    assert_string_equal(resolved("127.0.0.1", ",,,"), "127.0.0.0/24");
}

static void proxies_that_are_no_addresses_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "proxy", "10.0.0.0/33", "10.0.0.0/", "::1/129", "", "1.2.3"
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        struct network_proxies proxies;
        const struct feed_name name = { wrong[i], NULL };
        assert_false(network_proxies_parse(&arena, &name, &proxies, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        arena_release(&arena);
    }
}

static struct network_address network(const char *string)
{
    struct network_address address;
    assert_true(network_parse(string, strlen(string), &address));
    return address;
}

static void networks_and_all_together_are_capped(void **state)
{
    (void)state;
    const struct rate_limit one = { .burst = 3, .per_hour = 60 };
    const struct rate_limit all = { .burst = 5, .per_hour = 3600 };
    struct rate *rate = rate_new(&one, &all, 7);
    const struct network_address a = network("192.0.2.0");
    const struct network_address b = network("198.51.100.0");
    const struct network_address c = network("203.0.113.0");
    int64_t now_ms = 1000000;
    for (int i = 0; i < 3; i++)
        assert_true(rate_take(rate, &a, now_ms));
    assert_false(rate_take(rate, &a, now_ms));
    assert_true(rate_take(rate, &b, now_ms));
    assert_true(rate_take(rate, &b, now_ms));
    assert_false(rate_take(rate, &c, now_ms)); /* all together had five */
    assert_true(rate_take(rate, &c, now_ms + 1000));
    assert_false(rate_take(rate, &a, now_ms + 50000));
    assert_true(rate_take(rate, &a, now_ms + 60000));
    rate_free(rate);
}

static void many_networks_take_no_more_memory(void **state)
{
    (void)state;
    const struct rate_limit one = { .burst = 1, .per_hour = 1 };
    const struct rate_limit all = { .burst = 1000000, .per_hour = 1000000 };
    struct rate *rate = rate_new(&one, &all, 7);
    unsigned allowed = 0;
    for (unsigned i = 0; i < 100000; i++) {
        struct network_address address = { { 0x20, 1, 0xd, 0xb8, (unsigned char)(i >> 16),
                                             (unsigned char)(i >> 8), (unsigned char)i } };
        allowed += rate_take(rate, &address, 1000000);
    }
    assert_int_equal(allowed, 100000);
    rate_free(rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_lead_to_their_pages),
        cmocka_unit_test(only_paths_beneath_the_folder_are_files),
        cmocka_unit_test(only_trusted_proxies_are_believed),
        cmocka_unit_test(proxies_that_are_no_addresses_are_refused),
        cmocka_unit_test(networks_and_all_together_are_capped),
        cmocka_unit_test(many_networks_take_no_more_memory),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
